"""A wrong call or a broken course: one sentence, exit code 2, no stray file."""

import shutil
from pathlib import Path

import pytest

from course_utils.grading.commands.cli import main
from course_utils.grading.course import CONFIG
from tests.grading.courses import ROOT


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course with unit 1's master and no release."""
    shutil.copy(ROOT / CONFIG, tmp_path / CONFIG)
    unit = "01-regresion-logistica-keras"
    shutil.copytree(ROOT / "source" / unit, tmp_path / "source" / unit)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a failing command says on stderr: one line."""
    assert main(arguments) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1
    return lines[0]


def test_no_course_in_the_working_directory(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert "There is no course in" in said(capsys, "demo")
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_unit_name_suggests_the_right_one(course, capsys):
    message = said(capsys, "release", "01-regresion-logistica")
    assert "Did you mean '01-regresion-logistica-keras'?" in message
    assert not (course / "release").exists()
    assert not (course / "gradebook.db").exists()


def test_a_missing_release_says_which_command_makes_it(course, capsys):
    assert "run 'course release 01-regresion-logistica-keras'" in said(capsys, "check", "u1")


def test_an_unreadable_gradebook_is_named_and_left_alone(course, capsys):
    (course / "gradebook.db").write_text("this is no database, it only looks like a file\n" * 50)
    message = said(capsys, "release", "u1")
    assert "gradebook.db can't be read" in message
    assert "restore it from a backup" in message
    assert not (course / "release").exists()


def test_a_course_without_a_master_is_said(tmp_path, monkeypatch, capsys):
    shutil.copy(ROOT / CONFIG, tmp_path / CONFIG)
    (tmp_path / "source").mkdir()
    monkeypatch.chdir(tmp_path)
    assert "no master notebook" in said(capsys, "demo")
