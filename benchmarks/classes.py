"""A class whose hand-ins are right, and what a command needs to grade it."""

import os
import sys
from pathlib import Path

from course_utils.grading.course import Course, read_notebook
from course_utils.grading.pipeline import released
from course_utils.grading.release.submissions import fill, hand_in, solutions

ROOT = Path(__file__).resolve().parents[1]


def course_with(root: Path, units: list[str], count: int) -> Path:
    """A course with so many hand-ins, dealt out to the units."""
    pipeline = released(Course(ROOT).copy(root, *units))
    for number in range(count):
        unit = units[number % len(units)]
        answers = solutions(read_notebook(pipeline.course.master(unit)))
        notebook = fill(read_notebook(pipeline.course.release(unit)), answers)
        hand_in(notebook, root / "submitted", f"student-{number:04d}", unit)
    return root


def environment(package: Path) -> dict[str, str]:
    """The environment in which commands import the course's package from a folder."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return os.environ | {"PATH": path, "PYTHONPATH": str(package)}
