"""Intake of a class: ``submitted/``, which is only read, → cleaned copies that nbgrader reads."""

import json
import logging
import shutil
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from course_utils.grading.intake.beside import TIMESTAMP
from course_utils.grading.intake.candidates import Choice, choose
from course_utils.grading.intake.files import HandIn, read, read_regular
from course_utils.grading.intake.places import Submitted
from course_utils.grading.intake.records import FOLDER, UNREADABLE, Record, state_of
from course_utils.grading.intake.times import LONGEST_TIME, notes_on, time_of
from course_utils.grading.rebuild import Skeleton
from course_utils.grading.rebuild.cells import StudentCell
from course_utils.grading.rebuild.notes import Note, Refusal, to_json

CLEAN = f"{FOLDER}/clean"  # takes the place of "submitted" in nbgrader's own paths
OUR_FAULT = (
    "No pudimos corregir esta entrega por un problema nuestro, no tuyo: "
    "el equipo docente lo está viendo y no hace falta que entregues de nuevo."
)
TOO_LONG = (
    "Tu notebook tardó más de {:g} segundos y lo detuvimos, así que no tiene nota todavía. "
    "Busca qué celda tarda tanto (¿un bucle que no termina?) y entrégalo de nuevo."
)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Intake:
    """Takes in the hand-ins of one unit.

    Attributes:
        submitted: where they lie.
        clean: folder for the cleaned copies, laid out as ``submitted/STUDENT/UNIT``.
        skeleton: the unit's.
    """

    submitted: Submitted
    clean: Path
    skeleton: Skeleton

    def take(self, student: str) -> Record:
        """Take in one hand-in, whatever it is.

        Args:
            student: id of the student.

        Returns:
            The state before execution. For ``UNREADABLE`` there is no cleaned copy; its first
            note is the reason.
        """
        target = self.clean / student / self.skeleton.unit
        shutil.rmtree(target, ignore_errors=True)
        try:
            return self._take(student, target)
        except KeyboardInterrupt:  # the teacher's
            raise
        except BaseException:  # SystemExit too: one student's file never stops another's grading
            log.exception("intake of %s failed", student)
            shutil.rmtree(target, ignore_errors=True)
            return self._unreadable(student, OUR_FAULT, "")

    def _take(self, student: str, target: Path) -> Record:
        found, choice = self._choose(student)
        if isinstance(choice, Refusal):
            return self._unreadable(student, str(choice), found.digest)
        timestamp = timestamp_of(self.submitted, student, self.skeleton.unit)
        choice.notes = choice.notes + notes_on(timestamp)
        notes = choice.notes + choice.rebuilt.notes
        write_clean(choice, target, self.skeleton.unit)
        _write_timestamp(timestamp, target)
        return Record(student, self.skeleton.unit, state_of(notes), notes, found.digest)

    def _choose(self, student: str) -> tuple[HandIn, Choice | Refusal]:
        """The hand-in: what is called like the unit or, if that holds none, what is not."""
        limits = self.submitted.limits
        first: tuple[HandIn, Choice | Refusal] | None = None
        for places in filter(None, self.submitted.places(student, self.skeleton.unit)):
            apart = self.submitted.timestamp(student, self.skeleton.unit)
            found = read(places, limits, apart)
            try:
                return found, choose(found, self.skeleton, limits)
            except Refusal as refusal:
                first = first or (found, refusal)
        return first or (HandIn(), Refusal("No hay ninguna entrega de esta unidad."))

    def _unreadable(self, student: str, reason: str, digest: str) -> Record:
        return Record(student, self.skeleton.unit, UNREADABLE, [Note(reason)], digest)


def write_clean(choice: Choice, target: Path, unit: str) -> None:
    """Write a cleaned copy: the student's cells as nbformat 4.5, and the files beside them."""
    for path, content in choice.data.items():
        destination = target / path
        destination.parent.mkdir(parents=True, exist_ok=True)
        destination.write_bytes(content)
    target.mkdir(parents=True, exist_ok=True)
    notebook = {
        "cells": [_node(number, cell) for number, cell in enumerate(choice.cells)],
        "metadata": {"course": {"notes": to_json(choice.notes)}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    (target / f"{unit}.ipynb").write_text(
        json.dumps(notebook, ensure_ascii=False), encoding="utf-8"
    )


def cells_of(notebook: Any) -> list[StudentCell]:
    """The student's cells of a cleaned copy."""
    return [
        StudentCell(kind=cell["cell_type"], source=cell["source"], **_stored(cell["metadata"]))
        for cell in notebook["cells"]
    ]


def _stored(metadata: dict[str, Any]) -> dict[str, Any]:
    stored = dict(metadata.get("course", {}))
    return stored | {"tags": tuple(stored.get("tags", ()))}


def _node(number: int, cell: StudentCell) -> dict[str, Any]:
    """A cell whose metadata nbgrader does not take for its own."""
    kept = {
        "grade_id": cell.grade_id,
        "cell_id": cell.cell_id,
        "points": cell.points,
        "tags": list(cell.tags),
    }
    node = {
        "cell_type": cell.kind,
        "id": f"cell-{number}",
        "metadata": {"course": kept},
        "source": cell.source,
    }
    return node | ({"execution_count": None, "outputs": []} if cell.kind == "code" else {})


def timestamp_of(submitted: Submitted, student: str, unit: str) -> bytes:
    """The content of the file that says when a student handed in; empty where there is none.

    A ``timestamp.txt`` that a student hands in, inside a ZIP or in any other place, is not used.
    """
    path = submitted.timestamp(student, unit)
    if any(folder.is_symlink() for folder in path.parents[:2]):
        return b""
    try:
        return read_regular(path, LONGEST_TIME)
    except Refusal:
        return b""


def handed_in_at(submitted: Submitted, student: str, unit: str) -> datetime | None:
    """When a student handed in; None where no file of nbgrader's says so."""
    return time_of(timestamp_of(submitted, student, unit))


def _write_timestamp(content: bytes, target: Path) -> None:
    """Keep a time of hand-in that can be read: nbgrader stops the class at any other."""
    time = time_of(content)
    if time:
        (target / TIMESTAMP.name).write_text(f"{time} UTC", encoding="utf-8")


def finished(record: Record, notes: list[Note]) -> Record:
    """The record of a hand-in whose marks are in the gradebook, with all its notes."""
    return replace(record, notes=notes, state=state_of(notes), finished=True)


def failed(record: Record) -> Record:
    """The record of a hand-in that nbgrader could not grade."""
    return replace(record, state=UNREADABLE, notes=[Note(OUR_FAULT)], finished=False)


def too_long(record: Record, limit: float) -> Record:
    """The record of a hand-in that took more than its time.

    Args:
        record: before execution.
        limit: seconds that it had.
    """
    return replace(record, state=UNREADABLE, notes=[Note(TOO_LONG.format(limit))], finished=False)
