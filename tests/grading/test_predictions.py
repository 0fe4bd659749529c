"""What a student writes into a prediction's cell changes no mark and is on no page."""

from pathlib import Path

from course_utils.grading.course import read_notebook
from course_utils.grading.release.submissions import fill, hand_in
from tests.grading.small import RIGHT, UNIT, small_course

WRITTEN = {
    "guessed": 'predice("u6-p1", "c")',
    "broken": 'predice("u6-p1", c',
    "hostile": "def distancia(a, b):\n    return 0\nraise SystemExit",
    "empty": "",
}


def test_a_prediction_s_cell_costs_nothing_whatever_stands_in_it(tmp_path: Path):
    pipeline = small_course(tmp_path / "course")
    handed_out = read_notebook(pipeline.course.release(UNIT))
    for student, text in WRITTEN.items():
        notebook = fill(handed_out, {"u6-ej1": RIGHT})
        (cell,) = (cell for cell in notebook.cells if cell.id == "u6-p1")
        cell.source = text
        hand_in(notebook, pipeline.course.root / "submitted", student, UNIT)
        record = pipeline.autograde(UNIT, student)
        assert record.graded
        assert pipeline.mark(UNIT, student).automatic == 18, student
        page = pipeline.feedback(UNIT, student).read_text(encoding="utf-8")
        assert "predice" not in page
