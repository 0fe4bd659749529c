"""What a run of grading tells whoever watches it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from course_utils.grading.intake.records import REVIEW, UNREADABLE, Record


class Kind(StrEnum):
    """How a submission ended in a run, in the word that the summary shows."""

    GRADED = "graded"
    TO_REVIEW = "to review"
    NOT_READABLE = "unreadable"
    KEPT = "unchanged"
    TOO_LONG = "too long"
    FAILED = "failed"
    LEFT = "left"
    STRANGER = "no student"


GRADED, TO_REVIEW, NOT_READABLE, KEPT, TOO_LONG, FAILED, LEFT, STRANGER = Kind
MISSED = (TOO_LONG, FAILED, LEFT)  # submissions that wait for another run
_OF_STATE = {REVIEW: TO_REVIEW, UNREADABLE: NOT_READABLE}


@dataclass(frozen=True)
class Times:
    """Seconds that one hand-in took.

    Attributes:
        prepare: intake, rebuild and the gradebook's rows.
        execute: the notebook, its kernel's start and end included.
        save: marks and file.
        cells: seconds of each cell, by name.
    """

    prepare: float = 0.0
    execute: float = 0.0
    save: float = 0.0
    cells: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """How a hand-in ended in this run.

    Attributes:
        student: id of the student.
        kind: how it ended.
        reason: Spanish sentences for the student, if there are any.
        times: what it took.
    """

    student: str
    kind: Kind
    reason: str = ""
    times: Times = field(default_factory=Times)

    @classmethod
    def of(cls, record: Record, times: Times) -> "Outcome":
        """The outcome that a record stands for."""
        kind = _OF_STATE.get(record.state, GRADED)
        return cls(record.student, kind, record.reason, times)


class Watch:
    """Watches a run; this one does nothing.

    Attributes:
        interrupted: whether somebody has asked the run to end.
    """

    interrupted = False

    def begin(self, unit: str, students: list[str], workers: int) -> None:
        """The run begins with these hand-ins."""

    def ended(self, outcome: Outcome) -> None:
        """A hand-in is through."""

    def close(self) -> None:
        """The run is over, well or not."""


def as_json(outcome: Outcome) -> dict[str, Any]:
    """An outcome as a line for machines."""
    times = outcome.times
    return {
        "event": "hand-in",
        "student": outcome.student,
        "state": outcome.kind,
        "notes": outcome.reason,
        "seconds": {
            "prepare": round(times.prepare, 3),
            "execute": round(times.execute, 3),
            "save": round(times.save, 3),
        },
    }
