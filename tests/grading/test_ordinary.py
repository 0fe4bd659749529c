"""What an ordinary cell does gives the same marks at every level, forked and cold.

The whole table takes many minutes: ``make test-ordinary``; ``make test`` looks at a part of it.
"""

import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from course_utils.grading.course import CONFIG, Course, cells_by_grade_id, read_notebook
from course_utils.grading.forkserver.preload import needed
from course_utils.grading.pipeline import Pipeline
from course_utils.grading.release.submissions import fill, hand_in
from course_utils.grading.sandbox.levels import LEVELS, NONE, works
from tests.grading.courses import ROOT
from tests.grading.engines import COLD, FORK, Engine
from tests.grading.forks import inside
from tests.grading.intake.fixture import KERNELSPEC, cell
from tests.grading.ordinary import (
    FILES,
    NOTEBOOK,
    PROCESSES,
    SETTINGS,
    SHELL,
    STORED,
    TENSORFLOW,
    TORCH,
    Row,
)

OFFERED = [*filter(works, LEVELS), NONE]
OWN, ANSWER = "propia", "respuesta"  # where a row's text stands
NUMPY = "import numpy as np"
GROUPS = {"shell": SHELL, "stored": STORED, "processes": PROCESSES, "notebook": NOTEBOOK}
pytestmark = pytest.mark.xdist_group("landlock")


@dataclass(frozen=True)
class Exercise:
    """An exercise of the unit that settings are tried in.

    Attributes:
        setup: the unit's set-up cell.
        answer: a right answer.
        test: the test cell.
    """

    setup: str
    answer: str
    test: str


# The test hands over what it makes itself, and compares what comes back with its own numbers.
SETTLED = {
    "settings": Exercise(
        NUMPY,
        "def centrar(x):\n    return x - x.mean()",
        "x = np.array([1.0, 3.0])\nassert np.allclose(centrar(x), [-1, 1]), 'media'",
    ),
    "torch": Exercise(
        f"{NUMPY}\nimport torch",
        "def centrar(m, x):\n    y = m(x) + torch.nn.Linear(2, 1)(x)\n    return y - y.mean()",
        "x = torch.tensor(np.ones((3, 2), 'float32'))\ny = centrar(torch.nn.Linear(2, 1), x)\n"
        "assert torch.allclose(y, torch.zeros(3, 1), atol=1e-5), 'media'",
    ),
    "tensorflow": Exercise(
        f"{NUMPY}\nimport keras\nimport tensorflow as tf",
        "def centrar(m, x):\n    y = m(x) + keras.layers.Dense(1)(x)\n"
        "    return y - tf.reduce_mean(y)",
        "m = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])\n"
        "y = centrar(m, tf.ones((3, 2)))\nassert np.allclose(y, 0, atol=1e-5), 'cero'",
    ),
}


# -- units and hand-ins --------------------------------------------------------------------------


def _course(folder: Path, unit: str, cells: list[NotebookNode]) -> Pipeline:
    """A course of one unit, released."""
    source = folder / "source" / unit
    source.mkdir(parents=True)
    config = (ROOT / CONFIG).read_text(encoding="utf-8")
    (folder / CONFIG).write_text(f"{config}\nc.Execute.timeout = 120\n", encoding="utf-8")
    master = new_notebook(cells=cells, metadata={"kernelspec": KERNELSPEC})
    nbformat.write(master, source / f"{unit}.ipynb")
    pipeline = Pipeline(Course(folder))
    pipeline.generate(unit)
    return pipeline


def _table_cells(rows: tuple[Row, ...]) -> Iterator[NotebookNode]:
    """A unit with an exercise for each row: its function returns what the row saw."""
    yield cell("code", "u1-preparacion", NUMPY)
    for number, row in enumerate(rows, 1):
        name = f"u1-ej{number}"
        answer = f"### BEGIN SOLUTION\ndef fila_{number}():\n    return 0\n### END SOLUTION"
        yield cell("code", name, answer, solution=True)
        test = f"visto = fila_{number}()\nassert visto == {row.expected!r}, f'{{visto!r}}'"
        yield cell("code", f"{name}-visible", test, points=1)


def _settings_cells(exercise: Exercise) -> Iterator[NotebookNode]:
    yield cell("code", "u1-preparacion", exercise.setup)
    for number in (1, 2):
        answer = f"### BEGIN SOLUTION\n{exercise.answer}\n### END SOLUTION"
        yield cell("code", f"u1-ej{number}", answer, solution=True)
        yield cell("code", f"u1-ej{number}-visible", exercise.test, points=1)


def _table(released: NotebookNode, rows: tuple[Row, ...], place: str) -> NotebookNode:
    """A hand-in with every row, each in a cell of the student's own or in its answer."""
    notebook = fill(released, {})
    for number, row in enumerate(rows, 1):
        answer = cells_by_grade_id(notebook)[f"u1-ej{number}"]
        define = f"fila_{number} = (lambda visto: lambda: visto)(visto)\ndel visto"
        own = [*row.before, row.cell] if place == OWN else list(row.before)
        texts = [row.cell, define] if place == ANSWER else [define]
        answer.source = "\n".join(texts)
        at = notebook.cells.index(answer)
        notebook.cells[at:at] = [
            new_code_cell(text, id=f"fila-{number}-{count}") for count, text in enumerate(own)
        ]
    return notebook


def _setting(released: NotebookNode, exercise: Exercise, row: Row, place: str) -> NotebookNode:
    answers = dict.fromkeys(("u1-ej1", "u1-ej2"), exercise.answer)
    if place == ANSWER:
        answers["u1-ej1"] = f"{row.cell}\n{exercise.answer}"
    notebook = fill(released, answers)
    if place == OWN:
        first = notebook.cells.index(cells_by_grade_id(notebook)["u1-ej1"])
        notebook.cells.insert(first, new_code_cell(row.cell, id="fila"))
    return notebook


def _give(pipeline: Pipeline, unit: str, student: str, notebook: NotebookNode) -> None:
    folder = hand_in(notebook, pipeline.course.root / "submitted", student, unit).parent
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


# -- what comes out ------------------------------------------------------------------------------


def _missed(pipeline: Pipeline, unit: str, student: str) -> dict[str, str]:
    """Test cells without their point → what was said; the state too, where it is no clean one."""
    result = pipeline.autograde(unit, student)
    missed = {} if result.state == "calificado" else {"state": f"{result.state} {result.reason}"}
    path = pipeline.course.root / "autograded" / student / unit / f"{unit}.ipynb"
    errors = {
        name: output.evalue
        for name, cell in cells_by_grade_id(read_notebook(path)).items()
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    }
    with pipeline.gradebook() as gradebook:
        submission = gradebook.find_submission(unit, student)
        for grade in (g for notebook in submission.notebooks for g in notebook.grades):
            if grade.score != grade.max_score:
                answer = errors.get(grade.name.removesuffix("-visible"), "")
                missed[grade.name] = f"{errors.get(grade.name)} {answer}"
    return missed


def _use(
    pipeline: Pipeline,
    level: str,
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    libraries: tuple[str, ...] = (),
) -> None:
    engine.use(pipeline)
    engine.insist(monkeypatch, libraries)
    pipeline.config.Examine.sandbox = level
    pipeline.config.Examine.unsafe = True


def _named(missed: dict[str, str], rows: tuple[Row, ...]) -> dict[str, str]:
    """The same by the names of the rows."""
    by_cell = {f"u1-ej{number}-visible": row.name for number, row in enumerate(rows, 1)}
    return {by_cell.get(name, name): said for name, said in missed.items()}


def grade_table(
    folder: Path,
    group: str,
    rows: tuple[Row, ...],
    level: str,
    engine: Engine,
    patch: pytest.MonkeyPatch,
    places: tuple[str, ...] = (OWN, ANSWER),
) -> dict[str, dict[str, str]]:
    """Grade a group's rows in cells of these places; returns what was missed, by place."""
    unit = f"01-{group}"
    pipeline = _course(folder, unit, list(_table_cells(rows)))
    _use(pipeline, level, engine, patch)
    released = read_notebook(pipeline.course.release(unit))
    found = {}
    for place in places:
        _give(pipeline, unit, place, _table(released, rows, place))
        found[place] = _named(_missed(pipeline, unit, place), rows)
    refused = {row.name for row in rows if row.refused and level == "landlock"}
    assert all(refused <= set(missed) for missed in found.values())
    return {place: new for place, missed in found.items() if (new := _without(missed, refused))}


def _without(missed: dict[str, str], names: set[str]) -> dict[str, str]:
    return {name: said for name, said in missed.items() if name not in names}


def grade_settings(
    folder: Path,
    group: str,
    rows: tuple[Row, ...],
    level: str,
    engine: Engine,
    patch: pytest.MonkeyPatch,
    places: tuple[str, ...] = (OWN, ANSWER),
) -> dict[str, dict[str, str]]:
    """Grade a notebook for each setting and place; returns what was missed."""
    unit, exercise = f"01-{group}", SETTLED[group]
    pipeline = _course(folder, unit, list(_settings_cells(exercise)))
    _use(pipeline, level, engine, patch, needed(exercise.setup))
    released = read_notebook(pipeline.course.release(unit))
    found = {}
    for number, row in enumerate(rows):
        for place in places:
            student = f"{place}-{number}"
            _give(pipeline, unit, student, _setting(released, exercise, row, place))
            found[f"{row.name} ({place})"] = _missed(pipeline, unit, student)
    return {name: missed for name, missed in found.items() if missed}


def quick(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows that ``make test`` looks at."""
    return tuple(row for row in rows if row.quick)


# -- the tests -----------------------------------------------------------------------------------

ENGINES = pytest.mark.parametrize("engine", [FORK, COLD], ids=["forked", "cold"])
EVERYWHERE = pytest.mark.parametrize("level", OFFERED)


def test_the_table_holds_at_least_sixty_rows_and_names_each_once():
    listed = [*GROUPS.values(), SETTINGS, TORCH, TENSORFLOW]
    assert sum(map(len, listed)) >= 60
    assert all(len({row.name for row in rows}) == len(rows) for rows in listed)
    assert all(bool(row.why) == (row.refused or not row.stock) for rows in listed for row in rows)


QUICK = [
    pytest.param(level, engine, id=f"{level}-{engine.name}")
    for level, engine in (("landlock", FORK), ("bubblewrap", COLD), (NONE, FORK))
    if level in OFFERED
]


@pytest.mark.parametrize(("level", "engine"), QUICK)
def test_some_ordinary_things(level, engine, tmp_path, monkeypatch):
    rows = tuple(row for rows in GROUPS.values() for row in quick(rows))
    assert grade_table(tmp_path, "some", rows, level, engine, monkeypatch, (OWN,)) == {}


def test_some_ordinary_settings(tmp_path, monkeypatch):
    level, rows = OFFERED[-2] if len(OFFERED) > 1 else NONE, quick(SETTINGS)
    assert grade_settings(tmp_path, "settings", rows, level, FORK, monkeypatch, (ANSWER,)) == {}


def test_an_ordinary_setting_of_torchs(tmp_path, monkeypatch):
    level, rows = OFFERED[0], quick(TORCH)
    assert grade_settings(tmp_path, "torch", rows, level, FORK, monkeypatch, (OWN,)) == {}


@pytest.mark.ordinary
@ENGINES
@EVERYWHERE
@pytest.mark.parametrize("group", GROUPS)
def test_ordinary_things(group, level, engine, tmp_path, monkeypatch):
    assert grade_table(tmp_path, group, GROUPS[group], level, engine, monkeypatch) == {}


@pytest.mark.ordinary
@ENGINES
@EVERYWHERE
@pytest.mark.parametrize("group", SETTLED)
def test_ordinary_settings(group, level, engine, tmp_path, monkeypatch):
    rows = {"settings": SETTINGS, "torch": TORCH, "tensorflow": TENSORFLOW}[group]
    assert grade_settings(tmp_path, group, rows, level, engine, monkeypatch) == {}


# -- /tmp, with and without mounts of its own ----------------------------------------------------

OWN_TMP = """
from course_utils.grading.kernels import private_tmp
private_tmp.redirect_if_asked()
import os, pathlib, subprocess
open("/tmp/{name}", "w").write("a")
assert pathlib.Path("/tmp/{name}").read_text() == "a" and "{name}" in os.listdir("/tmp")
subprocess.run("echo b > /tmp/{name}; cat /tmp/{name}", shell=True, check=True)
print("written")
"""
WITHOUT_MOUNTS = """
import sys
from pathlib import Path
from course_utils.grading.sandbox import seccomp
from tests.grading.forks import inside
seccomp.install(seccomp.program())  # refuses unshare and mount, to the supervisor too
done = inside(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
print(done.stdout, done.stderr)
"""


@pytest.mark.parametrize("level", filter(works, LEVELS))
def test_tmp_is_a_kernels_own(level, tmp_path):
    name = f"fila-{uuid.uuid4()}"
    done = inside(level, tmp_path, OWN_TMP.format(name=name))
    assert "written" in done.stdout, done.stderr
    assert not Path("/tmp", name).exists()


@pytest.mark.parametrize("level", filter(works, ["landlock"]))
def test_tmp_is_a_kernels_own_where_the_system_gives_it_no_mounts(level, tmp_path):
    name = f"fila-{uuid.uuid4()}"
    code = OWN_TMP.format(name=name)
    program = [sys.executable, "-c", WITHOUT_MOUNTS, level, tmp_path, code]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "written" in done.stdout, done.stdout + done.stderr
    assert not Path("/tmp", name).exists()


# -- a plain kernel ------------------------------------------------------------------------------


def _plainly(notebook: NotebookNode, folder: Path) -> set[str]:
    """Tests that fail when a hand-in runs from top to bottom in a plain kernel."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    client = NotebookClient(
        notebook, timeout=120, allow_errors=True, resources={"metadata": {"path": str(folder)}}
    )
    client.execute()
    return {
        name
        for name, cell in cells_by_grade_id(notebook).items()
        if name.endswith("-visible") and any(o.output_type == "error" for o in cell.outputs)
    }


@pytest.mark.ordinary
@pytest.mark.parametrize("place", [OWN, ANSWER])
@pytest.mark.parametrize("group", GROUPS)
def test_the_expectations_are_those_of_a_plain_kernel(group, place, tmp_path):
    rows = tuple(row for row in GROUPS[group] if row.stock)
    unit = f"01-{group}"
    pipeline = _course(tmp_path / "course", unit, list(_table_cells(rows)))
    notebook = _table(read_notebook(pipeline.course.release(unit)), rows, place)
    missed = dict.fromkeys(_plainly(notebook, tmp_path / "plain"), "")
    assert _named(missed, rows) == {}


@pytest.mark.ordinary
@pytest.mark.parametrize("place", [OWN, ANSWER])
@pytest.mark.parametrize("group", SETTLED)
def test_the_settings_are_those_of_a_plain_kernel(group, place, tmp_path):
    rows = {"settings": SETTINGS, "torch": TORCH, "tensorflow": TENSORFLOW}[group]
    unit, exercise = f"01-{group}", SETTLED[group]
    pipeline = _course(tmp_path / "course", unit, list(_settings_cells(exercise)))
    released = read_notebook(pipeline.course.release(unit))
    found = {}
    for number, row in enumerate(row for row in rows if row.stock):
        notebook = _setting(released, exercise, row, place)
        found[row.name] = _plainly(notebook, tmp_path / f"plain{number}")
    assert {name: missed for name, missed in found.items() if missed} == {}
