"""What a student's session shows, in a real kernel."""

from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import start_new_kernel
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


Run = Callable[[str, str], str]
RIGHT = "def normalizar(x):\n    return x\n"
BROKEN = "def normalizar(x):\n    return (x\n"
VISIBLE = "@check('u1-ej1')\ndef _visible(c):\n    c.equal(c.call(normalizar, 1), 1)\n"


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    """Runs a cell as JupyterLab does, with its id: what it shows."""
    manager, client = start_new_kernel()

    def run_cell(cell: str, source: str) -> str:
        content = {"code": source, "silent": False, "store_history": True, "allow_stdin": False}
        metadata = {"cellId": cell} if cell else {}
        request = client.session.msg("execute_request", content, metadata=metadata)
        client.shell_channel.send(request)
        shown = []
        while True:
            message = client.get_iopub_msg(timeout=60)
            if message["parent_header"].get("msg_id") != request["header"]["msg_id"]:
                continue
            if message["content"].get("execution_state") == "idle":
                return "\n".join(shown)
            shown.append(message["content"].get("text", ""))
            shown += message["content"].get("traceback", [])

    assert "todo listo" in run_cell("u1-preparacion", START)
    yield run_cell
    client.stop_channels()
    manager.shutdown_kernel(now=True)


# The ids that JupyterLab, VS Code and Colab send for the answer's cell.
@pytest.mark.parametrize("answer", ["u1-ej1", "vscode-notebook-cell:/x#W3sZ", ""])
def test_the_newest_version_of_an_answer_counts(run: Run, answer: str):
    run(answer, RIGHT)
    assert "✔" in run("u1-ej1-visible", VISIBLE)
    run(answer, BROKEN)
    shown = run("u1-ej1-visible", VISIBLE)
    assert "✔" not in shown
    assert "⚠ Ejercicio 1.1 · error de ejecución" in shown
    assert "La última celda que define `normalizar` se detuvo en la línea 2" in shown
    panel = run("panel", "from course_utils.checks.progress import progress\nprint(progress('u1'))")
    assert "Superaste 0 de 5" in panel
    run("" if not answer else "scratch", "print(normalizar(")
    run(answer, RIGHT)
    run("" if not answer else "scratch", "print(normalizar(")
    assert "✔" in run("u1-ej1-visible", VISIBLE)


def demonstration(name: str) -> str:
    """Text of a demonstration of unit 1, as students get it."""
    (released,) = Path(__file__).parents[2].glob("release/01-*/*.ipynb")
    (cell,) = (c for c in nbformat.read(released, as_version=4).cells if c.id == name)
    return cell.source


def passed(*exercises: str) -> str:
    """A cell after which the visible tests of these exercises have passed."""
    notes = "".join(f"progress.note({exercise!r}, progress.PASSED)\n" for exercise in exercises)
    return f"from course_utils.checks import progress\n{notes}"


NEW = (
    "import numpy as np, pandas as pd\nfrom course_utils.checks import plain\n"
    "mu = sigma = np.ones(2)\nnorm_model = lambda x: x\n"
)


@pytest.mark.parametrize(
    ("done", "left"),
    [
        ((), "los ejercicios 1.3 y 1.4: ejecútala después de superar sus pruebas visibles."),
        (("u1-ej3",), "el ejercicio 1.4: ejecútala después de superar su prueba visible."),
    ],
)
def test_a_demonstration_waits_for_the_exercises_that_it_calls(done: tuple[str, ...], left: str):
    # It calls exercise 1.4 through a function that an earlier demonstration defines.
    error = error_of(passed(*done), demonstration("u1-demo-entrenar-adam"))
    assert error.traceback == [f"○ Esta demostración usa {left}"]


def test_a_demonstration_runs_once_its_exercises_have_passed():
    answer = "def aplicar_normalizacion(x, mu, sigma):\n    return (x - mu) / sigma\n"
    outputs = outputs_of(NEW + answer, passed("u1-ej2"), demonstration("u1-demo-nuevos"))
    assert [output.output_type for output in outputs] == ["execute_result"]


def test_an_error_of_an_answer_inside_a_demonstration_is_one_sentence_and_its_line():
    answer = "def aplicar_normalizacion(x, mu, sigma):\n    return x[7]\n"
    error = error_of(NEW + answer, passed("u1-ej2"), demonstration("u1-demo-nuevos"))
    assert error.traceback == [
        "⚠ La demostración se detuvo en tu `aplicar_normalizacion` (ejercicio 1.2). "
        "Tu código pide una posición que no existe en el array o la lista.",
        "En tu código, línea 6: return x[7]",
    ]


def test_what_a_demonstration_can_not_use_is_said_with_the_librarys_message_in_brackets():
    answer = "def aplicar_normalizacion(x, mu, sigma):\n    return 7\n"
    error = error_of(NEW + answer, passed("u1-ej2"), demonstration("u1-demo-nuevos"))
    assert error.traceback == [
        "⚠ La demostración se detuvo fuera de tus funciones, quizá por lo que devuelven "
        "(ejercicio 1.2): compáralo con el enunciado "
        "(TypeError: 'int' object is not subscriptable)."
    ]


def test_a_name_that_another_cell_makes_is_still_named_in_a_demonstration():
    error = error_of(passed("u1-ej2"), demonstration("u1-demo-nuevos"))
    assert error.traceback == [
        "○ Esta celda usa `np`, que todavía no existe: se crea en otra celda."
    ]


def test_a_students_own_cell_is_no_demonstration():
    text = demonstration("u1-demo-nuevos")
    error = error_of(NEW, text, text + "\nprint(1 / 0)")  # refused; then changed: not refused
    assert error.traceback[0].startswith("○ Esta celda usa `aplicar_normalizacion`")
    error = error_of(NEW, text, "1 / 0")
    assert "ZeroDivisionError" in error.traceback[-1]
    assert len(error.traceback) > 1


def test_a_guess_is_answered_below_the_cell_that_shows_the_answer():
    shown = "x, y = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([0, 1])\n"
    plots = "import numpy as np, matplotlib.pyplot as plt\nBLUE = ORANGE = 'k'\nMARKERS = 'o^'\n"
    guess = "from course_utils.checks import predice\npredice('u1-p1', 'a')"
    outputs = outputs_of(plots + shown, guess, demonstration("u1-dispersion"))
    assert [output.output_type for output in outputs] == ["display_data"] * 2
    assert "image/png" in outputs[0].data  # the figure comes first
    page = outputs[1].data["text/html"]
    assert "Elegiste a) Una que sube hacia la derecha; lo que se ve es b)" in page
    unasked = outputs_of(plots + shown, demonstration("u1-dispersion"))
    assert len(unasked) == 1


def test_a_guess_waits_while_its_cell_stops_with_an_error():
    guess = "from course_utils.checks import predice\npredice('u1-p1', 'b')"
    outputs = outputs_of(guess, demonstration("u1-dispersion"))  # x does not exist
    assert [output.output_type for output in outputs] == ["error"]
