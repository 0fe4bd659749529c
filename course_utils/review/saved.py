"""A saved notebook, read without help of nbgrader and compared with what students got."""

import hashlib
import itertools
import json
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from course_utils.checks.outcomes import exercise_title
from course_utils.checks.outline import Outline, OutlineCell, fingerprint, normal, outline, units


class ReviewError(Exception):
    """Why a notebook can't be reviewed, and what to do: one Spanish sentence."""


@dataclass(frozen=True)
class Saved:
    """A notebook as its file has it.

    Attributes:
        path: the file.
        content: its bytes.
        notebook: its JSON.
        released: what students got in its unit.
        saved_at: when it was written, in seconds since the epoch.
    """

    path: Path
    content: bytes
    notebook: dict[str, Any]
    released: Outline
    saved_at: float

    @property
    def sha256(self) -> str:
        """Checksum of the file, 64 hexadecimal digits."""
        return hashlib.sha256(self.content).hexdigest()

    @cached_property
    def cells(self) -> dict[str, list[dict[str, Any]]]:
        """The cells of the course that the file has, by name; more than one where it was copied."""
        names = {cell.name for cell in self.released.cells}
        found: dict[str, list[dict[str, Any]]] = {}
        for cell in self.notebook["cells"]:
            name = name_of(cell)
            if name in names:
                found.setdefault(name, []).append(cell)
        return found

    @property
    def answers(self) -> str:
        """Checksum of the answers alone: saving the file again does not change it."""
        texts = [
            [cell.name, *(normal(source_of(found)) for found in self.cells.get(cell.name, []))]
            for cell in self.released.cells
            if cell.answer
        ]
        text = json.dumps(texts, ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def read(path: Path) -> Saved:
    """Read a notebook of the course.

    Raises:
        ReviewError: there is no such file, it is no notebook, or none of the course's.
    """
    try:
        content, saved_at = path.read_bytes(), path.stat().st_mtime
    except OSError:
        raise ReviewError(f"No se puede leer el archivo {path}: ¿está bien escrito?") from None
    try:
        notebook = json.loads(content)
        names = [name_of(cell) for cell in notebook["cells"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ReviewError(f"{path} no es un notebook de Jupyter: guárdalo otra vez.") from None
    unit = next((name.partition("-")[0] for name in names if "-ej" in name), "")
    if unit not in units():
        raise ReviewError(f"{path} no tiene ninguna celda del curso: ¿es el archivo correcto?")
    return Saved(path, content, notebook, outline(unit), saved_at)


def name_of(cell: dict[str, Any]) -> str:
    """The name of a cell of the course: nbgrader's, or its id (which Colab moves)."""
    metadata = cell.get("metadata", {})
    name = metadata.get("nbgrader", {}).get("grade_id") or cell.get("id") or metadata.get("id")
    return str(name or "")


def source_of(cell: dict[str, Any]) -> str:
    """A cell's text; the format allows it whole or in lines."""
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def untouched(saved: Saved) -> list[str]:
    """Names of the answers that are as they were handed out, or empty."""
    return [
        cell.name
        for cell in saved.released.cells
        if cell.answer
        and all(
            fingerprint(source_of(found)) in (cell.fingerprint, fingerprint(""))
            for found in saved.cells.get(cell.name, [])
        )
    ]


def repairs(saved: Saved) -> list[str]:
    """What grading would have to put right, a Spanish sentence each; empty if nothing."""
    missing = [cell for cell in saved.released.cells if cell.name not in saved.cells]
    changed = [cell for cell in saved.released.cells if not cell.answer and _changed(saved, cell)]
    copied = [c for c in saved.released.cells if c.answer and len(saved.cells.get(c.name, [])) > 1]
    kinds = (
        ([c for c in missing if c.answer], "Falta la celda de tu respuesta ({}): ¿la borraste?"),
        (
            [c for c in missing if not c.answer],
            "Faltan celdas del curso ({}); al corregir se reponen.",
        ),
        (changed, "Hay celdas del curso cambiadas ({}); al corregir se usan las originales."),
        (copied, "Hay más de una celda para la misma respuesta ({}); deja una sola."),
    )
    notes = [text.format(", ".join(map(_label, cells))) for cells, text in kinds if cells]
    if saved.path.stem != saved.released.notebook:
        notes.append(f"El archivo debe llamarse {saved.released.notebook}.ipynb.")
    return notes


def _changed(saved: Saved, cell: OutlineCell) -> bool:
    return any(
        fingerprint(source_of(found)) != cell.fingerprint or found.get("cell_type") != cell.kind
        for found in saved.cells.get(cell.name, [])
    )


def _label(cell: OutlineCell) -> str:
    """What a list of cells calls it, such as: prueba visible del ejercicio 1.2."""
    exercise, _, part = cell.name.partition("-ej")
    number, _, part = part.partition("-")
    if not number:
        return f"`{cell.name}`"
    title = exercise_title(f"{exercise}-ej{number}").lower()
    kind = {"visible": "prueba visible", "oculto": "prueba oculta", "enunciado": "enunciado"}
    return f"{kind[part]} del {title}" if part in kind else title


def order(saved: Saved) -> str:
    """How the cells were run before saving: one Spanish sentence."""
    code = [
        cell
        for cell in saved.notebook["cells"]
        if cell.get("cell_type") == "code" and _matters(source_of(cell))
    ]
    counts = [cell.get("execution_count") for cell in code]
    run = [count for count in counts if count]
    if not run:
        return "Ninguna celda se había ejecutado al guardar."
    late = next((b for a, b in itertools.pairwise(run) if b <= a), None)
    if late is not None:
        place = source_of(code[counts.index(late)]).strip().splitlines()[0]
        return (
            f"Ejecutaste celdas fuera de orden: la que empieza con «{place[:50]}» se ejecutó antes "
            "que otra que está más arriba. Lo que cuenta es el resultado de arriba abajo."
        )
    skipped = counts.count(None)
    if skipped:
        left = "quedó 1 celda" if skipped == 1 else f"quedaron {skipped} celdas"
        return f"Ejecutaste las celdas en orden; {left} de código sin ejecutar."
    return "Ejecutaste las celdas en orden y sin saltear ninguna."


def _matters(source: str) -> bool:
    """Whether it counts when a cell was run: asking for a hint or for the panel does not."""
    asks = ("pista(", "progreso(", "revisar(")
    return any(line.strip() and not line.startswith(asks) for line in source.splitlines())


def age(saved: Saved, last_check: float) -> str:
    """How old the file is: one or two Spanish sentences.

    Args:
        saved: the notebook.
        last_check: when this session ran a visible test last, in seconds since the epoch.
    """
    at = time.strftime("%H:%M:%S del %d/%m/%Y", time.localtime(saved.saved_at))
    text = f"El archivo se guardó {_ago(time.time() - saved.saved_at)} (a las {at})."
    if last_check > saved.saved_at:
        text += " Después ejecutaste pruebas: si cambiaste algo, guarda (Ctrl+S) y revisa otra vez."
    return text


def _ago(seconds: float) -> str:
    for size, one, many in (
        (86_400, "un día", "días"), (3_600, "una hora", "horas"), (60, "un minuto", "minutos"),
    ):  # fmt: skip
        count = int(seconds // size)
        if count:
            return f"hace {one}" if count == 1 else f"hace {count} {many}"
    return "hace menos de un minuto"
