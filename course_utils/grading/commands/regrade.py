"""Regrade after tests have changed: first list the students whose points would change, and why.

``preview`` grades in a temporary course; the course itself changes only when ``apply`` is called.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import MissingEntry

from course_utils.grading.class_report.data import HandIn, collect
from course_utils.grading.course import CONFIG, Course, CourseError
from course_utils.grading.gradebook.manual_marks import ByHand
from course_utils.grading.pipeline import Pipeline
from course_utils.grading.scratch import scratch

Progress = Callable[[list[str]], "Iterator[str] | list[str]"]


@dataclass(frozen=True)
class Change:
    """A test that gives other points than before.

    Attributes:
        test: name of the test.
        before: earlier points; None if the test did not exist.
        after: points now; None if the test no longer exists.
        why: the sentence that explains the change.
    """

    test: str
    before: float | None
    after: float | None
    why: str


@dataclass(frozen=True)
class Move:
    """A student whose automatic points change.

    Attributes:
        student: id of the student.
        name: name of the student.
        before: earlier automatic points; None if there was no mark.
        after: automatic points now; None if there is no mark.
        changes: the tests that give other points.
    """

    student: str
    name: str
    before: float | None
    after: float | None
    changes: list[Change]


def preview(pipeline: Pipeline, unit: str, progress: Progress = list) -> list[Move]:
    """Grade a unit's graded submissions with the present master, in a temporary course.

    Args:
        pipeline: pipeline of the course, whose files and gradebook do not change.
        unit: name of the unit.
        progress: iterates over the students, for instance with a progress bar.

    Returns:
        The students whose tests give other points than the gradebook has, in the order of ids.

    Raises:
        CourseError: nothing of the unit is graded, or a submission can't be graded for a reason
            that is not the student's.
    """
    students = _graded(pipeline, unit)
    with _temporary_course(pipeline.course, unit) as other:
        other.generate(unit)
        for student in progress(students):
            other.autograde(unit, student)
        _copy_manual_points(pipeline, other, unit, students)
        after = {hand_in.student: hand_in for hand_in in collect(other, unit).hand_ins}
    before = {hand_in.student: hand_in for hand_in in collect(pipeline, unit).hand_ins}
    return [
        _move(before[student], after[student])
        for student in students
        if _differ(before[student], after[student])
    ]


def _copy_manual_points(
    pipeline: Pipeline, other: Pipeline, unit: str, students: list[str]
) -> None:
    """Copy the points that teachers gave by hand; without them, points would seem to change."""
    with pipeline.gradebook() as own, other.gradebook() as new:
        for student in students:
            with suppress(MissingEntry):  # a submission that could not be graded has no points
                given = ByHand.of(own.find_submission(unit, student))
                given.add_to(new.find_submission(unit, student))
        new.db.commit()


def apply(pipeline: Pipeline, unit: str, progress: Progress = list) -> None:
    """Release the unit anew and grade its submissions again; points given by hand stay.

    Raises:
        CourseError: as for ``preview``.
    """
    students = _graded(pipeline, unit)
    pipeline.generate(unit)
    for student in progress(students):
        pipeline.autograde(unit, student)


def _graded(pipeline: Pipeline, unit: str) -> list[str]:
    students = [record.student for record in pipeline.records.of(unit)]
    if not students:
        raise CourseError(
            f"Nothing of '{unit}' has been graded: run 'nbgrader autograde {unit}' first."
        )
    present = set(pipeline.students(unit))
    gone = [student for student in students if student not in present]
    if gone:
        raise CourseError(
            f"submitted/ no longer has what {', '.join(gone)} handed in for '{unit}': "
            "put it back, or their marks can't be made again."
        )
    return students


@contextmanager
def _temporary_course(course: Course, unit: str) -> Iterator[Pipeline]:
    """A temporary course of one unit with its own gradebook, which reads the same submissions."""
    with scratch("regrade") as folder:
        root = Path(folder)
        shutil.copy(course.root / CONFIG, root / CONFIG)
        ignore = shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__")
        shutil.copytree(course.root / "source" / unit, root / "source" / unit, ignore=ignore)
        (root / "submitted").symlink_to(course.root / "submitted", target_is_directory=True)
        yield Pipeline(Course(root), f"sqlite:///{root / 'gradebook.db'}")


def _differ(before: HandIn, after: HandIn) -> bool:
    return (before.mark.automatic, before.points) != (after.mark.automatic, after.points)


def _move(before: HandIn, after: HandIn) -> Move:
    tests = dict.fromkeys([*after.points, *before.points])
    changes = [
        Change(test, before.points.get(test), after.points.get(test), _why(test, before, after))
        for test in tests
        if before.points.get(test) != after.points.get(test)
    ]
    return Move(before.student, before.name, before.mark.automatic, after.mark.automatic, changes)


def _why(test: str, before: HandIn, after: HandIn) -> str:
    """The sentence of a test now or, if the test passes now, its earlier sentence."""
    said = [failure.sentence for failure in after.failures if failure.test == test]
    if said:
        return said[0]
    old = [failure.sentence for failure in before.failures if failure.test == test]
    return f"passes now; it said: {old[0]}" if old else "the points of the test changed"
