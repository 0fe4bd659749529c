"""Grading again, failing and going on: no old mark stands as if it were new."""

import csv
from datetime import timedelta
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import api, autogradeapp
from nbgrader.converters import Autograde
from nbgrader.converters import autograde as autograde_module

from course_utils.grading.autograde.converter import CourseAutograde
from course_utils.grading.autograde.events import Watch
from course_utils.grading.gradebook.manual_marks import KeptByHand
from course_utils.grading.gradebook.marks import GRADED as MARKED
from course_utils.grading.gradebook.marks import PENDING, UNGRADED
from course_utils.grading.gradebook.save import SaveMarks
from course_utils.grading.intake import GRADED, UNREADABLE
from course_utils.grading.pipeline import Pipeline
from course_utils.grading.release.submissions import fill, hand_in
from tests.grading.intake import fixture
from tests.grading.intake.test_class import autograde

UNIT = fixture.UNIT
pytestmark = pytest.mark.xdist_group("intake-converter")


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    return fixture.make(tmp_path_factory.mktemp("converter") / "course")


def give(pipeline: Pipeline, student: str, **changes: str) -> Path:
    """Hand in right answers but for some (``ej1="…"``)."""
    answers = fixture.ANSWERS | {f"u1-{name}": text for name, text in changes.items()}
    notebook = fill(fixture.released(pipeline), answers)
    return hand_in(notebook, pipeline.course.root / "submitted", student, UNIT)


def automatic(pipeline: Pipeline, student: str) -> float | None:
    return pipeline.mark(UNIT, student).automatic


def test_the_names_that_are_rebound_are_the_ones_that_nbgrader_uses(pipeline):
    assert autogradeapp.Autograde is CourseAutograde
    assert api.Autograde is CourseAutograde
    for function in (autogradeapp.AutogradeApp.start, api.NbGraderAPI.autograde):
        assert "Autograde" in function.__code__.co_names
    assert "Gradebook" in Autograde.init_assignment.__code__.co_names


def test_a_run_opens_one_gradebook_and_nbgrader_has_its_own_back(pipeline, monkeypatch):
    opened = []
    real = Gradebook.__init__
    monkeypatch.setattr(
        Gradebook, "__init__", lambda self, *args: opened.append(args) or real(self, *args)
    )
    for student in ("one", "two"):
        give(pipeline, student)
    own = autograde_module.Gradebook
    pipeline.grade(UNIT, watch=Watch())
    assert len(opened) == 1
    assert autograde_module.Gradebook is own is Gradebook


def test_a_resubmission_is_graded_again_without_force_and_the_rest_is_not(pipeline):
    root = pipeline.course.root
    give(pipeline, "again", ej1="def centrar(x):\n    return x")
    give(pipeline, "same")
    autograde(root)
    assert (automatic(pipeline, "again"), automatic(pipeline, "same")) == (4, 9)
    page = pipeline.feedback(UNIT, "again")
    untouched = root / "autograded" / "same" / UNIT / f"{UNIT}.ipynb"
    before = untouched.stat().st_mtime_ns
    give(pipeline, "again")
    autograde(root)
    assert automatic(pipeline, "again") == 9
    assert untouched.stat().st_mtime_ns == before
    assert not page.exists(), "feedback on the earlier hand-in still stands"


def test_an_unreadable_resubmission_takes_the_old_mark_and_pages_away(pipeline):
    path = give(pipeline, "broken")
    assert pipeline.autograde(UNIT, "broken").state == GRADED
    page = pipeline.feedback(UNIT, "broken")
    path.write_bytes(b"")
    autograde(pipeline.course.root)
    mark = pipeline.mark(UNIT, "broken")
    assert (mark.total, mark.state) == (None, UNGRADED)
    assert not page.exists()
    assert not (pipeline.course.root / "autograded" / "broken" / UNIT).exists()
    give(pipeline, "broken")
    assert pipeline.autograde(UNIT, "broken").state == GRADED
    assert automatic(pipeline, "broken") == 9


def test_a_failure_of_nbgrader_leaves_no_mark_and_does_not_stop_the_others(pipeline, monkeypatch):
    give(pipeline, "unlucky")
    give(pipeline, "lucky")
    assert pipeline.autograde(UNIT, "unlucky").graded
    save = SaveMarks.preprocess

    def fail(self, nb, resources):
        if resources["nbgrader"]["student"] == "unlucky":
            raise RuntimeError("disk full")
        return save(self, nb, resources)

    monkeypatch.setattr(SaveMarks, "preprocess", fail)
    assert pipeline.autograde(UNIT, "unlucky").state == UNREADABLE
    assert "problema nuestro" in pipeline.records.get(UNIT, "unlucky").reason
    assert pipeline.mark(UNIT, "unlucky").total is None
    assert pipeline.autograde(UNIT, "lucky").graded
    assert automatic(pipeline, "lucky") == 9
    monkeypatch.undo()
    autograde(pipeline.course.root)
    assert automatic(pipeline, "unlucky") == 9


def test_a_run_that_is_stopped_leaves_the_mark_empty_and_the_next_one_fills_it(
    pipeline, monkeypatch
):
    give(pipeline, "stopped", ej2="def escalar(x, factor):\n    return x")
    assert pipeline.autograde(UNIT, "stopped").graded
    give(pipeline, "stopped")

    def stop(self, nb, resources):
        raise KeyboardInterrupt

    monkeypatch.setattr(SaveMarks, "preprocess", stop)
    assert not pipeline.api.autograde(UNIT, "stopped")["success"]
    assert automatic(pipeline, "stopped") is None
    monkeypatch.undo()
    autograde(pipeline.course.root)
    assert automatic(pipeline, "stopped") == 9


def test_a_mark_given_by_hand_waits_for_its_teacher_after_a_resubmission(pipeline):
    for cell in ("u1-reflexion", "u1-ej2-visible"):
        student = f"byhand-{cell}"
        give(pipeline, student)
        pipeline.autograde(UNIT, student)
        correct_by_hand(pipeline, student, **{"u1-reflexion": 2} | {cell: 2})
        assert pipeline.mark(UNIT, student).state == MARKED
        give(pipeline, student, reflexion="Otra respuesta.")
        autograde(pipeline.course.root)
        assert pipeline.mark(UNIT, student).state == PENDING


def correct_by_hand(pipeline: Pipeline, student: str, **points: float) -> None:
    """What a teacher does in the formgrader: points, a comment, an extension."""
    with pipeline.gradebook() as gradebook:
        for cell, score in points.items():
            grade = gradebook.find_grade(cell, UNIT, UNIT, student)
            grade.manual_score, grade.needs_manual_grade = score, False
        gradebook.find_grade("u1-ej1-oculto", UNIT, UNIT, student).extra_credit = 0.5
        gradebook.find_comment("u1-ej1", UNIT, UNIT, student).manual_comment = "¡Muy claro!"
        gradebook.grant_extension(UNIT, student, days=3)
        gradebook.db.commit()


def test_what_was_given_by_hand_waits_while_a_hand_in_is_unreadable(pipeline, tmp_path):
    path = give(pipeline, "keeps")
    pipeline.autograde(UNIT, "keeps")
    correct_by_hand(pipeline, "keeps", **{"u1-reflexion": 2})
    for content in (b"", b"{}"):  # the second finds nothing more to keep
        path.write_bytes(content)
        assert pipeline.autograde(UNIT, "keeps").state == UNREADABLE
    # Neither the export nor the formgrader counts it: there is no submission.
    pipeline.export(tmp_path / "grades.csv")
    with (tmp_path / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = (row for row in csv.DictReader(file) if row["student_id"] == "keeps")
    assert (row["state"], row["manual"], row["score"]) == (UNGRADED, "", "")
    shown = pipeline.api.get_submission(UNIT, "keeps")
    assert (shown["submitted"], shown["autograded"], shown["score"]) == (True, False, 0)
    give(pipeline, "keeps")
    assert pipeline.autograde(UNIT, "keeps").state == GRADED
    mark = pipeline.mark(UNIT, "keeps")
    assert (mark.automatic, mark.manual, mark.state) == (9.5, 2, PENDING)
    assert "¡Muy claro!" in pipeline.feedback(UNIT, "keeps").read_text(encoding="utf-8")
    with pipeline.gradebook() as gradebook:
        assert gradebook.find_submission(UNIT, "keeps").extension == timedelta(days=3)


def test_what_is_newer_than_what_waited_stands(pipeline, monkeypatch):
    give(pipeline, "newer")
    pipeline.autograde(UNIT, "newer")
    correct_by_hand(pipeline, "newer", **{"u1-reflexion": 1})
    monkeypatch.setattr(Path, "unlink", lambda self, **_: None)  # as if killed before
    with pipeline.gradebook() as gradebook:
        kept = KeptByHand(pipeline.course.root)
        assert kept.take_away(gradebook, UNIT, "newer")
        gradebook.add_submission(UNIT, "newer")
        kept.give_back(gradebook, UNIT, "newer")
        gradebook.find_grade("u1-reflexion", UNIT, UNIT, "newer").manual_score = 2
        gradebook.db.commit()
        kept.give_back(gradebook, UNIT, "newer")
        assert gradebook.find_grade("u1-reflexion", UNIT, UNIT, "newer").manual_score == 2


def test_the_formgraders_button_says_why_there_is_no_mark(pipeline):
    give(pipeline, "button").write_bytes(b"")
    result = pipeline.api.autograde(UNIT, "button")
    assert not result["success"]
    assert "0 bytes" in result["error"]


def test_a_failing_intake_is_our_fault_and_nobody_elses(pipeline, monkeypatch):
    give(pipeline, "bug")

    def fail(*arguments):
        raise ZeroDivisionError

    monkeypatch.setattr("course_utils.grading.intake.run.choose", fail)
    result = pipeline.autograde(UNIT, "bug")
    assert result.state == UNREADABLE
    assert "problema nuestro" in result.reason
