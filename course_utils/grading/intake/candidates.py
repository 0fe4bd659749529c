"""Which of a student's files is the hand-in, and what else of the folder is kept."""

import importlib.util
import sys
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from course_utils.checks.outline import normal
from course_utils.grading.intake import names, notebooks
from course_utils.grading.intake.files import HandIn
from course_utils.grading.intake.limits import DEFAULT, Limits
from course_utils.grading.intake.notebooks import StudentCell
from course_utils.grading.intake.notes import Note, Refusal, shown
from course_utils.grading.rebuild import Rebuilt, Skeleton, rebuild

NOTHING = "No hay ningún archivo en la entrega: súbela de nuevo."
NO_NOTEBOOK = "No está el notebook (.ipynb) en la entrega."
TIMESTAMP = PurePosixPath("timestamp.txt")
DATA = {
    ".csv", ".gif", ".h5", ".jpeg", ".jpg", ".json", ".keras", ".npy", ".npz", ".png", ".pt",
    ".pth", ".py", ".svg", ".tsv", ".txt",
}  # fmt: skip


@dataclass
class Choice:
    """The hand-in of one student.

    Attributes:
        cells: what was read of the notebook.
        rebuilt: the notebook on the master's skeleton.
        notes: what intake put right; the rebuild's own notes are in ``rebuilt``.
        data: the other files that are kept.
    """

    cells: list[StudentCell]
    rebuilt: Rebuilt
    notes: list[Note]
    data: dict[PurePosixPath, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class _Candidate:
    path: PurePosixPath
    cells: list[StudentCell]
    rebuilt: Rebuilt
    notes: list[Note]

    def rank(self, unit: str) -> tuple[int, bool, bool]:
        """Work first, then the right name, then the right place."""
        exact = self.path.name == f"{unit}.ipynb"
        return self.rebuilt.answered, exact, len(self.path.parts) == 1

    def text(self) -> list[str]:
        """What tells it from another candidate."""
        return [normal(cell.source) for cell in self.cells]


def choose(found: HandIn, skeleton: Skeleton, limits: Limits = DEFAULT) -> Choice:
    """The notebook of a hand-in: the one with most work in it.

    Args:
        found: what was read of the folder.
        skeleton: the unit's.
        limits: bounds.

    Raises:
        Refusal: there is none that can be graded; the message has the best reason.
    """
    candidates, reasons = _candidates(found, skeleton, limits)
    if not candidates:
        raise Refusal(_reason(found, reasons))
    best = max(candidates, key=lambda candidate: candidate.rank(skeleton.unit))
    notes = [*best.notes, *_name_notes(best, skeleton.unit), *_rivals(best, candidates)]
    notes += [Note(f"Otro archivo de la entrega no se usó: {reason}") for reason in found.refused]
    notes += [
        Note(f"El archivo {shown(path.name)} no se usó: {reason}")
        for path, reason in reasons.items()
        if path.suffix.lower() != ".json"
    ]
    data, dropped = _data(found, skeleton)
    return Choice(best.cells, best.rebuilt, notes + dropped, data)


def _candidates(
    found: HandIn, skeleton: Skeleton, limits: Limits
) -> tuple[list[_Candidate], dict[PurePosixPath, str]]:
    candidates: list[_Candidate] = []
    reasons: dict[PurePosixPath, str] = {}
    notebook_files = [item for item in found.files.items() if names.is_notebook(item[0].name)]
    for path, content in notebook_files:
        if len(candidates) + len(reasons) >= limits.notebooks:
            reasons[path] = f"son más de {limits.notebooks} notebooks."
            continue
        try:
            cells, notes = notebooks.read(content, limits)
            candidates.append(_Candidate(path, cells, rebuild(skeleton, cells), notes))
        except Refusal as refusal:
            reasons[path] = str(refusal)
    return candidates, reasons


def _reason(found: HandIn, reasons: dict[PurePosixPath, str]) -> str:
    """Why nothing can be graded: about the notebook if there is one, else about the rest."""
    if reasons:
        return next(iter(reasons.values()))
    if found.refused:
        return found.refused[0]
    others = [shown(path.name) for path in found.files if path != TIMESTAMP]
    return f"{NO_NOTEBOOK} Hay: {', '.join(others[:5])}." if others else NOTHING


def _name_notes(best: _Candidate, unit: str) -> list[Note]:
    if best.path.name == f"{unit}.ipynb":
        return []
    return [
        Note(
            f"El archivo se llamaba {shown(best.path.name)}; se tomó como {unit}.ipynb. "
            "No hace falta que cambies nada."
        )
    ]


def _rivals(best: _Candidate, candidates: list[_Candidate]) -> list[Note]:
    rivals = [other for other in candidates if other is not best and other.text() != best.text()]
    if not rivals:
        return []
    listed = ", ".join(shown(other.path.name) for other in rivals[:5])
    close = any(other.rebuilt.answered == best.rebuilt.answered for other in rivals)
    more = " Alguien del equipo docente lo va a revisar." if close else ""
    chosen = shown(best.path.name)
    text = f"Había más de un notebook; se usó {chosen}, con más respuestas, y no {listed}."
    if close:
        text = f"Había más de un notebook con igual cantidad de respuestas; se usó {chosen}"
        text += f" y no {listed}.{more}"
    return [Note(text, review=close)]


def _data(found: HandIn, skeleton: Skeleton) -> tuple[dict[PurePosixPath, bytes], list[Note]]:
    """Files beside the notebook that its cells may read; modules that hide a library's are not."""
    kept, notes = {}, []
    for path, content in found.files.items():
        if path.suffix.lower() not in DATA or path == TIMESTAMP or names.NOTEBOOK.search(path.name):
            continue
        top = PurePosixPath(path.parts[0]).stem
        if path.suffix.lower() == ".py" and _hides(top):
            notes.append(
                Note(
                    f"El archivo {shown(path.name)} no se usó: se llama como una biblioteca "
                    "y la taparía."
                )
            )
        else:
            kept[path] = content
    return kept, notes


def _hides(module: str) -> bool:
    if module in sys.stdlib_module_names:
        return True
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError, AttributeError):
        return True
