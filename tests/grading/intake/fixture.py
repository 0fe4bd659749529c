"""A small course that is graded in a second: two NumPy exercises and a reflection."""

from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course_utils.grading import scheme
from course_utils.grading.autograde.listing import submitted_of
from course_utils.grading.course import CONFIG, Course, read_notebook
from course_utils.grading.intake.run import Intake
from course_utils.grading.pipeline import Pipeline
from course_utils.grading.rebuild import Skeleton, load
from tests.grading.courses import ROOT

UNIT = "01-practica"
KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}
SETUP = """import numpy as np
from course_utils.checks import check
LISTO = 1"""
CENTER = '''def centrar(x):
    """Resta la media: (n,) -> (n,)."""
    ### BEGIN SOLUTION
    media = np.mean(x)
    return x - media
    ### END SOLUTION'''
CENTER_VISIBLE = """# Prueba visible (2 puntos)
assert LISTO and np.allclose(centrar(np.array([1.0, 3.0])), [-1, 1]), "resta la media\""""
CENTER_HIDDEN = """# Aquí corren las pruebas ocultas (3 puntos).
### BEGIN HIDDEN TESTS
assert LISTO and np.allclose(centrar(np.array([1.0, 2.0, 6.0])), [-2, -1, 3]), "la media es de todo"
### END HIDDEN TESTS"""
SCALE = '''def escalar(x, factor):
    """Multiplica: (n,), número -> (n,)."""
    ### BEGIN SOLUTION
    return np.asarray(x) * factor
    ### END SOLUTION'''
SCALE_VISIBLE = """# Prueba visible (4 puntos)
assert LISTO and np.allclose(escalar([1.0, 2.0], 3), [3, 6]), "multiplica por el factor\""""
REFLECTION = """### BEGIN SOLUTION
Porque la media se mueve con los datos.
### BEGIN MARK SCHEME
1 punto: nombra la media.
### END MARK SCHEME
### END SOLUTION"""
ANSWERS = {
    "u1-ej1": "def centrar(x):\n    media = np.mean(x)\n    return x - media",
    "u1-ej2": "def escalar(x, factor):\n    return np.asarray(x) * factor",
    "u1-reflexion": "La media depende de todos los datos: cambia con cada uno.",
}
POINTS = {"u1-ej1": 5.0, "u1-ej2": 4.0}
TIMEOUT = 5  # seconds a cell


def cell(kind: str, name: str, source: str, *, points: int = 0, solution: bool = False):
    new = new_code_cell if kind == "code" else new_markdown_cell
    nbgrader = {
        "schema_version": 3,
        "grade_id": name,
        "grade": bool(points),
        "solution": solution,
        "locked": not solution,
        "task": False,
    }
    if points:
        nbgrader["points"] = points
    return new(source, id=name, metadata={"nbgrader": nbgrader})


def master() -> NotebookNode:
    """The master notebook."""
    cells = [
        new_markdown_cell("# Práctica", id="u1-t01"),
        cell("code", "u1-preparacion", SETUP),
        new_markdown_cell("## Centrar", id="u1-t02"),
        cell("markdown", "u1-ej1-enunciado", "### Ejercicio 1.1 · Centrar (5 puntos)"),
        cell("code", "u1-ej1", CENTER, solution=True),
        cell("code", "u1-ej1-visible", CENTER_VISIBLE, points=2),
        cell("code", "u1-ej1-oculto", CENTER_HIDDEN, points=3),
        cell("markdown", "u1-ej2-enunciado", "### Ejercicio 1.2 · Escalar (4 puntos)"),
        cell("code", "u1-ej2", SCALE, solution=True),
        cell("code", "u1-ej2-visible", SCALE_VISIBLE, points=4),
        cell("markdown", "u1-reflexion-enunciado", "### Reflexión (2 puntos)\n\n¿Por qué?"),
        cell("markdown", "u1-reflexion", REFLECTION, points=2, solution=True),
        new_markdown_cell("## Resumen", id="u1-t03"),
    ]
    return new_notebook(cells=cells, metadata={"kernelspec": KERNELSPEC})


def make(folder: Path) -> Pipeline:
    """The course in a folder, released."""
    source = folder / "source" / UNIT
    source.mkdir(parents=True)
    config = (ROOT / CONFIG).read_text(encoding="utf-8")
    (folder / CONFIG).write_text(f"{config}\nc.Execute.timeout = {TIMEOUT}\n", encoding="utf-8")
    nbformat.write(master(), source / f"{UNIT}.ipynb")
    pipeline = Pipeline(Course(folder))
    pipeline.generate(UNIT)
    return pipeline


def skeleton_of(pipeline: Pipeline, unit: str = UNIT) -> Skeleton:
    """The unit's skeleton."""
    with pipeline.gradebook() as gradebook:
        regions = scheme.Regions.of(pipeline.config)
        return load(gradebook, unit, pipeline.course.master(unit), regions)


def intake_of(pipeline: Pipeline, unit: str = UNIT) -> Intake:
    """The unit's intake, as grading has it."""
    submitted = submitted_of(pipeline.api.coursedir)
    return Intake(submitted, skeleton_of(pipeline, unit))


def released(pipeline: Pipeline, unit: str = UNIT) -> NotebookNode:
    """The unit's released notebook."""
    return read_notebook(pipeline.course.release(unit))
