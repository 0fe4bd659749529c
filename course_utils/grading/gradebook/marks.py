"""Reads marks from the gradebook."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from nbgrader.api import (
    Assignment,
    Grade,
    Gradebook,
    MissingEntry,
    Student,
    SubmittedAssignment,
)
from traitlets.config import LoggingConfigurable

from course_utils.grading.scheme import exercise_of


class MarkState(StrEnum):
    """State of a student's mark in a unit; the values are the words that tables and pages show."""

    UNGRADED = "sin calificar"
    PENDING = "falta la corrección manual"
    GRADED = "calificado"


UNGRADED, PENDING, GRADED = MarkState


@dataclass(frozen=True)
class Mark:
    """One student's mark in one unit.

    Attributes:
        student: id of the student.
        unit: name of the unit.
        state: state of the mark.
        automatic: points of the test cells, with points and extra credit that a grader gave them;
            None if a test did not run.
        manual: points of reflections, extra credit included; None if no grader gave any.
        penalty: points lost for lateness.
        maximum: points that the unit gives at most.
        exercises: exercise id → points; None if they are not known.
    """

    student: str
    unit: str
    state: MarkState
    automatic: float | None
    manual: float | None
    penalty: float
    maximum: float
    exercises: dict[str, float | None]

    @property
    def total(self) -> float | None:
        """All points so far minus the late penalty, at least 0; None if a test did not run."""
        if self.automatic is None:
            return None
        return max(0.0, self.automatic + (self.manual or 0.0) - self.penalty)


def points_of(grade: Grade) -> float | None:
    """Points of one graded cell, as nbgrader's own ``Grade.score`` counts them.

    Points given by hand replace the test's points; extra credit is added to either. For a cell
    without any points ``Grade.score`` is 0 and this function returns None, so that an ungraded cell
    differs from a cell that earned nothing.
    """
    given = grade.manual_score if grade.manual_score is not None else grade.auto_score
    return None if given is None else float(given + (grade.extra_credit or 0.0))


def mark_of(gradebook: Gradebook, unit: str, student: str) -> Mark:
    """The mark of a student in a unit; without a graded submission its state is ``UNGRADED``."""
    assignment = gradebook.find_assignment(unit)
    try:
        submission = gradebook.find_submission(unit, student)
    except MissingEntry:
        return Mark(student, unit, UNGRADED, None, None, 0.0, assignment.max_score, {})
    return _mark_of_submission(submission, unit, student, assignment.max_score)


def strangers_with_marks(
    gradebook: Gradebook, units: Iterable[Assignment], students: Iterable[Student]
) -> list[str]:
    """Ids of students who have a mark but are in no roster.

    The gradebook has neither name, e-mail nor LMS number of them, so no LMS can import their marks.
    """
    units = list(units)
    return [
        student.id
        for student in students
        if not any((student.first_name, student.last_name, student.email, student.lms_user_id))
        if any(mark_of(gradebook, unit.name, student.id).total is not None for unit in units)
    ]


def warn_of_strangers(plugin: LoggingConfigurable, strangers: list[str]) -> None:
    """Log a warning that names students whose marks no LMS can import."""
    plugin.log.warning(
        "%d students with marks are in no roster, so that no LMS can tell who they are: %s. "
        "Take the roster in ('course roster FILE'); collect again where the ids are not the "
        "roster's ('nbgrader zip_collect UNIT'), and remove the old ones "
        "('nbgrader db student remove ID').",
        len(strangers),
        ", ".join(strangers),
    )


def _mark_of_submission(
    submission: SubmittedAssignment, unit: str, student: str, maximum: float
) -> Mark:
    exercises: dict[str, float | None] = {}
    automatic: float | None = 0.0
    manual: float | None = None
    pending = False
    for grade in (grade for notebook in submission.notebooks for grade in notebook.grades):
        pending = pending or bool(grade.needs_manual_grade)
        points = points_of(grade)
        if grade.cell.cell_type == "markdown":
            manual = _sum(manual or 0.0, points) if points is not None else manual
        else:
            automatic = _sum(automatic, points)
        exercise = exercise_of(grade.name)
        exercises[exercise] = _sum(exercises.get(exercise, 0.0), points)
    state = UNGRADED if automatic is None else PENDING if pending else GRADED
    penalty = submission.late_submission_penalty or 0.0
    return Mark(student, unit, state, automatic, manual, penalty, maximum, exercises)


def _sum(left: float | None, right: float | None) -> float | None:
    """The sum; None if one of the values is unknown."""
    return None if left is None or right is None else left + right
