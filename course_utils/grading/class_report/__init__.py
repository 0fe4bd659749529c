"""The report on a class: results of a unit, frequent mistakes, submissions to look at."""

from course_utils.grading.class_report.data import collect
from course_utils.grading.class_report.files import Paths, write
from course_utils.grading.pipeline import Pipeline

__all__ = ["Paths", "make"]


def make(pipeline: Pipeline, unit: str) -> Paths:
    """Write the report on a unit into the course's ``reports/``.

    Args:
        pipeline: the course's pipeline.
        unit: name of the unit.

    Returns:
        Paths of the files.

    Raises:
        CourseError: the unit has no release.
    """
    return write(collect(pipeline, unit), pipeline.course.root / "reports")
