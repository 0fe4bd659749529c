"""A second maintainer's path: a new unit passes its checks at once, and leaves no trace."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from course_utils.grading import scheme
from course_utils.grading.autograde.bundle import Bundle
from course_utils.grading.commands import student_lab
from course_utils.grading.commands.cli import main
from course_utils.grading.course import CONFIG, Course, read_notebook
from course_utils.grading.pipeline import Pipeline
from course_utils.grading.release import bank, outlines, stale
from course_utils.grading.release.checks import faults
from tests.grading.courses import COURSE, ROOT
from tests.grading.small import RIGHT, UNIT, hand_ins, small_course

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
    for folder in outlines.GENERATED:
        for generated in (tmp_path / "course_utils" / "checks" / folder).iterdir():
            generated.unlink()  # the copy has none of these units
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


def test_a_new_unit_is_one_folder_without_fault_and_leaves_no_trace(repository):
    before = files(repository)
    made = said(repository, "-c", COMMAND, "new-unit", UNIT).splitlines()[:-1]
    folder = Path("source", UNIT)
    assert set(map(Path, made)) == files(repository) - before
    assert set(map(Path, made)) == {
        folder / f"{UNIT}.ipynb",
        folder / "pistas.toml",
        folder / "predicciones.toml",
        folder / "bank" / "ej1.py",
    }
    assert f"release/{UNIT}" in said(repository, "-c", COMMAND, "release", "u6")
    assert said(repository, "-c", COMMAND, "check") == "0 faults\n"
    judged = said(repository, "-m", "tests.bank.quick", "u6")
    assert "5 right, 7 wrong answers; 0 faults" in judged
    # What students get: the hints with the package, nothing of the bank.
    shown = "from course_utils.checks import pista; pista('u6-ej1'); pista('u6-ej1', 3)"
    assert "pista 3 de 3" in said(repository, "-c", shown)
    student_lab.lay_out(Course(repository))
    for place in ("release", "work"):
        got = {path.name for path in (repository / place / UNIT).rglob("*")}
        assert got == {f"{UNIT}.ipynb"}
    shutil.rmtree(repository / "work")

    # As docs/writing-a-unit.md says how to remove it.
    for place in ("source", "release"):
        shutil.rmtree(repository / place / UNIT)
    generated = [f"course_utils/checks/{folder}/u6.json" for folder in ("mistakes", "units")]
    assert list(stale.of_no_unit(Course(repository))) == [
        f"{path} is of no unit in source/: run 'course release'" for path in generated
    ]
    removed = [f"removed {path}: its unit is no longer in source/" for path in generated]
    assert said(repository, "-c", COMMAND, "release").splitlines() == removed
    assert files(repository) == before
    with Pipeline(Course(repository)).gradebook() as gradebook:
        assert gradebook.assignments == []


def test_removing_a_unit_with_marks_keeps_them_and_says_so(tmp_path, monkeypatch, capsys):
    pipeline = small_course(tmp_path)
    outlines.folder_of(pipeline.course).mkdir(parents=True)
    outlines.write(pipeline.course, UNIT)
    with pipeline.gradebook() as gradebook:
        gradebook.add_student("ana")
        gradebook.add_submission(UNIT, "ana")
    shutil.rmtree(tmp_path / "source" / UNIT)
    monkeypatch.chdir(tmp_path)
    (outlines.folder_of(pipeline.course) / "u9.json").write_text("[", encoding="utf-8")
    assert main(["release"]) == 0
    said = capsys.readouterr().out
    assert f"the gradebook keeps {UNIT} and the marks of 1 students" in said
    assert "removed course_utils/checks/units/u9.json" in said
    assert outlines.orphans(pipeline.course) == []
    with pipeline.gradebook() as gradebook:
        assert gradebook.find_submission(UNIT, "ana")


def test_grading_copies_neither_hints_nor_bank_and_keeps_a_students_folder_of_that_name(tmp_path):
    pipeline = small_course(tmp_path)
    reads = f"assert np.loadtxt('bank/datos.csv') == 5\n{RIGHT}"
    hand_ins(pipeline, {"ana": reads})
    own = tmp_path / "submitted" / "ana" / UNIT / "bank" / "datos.csv"
    own.parent.mkdir()
    own.write_text("5")
    assert pipeline.autograde(UNIT, "ana").graded
    assert pipeline.mark(UNIT, "ana").automatic == 18
    got = tmp_path / "autograded" / "ana" / UNIT
    assert {path.relative_to(got).as_posix() for path in got.rglob("*") if path.is_file()} >= {
        f"{UNIT}.ipynb",
        "bank/datos.csv",
    }
    assert not (got / "pistas.toml").exists()
    assert not (got / "bank" / "ej1.py").exists()


def test_hints_and_bank_travel_to_no_worker(tmp_path):
    folder = small_course(tmp_path).course.master(UNIT).parent
    (folder / "datos" / "bank").mkdir(parents=True)
    (folder / "datos" / "bank" / "x.csv").write_text("1")
    sent = Bundle.of(folder, without=scheme.INSTRUCTORS_FILES)
    assert [name for name, _ in sent.files] == [f"{UNIT}.ipynb", "datos/bank/x.csv"]


def without(master: NotebookNode, *beginnings: str) -> None:
    """Delete the cells whose ids begin with one of some texts."""
    master.cells = [cell for cell in master.cells if not cell.id.startswith(beginnings)]


def test_a_semester_without_an_exercise_is_one_deletion_of_its_cells(repository):
    """Exercise 2.7: what names it is reported, by name; the rest is as it was."""
    unit = "02-modelos-como-neuronas"
    for place in ("source", "release"):
        shutil.copytree(ROOT / place / unit, repository / place / unit)
    recorded = Path("course_utils", "checks", "mistakes", "u2.json")
    shutil.copy(ROOT / recorded, repository / recorded)  # what stays as it is is not run again
    course = Course(repository)
    master = read_notebook(course.master(unit))
    users = [c.id for c in master.cells if "neurona_logistica" in c.source and "-demo-" in c.id]
    without(master, "u2-ej7")
    nbformat.write(master, course.master(unit))
    said(repository, "-c", COMMAND, "release", "u2")
    found = [fault.removeprefix(f"{unit}: ") for fault in faults(course, unit)]
    assert found == [
        *(
            f"{name}: uses 'neurona_logistica', which no exercise and no cell above it defines"
            for name in users
        ),
        "u2-t01: speaks of exercise 2.7, which the unit does not have",
        "u2-ej7: has hints in pistas.toml, but the unit has no such exercise",
        "bank/ej7.py: has answers to u2-ej7, but the unit has no such exercise",
    ]

    # The demonstrations that call it are of its cells too, and the prediction that one of them
    # answers; its row, its hints and its bank go.
    without(master, *users, "u2-t24", "u2-p6")
    answers = course.master(unit).with_name("predicciones.toml")
    sections = answers.read_text(encoding="utf-8").split("\n[")
    kept = [section for section in sections if not section.startswith("u2-p6]")]
    answers.write_text("\n[".join(kept), encoding="utf-8")
    row = next(line for line in master.cells[0].source.splitlines() if line.startswith("| 2.7"))
    master.cells[0].source = master.cells[0].source.replace(f"{row}\n", "")
    nbformat.write(master, course.master(unit))
    hints = course.hints(unit).read_text(encoding="utf-8")
    course.hints(unit).write_text(hints.partition("u2-ej7 = ")[0], encoding="utf-8")
    (course.bank(unit) / "ej7.py").unlink()
    said(repository, "-c", COMMAND, "release", "u2")
    assert said(repository, "-c", COMMAND, "check", "u2") == "0 faults\n"
    names = [exercise.name for exercise in outlines.exercises(read_notebook(course.release(unit)))]
    assert names == [f"u2-ej{number}" for number in range(1, 7)]
    answers = bank.load(course, unit)
    assert answers == [a for a in bank.load(COURSE, unit) if a.exercise != "u2-ej7"]
    judged = said(repository, "-m", "tests.bank.quick", "u2", "ej6")
    assert judged.endswith(" 0 faults\n")


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
