"""Marks as they stand in the gradebook."""

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
    """How far the mark of a student in a unit is, in the words that tables and pages show."""

    UNGRADED = "sin calificar"
    PENDING = "falta la corrección manual"
    GRADED = "calificado"


UNGRADED, PENDING, GRADED = MarkState


@dataclass(frozen=True)
class Mark:
    """What one student has in one unit.

    Attributes:
        student: id of the student.
        unit: name of the unit.
        state: how far it is.
        automatic: points of the tests, with what a grader set or added; None where they did not
            run.
        manual: points of reflections, extra credit included; None where none were given.
        penalty: points lost for lateness.
        maximum: points of the unit.
        exercises: points by exercise id; None where they are not known.
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
        """All points so far, lateness taken off; None where the tests did not run."""
        if self.automatic is None:
            return None
        return max(0.0, self.automatic + (self.manual or 0.0) - self.penalty)


def points_of(grade: Grade) -> float | None:
    """Points of one graded cell, as nbgrader's own ``Grade.score`` counts them.

    Points given by hand take the place of the tests', and extra credit is added to either.
    ``Grade.score`` is 0 where there are neither; here that is None, so that an ungraded
    cell differs from one that earned nothing.
    """
    given = grade.manual_score if grade.manual_score is not None else grade.auto_score
    return None if given is None else float(given + (grade.extra_credit or 0.0))


def mark_of(gradebook: Gradebook, unit: str, student: str) -> Mark:
    """The mark of a student in a unit; a hand-in that could not be graded has none."""
    assignment = gradebook.find_assignment(unit)
    try:
        submission = gradebook.find_submission(unit, student)
    except MissingEntry:
        return Mark(student, unit, UNGRADED, None, None, 0.0, assignment.max_score, {})
    return _mark_of_submission(submission, unit, student, assignment.max_score)


def strangers_with_marks(
    gradebook: Gradebook, units: Iterable[Assignment], students: Iterable[Student]
) -> list[str]:
    """Ids of students who have a mark and whom no roster named: no LMS can import their marks."""
    units = list(units)
    return [
        student.id
        for student in students
        if not any((student.first_name, student.last_name, student.email, student.lms_user_id))
        if any(mark_of(gradebook, unit.name, student.id).total is not None for unit in units)
    ]


def warn_of_strangers(plugin: LoggingConfigurable, strangers: list[str]) -> None:
    """Say whose marks no LMS will take."""
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
    """The sum; None where one of the two is not known."""
    return None if left is None or right is None else left + right
