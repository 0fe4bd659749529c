"""Tests that change after hand-in: who moves, and that nothing is written before it is asked."""

import hashlib
import json
from pathlib import Path

import nbformat
import pytest

from course_utils.grading import class_report
from course_utils.grading.commands.cli import main
from course_utils.grading.course import cells_by_grade_id, read_notebook
from course_utils.grading.gradebook.tables import read_rows
from course_utils.grading.pipeline import Pipeline
from tests.grading.small import IN_PLACE, NO_ROOT, RIGHT, UNIT, hand_ins, small_course

pytestmark = pytest.mark.xdist_group("regrade")
SHARP = "    c.unchanged("


def sharpened(master: Path, sharp: str) -> None:
    """Put the hidden test's last check into the master."""
    notebook = read_notebook(master)
    cell = cells_by_grade_id(notebook)["u6-ej1-oculto"]
    cell.source = cell.source.replace("### END HIDDEN", f"{sharp}### END HIDDEN")
    nbformat.write(notebook, master)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """Three students graded with a blunt test, which then is sharpened."""
    pipeline = small_course(tmp_path_factory.mktemp("regrade") / "course")
    master = pipeline.course.master(UNIT)
    notebook = read_notebook(master)
    cell = cells_by_grade_id(notebook)["u6-ej1-oculto"]
    (sharp,) = [line for line in cell.source.splitlines(keepends=True) if line.startswith(SHARP)]
    cell.source = cell.source.replace(sharp, "")
    nbformat.write(notebook, master)
    pipeline.generate(UNIT)
    answers = {"ana": RIGHT, "beto": IN_PLACE, "caro": NO_ROOT}
    hand_ins(pipeline, answers, "La de milímetros domina.")
    for student in answers:
        assert pipeline.autograde(UNIT, student).graded
    with pipeline.gradebook() as gradebook:
        for student in answers:
            gradebook.find_grade("u6-reflexion", UNIT, UNIT, student).manual_score = 1.5
        gradebook.find_grade("u6-ej1-visible", UNIT, UNIT, "ana").extra_credit = 0.5
        gradebook.find_grade("u6-ej1-visible", UNIT, UNIT, "caro").manual_score = 2
        gradebook.db.commit()
    sharpened(master, sharp)
    return pipeline


def digest(root: Path) -> dict[str, str]:
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def points(pipeline: Pipeline) -> dict[str, float | None]:
    return {s: pipeline.mark(UNIT, s).automatic for s in pipeline.students(UNIT)}


def test_exactly_those_who_move_are_listed_and_nothing_is_written(course, monkeypatch, capsys):
    before = digest(course.course.root)
    monkeypatch.chdir(course.course.root)
    assert main(["regrade", "u6", "--diff", "--json"]) == 1
    moves = {move["student"]: move for move in json.loads(capsys.readouterr().out)["moves"]}
    assert list(moves) == ["beto"]
    (change,) = moves["beto"]["changes"]
    assert (moves["beto"]["before"], moves["beto"]["after"]) == (18, 6)
    assert (change["test"], change["before"], change["after"]) == ("u6-ej1-oculto", 12, 0)
    assert change["why"].startswith("Cambiaste un argumento")
    assert digest(course.course.root) == before


def test_apply_writes_what_was_listed_and_keeps_points_given_by_hand(course, monkeypatch, capsys):
    class_report.make(course, UNIT)
    monkeypatch.chdir(course.course.root)
    assert main(["regrade", "u6", "--apply"]) == 0
    assert "beto (beto): 18 → 6" in capsys.readouterr().out
    assert points(course) == {"ana": 18.5, "beto": 6, "caro": 2}
    assert {course.mark(UNIT, s).manual for s in points(course)} == {1.5}
    # The class report reads the same course, and says who moved since it was last written.
    paths = class_report.make(course, UNIT)
    changed = paths.page.read_text(encoding="utf-8").partition('id="cambios"')[2]
    assert "beto" in changed.partition("<h2")[0]
    assert "ana" not in changed.partition("<h2")[0]
    (exercise,) = read_rows(paths.exercises)
    assert (exercise["visible_passed"], exercise["hidden_passed"]) == ("0.667", "0.333")
    assert float(exercise["seconds"]) > 0
    mistakes = {row["student_ids"]: row["sentence"] for row in read_rows(paths.mistakes)}
    assert mistakes["beto"].startswith("Cambiaste un argumento")


def test_a_unit_that_nobody_graded_is_said(tmp_path, monkeypatch, capsys):
    small_course(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(["regrade", "u6"]) == 2
    assert "nbgrader autograde 06-distancias" in capsys.readouterr().err
