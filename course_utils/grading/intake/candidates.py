"""Choose the notebook to grade among a student's files, and the other files to keep."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath

from course_utils.checks.outline import normal
from course_utils.grading.intake import beside, names, notebooks
from course_utils.grading.intake.files import HandIn
from course_utils.grading.intake.limits import DEFAULT, Limits
from course_utils.grading.rebuild import Rebuilt, Skeleton, rebuild
from course_utils.grading.rebuild.cells import StudentCell
from course_utils.grading.rebuild.notes import Note, Refusal, shown

NOTHING = "No hay ningún archivo en la entrega: súbela de nuevo."
CHECKPOINT = (
    "{} es una copia que Jupyter guarda por su cuenta y puede ser más vieja que tu notebook; se "
    "usó porque no había otro. Alguien del equipo docente lo va a revisar."
)
NO_NOTEBOOK = "No está el notebook (.ipynb) en la entrega."


@dataclass(frozen=True)
class Choice:
    """The notebook to grade and the files that go with it.

    Attributes:
        rebuilt: the notebook on the master's skeleton.
        notes: what the intake corrected; ``rebuilt`` has the notes of the rebuild.
        data: path → content of the other files that are kept.
    """

    rebuilt: Rebuilt
    notes: list[Note]
    data: dict[PurePosixPath, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class _Candidate:
    path: PurePosixPath
    cells: list[StudentCell]
    rebuilt: Rebuilt
    notes: list[Note]

    def rank(self, unit: str) -> tuple[int, int, bool, bool]:
        """Sort key: number of answers, number of the copy, right name, right place."""
        number = names.copy_number(self.path.name, unit)
        return (self.rebuilt.answered, number, *self.fits(unit))

    def fits(self, unit: str) -> tuple[bool, bool]:
        """Whether the file has the unit's name, and whether it lies in no subfolder."""
        return self.path.name == f"{unit}.ipynb", len(self.path.parts) == 1

    @cached_property
    def text(self) -> list[str]:
        """Normal form of each cell's text; two candidates with equal texts are the same work."""
        return [normal(cell.source) for cell in self.cells]


def choose(found: HandIn, skeleton: Skeleton, limits: Limits = DEFAULT) -> Choice:
    """Choose the notebook with the most answers, and the files that go with it.

    Args:
        found: the files of the submission.
        skeleton: the unit's skeleton.
        limits: bounds of a submission.

    Raises:
        Refusal: no notebook can be graded; the message gives the reason.
    """
    candidates, reasons = _candidates(found, skeleton, limits)
    if not candidates:
        raise Refusal(_reason(found, reasons))
    best = _best(candidates, skeleton.unit)
    notes = [*best.notes, *_name_notes(best, skeleton.unit)]
    notes += _rivals(best, candidates, skeleton.unit)
    notes += [Note(f"Otro archivo de la entrega no se usó: {reason}") for reason in found.refused]
    bad = {path: reason for path, reason in reasons.items() if not _may_be_data(path)}
    notes += [
        Note(f"El archivo {shown(path.name)} no se usó: {reason}") for path, reason in bad.items()
    ]
    notebook_files = {*bad, *(candidate.path for candidate in candidates)}
    others = {path: found.files[path] for path in found.files if path not in notebook_files}
    data, left_out = beside.sort_out(others, (c.source for c in best.cells if c.kind == "code"))
    return Choice(best.rebuilt, notes + left_out, data)


def _best(candidates: list[_Candidate], unit: str) -> _Candidate:
    """The highest-ranked candidate; of several with its text, the best by name and place."""
    best = max(candidates, key=lambda candidate: candidate.rank(unit))
    equal = [candidate for candidate in candidates if candidate.text == best.text]
    return max(equal, key=lambda candidate: candidate.fits(unit))


def _may_be_data(path: PurePosixPath) -> bool:
    """Whether a file that turns out to be no notebook may be data that the notebook reads."""
    return path.suffix.lower() == ".json" and ".ipynb" not in path.name.lower()


def _candidates(
    found: HandIn, skeleton: Skeleton, limits: Limits
) -> tuple[list[_Candidate], dict[PurePosixPath, str]]:
    candidates: list[_Candidate] = []
    reasons: dict[PurePosixPath, str] = {}
    likely = sorted(_notebooks(found.files), key=_may_be_data)
    for path in sorted(likely, key=lambda path: path.name != f"{skeleton.unit}.ipynb"):
        if len(candidates) + len(reasons) >= limits.notebooks:
            reasons[path] = f"son más de {limits.notebooks} notebooks."
            continue
        try:
            cells, notes = notebooks.read(found.files[path], limits)
            candidates.append(_Candidate(path, cells, rebuild(skeleton, cells), notes))
        except Refusal as refusal:
            reasons[path] = str(refusal)
    return candidates, reasons


def _notebooks(paths: Iterable[PurePosixPath]) -> list[PurePosixPath]:
    """Paths of possible notebooks; Jupyter's checkpoints count only without any other .ipynb."""
    paths = list(paths)
    named = [path for path in paths if names.is_notebook(path.name)]
    if any(not _may_be_data(path) for path in named):
        return named
    return [*named, *(path for path in paths if names.is_checkpoint(path.name))]


def _reason(found: HandIn, reasons: dict[PurePosixPath, str]) -> str:
    """Why nothing can be graded: the reason of a notebook if there is one, else of another file."""
    if reasons:
        return next(iter(reasons.values()))
    if found.refused:
        return found.refused[0]
    others = [shown(path.name) for path in found.files]
    return f"{NO_NOTEBOOK} Hay: {', '.join(others[:5])}." if others else NOTHING


def _name_notes(best: _Candidate, unit: str) -> list[Note]:
    if best.path.name == f"{unit}.ipynb":
        return []
    if names.is_checkpoint(best.path.name):
        return [Note(CHECKPOINT.format(shown(best.path.name)), review=True)]
    return [
        Note(
            f"El archivo se llamaba {shown(best.path.name)}; se tomó como {unit}.ipynb. "
            "No hace falta que cambies nada."
        )
    ]


def _rivals(best: _Candidate, candidates: list[_Candidate], unit: str) -> list[Note]:
    rivals = [other for other in candidates if other.text != best.text]
    close = [other for other in rivals if other.rebuilt.answered == best.rebuilt.answered]
    fewer = [other for other in rivals if other.rebuilt.answered < best.rebuilt.answered]
    chosen, notes = shown(best.path.name), []
    if close:
        number = names.copy_number(best.path.name, unit)
        newer = all(names.copy_number(other.path.name, unit) < number for other in close)
        why = ", la copia más nueva según el número de su nombre," if newer else ""
        text = (
            f"Había más de un notebook con igual cantidad de respuestas; se usó {chosen}{why} "
            f"y no {_listed(close)}. Alguien del equipo docente lo va a revisar."
        )
        notes.append(Note(text, review=True))
    if fewer:
        text = "Había más de un notebook; se usó {}, con más respuestas, y no {}."
        notes.append(Note(text.format(chosen, _listed(fewer))))
    return notes


def _listed(candidates: list[_Candidate]) -> str:
    return ", ".join(shown(candidate.path.name) for candidate in candidates[:5])
