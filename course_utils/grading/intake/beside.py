"""Choose the student's files that are kept beside the notebook, and write notes on the others."""

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from course_utils.grading.intake import modules
from course_utils.grading.rebuild.notes import Note, shown

TIMESTAMP = PurePosixPath("timestamp.txt")
KEPT = (
    ".csv", ".gif", ".h5", ".jpeg", ".jpg", ".json", ".keras", ".npy", ".npz", ".png", ".pt",
    ".pth", ".py", ".svg", ".tsv", ".txt",
)  # fmt: skip
_LONGEST_PATH = 512  # bytes
_LONGEST_NAME = 200  # bytes of one folder or file
_LISTED = 5  # names in one note

# Why a file is left out, as the end of a sentence that begins "No se usó".
_TIME = "la hora de entrega no se lee de los archivos que entregas."
_LIBRARY = "se llama como una biblioteca y la taparía."
_NAME = "su nombre, o el de una de sus carpetas, no se acepta; cámbialo por letras y números."
_KIND = f"junto al notebook se aceptan archivos {', '.join(KEPT)}."
_PLURAL = {
    _LIBRARY: "se llaman como bibliotecas y las taparían.",
    _NAME: "sus nombres, o los de sus carpetas, no se aceptan; cámbialos por letras y números.",
}


def sort_out(
    files: Mapping[PurePosixPath, bytes], code: Iterable[str]
) -> tuple[dict[PurePosixPath, bytes], list[Note]]:
    """Split files into those that the notebook's cells may read and those that are left out.

    Args:
        files: path → content of all files but the notebooks.
        code: text of the code cells. If it names a file that is left out, the note asks for review.

    Returns:
        kept: the files that go with the notebook.
        notes: one for each reason, with the names of the files that are left out.
    """
    kept: dict[PurePosixPath, bytes] = {}
    left: dict[str, list[str]] = {}
    for path, content in files.items():
        if reason := _objection(path):
            left.setdefault(reason, []).append(path.name)
        else:
            kept[path] = content
    text = "\n".join(code)
    return kept, [_note(reason, names, text) for reason, names in left.items()]


def _objection(path: PurePosixPath) -> str:
    """Why a file is left out; empty where it is kept."""
    if path.name.lower() == TIMESTAMP.name:
        return _TIME
    if not all(map(_ordinary, path.parts)) or len(str(path).encode()) > _LONGEST_PATH:
        return _NAME
    if any(_suffix(folder) in (*KEPT, ".ipynb") for folder in path.parts[:-1]):
        return _NAME  # such a folder could take the path of the notebook or of a file of the unit
    if path.suffix.lower() not in KEPT:
        return _KIND
    top = path.stem if len(path.parts) == 1 else path.parts[0]
    return _LIBRARY if path.suffix.lower() == ".py" and top in modules.taken() else ""


def _ordinary(name: str) -> bool:
    """Whether a name can be written anywhere: printable, not hidden, not too long."""
    # Bytes that are not UTF-8 appear in a name as lone surrogates, which are not printable.
    return name.isprintable() and name[0] != "." and len(name.encode()) <= _LONGEST_NAME


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _note(reason: str, names: list[str], code: str) -> Note:
    listed = ", ".join(map(shown, names[:_LISTED]))
    listed += f" y {len(names) - _LISTED} más" if len(names) > _LISTED else ""
    one = len(names) == 1
    head = f"El archivo {listed} no se usó" if one else f"Los archivos {listed} no se usaron"
    text = f"{head}: {reason if one else _PLURAL.get(reason, reason)}"
    wanted = [name for name in names if any(f"{before}{name}" in code for before in "\"'/")]
    if not wanted:
        return Note(text)
    text += f" Tu código nombra {', '.join(map(shown, wanted[:_LISTED]))}: alguien del equipo "
    return Note(text + "docente lo va a revisar.", review=True)
