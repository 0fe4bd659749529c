"""Rebuild a submission on the master's skeleton: only answers and extra cells are the student's."""

import re
from dataclasses import dataclass
from typing import Any

from course_utils.checks.outline import normal
from course_utils.grading.rebuild.cells import StudentCell
from course_utils.grading.rebuild.matching import Match, match, touched
from course_utils.grading.rebuild.notes import Note, Refusal
from course_utils.grading.rebuild.skeleton import (
    ANSWER,
    LOCKED,
    Skeleton,
    SkeletonCell,
    bound,
    unit_of,
)
from course_utils.grading.rebuild.syntax import is_python

STRIPPED = Note(
    "El archivo había perdido los datos internos de sus celdas (lo guardó otro editor); "
    "se reconocieron por su contenido."
)
NOTHING_DONE = Note(
    "No hay ninguna respuesta: el notebook está como se publicó. ¿Entregaste el archivo correcto?"
)
NOTHING_RUNS = Note(
    "Ninguna de tus respuestas de código se puede ejecutar, por errores de sintaxis. ¿Se dañó el "
    "archivo al guardarlo? Alguien del equipo docente lo va a revisar.",
    review=True,
)
_CONFLICT_STARTS = re.compile(r"^<{7}(?: |$)", re.MULTILINE)
_CONFLICT_ENDS = re.compile(r"^>{7}(?: |$)", re.MULTILINE)
_RELEASE_TAG = "raises-exception"  # tag of the test cells in a release; the master has it nowhere


@dataclass(frozen=True)
class Rebuilt:
    """A submission on the master's skeleton.

    Attributes:
        cells: the cells of the new notebook, in nbformat 4.5.
        notes: what was corrected.
        answered: number of answers that differ from the release.
    """

    cells: list[dict[str, Any]]
    notes: list[Note]
    answered: int


def rebuild(skeleton: Skeleton, cells: list[StudentCell]) -> Rebuilt:
    """Put the student's answers and extra cells on the master's skeleton.

    Args:
        skeleton: the unit's skeleton.
        cells: the submission's cells, in order.

    Raises:
        Refusal: the notebook is not the unit's.
    """
    found = match(skeleton, cells)
    _check_unit(skeleton, cells, found)
    notes: list[Note] = []
    built: list[dict[str, Any]] = _extras(cells, found, None)
    answers: list[tuple[str, str]] = []
    for at, cell in enumerate(skeleton.cells):
        text = cell.source
        if cell.role == ANSWER:
            given = [cells[index].source for index in found.of(at)]
            answer = _answer(cell, [*given, found.borrowed.get(at, "")], notes)
            answers += [] if answer is None else [(cell.kind, answer)]
            text = cell.source if answer is None else answer
        built.append(_node(cell.kind, text, cell.cell_id, cell.metadata))
        built += _extras(cells, found, at)
    notes += _notes(skeleton, cells, found, len(answers))
    code = [text for kind, text in answers if kind == "code"]
    notes += [NOTHING_RUNS] if code and not any(map(is_python, code)) else []
    return Rebuilt(built, notes, len(answers))


def _check_unit(skeleton: Skeleton, cells: list[StudentCell], found: Match) -> None:
    own = unit_of(cell.grade_id for cell in skeleton.cells)
    other = unit_of(cell.grade_id or cell.cell_id for cell in cells)
    foreign = bool(other) and other != own and found.stripped
    known = {at for at in found.places if at is not None and skeleton.cells[at].grade_id}
    if known - found.guessed and not foreign:
        return
    if foreign:
        raise Refusal(f"Es el notebook de la unidad {other[1:]} y no el de la unidad {own[1:]}.")
    raise Refusal(
        "No es el notebook de esta unidad: no tiene ninguna de sus celdas. "
        "¿Es el archivo que querías entregar?"
    )


def _answer(cell: SkeletonCell, given: list[str], notes: list[Note]) -> str | None:
    """Join the parts of an answer to one text; None where the student wrote none."""
    parts = list(dict.fromkeys(text for text in given if touched(text, cell.released)))
    if not parts:
        return None
    if cell.kind == "markdown":
        return "\n\n".join(parts)
    owners = [part for part in parts if bound(part) & cell.names]
    rivals = [part for part in owners[:-1] if bound(part) & bound(owners[-1]) & cell.names]
    if rivals:
        notes.append(
            Note(
                f"Había más de una respuesta para {cell.label}; se usó la última. "
                "Alguien del equipo docente lo va a revisar.",
                review=True,
            )
        )
    text = "\n".join(part.rstrip("\n") for part in parts if part not in rivals)
    if _CONFLICT_STARTS.search(text) and _CONFLICT_ENDS.search(text):
        notes.append(
            Note(
                f"Tu respuesta para {cell.label} tiene las marcas de un conflicto de Git "
                "(<<<<<<<, >>>>>>>) y no se puede ejecutar; las demás no sufren por eso.",
                review=True,
            )
        )
    return text


def _notes(skeleton: Skeleton, cells: list[StudentCell], found: Match, answered: int) -> list[Note]:
    places = set(found.places)
    managed = [at for at, cell in enumerate(skeleton.cells) if cell.grade_id]
    lost = [skeleton.cells[at] for at in managed if at not in places]
    notes = [STRIPPED] if found.stripped else []
    notes += [] if answered else [NOTHING_DONE]
    notes += _moved(skeleton, cells, found)
    notes += _named(
        (cell for cell in lost if cell.role == LOCKED),
        "Faltaban celdas del curso ({}); se repusieron.",
    )
    notes += _named(
        (cell for cell in lost if cell.role == ANSWER),
        "Falta la celda de la respuesta ({}): se borró y no encontramos la respuesta en otra.",
        review=True,
    )
    return notes + _changed(skeleton, cells, found)


def _moved(skeleton: Skeleton, cells: list[StudentCell], found: Match) -> list[Note]:
    def of(places: set[int]) -> list[SkeletonCell]:
        return [skeleton.cells[at] for at in sorted(places)]

    parts = {
        at
        for at, cell in enumerate(skeleton.cells)
        if cell.role == ANSWER and len(_distinct(cell, [cells[i] for i in found.of(at)])) > 1
    }
    split = (parts | found.continued) - found.moved - found.guessed
    notes = _named(of(split), "La respuesta estaba repartida en varias celdas ({}); se juntó.")
    moved = set() if found.stripped else found.moved
    notes += _named(of(moved), "La respuesta estaba en otra celda ({}); se llevó a la suya.")
    return notes + _named(
        of(found.guessed),
        "La respuesta no estaba en su celda ({}); se tomó lo escrito en ese lugar. "
        "Alguien del equipo docente lo va a revisar.",
        review=True,
    )


def _distinct(cell: SkeletonCell, given: list[StudentCell]) -> set[str]:
    return {normal(c.source) for c in given if touched(c.source, cell.released)}


def _changed(skeleton: Skeleton, cells: list[StudentCell], found: Match) -> list[Note]:
    """Notes on the texts, types, points and tags of the course that a student changed."""
    texts, kinds, points, tags = set(), set(), set(), set()
    for cell, at in zip(cells, found.places, strict=True):
        if at is None or not skeleton.cells[at].grade_id:
            continue
        own = skeleton.cells[at]
        if own.role == LOCKED and normal(cell.source) != own.released:
            texts.add(at)
        if cell.kind != own.kind:
            kinds.add(at)
        if cell.points is not None and cell.points != own.points:
            points.add(at)
        if set(cell.tags) - {_RELEASE_TAG, *own.metadata.get("tags", [])}:
            tags.add(at)
    sentences = (
        (texts, "Había celdas del curso cambiadas ({}); se usaron las originales."),
        (kinds, "Había celdas de otro tipo (código o texto) que el original ({}); se corrigió."),
        (points, "Había puntos cambiados ({}); valen los del curso."),
        (tags, "Había etiquetas agregadas a celdas del curso ({}); se quitaron."),
    )
    return [
        note
        for places, sentence in sentences
        for note in _named([skeleton.cells[at] for at in sorted(places)], sentence)
    ]


def _named(cells: Any, sentence: str, *, review: bool = False) -> list[Note]:
    """One note that names the exercises of all the cells; no note without cells."""
    labels = list(dict.fromkeys(cell.label for cell in cells))
    return [Note(sentence.format(", ".join(labels)), review)] if labels else []


def _extras(cells: list[StudentCell], found: Match, anchor: int | None) -> list[dict[str, Any]]:
    """The student's own cells that stand after a cell of the skeleton (None: at the top)."""
    built, last = [], None
    for index, at in enumerate(found.places):
        if at is not None:
            last = at
        elif last == anchor and cells[index].source.strip():
            built.append(_node(cells[index].kind, cells[index].source, f"extra-{index}", {}))
    return built


def _node(kind: str, source: str, cell_id: str, metadata: dict[str, Any]) -> dict[str, Any]:
    node: dict[str, Any] = {
        "cell_type": kind,
        "id": cell_id,
        "metadata": metadata,
        "source": source,
    }
    if kind == "code":
        node |= {"execution_count": None, "outputs": []}
    return node
