"""Take in submissions: ``submitted/`` is only read; rebuilt notebooks and records come out."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from course_utils.grading.intake.candidates import Choice, choose
from course_utils.grading.intake.files import HandIn, read, read_regular
from course_utils.grading.intake.places import Submitted
from course_utils.grading.intake.records import UNREADABLE, Record, state_of
from course_utils.grading.intake.times import LONGEST_TIME, notes_on, time_of
from course_utils.grading.rebuild import Skeleton
from course_utils.grading.rebuild.notes import Note, Refusal, to_json

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
class Submission:
    """One student's work on a unit, read and put on the master's skeleton.

    Attributes:
        record: the state before execution, with the notes of intake and rebuild.
        notebook: the rebuilt notebook in nbformat 4.5; None for ``UNREADABLE``.
        files: path → content of the student's other files that are kept.
        handed_in: time of the submission in UTC, without a zone; None where no file of nbgrader's
            gives it.
    """

    record: Record
    notebook: dict[str, Any] | None = None
    files: Mapping[PurePosixPath, bytes] = field(default_factory=dict)
    handed_in: datetime | None = None


@dataclass(frozen=True)
class Intake:
    """Takes in the submissions of one unit.

    Attributes:
        submitted: the folder of the submissions.
        skeleton: the unit's skeleton.
    """

    submitted: Submitted
    skeleton: Skeleton

    def take(self, student: str) -> Submission:
        """Take in one submission; nothing that a student hands in raises an exception here.

        Args:
            student: id of the student.

        Returns:
            The submission. If it can't be read, its first note is the reason.
        """
        try:
            return self._take(student)
        except KeyboardInterrupt:  # the teacher ends the run
            raise
        except BaseException:  # SystemExit too: one student's file must not end the class's run
            log.exception("intake of %s failed", student)
            return self._unreadable(student, OUR_FAULT, "")

    def _take(self, student: str) -> Submission:
        found, choice = self._choose(student)
        if isinstance(choice, Refusal):
            return self._unreadable(student, str(choice), found.digest)
        unit = self.skeleton.unit
        timestamp = timestamp_of(self.submitted, student, unit)
        notes = [*choice.notes, *notes_on(timestamp), *choice.rebuilt.notes]
        record = Record(student, unit, state_of(notes), notes, found.digest)
        notebook = {
            "cells": choice.rebuilt.cells,
            # The pages show the notes, and the executor adds its own to them.
            "metadata": self.skeleton.metadata | {"course": {"notes": to_json(notes)}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        return Submission(record, notebook, choice.data, time_of(timestamp))

    def _choose(self, student: str) -> tuple[HandIn, Choice | Refusal]:
        """Choose from the files with the unit's name; if none can be graded, from the strays."""
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

    def _unreadable(self, student: str, reason: str, digest: str) -> Submission:
        return Submission(Record(student, self.skeleton.unit, UNREADABLE, [Note(reason)], digest))


def timestamp_of(submitted: Submitted, student: str, unit: str) -> bytes:
    """Read the file with the time of a submission; empty where there is none.

    A ``timestamp.txt`` that a student hands in, inside a ZIP or in any other place, is not used.
    """
    path = submitted.timestamp(student, unit)
    # ``read_regular`` refuses a link only as the last part of a path.
    if any(folder.is_symlink() for folder in path.parents[:2]):
        return b""
    try:
        return read_regular(path, LONGEST_TIME)
    except Refusal:
        return b""


def handed_in_at(submitted: Submitted, student: str, unit: str) -> datetime | None:
    """The time of a submission in UTC, without a zone; None if no file of nbgrader's gives it."""
    return time_of(timestamp_of(submitted, student, unit))


def finished(record: Record, notes: list[Note]) -> Record:
    """The record of a submission whose marks are in the gradebook, with all its notes."""
    return replace(record, notes=notes, state=state_of(notes), finished=True)


def failed(record: Record) -> Record:
    """The record of a submission that was not graded for a reason that is the course's."""
    return replace(record, state=UNREADABLE, notes=[Note(OUR_FAULT)], finished=False)


def too_long(record: Record, limit: float) -> Record:
    """The record of a submission that was stopped because it took too long.

    Args:
        record: the record before execution.
        limit: seconds that the notebook was allowed.
    """
    return replace(record, state=UNREADABLE, notes=[Note(TOO_LONG.format(limit))], finished=False)
