"""A class with every damage in it, graded by one plain ``nbgrader autograde UNIT``."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

from course_utils.grading.gradebook.marks import UNGRADED
from course_utils.grading.intake import UNREADABLE
from course_utils.grading.pipeline import Pipeline
from course_utils.grading.release.submissions import fill, hand_in
from tests.grading.intake import fixture
from tests.grading.intake.damage import DAMAGES, Case, Damage
from tests.grading.intake.runtime import RUNTIME

pytestmark = pytest.mark.xdist_group("intake-class")
EVERYTHING = [*DAMAGES, *RUNTIME]


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """The course after the run; its log is in ``run.log``."""
    pipeline = fixture.make(tmp_path_factory.mktemp("class") / "course")
    submitted = pipeline.course.root / "submitted"
    released = fixture.released(pipeline)
    right = fill(released, fixture.ANSWERS)
    hand_in(right, submitted, "honest", fixture.UNIT)
    for damage in EVERYTHING:
        folder = submitted / damage.name / fixture.UNIT
        folder.mkdir(parents=True)
        damage.apply(Case(folder, fixture.UNIT, right, released))
    before = listing(submitted)
    log = autograde(pipeline.course.root)
    assert listing(submitted) == before, "submitted/ was altered"
    (pipeline.course.root / "run.log").write_text(log, encoding="utf-8")
    return pipeline


def autograde(root: Path) -> str:
    """Run the command as an instructor would; returns its log."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["nbgrader", "autograde", fixture.UNIT],
        cwd=root,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stderr


def listing(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Everything in a folder with what tells a change."""
    found = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        found[str(path)] = (status.st_mode, status.st_size, status.st_mtime_ns)
    return found


def test_the_honest_student_gets_every_point(graded: Pipeline):
    mark = graded.mark(fixture.UNIT, "honest")
    assert mark.automatic == 9
    record = graded.records.get(fixture.UNIT, "honest")
    assert record is not None
    assert record.notes == []


def test_the_list_is_long_enough():
    assert len(DAMAGES) >= 60
    assert len({damage.name for damage in EVERYTHING}) == len(EVERYTHING)


@pytest.mark.parametrize("damage", EVERYTHING, ids=lambda damage: damage.name)
def test_state_note_and_points(graded: Pipeline, damage: Damage):
    record = graded.records.get(fixture.UNIT, damage.name)
    assert record is not None
    assert record.state == damage.state, record.reason
    assert damage.says in record.reason
    assert bool(record.notes) == bool(damage.says), record.reason
    mark = graded.mark(fixture.UNIT, damage.name)
    if damage.state == UNREADABLE:
        assert (mark.automatic, mark.total, mark.state) == (None, None, UNGRADED)
        return
    lost = {"first": {"u1-ej1"}, "all": set(fixture.POINTS), "": set()}[damage.lost]
    expected = {name: 0.0 if name in lost else p for name, p in fixture.POINTS.items()}
    assert {name: mark.exercises[name] for name in expected} == expected
    assert mark.exercises["u1-reflexion"] == (0.0 if damage.lost == "all" else None)


def test_the_csv_names_everybody_with_state_and_notes(graded: Pipeline):
    path = graded.course.root / "reports" / f"{fixture.UNIT}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert set(rows) == {"honest", *(damage.name for damage in EVERYTHING)}
    for damage in EVERYTHING:
        assert rows[damage.name]["state"] == damage.state
        assert damage.says in rows[damage.name]["notes"]


def test_the_log_has_no_traceback(graded: Pipeline):
    assert "Traceback" not in (graded.course.root / "run.log").read_text(encoding="utf-8")


def test_nothing_was_written_outside(graded: Pipeline):
    names = {path.name for path in graded.course.root.parent.iterdir()}
    assert names == {"course"}
    assert not (graded.course.root / "submitted" / f"{fixture.UNIT}.ipynb").exists()
    assert not Path(f"/tmp/{fixture.UNIT}.ipynb").exists()


def test_the_feedback_begins_with_the_notes(graded: Pipeline):
    page = graded.feedback(fixture.UNIT, "dies-in-a-test").read_text(encoding="utf-8")
    assert page.index("Notas sobre tu entrega") < page.index('<table class="marks">')
    assert "se cerró de golpe al ejecutar el ejercicio 1.1" in page
    assert "Esta prueba no se ejecutó: El programa se cerró de golpe" in page


def test_feedback_of_a_clean_hand_in_has_no_notes(graded: Pipeline):
    page = graded.feedback(fixture.UNIT, "honest").read_text(encoding="utf-8")
    assert "Notas sobre tu entrega" not in page


def test_a_file_name_cannot_write_into_the_page(graded: Pipeline):
    page = graded.feedback(fixture.UNIT, "a-name-of-ones-own").read_text(encoding="utf-8")
    assert "entrega FINAL" in page
    assert "<b>ahora" not in page
