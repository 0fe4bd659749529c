"""Modules and data beside a master: found by the notebook and by its tests, the master's own."""

from pathlib import Path

import nbformat
import pytest

from course_utils.grading.course import CourseError, read_notebook
from course_utils.grading.pipeline import Pipeline
from course_utils.grading.release.checks import faults
from tests.grading import runs
from tests.grading.intake import fixture

UNIT = fixture.UNIT
SETUP = f"""{fixture.SETUP}
import ayuda
from paquete.restas import restar
FACTORES = np.loadtxt("datos/factores.csv", delimiter=",")"""
VISIBLE = """# Prueba visible (4 puntos)
ayuda.usos.append("escalar")
assert ayuda.usos == ["escalar"], "cada entrega empieza de nuevo"
factor = restar(FACTORES[1], FACTORES[0])
assert np.allclose(escalar([1.0, 2.0], factor), ayuda.esperado(factor)), "por el factor\""""
FILES = {
    "ayuda.py": "usos = []\n\ndef esperado(factor):\n    return [factor, 2 * factor]\n",
    "paquete/__init__.py": "",
    "paquete/restas.py": "def restar(a, b):\n    return a - b\n",
    "datos/factores.csv": "1,4\n",
}
USES_HELPER = "def escalar(x, factor):\n    return ayuda.esperado(factor)"
CHANGED = "usos = []\n\ndef esperado(factor):\n    return [0, 0]\n"
ZEROS = "def escalar(x, factor):\n    return [0, 0]"


def change(pipeline: Pipeline, setup: str, visible: str = fixture.SCALE_VISIBLE) -> None:
    """Put a set-up cell and a test into the master, and release it."""
    path = pipeline.course.master(UNIT)
    notebook = read_notebook(path)
    for cell in notebook.cells:
        cell.source = {"u1-preparacion": setup, "u1-ej2-visible": visible}.get(cell.id, cell.source)
    nbformat.write(notebook, path)
    pipeline.generate(UNIT)


def write(folder: Path, files: dict[str, str]) -> None:
    """Write files below a folder."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("fork_server", [False, True], ids=["cold", "forked"])
def test_what_lies_beside_a_master_is_there_for_notebook_and_tests(tmp_path, fork_server):
    pipeline = runs.course(tmp_path, fork_server=fork_server)
    write(pipeline.course.master(UNIT).parent, FILES)
    change(pipeline, SETUP, VISIBLE)
    runs.give(pipeline, "ana")
    runs.give(pipeline, "beto", second=USES_HELPER)
    runs.give(pipeline, "mallory", second=ZEROS)
    write(tmp_path / "submitted" / "mallory" / UNIT, {"ayuda.py": CHANGED})
    runs.grade(pipeline, "--workers", "1")  # one examiner judges them, one after the other
    marks = runs.marks(pipeline, ["ana", "beto", "mallory"])
    assert marks == {"ana": 9.0, "beto": 9.0, "mallory": 5.0}


def test_a_set_up_that_fails_is_said_once_to_the_teacher_and_marks_nobody(tmp_path):
    pipeline = runs.course(tmp_path)
    change(pipeline, f"{fixture.SETUP}\nimport no_such_module")
    for student in ("ana", "beto"):
        runs.give(pipeline, student)
    with runs.start(pipeline) as process:
        _, errors = process.communicate(timeout=300)
    assert process.returncode == 2, errors[-3000:]
    assert errors.count("no_such_module") == 1
    assert "set-up cell" in errors
    assert runs.marks(pipeline, ["ana", "beto"]) == {"ana": None, "beto": None}
    assert list(pipeline.records.of(UNIT)) == []
    change(pipeline, fixture.SETUP)
    runs.grade(pipeline)
    assert runs.marks(pipeline, ["ana", "beto"]) == {"ana": 9.0, "beto": 9.0}


@pytest.mark.parametrize(
    "name", ["random.py", "torch.py", "numpy/__init__.py", "course_utils/__init__.py"]
)
def test_a_helper_with_a_librarys_name_is_not_released(tmp_path, name):
    pipeline = fixture.make(tmp_path)
    folder = pipeline.course.master(UNIT).parent
    write(folder, {"ayuda.py": "", "datos/json": ""})
    pipeline.generate(UNIT)
    write(folder, {name: ""})
    with pytest.raises(CourseError, match="name of a library"):
        pipeline.generate(UNIT)
    assert any("name of a library" in fault for fault in faults(pipeline.course, UNIT))
