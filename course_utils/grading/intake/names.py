"""Names of files, units and students, as LMSs, browsers and people write them."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

NOTEBOOK = re.compile(r"\.ipynb(?:\.(?:txt|json|ipynb|download))*$|\.json$", re.IGNORECASE)
_COPY = re.compile(
    r"^(?:copia de|copia-de|copy of|copy-of|otra copia de)[ _-]+"
    r"|(?:[ _-]+(?:copia|copy)\d*|[ _-]*\(\d+\))$",
    re.IGNORECASE,
)
# What a browser, a system or an LMS adds to a second file of one name: (1), 2, -1, _1.
_NUMBERED = re.compile(r"(?:[ _-]*\((\d{1,3})\)|[ _-](\d{1,2}))$")
BLIND = {"participant", "participante"}  # Moodle's name for all students where marking is blind


@dataclass(frozen=True)
class Owner:
    """The student of a file, as the file's path names them.

    Attributes:
        name: the student, as written.
        number: the LMS's number of the student; empty if the path has none.
        file: the file's name (and folder), as the student called it.
        system: the layout by which the student was found.
        attempt: number or date of the submission, where a system keeps several.
        also: other names and addresses by which a roster may know the student.
    """

    name: str
    number: str
    file: str
    system: str = ""
    attempt: str = ""
    also: tuple[str, ...] = ()


def is_notebook(name: str) -> bool:
    """Whether a file may be a notebook, by its name."""
    return bool(NOTEBOOK.search(name)) and "-checkpoint." not in name


def is_checkpoint(name: str) -> bool:
    """Whether a file is a copy that Jupyter saved by itself."""
    return "-checkpoint." in name and bool(NOTEBOOK.search(name))


def stem(name: str) -> str:
    """A file's name without extension and without what copying adds: ``Copia de``, ``(1)``."""
    bare = NOTEBOOK.sub("", name).strip()
    while (shorter := _COPY.sub("", bare).strip()) != bare and shorter:
        bare = shorter
    return bare


def copy_number(name: str, unit: str) -> int:
    """The number of a later copy of a unit's notebook: ``UNIT (2).ipynb`` and ``UNIT-2`` are 2.

    Returns:
        0 for the unit's own name, for a copy without number, and for any other name.
    """
    bare = NOTEBOOK.sub("", name).strip()
    numbered = _NUMBERED.search(bare)
    if not numbered or same(bare, unit) or not same(stem(bare[: numbered.start()]), unit):
        return 0
    return int(numbered[1] or numbered[2])


def unit_named(name: str, units: Iterable[str]) -> str:
    """The unit after which a file or folder is named; empty where there is no such unit."""
    units = list(units)
    exact = [unit for unit in units if same(stem(name), unit)]
    return next(iter(exact or [unit for unit in units if copy_number(name, unit)]), "")


def same(left: str, right: str) -> bool:
    """Whether two names differ only in case, accents and separators."""
    return slug(left) == slug(right)


def slug(name: str) -> str:
    """Convert a name to lower case, ASCII and hyphens: ``Núñez, Ana`` becomes ``nunez-ana``."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def matched(path: str, unit: str, patterns: Iterable[str]) -> Owner | None:
    """Find a file's student by a teacher's own patterns; None where no pattern matches the path.

    Args:
        path: path below the unpacked folder, with ``/``.
        unit: name of the unit, which is never taken for a student.
        patterns: regular expressions with the groups ``file`` and ``name`` or ``student_id``
            and, if there is one, ``number``; the first that matches the whole path counts.
    """
    path = unicodedata.normalize("NFC", path)
    for pattern in patterns:
        match = re.fullmatch(pattern, path)
        groups = {key: value for key, value in match.groupdict().items() if value} if match else {}
        name = groups.get("student_id") or groups.get("name", "")
        if slug(name) and not same(name, unit):
            return Owner(name.strip(), groups.get("number", ""), groups["file"], "patterns")
    return None


def student_ids(owners: Iterable[Owner]) -> dict[tuple[str, str], str]:
    """Make ids for a class: the slug of the name, with the number where two students share a slug.

    A name without Latin letters has no slug: the number alone is the id. Where marking is blind,
    every student is called "Participant", so the id always has the number.

    Returns:
        (name, number) → id.
    """
    by_slug: dict[str, list[tuple[str, str]]] = {}
    for found in owners:
        people = by_slug.setdefault(slug(found.name), [])
        if (found.name, found.number) not in people:
            people.append((found.name, found.number))
    ids = {}
    for name, people in by_slug.items():
        shared = len({number for _, number in people}) > 1 or name in BLIND or not name
        for person in people:
            ids[person] = f"{name}-{slug(person[1])}".strip("-") if shared and person[1] else name
    return ids
