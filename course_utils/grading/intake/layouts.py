"""Find the student of each file in a class's ZIP, by the layout of the system that made the ZIP.

Each system names files in its own way; a comment above each pattern cites the source or manual.
One ZIP has one layout: the layout that most of its files follow. A file that does not follow the
layout has no owner; it is never given to another student. A pattern is matched from the beginning
of the path below the folders that all files share. So a student's file stays with that student even
if its own name looks like another student's.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from pathlib import PurePosixPath

import yaml

from course_utils.grading.intake import archives
from course_utils.grading.intake.names import Owner, is_notebook, same, slug, stem

# moodle/mod/assign/classes/downloader.php: the number is the student's in this assignment. Up to
# Moodle 4.0, "GROUP-" stands before the name where one group was downloaded (locallib.php).
MOODLE = r"(?P<name>[^/_]+)_(?P<number>\d+)_assignsubmission_[a-z]+(?:_/|/|_)(?P<file>.+)"
# canvas-lms/lib/content_zipper.rb: the number is the user's; text and URL entries have no attempt.
CANVAS = r"(?P<name>\w+?)_(?:LATE_)?(?P<number>\d+)_(?P<attempt>\d+)_(?P<file>[^/]+)"
CANVAS_TEXT = r"(?P<name>\w+?)_(?:LATE_)?(?P<number>\d+)_(?P<file>(?:text|link)\.html)"
CANVAS_ANONYMOUS = r"(?:LATE_)?(?P<name>anon_[^\W_]+)_(?:LATE_)?(?P<attempt>\d+)_(?P<file>[^/]+)"
# canvas-lms/app/models/quizzes/quiz_submission_zipper.rb: the user's number follows the name.
CANVAS_QUIZ = (
    r"(?P<name>[\w-]*?[^\W\d])(?P<number>\d+)_question_\d+_(?P<attempt>\d+)_(?P<file>[^/]+)"
)
# Brightspace, "Download" of an assignment: the first number is the user's, the second the folder's.
BRIGHTSPACE = (
    r"(?:(?P<number>\d+)-\d+ - )?(?P<name>[^/]+?) - "
    r"(?P<attempt>[^/]*?\b(?:19|20)\d\d\b[^/]*? \d{3,4}(?: ?[AaPp]\.? ?[Mm]\.?)?)"
    r"(?:/| - )(?P<file>.+)"
)
# Blackboard Learn, "Assignment File Download": ASSIGNMENT_USER_attempt_DATE_FILE, and a text
# without FILE that names the student and holds their comments.
BLACKBOARD = (
    r"(?P<name>[^/]+?)_attempt_(?P<attempt>\d{4}(?:-\d\d){5})(?:_(?P<file>[^/]+)|(?P<info>\.txt))"
)
# Sakai, "Download All": the text between brackets is the user's id.
SAKAI = (
    r"(?P<name>[^/(]+,[^/(]*)\((?P<number>[^/()]+)\)"
    r"(?:/|_)(?:[^/_]*(?:ttachment|djunt)[^/_]*(?:/|_))?(?P<file>.+)"
)
# Microsoft Teams in OneDrive or SharePoint: "Submitted files" has a folder for each student.
TEAMS = r"(?P<name>[^/]+)/[^/]+/Versi[oó]n (?P<attempt>\d+)/(?P<file>.+)"
# Gradescope, "Export Submissions": submission_metadata.yml names the students of each folder.
GRADESCOPE = r"(?P<name>submission_\d+)/(?P<file>.+)"

SYSTEMS = {
    "Moodle": MOODLE,
    "Sakai": SAKAI,
    "Gradescope": GRADESCOPE,
    "Teams": TEAMS,
    "Brightspace": BRIGHTSPACE,
    "Blackboard": BLACKBOARD,
    "Canvas (quiz)": CANVAS_QUIZ,
    "Canvas (anonymous)": CANVAS_ANONYMOUS,
    "Canvas": rf"(?:{CANVAS}|{CANVAS_TEXT.replace('?P<', '?P<text_')})",
}
CLASSROOM = "Classroom"
FOLDERS = "folders"
_LAST_ATTEMPT = {"Blackboard", "Teams"}  # systems whose ZIPs hold every attempt, in order
METADATA = "submission_metadata.yml"
# Files that the systems themselves add to the students' files.
_OF_THE_SYSTEM = {
    METADATA, "index.html", "grades.csv", "grades.xls", "grades.xlsx", "manifest.json",
    "submission_metadata.csv",
}  # fmt: skip
_SAKAI_OWN = {"timestamp.txt", "comments.txt", "feedbackText.html", "rubric.pdf"}
_LONGEST_METADATA = 16 * 2**20  # bytes

NOT_IN_A_FOLDER = "lies directly in the folder of the ZIP: nothing says whose it is"
ONE_FOLDER = "lies in the one folder of its ZIP: nothing says whether that is a student or a class"
SEVERAL_IN_ONE = "lies beside «{}», which would be one student and holds several folders of work"
IN_SEVERAL = "lies in one of several folders «{}», which may be two students'"
OTHER_LAYOUT = "is not named as the other files are, which are {}'s"
GROUP = "belongs to several students ({}): hand it in for each of them by hand"
ALIKE = "has the owner «{}» or «{}»: both would be the student '{}'"
OF_THE_SYSTEM = "is the system's own"
OLDER = "is an earlier attempt of the same student"


@dataclass
class Reading:
    """The students of the files of one ZIP, by the ZIP's layout.

    Attributes:
        system: name of the layout.
        owners: path → student of the file.
        unowned: path → why the file's student is not known.
        left_out: path → why the file is not needed.
    """

    system: str
    owners: dict[str, Owner] = field(default_factory=dict)
    unowned: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)


def owner(path: str) -> Owner | None:
    """Find a file's student by the path alone; None where no system writes such a path."""
    for system, pattern in SYSTEMS.items():
        found = _match(system, pattern, path)
        if found and system != "Gradescope":
            return found
    return None


def read(
    paths: Iterable[str],
    unit: str,
    *,
    archive: str = "",
    known: Callable[[str], bool] = lambda name: False,
    text_of: Callable[[str], str] = lambda path: "",
) -> Reading:
    """Find the layout of a ZIP, and by it the student of each file.

    Args:
        paths: the files, below the ZIP's own folder, with ``/``.
        unit: name of the unit: the part of "Ana - 04-unidad.ipynb" that is not the student.
        archive: name of the ZIP without extension.
        known: returns whether a roster has a student of this name.
        text_of: returns the text of a file; some systems name the students in such a file.
    """
    plain = {unicodedata.normalize("NFC", path): path for path in paths}
    shared = _shared(plain)
    reading = next(
        (
            found
            for depth in range(len(shared) + 1)
            if (
                found := _of_a_system(
                    "".join(f"{part}/" for part in shared[:depth]), plain, text_of
                )
            )
        ),
        None,
    ) or _of_no_system("".join(f"{part}/" for part in shared), plain, unit, known)
    if reading.system == "Moodle":
        _without_group(reading, archive)
    _refuse_alike(reading)
    return Reading(
        reading.system,
        {plain[path]: found for path, found in reading.owners.items()},
        {plain[path]: reason for path, reason in reading.unowned.items()},
        {plain[path]: reason for path, reason in reading.left_out.items()},
    )


def _shared(paths: Iterable[str]) -> tuple[str, ...]:
    """The folders that all notebooks and ZIPs share or, without any of these, that all files do."""
    folders = {path: PurePosixPath(path).parts[:-1] for path in paths}
    work = [parts for path, parts in folders.items() if _is_work(path)] or list(folders.values())
    return _common(work)


def _common(sequences: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """The elements with which all sequences begin: folders of paths, or characters of texts."""
    columns = zip(*sequences, strict=False)
    return tuple(column[0] for column in takewhile(lambda column: len(set(column)) == 1, columns))


def _is_work(path: str) -> bool:
    return is_notebook(path) or PurePosixPath(path).suffix.lower() in archives.SUFFIXES


def _of_a_system(base: str, paths: Iterable[str], text_of: Callable[[str], str]) -> Reading | None:
    """Read the files below a folder by the system that most of them follow; None without one."""
    mine = [path for path in paths if not _of_system(path, base)]
    below = {path: path.removeprefix(base) for path in mine if path.startswith(base)}
    for system, pattern in SYSTEMS.items():
        owners = {
            path: found for path, rest in below.items() if (found := _match(system, pattern, rest))
        }
        # Each folder has one vote, so that a student with many files does not decide for the class.
        votes = len(_first_parts(below.values())) + len(mine) - len(below)
        most = 2 * len(_first_parts(below[path] for path in owners)) > votes
        if not most or (system == "Canvas" and _twice(owners.values())):
            continue
        reading = Reading(system, owners)
        reading.unowned = {path: OTHER_LAYOUT.format(system) for path in mine if path not in owners}
        reading.left_out = {path: OF_THE_SYSTEM for path in paths if path not in mine}
        _REFINE.get(system, _as_it_is)(reading, base, text_of)
        if system in _LAST_ATTEMPT:
            _keep_last(reading)
        return reading
    return None


def _first_parts(paths: Iterable[str]) -> set[str]:
    return {path.partition("/")[0] for path in paths}


def _of_system(path: str, base: str) -> bool:
    rest = path.removeprefix(base)
    return path.startswith(base) and rest in _OF_THE_SYSTEM


def _match(system: str, pattern: str, path: str) -> Owner | None:
    match = re.fullmatch(pattern, path)
    if not match:
        return None
    groups = {key.removeprefix("text_"): value for key, value in match.groupdict().items() if value}
    name = groups["name"].strip()
    if system == "Canvas (quiz)":  # Canvas's other ZIPs leave these signs out
        name = re.sub(r"[_-]", "", name)
    return Owner(
        name, groups.get("number", ""), groups.get("file", "comentarios.txt"), system=system,
        attempt=groups.get("attempt", ""),
    )  # fmt: skip


def _twice(owners: Iterable[Owner]) -> bool:
    """Whether two files have the same attempt number, which never happens in a ZIP from Canvas."""
    numbers = Counter(found.attempt for found in owners if found.attempt)
    return any(count > 1 for count in numbers.values())


def _as_it_is(reading: Reading, base: str, text_of: Callable[[str], str]) -> None:
    """Change nothing: the paths alone name the students."""


def _sakai(reading: Reading, base: str, text_of: Callable[[str], str]) -> None:
    """Leave out the files that Sakai and the teacher put beside a student's."""
    for path in list(reading.owners):
        rest = path.removeprefix(base).partition(")/")[2]
        if rest in _SAKAI_OWN or re.match(r"[Ff]eedback|[Rr]etroaliment", rest):
            reading.left_out[path] = OF_THE_SYSTEM
            del reading.owners[path]


def _blackboard(reading: Reading, base: str, text_of: Callable[[str], str]) -> None:
    """Cut the assignment's title off the names; leave out the comment of a student with files."""
    heads = sorted({found.name for found in reading.owners.values()})
    common = "".join(_common(heads)) if len(heads) > 1 else heads[0]
    title = common[: common.rfind("_") + 1]
    names = {head: (head.removeprefix(title), "") for head in heads}
    for path, found in reading.owners.items():
        if path.endswith(f"{found.attempt}.txt"):
            names[found.name] = _named_in(text_of(path), found.name) or names[found.name]
    with_file = {f.name for f in reading.owners.values() if f.file != "comentarios.txt"}
    for path, found in list(reading.owners.items()):
        if found.file == "comentarios.txt" and found.name in with_file:
            reading.left_out[path] = OF_THE_SYSTEM
            del reading.owners[path]
            continue
        user, full = names[found.name]
        reading.owners[path] = replace(found, name=user, also=(full,) if full else ())


def _named_in(text: str, head: str) -> tuple[str, str] | None:
    """User and full name in "Name: Ana Núñez (anunez)"; None unless ``head`` ends in the user."""
    match = re.match(r"\ufeff?[^\W\d]+: ?(.+?) ?\(([^()\n]+)\)[ \t\r]*(?:\n|$)", text)
    return (match[2], match[1]) if match and head.endswith(f"_{match[2]}") else None


def _gradescope(reading: Reading, base: str, text_of: Callable[[str], str]) -> None:
    """Give each folder the student that ``submission_metadata.yml`` names."""
    submitters = _submitters(text_of(f"{base}{METADATA}"))
    for path, found in list(reading.owners.items()):
        people = submitters.get(found.name, [])
        if len(people) > 1:
            names = ", ".join(name for name, _, _ in people)
            reading.unowned[path] = GROUP.format(names)
            del reading.owners[path]
        elif people:
            name, number, email = people[0]
            reading.owners[path] = replace(
                found, name=name, number=number or email, also=(email,) if email else ()
            )


def _submitters(text: str) -> dict[str, list[tuple[str, str, str]]]:
    """Map each folder to the name, number and e-mail of each of its students."""
    if not text or len(text) > _LONGEST_METADATA:
        return {}
    try:
        stored = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        return {
            str(folder): [
                (_value(who, ":name"), _value(who, ":sid"), _value(who, ":email"))
                for who in entry[":submitters"]
            ]
            for folder, entry in stored.items()
        }
    except (yaml.YAMLError, AttributeError, TypeError, KeyError, ValueError, RecursionError):
        return {}


def _value(person: Mapping[str, object], key: str) -> str:
    return str(person.get(key) or "")


_REFINE: Mapping[str, Callable[[Reading, str, Callable[[str], str]], None]] = {
    "Sakai": _sakai,
    "Blackboard": _blackboard,
    "Gradescope": _gradescope,
}


def _keep_last(reading: Reading) -> None:
    """Leave out the earlier attempts of each student."""
    last: dict[str, tuple[int, str]] = {}
    for found in reading.owners.values():
        last[found.name] = max(last.get(found.name, (0, "")), _order(found.attempt))
    for path, found in list(reading.owners.items()):
        if _order(found.attempt) != last[found.name]:
            reading.left_out[path] = OLDER
            del reading.owners[path]


def _order(attempt: str) -> tuple[int, str]:
    """A key that sorts numbers by size, and dates (all of one length) by time."""
    return len(attempt), attempt


def _without_group(reading: Reading, archive: str) -> None:
    """Remove the group before each name if the name of the ZIP has the group too, as in Moodle."""
    names = {found.name for found in reading.owners.values()}
    before = "".join(_common(names))
    groups = [before[: at + 1] for at, sign in enumerate(before) if sign == "-"]
    group = next((g for g in reversed(groups) if f"-{g}" in archive.replace("_", " ")), "")
    if not group or any(not slug(name.removeprefix(group)) for name in names):
        return
    for path, found in reading.owners.items():
        name = found.name.removeprefix(group)
        reading.owners[path] = replace(found, name=name, also=(found.name,))


# -- names that people gave ----------------------------------------------------------------------


def _of_no_system(
    base: str, paths: Iterable[str], unit: str, known: Callable[[str], bool]
) -> Reading:
    """Read names that people gave: a folder for each student, or "Ana Núñez - TITLE"."""
    depth = _depth_of_students(base, list(paths), known)
    flat = {path: PurePosixPath(path).name for path in paths if path.count("/") <= depth}
    reading = Reading(FOLDERS)
    _folders(reading, depth, [path for path in paths if path not in flat], unit, known)
    titled = _titled(flat.values(), unit)
    for path, rest in flat.items():
        if titled.get(rest):
            reading.owners[path] = Owner(titled[rest], "", rest, system=CLASSROOM)
        else:
            reading.unowned[path] = NOT_IN_A_FOLDER
    if not reading.owners.keys() - flat.keys() and any(titled.values()):
        reading.system = CLASSROOM
    return reading


def _folders(
    reading: Reading, depth: int, paths: list[str], unit: str, known: Callable[[str], bool]
) -> None:
    """Give each file to the student whom its folder at ``depth`` names, or note why that fails."""
    first = {path: PurePosixPath(path).parts[:-1][depth : depth + 1] for path in paths}
    names = {parts[0] for path, parts in first.items() if parts and _is_work(path)}
    names = names or {parts[0] for parts in first.values() if parts}
    strange = sorted(name for name in names if not known(name))
    crowded = next((name for name in strange if _crowded(paths, depth, name)), None)
    alone = len(names) < 2 and not any(map(known, names))
    parents = _parents(depth, paths)
    for path in paths:
        parts = PurePosixPath(path).parts
        name = first[path][0] if first[path] else ""
        if crowded is not None and not known(name):
            reading.unowned[path] = SEVERAL_IN_ONE.format(crowded)
        elif not name or not slug(name) or same(name, unit):
            reading.unowned[path] = NOT_IN_A_FOLDER
        elif alone:
            reading.unowned[path] = ONE_FOLDER
        elif parents[name] != {parts[:depth]}:
            reading.unowned[path] = IN_SEVERAL.format(name)
        else:
            reading.owners[path] = Owner(
                name.strip(), "", "/".join(parts[depth + 1 :]), system=FOLDERS
            )


def _depth_of_students(base: str, paths: list[str], known: Callable[[str], bool]) -> int:
    """How many folders lead to the students' folders.

    A student's folder has a name that the roster knows; without such a name, the students' folders
    are those below the shared ones. A student may name folders inside their own like other
    students. So the outermost known name counts, and a deeper one only where most of the outer
    folders, which are groups then, hold a known name.
    """
    shared = base.count("/")
    outermost = next((at for at, name in enumerate(base.split("/")[:-1]) if known(name)), None)
    if outermost is not None:
        return outermost
    folders = [parts for path in paths if len(parts := PurePosixPath(path).parts[:-1]) > shared]
    top = {parts[shared] for parts in folders}
    deepest = max(map(len, folders), default=0)
    counts = [
        len({parts[shared] for parts in folders if len(parts) > at and known(parts[at])})
        for at in range(shared, deepest)
    ]
    counts = [n if not below or 2 * n > len(top) else 0 for below, n in enumerate(counts)]
    return shared + counts.index(max(counts)) if any(counts) else shared


def _parents(depth: int, paths: list[str]) -> dict[str, set[tuple[str, ...]]]:
    """Map the name of each student's folder to the folders that lead to it.

    Only folders with work count; without any, the first folder of the name counts.
    """
    found: dict[str, set[tuple[str, ...]]] = {}
    for path in sorted(paths, key=_is_work, reverse=True):
        parts = PurePosixPath(path).parts
        name = parts[depth]
        if _is_work(path) or name not in found:
            found.setdefault(name, set()).add(parts[:depth])
    return found


def _crowded(paths: list[str], depth: int, name: str) -> bool:
    """Whether all work in a folder lies in several subfolders: the folder may be a group's."""
    rests = [
        parts[depth + 1 :]
        for path in paths
        if _is_work(path) and (parts := PurePosixPath(path).parts)[depth : depth + 1] == (name,)
    ]
    while rests and all(len(rest) > 1 for rest in rests):
        if len({rest[0] for rest in rests}) > 1:
            return True
        rests = [rest[1:] for rest in rests]
    return False


def _titled(files: Iterable[str], unit: str) -> dict[str, str]:
    """Map files named "Ana Núñez - TITLE.ipynb" or "TITLE - Ana Núñez.ipynb" to their students.

    The title is the unit's name, or the text with which most names begin or end.
    """
    parts = {file: stem(file).split(" - ") for file in files if is_notebook(file)}
    parts = {file: found for file, found in parts.items() if len(found) > 1}
    while True:
        longer = [found for found in parts.values() if len(found) > 1]
        begin, end = _usual(longer, 0, unit), _usual(longer, -1, unit)
        cut = {
            file: found[1:] if found[0] in begin else found[:-1] if found[-1] in end else found
            for file, found in parts.items()
            if len(found) > 1
        }
        if all(cut[file] == parts[file] for file in cut):
            break
        parts |= cut
    return {file: found[0] for file, found in parts.items() if len(found) == 1 and slug(found[0])}


def _usual(names: list[list[str]], side: int, unit: str) -> set[str]:
    """The titles at one end of the names (0: first part, -1: last part).

    A title is the unit's name, or a text that most names have at this end.
    """
    counts = Counter(parts[side] for parts in names)
    other = Counter(parts[-1 - side] for parts in names)
    one_sided = len(counts) < len(other) or len(names) == 1
    return {
        text
        for text, count in counts.items()
        if same(stem(text), unit) or (one_sided and count > 1 and 2 * count > len(names))
    }


def _refuse_alike(reading: Reading) -> None:
    """Refuse files whose owners have different names, the same id and no number."""
    by_slug: dict[str, set[str]] = {}
    for found in reading.owners.values():
        if not found.number:
            by_slug.setdefault(slug(found.name), set()).add(found.name)
    for path, found in list(reading.owners.items()):
        names = sorted(by_slug.get(slug(found.name), ()))
        if not found.number and len(names) > 1:
            reading.unowned[path] = ALIKE.format(names[0], names[1], slug(found.name))
            del reading.owners[path]
