"""A course of one quick unit, made by ``course new-unit``: for tests that grade often."""

from pathlib import Path

from course_utils.grading.course import Course, read_notebook
from course_utils.grading.pipeline import Pipeline, released
from course_utils.grading.release import new_unit
from course_utils.grading.release.submissions import fill, hand_in
from tests.grading.courses import ROOT

UNIT = "06-distancias"
RIGHT = "def distancia(a, b):\n    return np.linalg.norm(a - b)\n"
NO_ROOT = "def distancia(a, b):\n    return ((a - b) ** 2).sum()\n"
IN_PLACE = "def distancia(a, b):\n    a -= b\n    return np.sqrt((a**2).sum())\n"


def small_course(folder: Path) -> Pipeline:
    """The course, released."""
    course = Course(ROOT).copy(folder)
    new_unit.create(course, UNIT, "Distancias")
    return released(course)


def hand_ins(pipeline: Pipeline, answers: dict[str, str], reflection: str = "") -> None:
    """Hand in, for each student, an answer to the exercise and a reflection."""
    handed_out = read_notebook(pipeline.course.release(UNIT))
    for student, answer in answers.items():
        cells = {"u6-ej1": answer} | ({"u6-reflexion": reflection} if reflection else {})
        hand_in(fill(handed_out, cells), pipeline.course.root / "submitted", student, UNIT)
