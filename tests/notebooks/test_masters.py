"""The masters and their releases, as files."""

import pytest

from course_utils.grading import scheme
from course_utils.grading.course import cells_by_grade_id, read_notebook, unit_id
from course_utils.grading.release.checks import faults
from course_utils.grading.release.outlines import exercises
from tests.grading.courses import COURSE, UNITS


@pytest.mark.parametrize("unit", UNITS)
def test_master_and_release_have_no_fault(unit: str):
    assert faults(COURSE, unit) == []


def test_the_course_has_the_totals_of_its_contract():
    """The one place beside the masters that names points: what the course as a whole promises."""
    assert len(UNITS) == 5
    counts = []
    for unit in UNITS:
        master = read_notebook(COURSE.master(unit))
        found = exercises(master)
        manual = cells_by_grade_id(master)[scheme.reflection(unit_id(unit))].metadata.nbgrader
        graded = [cell for cell in master.cells if cell.metadata.get("nbgrader", {}).get("grade")]
        assert sum(exercise.visible + exercise.hidden for exercise in found) == 18
        assert manual.points == 2
        assert sum(cell.metadata.nbgrader.points for cell in graded) == 20
        counts.append(len(found))
    assert sum(counts) == 34
