"""nbgrader's exchange between two accounts: as a course on JupyterHub uses it."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from course_utils.grading.course import cells_by_grade_id, read_notebook
from tests.grading.courses import ROOT
from tests.grading.small import RIGHT, UNIT, small_course

COURSE = "aprendizaje-profundo"


@dataclass(frozen=True)
class Account:
    """Somebody with a home folder; without a name, this process's own account."""

    name: str
    home: Path

    def nbgrader(self, *arguments: str, cwd: Path) -> str:
        """Run nbgrader as this account; returns what it prints."""
        options = [f"--Exchange.root={self.home.parent / 'exchange'}"]
        environment = os.environ | {
            "HOME": str(self.home),
            "USER": self.name or os.environ.get("USER", ""),
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        command = [*_as(self.name), sys.executable, "-m", "nbgrader", *arguments, *options]
        done = subprocess.run(
            command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout + done.stderr


def _as(account: str) -> list[str]:
    """Run what follows as this account, which may read (not write) what only root may.

    The interpreter and the checkout often lie below root's home.
    """
    if not account:
        return []
    reading = [f"--{kind}-caps=+dac_read_search" for kind in ("inh", "ambient")]
    group = str(pwd.getpwnam(account).pw_gid)
    return ["setpriv", "--reuid", account, "--regid", group, "--clear-groups", *reading, "--"]


def _student() -> str:
    """An account that every Debian has, where root may use it; else this process's own."""
    reads = [*_as("nobody"), sys.executable, "-c", "import nbgrader"]
    if os.geteuid() == 0 and subprocess.run(reads, check=False, cwd="/").returncode == 0:
        return "nobody"
    return ""


@pytest.fixture
def people() -> Iterator[tuple[Account, Account]]:
    """Instructor and student, with homes of their own beside an exchange that both may write."""
    folder = Path(tempfile.mkdtemp(prefix="course-exchange-"))
    folder.chmod(0o755)
    (folder / "exchange").mkdir()
    (folder / "exchange").chmod(0o777)
    accounts = []
    for role, name in (("instructor", ""), ("student", _student())):
        home = folder / role
        home.mkdir(mode=0o755)
        accounts.append(Account(name, home))
    small_course(accounts[0].home / "course")
    for account in accounts:
        _give(account)
    yield accounts[0], accounts[1]
    shutil.rmtree(folder)


def _give(account: Account) -> None:
    if account.name:
        subprocess.run(["chown", "-R", account.name, str(account.home)], check=True)


def test_released_fetched_submitted_collected_graded_and_fed_back(people):
    instructor, student = people
    course, desk = instructor.home / "course", student.home
    instructor.nbgrader("release_assignment", UNIT, cwd=course)
    student.nbgrader("fetch_assignment", UNIT, "--course", COURSE, cwd=desk)
    fetched = desk / UNIT / f"{UNIT}.ipynb"
    notebook = read_notebook(fetched)
    cells_by_grade_id(notebook)["u6-ej1"].source = RIGHT
    nbformat.write(notebook, fetched)
    student.nbgrader("submit", UNIT, "--course", COURSE, cwd=desk)
    instructor.nbgrader("collect", UNIT, cwd=course)
    (submitted,) = (course / "submitted").iterdir()
    instructor.nbgrader("autograde", UNIT, cwd=course)
    instructor.nbgrader("generate_feedback", UNIT, cwd=course)
    instructor.nbgrader("release_feedback", UNIT, cwd=course)
    instructor.nbgrader("export", cwd=course)
    marks = (course / "grades.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [line for line in marks if line.startswith(f"{submitted.name},") and ",18.0," in line]
    student.nbgrader("fetch_feedback", UNIT, "--course", COURSE, cwd=desk)
    assert list((desk / UNIT / "feedback").rglob(f"{UNIT}.html"))
    if student.name:
        assert submitted.name == student.name
