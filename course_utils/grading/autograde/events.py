"""The events of a grading run, and the listener that receives them."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from course_utils.grading.intake.records import REVIEW, UNREADABLE, Record


class Kind(StrEnum):
    """How a submission ended in a run; the value is the word that the summary shows."""

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
    """Seconds that one submission took.

    Attributes:
        prepare: seconds of intake, rebuild and the gradebook's rows.
        execute: seconds of the notebook, including the start and the end of its kernel.
        save: seconds of saving marks and notebook.
        cells: name of the cell → seconds.
    """

    prepare: float = 0.0
    execute: float = 0.0
    save: float = 0.0
    cells: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """How a submission ended in this run.

    Attributes:
        student: id of the student.
        kind: how the submission ended.
        reason: Spanish sentences for the student, if there are any.
        times: seconds that the submission took.
    """

    student: str
    kind: Kind
    reason: str = ""
    times: Times = field(default_factory=Times)

    @classmethod
    def of(cls, record: Record, times: Times) -> "Outcome":
        """Make the outcome of a submission from its record."""
        kind = _OF_STATE.get(record.state, GRADED)
        return cls(record.student, kind, record.reason, times)


class Watch:
    """Listener to a run; this base class ignores every event.

    Attributes:
        interrupted: whether the user has asked the run to end.
    """

    interrupted = False

    def begin(self, unit: str, students: list[str], workers: int) -> None:
        """The run begins with the submissions of these students."""

    def ended(self, outcome: Outcome) -> None:
        """The run is done with a submission."""

    def close(self) -> None:
        """The run is over, whether it succeeded or failed."""


def as_json(outcome: Outcome) -> dict[str, Any]:
    """Convert an outcome to an object that other programs can read as JSON."""
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
