"""The masters and their releases, as files."""

from pathlib import Path

import pytest

from course_utils.grading.course import Course, cells_by_grade_id, read_notebook, unit_id
from course_utils.grading.release.checks import faults
from tests.notebooks.contract import POINTS

COURSE = Course(Path(__file__).parents[2])


def test_the_course_has_the_units_of_the_contract():
    assert COURSE.units() == list(POINTS)


@pytest.mark.parametrize("unit", POINTS)
def test_master_and_release_have_no_fault(unit: str):
    assert faults(COURSE, unit) == []


@pytest.mark.parametrize("unit", POINTS)
def test_points_are_those_of_the_contract(unit: str):
    cells = cells_by_grade_id(read_notebook(COURSE.master(unit)))
    found = {name: cell.metadata.nbgrader.get("points") for name, cell in cells.items()}
    for number, (visible, hidden) in enumerate(POINTS[unit], start=1):
        exercise = f"{unit_id(unit)}-ej{number}"
        assert found[f"{exercise}-visible"] == visible
        assert found.get(f"{exercise}-oculto", 0) == hidden
    assert found[f"{unit_id(unit)}-reflexion"] == 2
    assert f"{unit_id(unit)}-ej{len(POINTS[unit]) + 1}" not in found
