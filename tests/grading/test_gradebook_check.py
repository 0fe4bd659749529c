"""A gradebook that can't be used: one sentence and an exit code, for every command."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from course_utils.grading.commands.cli import main
from course_utils.grading.course import CourseError
from course_utils.grading.gradebook import revision
from course_utils.grading.gradebook.revision import check
from tests.grading.intake import fixture

pytestmark = pytest.mark.xdist_group("gradebook-check")
MOODLE = "--exporter=course_utils.grading.lms.export.MoodleExportPlugin"
ROSTER = "First name,Last name,Email address\nAna,Díaz,a@b.c\n"


def sql(*statements: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        with sqlite3.connect(path) as connection:
            for statement in statements:
                connection.execute(statement)
        connection.close()

    return change


OLDER = "ALTER TABLE student DROP COLUMN lms_user_id"
# As nbgrader 0.5 left it: no course, no number of the LMS's.
OLD = sql(
    "CREATE TABLE old AS SELECT id, name, duedate FROM assignment WHERE 0",
    "DROP TABLE assignment",
    "ALTER TABLE old RENAME TO assignment",
    "DROP TABLE course",
    "ALTER TABLE student DROP COLUMN lms_user_id",
    "UPDATE alembic_version SET version_num = '167914646830'",
)
BROKEN: dict[str, tuple[Callable[[Path], None], str]] = {
    "no-revision": (sql("DROP TABLE alembic_version", OLDER), "nbgrader db upgrade"),
    "empty-revision": (sql("DELETE FROM alembic_version", OLDER), "nbgrader db upgrade"),
    "newer": (sql("UPDATE alembic_version SET version_num = 'ffff'"), "newer version of nbgrader"),
    "column-missing": (
        sql("ALTER TABLE grade DROP COLUMN extra_credit"),
        "lacks grade.extra_credit: restore it from a backup",
    ),
    "table-missing": (sql("DROP TABLE comment"), "lacks comment"),
    "no-database": (lambda path: path.write_bytes(b"no database " * 99), "can't be read"),
    "cut": (lambda path: path.write_bytes(path.read_bytes()[:5000]), "can't be "),
    "other-tables": (
        lambda path: (path.unlink(), sql("CREATE TABLE mine (a)")(path))[0],
        "holds other tables than nbgrader's",
    ),
}


@pytest.fixture
def gradebook(tmp_path: Path) -> Path:
    path = tmp_path / "gradebook.db"
    with Gradebook(f"sqlite:///{path}", "course"):
        return path


@pytest.mark.parametrize("name", BROKEN)
def test_a_gradebook_that_cannot_be_used_is_said_in_one_sentence(name, gradebook):
    damage, says = BROKEN[name]
    damage(gradebook)
    before = gradebook.read_bytes()
    with pytest.raises(CourseError) as caught:
        check(f"sqlite:///{gradebook}")
    assert says in str(caught.value)
    assert str(gradebook) in str(caught.value)
    assert gradebook.read_bytes() == before


def test_a_gradebook_of_this_version_an_empty_one_and_none_pass(gradebook, tmp_path):
    check(f"sqlite:///{gradebook}")
    (tmp_path / "empty.db").touch()
    check(f"sqlite:///{tmp_path}/empty.db")
    check(f"sqlite:///{tmp_path}/none.db")
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize("noted", ["DROP TABLE alembic_version", "DELETE FROM alembic_version"])
def test_a_new_gradebook_whose_first_command_was_killed_goes_on(noted, gradebook):
    """'nbgrader db upgrade' would fail there: it adds what is there already."""
    sql(noted)(gradebook)
    check(f"sqlite:///{gradebook}")
    with Gradebook(f"sqlite:///{gradebook}", "course") as opened:
        opened.update_or_create_student("ana")


def test_a_locked_gradebook_is_said(gradebook, monkeypatch):
    monkeypatch.setattr(revision, "PATIENCE", 0.1)
    other = sqlite3.connect(gradebook, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(CourseError, match="Another program has held the gradebook"):
        check(f"sqlite:///{gradebook}")
    other.close()
    check(f"sqlite:///{gradebook}")


def nbgrader(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.run(
        ["nbgrader", *arguments],
        cwd=root,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_command_says_it_and_the_upgrade_mends_it(tmp_path, monkeypatch, capsys):
    root = fixture.make(tmp_path / "course").course.root
    path = root / "gradebook.db"
    OLD(path)
    (root / "roster.csv").write_text(ROSTER, encoding="utf-8")
    monkeypatch.chdir(root)
    for command in (["roster", "roster.csv"], ["report", fixture.UNIT], ["release", fixture.UNIT]):
        assert main(command) == 2
        assert "nbgrader db upgrade" in capsys.readouterr().err
    for arguments in (["export", MOODLE], ["autograde", fixture.UNIT]):
        done = nbgrader(root, *arguments)
        assert done.returncode == 1
        assert "run 'nbgrader db upgrade'" in done.stderr
        assert "Traceback" not in done.stderr
    upgrade = nbgrader(root, "db", "upgrade")
    assert upgrade.returncode == 0, upgrade.stderr
    assert main(["roster", "roster.csv"]) == 0
