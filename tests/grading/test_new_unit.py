"""A second maintainer's path: a new unit passes its checks at once, and leaves no trace."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course_utils.grading.commands.cli import main
from course_utils.grading.course import CONFIG
from tests.grading.courses import ROOT
from tests.grading.small import UNIT

COMMAND = (
    "import sys; from course_utils.grading.commands.cli import main; sys.exit(main(sys.argv[1:]))"
)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """What of the repository the path needs, with the package itself."""
    ignore = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    for part in ("course_utils", "tests"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=ignore)
    shutil.copy(ROOT / CONFIG, tmp_path)
    (tmp_path / "source").mkdir()
    return tmp_path


def said(repository: Path, *command: str) -> str:
    """Run Python in the repository, with its own package."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = os.environ | {"PYTHONPATH": str(repository), "PATH": path}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=repository, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def files(repository: Path) -> set[Path]:
    return {
        path.relative_to(repository)
        for path in repository.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.name != "gradebook.db"
    }


def test_a_new_unit_is_without_fault_and_leaves_no_trace(repository):
    before = files(repository)
    assert "contract.py" in said(repository, "-c", COMMAND, "new-unit", UNIT)
    assert "release/06-distancias" in said(repository, "-c", COMMAND, "release", "u6")
    assert said(repository, "-c", COMMAND, "check", "u6") == "0 faults\n"
    judged = said(repository, "-m", "tests.bank.quick", "u6")
    assert "5 right, 7 wrong answers; 0 faults" in judged
    # As docs/writing-a-unit.md says how to remove it.
    for place in (f"source/{UNIT}", f"release/{UNIT}", "tests/bank/u6"):
        shutil.rmtree(repository / place)
    for place in ("hints/u6.toml", "outlines/u6.json"):
        (repository / "course_utils" / "checks" / place).unlink()
    assert files(repository) == before


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("distancias", "two digits"),
        ("6-distancias", "two digits"),
        ("06-Distancias", "two digits"),
        ("../06-x", "two digits"),
        ("01-otra", "has a unit u1 already: 01-regresion-logistica-keras"),
    ],
)
def test_a_name_that_will_not_do_is_said_and_nothing_written(
    name, says, tmp_path, monkeypatch, capsys
):
    unit = "01-regresion-logistica-keras"
    shutil.copy(ROOT / CONFIG, tmp_path)
    shutil.copytree(ROOT / "source" / unit, tmp_path / "source" / unit)
    before = files(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(["new-unit", name]) == 2
    assert says in capsys.readouterr().err
    assert files(tmp_path) == before
