"""What a student's session shows, in a real kernel."""

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

START = """
from course_utils import session
session.start("u1")
from course_utils.checks import check
def normalizar(x):
    raise NotImplementedError()
"""


def outputs_of(*sources: str) -> list[nbformat.NotebookNode]:
    """The outputs of the last cell."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in (START, *sources)])
    NotebookClient(notebook, allow_errors=True).execute()
    return list(notebook.cells[-1].outputs)


def error_of(*sources: str) -> nbformat.NotebookNode:
    """The error output of the last cell."""
    return next(out for out in outputs_of(*sources) if out.output_type == "error")


def test_a_cell_that_reaches_a_stub_says_which_exercise_it_needs():
    error = error_of("normalizar(1)")
    assert error.traceback == [
        "○ Esta celda usa el ejercicio `normalizar`, que está sin empezar. "
        "Vuelve a ella cuando lo tengas."
    ]


def test_a_figure_that_a_stub_leaves_empty_is_not_shown():
    outputs = outputs_of("import matplotlib.pyplot as plt", "plt.subplots()\nnormalizar(1)")
    assert [output.output_type for output in outputs] == ["error"]


@pytest.mark.parametrize("source", ["print(perdidas)", "[perdidas[i] for i in range(2)]"])
def test_a_cell_that_needs_another_cells_name_says_which(source: str):
    error = error_of(source)
    assert error.traceback == [
        "○ Esta celda usa `perdidas`, que todavía no existe: se crea en otra celda."
    ]


def test_a_wrong_name_inside_a_function_keeps_its_traceback():
    error = error_of("def f():\n    return nada\n", "f()")
    assert len(error.traceback) > 1
    assert "NameError" in error.traceback[-1]
    assert "Esta celda" not in "".join(error.traceback)


def test_a_librarys_own_not_implemented_keeps_its_traceback():
    error = error_of("raise NotImplementedError('no such kernel')")
    assert "no such kernel" in "".join(error.traceback)


def test_an_error_in_an_answer_shows_its_line_in_place_of_a_traceback():
    error = error_of(
        "def normalizar(x):\n    total = x + 1\n    return total / 0\n",
        "@check('u1-ej1')\ndef _visible(c):\n    c.call(normalizar, 1)\n",
    )
    assert error.traceback[:3] == [
        "⚠ Ejercicio 1.1 · error de ejecución",
        "Tu código divide por cero.",
        "En tu código, línea 3: return total / 0",
    ]


@pytest.mark.parametrize("source", ["x = 1", "normalizar = None"])
def test_what_is_no_answer_is_said_in_one_sentence(source: str):
    error = error_of(source, "@check('u1-ej1')\ndef _visible(c):\n    c.call(normalizar, 1)\n")
    assert len(error.traceback) <= 4
    assert "Ejercicio 1.1" in error.traceback[0]


@pytest.mark.parametrize("optimize", [True, False])
def test_graphs_run_as_they_were_traced_where_the_unit_says_so(optimize: bool):
    start = f"session.start('u1', tensorflow=True, optimize_graphs={optimize})"
    look = (
        "import tensorflow as tf\n"
        "print(tf.config.optimizer.get_experimental_options().get('disable_meta_optimizer'))"
    )
    (shown,) = outputs_of(start, look)
    assert shown.text.strip() in (["None", "False"] if optimize else ["True"])
