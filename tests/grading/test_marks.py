"""Our marks are nbgrader's own, whatever a grader set or added, in everything that goes out."""

import csv
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course_utils.grading import class_report
from course_utils.grading.class_report.data import collect
from course_utils.grading.feedback.page import FeedbackPage
from course_utils.grading.gradebook.export import MarksExportPlugin
from course_utils.grading.gradebook.marks import mark_of
from course_utils.grading.lms.export import CanvasExportPlugin, MoodleExportPlugin, number
from course_utils.grading.pipeline import Pipeline
from tests.grading.small import RIGHT, UNIT, hand_ins, small_course

pytestmark = pytest.mark.xdist_group("marks")
POINTS = st.none() | st.integers(0, 40).map(lambda quarters: quarters / 4)
# What a grader may set for a cell: points in place of the tests', extra credit, the tests' own.
CELL = st.fixed_dictionaries({"manual_score": POINTS, "extra_credit": POINTS, "auto_score": POINTS})


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """A course with one graded hand-in, whose reflection waits for a grader."""
    pipeline = small_course(tmp_path_factory.mktemp("marks") / "course")
    hand_ins(pipeline, {"ana": RIGHT}, "Porque sí.")
    assert pipeline.autograde(UNIT, "ana").graded
    return pipeline


def give(gradebook: Any, cells: list[dict[str, float | None]], penalty: float | None) -> Any:
    """Set marks as the formgrader does; returns the submission, read anew."""
    submission = gradebook.find_submission(UNIT, "ana")
    (notebook,) = submission.notebooks
    grades = sorted(notebook.grades, key=lambda grade: grade.name)
    for grade, values in zip(grades, cells, strict=True):
        for name, value in values.items():
            setattr(grade, name, value)
        if grade.cell.cell_type == "code" and grade.auto_score is None:
            grade.auto_score = 0.0  # the tests ran
        grade.needs_manual_grade = False
    notebook.late_submission_penalty = penalty
    gradebook.db.commit()
    gradebook.db.expire_all()  # sums are the database's
    return gradebook.find_submission(UNIT, "ana")


def column(plugin: type, gradebook: Any, folder: Path, name: str) -> str:
    """A student's value in what an exporter writes."""
    target = folder / "marks.csv"
    plugin(to=str(target), unfinished=True).export(gradebook)
    with target.open(encoding="utf-8-sig", newline="") as file:
        return [row[name] for row in csv.DictReader(file)][-1]


def page_of(pipeline: Pipeline) -> Any:
    """The data of the feedback page."""
    path = pipeline.course.root / "autograded" / "ana" / UNIT / f"{UNIT}.ipynb"
    place = {
        "db_url": pipeline.api.coursedir.db_url,
        "assignment": UNIT,
        "student": "ana",
        "notebook": UNIT,
    }
    return FeedbackPage().preprocess(nbformat.read(path, 4), {"nbgrader": place})[1]["page"]


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(CELL, min_size=3, max_size=3), POINTS)
def test_every_output_says_nbgraders_own_score(pipeline, tmp_path, cells, penalty):
    with pipeline.gradebook() as gradebook:
        submission = give(gradebook, cells, penalty)
        score = submission.score  # nbgrader's, in SQL
        after = max(0.0, score - (penalty or 0.0))
        mark = mark_of(gradebook, UNIT, "ana")
        assert mark.total == pytest.approx(after)
        assert (mark.automatic or 0) + (mark.manual or 0) == pytest.approx(score)
        assert mark.automatic == pytest.approx(submission.code_score)
        assert (mark.manual or 0) == pytest.approx(submission.written_score)
        assert sum(p or 0 for p in mark.exercises.values()) == pytest.approx(score)
        assert float(column(MarksExportPlugin, gradebook, tmp_path, "score")) == mark.total
        for plugin in (MoodleExportPlugin, CanvasExportPlugin):
            assert column(plugin, gradebook, tmp_path, UNIT) == number(after)
    (hand_in,) = collect(pipeline, UNIT).hand_ins
    assert hand_in.mark == mark
    page = page_of(pipeline)
    assert page.mark == mark
    assert sum(part.score or 0 for part in page.parts) == pytest.approx(score)


def test_extra_credit_for_a_reflection_is_in_report_page_and_files(pipeline, tmp_path):
    """In nbgrader the score is 3.0; ours was 2.5."""
    nothing = {"manual_score": None, "auto_score": 0.0, "extra_credit": None}
    reflection = {"manual_score": 2.0, "auto_score": None, "extra_credit": 0.5}
    extra = {"manual_score": None, "auto_score": 0.0, "extra_credit": 0.5}
    with pipeline.gradebook() as gradebook:
        submission = gradebook.find_submission(UNIT, "ana")
        names = sorted(grade.name for book in submission.notebooks for grade in book.grades)
        cells = [reflection if name == "u6-reflexion" else nothing for name in names]
        cells[names.index("u6-ej1-oculto")] = extra
        assert give(gradebook, cells, None).score == 3.0
        mark = mark_of(gradebook, UNIT, "ana")
        assert (mark.automatic, mark.manual, mark.total) == (0.5, 2.5, 3.0)
        assert mark.exercises == {"u6-ej1": 0.5, "u6-reflexion": 2.5}
        assert column(MarksExportPlugin, gradebook, tmp_path, "score") == "3.0"
    with class_report.make(pipeline, UNIT).marks.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["automatic"], row["manual"], row["score"]) == ("0.5", "2.5", "3.0")
    html = pipeline.feedback(UNIT, "ana").read_text(encoding="utf-8")
    assert '<p class="total"><strong>3</strong> de 20 puntos</p>' in html


def test_extra_credit_alone_marks_nothing_that_nobody_graded(pipeline):
    """For nbgrader it is 0 there; a cell whose tests did not run keeps the mark empty."""
    cells: list[dict[str, float | None]] = [
        {"manual_score": None, "auto_score": 1.0, "extra_credit": 2.0} for _ in range(3)
    ]
    with pipeline.gradebook() as gradebook:
        submission = give(gradebook, cells, None)
        (grade, *_) = [
            grade for grade in submission.notebooks[0].grades if grade.cell.cell_type == "code"
        ]
        grade.auto_score = None
        gradebook.db.commit()
        gradebook.db.expire_all()
        assert grade.score == 0.0
        assert mark_of(gradebook, UNIT, "ana").total is None
