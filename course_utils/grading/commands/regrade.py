"""Tests that change after hand-in: grade again beside the course, and say who would move and why.

The course itself is read only, until ``apply`` is called.
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
    """A test that gives another number of points than before, and the sentence that says why.

    None stands for a test that there was not, or is no longer.
    """

    test: str
    before: float | None
    after: float | None
    why: str


@dataclass(frozen=True)
class Move:
    """A student whose automatic points change; None: no mark."""

    student: str
    name: str
    before: float | None
    after: float | None
    changes: list[Change]


def preview(pipeline: Pipeline, unit: str, progress: Progress = list) -> list[Move]:
    """Grade a unit's graded hand-ins with the master as it is now, in a folder of their own.

    Args:
        pipeline: of the course; neither its files nor its gradebook change.
        unit: name of the unit.
        progress: goes through the students; a progress bar, for instance.

    Returns:
        Students whose tests give other points than the gradebook says, by id.

    Raises:
        CourseError: nothing of the unit is graded, or a hand-in can't be graded for a reason that
            is not its own.
    """
    students = _graded(pipeline, unit)
    with _beside(pipeline.course, unit) as other:
        other.generate(unit)
        for student in progress(students):
            other.autograde(unit, student)
        _give_by_hand(pipeline, other, unit, students)
        after = {hand_in.student: hand_in for hand_in in collect(other, unit).hand_ins}
    before = {hand_in.student: hand_in for hand_in in collect(pipeline, unit).hand_ins}
    return [
        _move(before[student], after[student])
        for student in students
        if _differ(before[student], after[student])
    ]


def _give_by_hand(pipeline: Pipeline, other: Pipeline, unit: str, students: list[str]) -> None:
    """Add what teachers gave by hand, which stays: without it a student would seem to move."""
    with pipeline.gradebook() as own, other.gradebook() as new:
        for student in students:
            with suppress(MissingEntry):  # a hand-in that could not be graded has no points
                given = ByHand.of(own.find_submission(unit, student))
                given.add_to(new.find_submission(unit, student))
        new.db.commit()


def apply(pipeline: Pipeline, unit: str, progress: Progress = list) -> None:
    """Release the unit anew and grade its hand-ins again; points given by hand stay.

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
def _beside(course: Course, unit: str) -> Iterator[Pipeline]:
    """A course of one unit with a gradebook of its own, which reads the same hand-ins."""
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
    """The sentence of the test now; where it passes, the one that no longer comes."""
    said = [failure.sentence for failure in after.failures if failure.test == test]
    if said:
        return said[0]
    old = [failure.sentence for failure in before.failures if failure.test == test]
    return f"passes now; it said: {old[0]}" if old else "the points of the test changed"
