"""``course lab``: the right folder and settings, and never over a student's work."""

import os
import shutil
from pathlib import Path

import pytest

from course_utils.grading.commands import student_lab
from course_utils.grading.course import CONFIG, Course, CourseError
from tests.grading.courses import ROOT

UNIT = "01-regresion-logistica-keras"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    for folder in ("source", "release"):
        shutil.copytree(ROOT / folder / UNIT, tmp_path / folder / UNIT)
    shutil.copy(ROOT / CONFIG, tmp_path / CONFIG)
    return Course(tmp_path)


def test_a_students_folder_is_a_copy_of_the_release_that_can_be_written(course: Course):
    session = student_lab.student(course, "--port=9000")
    assert session.folder == course.root / "work"
    assert f"--notebook-dir={session.folder}" in session.command
    assert session.command[-1] == "--port=9000"
    notebook = session.folder / UNIT / f"{UNIT}.ipynb"
    assert notebook.read_bytes() == course.release(UNIT).read_bytes()
    assert os.access(notebook, os.W_OK)
    assert (session.folder / UNIT / "study_logistic_2d.csv").is_file()


def test_what_the_student_wrote_stays_and_what_was_deleted_comes_back(course: Course):
    student_lab.lay_out(course)
    folder = course.root / "work" / UNIT
    (folder / f"{UNIT}.ipynb").write_text("mine")
    (folder / "study_logistic_2d.csv").unlink()
    assert student_lab.lay_out(course) == [folder / "study_logistic_2d.csv"]
    assert (folder / f"{UNIT}.ipynb").read_text() == "mine"


def test_the_profiles_are_those_of_the_course_and_a_users_own_path_stays(
    course: Course, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "own")
    paths = student_lab.student(course).environment["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert paths == [str(course.root / "lab" / name) for name in ("student", "shared")] + ["own"]
    instructor = student_lab.instructor(course)
    assert instructor.folder == course.root
    assert str(course.root / "lab" / "student") not in instructor.environment["JUPYTER_CONFIG_PATH"]


def test_without_a_release_it_says_what_to_do(course: Course):
    shutil.rmtree(course.root / "release")
    with pytest.raises(CourseError, match="run 'course release"):
        student_lab.student(course)
