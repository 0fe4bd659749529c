"""Course folders for tests: one unit, made from the repository's own."""

from pathlib import Path

from course_utils.grading.course import Course, read_notebook
from course_utils.grading.pipeline import Pipeline, released
from course_utils.grading.release.bank import CellMark
from course_utils.grading.release.outlines import exercises

ROOT = Path(__file__).parents[2]
COURSE = Course(ROOT)
UNITS = COURSE.units()


def course_with(folder: Path, *units: str) -> Pipeline:
    """A course of its own with some units, released, in ``folder``."""
    return released(Course(ROOT).copy(folder, *units))


def points_of(unit: str) -> dict[str, int]:
    """Exercise → points of its tests, as the unit's master has them."""
    found = exercises(read_notebook(COURSE.master(unit)))
    return {exercise.name: exercise.visible + exercise.hidden for exercise in found}


def exercise_names(unit: str) -> list[str]:
    """The exercises of a unit of the course, in its master's order."""
    return list(points_of(unit))


def all_points(pipeline: Pipeline, unit: str) -> dict[tuple[str, str], float]:
    """Student and cell → points, of every submission of a unit that has been graded."""
    return {
        (student, cell): mark.earned
        for student in pipeline.students(unit)
        if (pipeline.course.root / "autograded" / student / unit).is_dir()
        for cell, mark in cell_marks(pipeline, unit, student).items()
    }


def cell_marks(pipeline: Pipeline, unit: str, student: str) -> dict[str, CellMark]:
    """What each test cell of a graded submission gave, by ``grade_id``."""
    path = pipeline.course.root / "autograded" / student / unit / f"{unit}.ipynb"
    errors = {
        cell.metadata.nbgrader.grade_id: output
        for cell in read_notebook(path).cells
        if "nbgrader" in cell.metadata
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    }
    marks = {}
    with pipeline.gradebook() as gradebook:
        submission = gradebook.find_submission(unit, student)
        for grade in (g for notebook in submission.notebooks for g in notebook.grades):
            error = errors.get(grade.name)
            message, kind = (error.evalue, error.ename) if error else ("", "")
            marks[grade.name] = CellMark(grade.score or 0.0, grade.max_score, message, kind)
    return marks
