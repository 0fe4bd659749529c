"""The whole way of a submission through nbgrader, on unit 1."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

from course_utils.grading.course import read_notebook
from course_utils.grading.gradebook.marks import GRADED, PENDING, UNGRADED
from course_utils.grading.pipeline import Pipeline
from course_utils.grading.release.submissions import fill, hand_in, saved_by_colab, solutions
from tests.grading.courses import ROOT, course_with, points_of

UNIT = "01-regresion-logistica-keras"
POINTS = points_of(UNIT)
FULL = sum(POINTS.values())
pytestmark = pytest.mark.xdist_group("pipeline")


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    return course_with(tmp_path_factory.mktemp("pipeline") / "course", UNIT)


@pytest.fixture(scope="module")
def right() -> dict[str, str]:
    return solutions(read_notebook(ROOT / "source" / UNIT / f"{UNIT}.ipynb"))


def graded(pipeline: Pipeline, student: str, answers: dict[str, str], *, colab: bool = False):
    """Hand in, grade, and return the mark."""
    notebook = fill(read_notebook(pipeline.course.release(UNIT)), answers)
    notebook = saved_by_colab(notebook) if colab else notebook
    hand_in(notebook, pipeline.course.root / "submitted", student, UNIT)
    result = pipeline.autograde(UNIT, student)
    assert result.graded, result.reason
    return pipeline.mark(UNIT, student)


def test_an_all_right_submission_gets_all_points_and_waits_for_the_reflection(pipeline, right):
    mark = graded(pipeline, "right", right | {"u1-reflexion": "Porque las unidades cambian."})
    assert (mark.automatic, mark.manual, mark.state) == (FULL, None, PENDING)


def test_a_submission_saved_by_colab_gets_all_points(pipeline, right):
    assert graded(pipeline, "colab", right, colab=True).automatic == FULL


def test_a_blank_submission_gets_0_and_reads_as_not_started(pipeline):
    mark = graded(pipeline, "blank", {})
    assert (mark.automatic, mark.state) == (0, GRADED)
    path = pipeline.course.root / "autograded" / "blank" / UNIT / f"{UNIT}.ipynb"
    kinds = {
        output.ename
        for cell in read_notebook(path).cells
        if cell.metadata.get("nbgrader", {}).get("grade")
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    }
    assert kinds == {"NotStarted"}


@pytest.mark.parametrize("exercise", POINTS)
def test_each_exercise_alone_gets_exactly_its_points(pipeline, right, exercise):
    mark = graded(pipeline, f"only-{exercise}", {exercise: right[exercise]})
    assert mark.automatic == POINTS[exercise]
    assert mark.exercises[exercise] == POINTS[exercise]


def test_demonstrations_are_not_run_when_grading(pipeline, right):
    graded(pipeline, "demonstrations", right)
    path = pipeline.course.root / "autograded" / "demonstrations" / UNIT / f"{UNIT}.ipynb"
    cells = [c for c in read_notebook(path).cells if "demostracion" in c.metadata.get("tags", [])]
    assert cells
    assert all(cell.execution_count is None for cell in cells)


def test_a_tag_on_a_test_cell_does_not_keep_it_from_running(pipeline):
    notebook = read_notebook(pipeline.course.release(UNIT))
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.metadata["tags"] = ["skip-execution", "demostracion"]
    hand_in(notebook, pipeline.course.root / "submitted", "tags", UNIT)
    assert pipeline.autograde(UNIT, "tags").graded
    assert pipeline.mark(UNIT, "tags").automatic == 0


def test_what_cannot_be_graded_has_a_reason_and_no_mark(pipeline, right):
    submitted = pipeline.course.root / "submitted"
    graded(pipeline, "broken", right)
    path = submitted / "broken" / UNIT / f"{UNIT}.ipynb"
    path.write_bytes(b"")
    result = pipeline.autograde(UNIT, "broken")
    assert not result.graded
    assert "vacío" in result.reason
    mark = pipeline.mark(UNIT, "broken")
    assert (mark.automatic, mark.total, mark.state) == (None, None, UNGRADED)


def test_the_export_leaves_an_ungraded_mark_empty(pipeline, right, tmp_path):
    graded(pipeline, "exported", right)
    cut = hand_in(
        read_notebook(pipeline.course.release(UNIT)),
        pipeline.course.root / "submitted",
        "cut",
        UNIT,
    )
    cut.write_text(cut.read_text(encoding="utf-8")[:-100], encoding="utf-8")
    assert not pipeline.autograde(UNIT, "cut").graded
    pipeline.export(tmp_path / "grades.csv")
    with (tmp_path / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert rows["cut"]["score"] == ""
    assert rows["exported"]["automatic"] == f"{FULL}.0"


def nbgrader(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the nbgrader command as an instructor would."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.run(
        ["nbgrader", *arguments],
        cwd=folder,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def test_nbgraders_own_commands_work_from_the_courses_folder(tmp_path, right):
    folder = tmp_path / "course"
    pipeline = course_with(folder, UNIT)
    answers = right | {"u1-ej5": "def importancia(w):\n    return -1.0\n"}
    notebook = fill(read_notebook(pipeline.course.release(UNIT)), answers)
    hand_in(notebook, folder / "submitted", "ana", UNIT)
    for command in (
        ("generate_assignment", UNIT, "--force"),
        ("autograde", UNIT),
        ("generate_feedback", UNIT),
        ("export",),
    ):
        done = nbgrader(folder, *command)
        assert done.returncode == 0, done.stderr
    assert ",14.0," in (folder / "grades.csv").read_text(encoding="utf-8")
    page = (folder / "feedback" / "ana" / UNIT / f"{UNIT}.html").read_text(encoding="utf-8")
    assert "Hay importancias negativas" in page
    assert "<strong>14</strong> de 20 puntos" in page


def test_nbgrader_validate_passes_a_right_notebook(tmp_path):
    unit = "04-superficie-bce-pytorch"  # its demonstrations take seconds, and validate runs them
    pipeline = course_with(tmp_path / "course", unit)
    answers = solutions(read_notebook(pipeline.course.master(unit)))
    notebook = fill(
        read_notebook(pipeline.course.release(unit)), answers | {"u4-reflexion": "Una meseta."}
    )
    path = hand_in(notebook, pipeline.course.root / "submitted", "ana", unit)
    done = nbgrader(pipeline.course.root, "validate", str(path))
    assert "Success" in done.stdout, done.stdout + done.stderr


def test_nbgrader_validate_names_the_blank_exercises(pipeline):
    done = nbgrader(pipeline.course.root, "validate", str(pipeline.course.release(UNIT)))
    assert "FAILED" in done.stdout
    assert "sin empezar" in done.stdout
