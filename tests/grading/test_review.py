"""``revisar``: the saved file in a clean process, and what it says of it."""

import contextlib
import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from course_utils.checks import check
from course_utils.checks import progress as panel
from course_utils.grading.course import Course, cells_by_grade_id, read_notebook
from course_utils.grading.release.submissions import fill, saved_by_colab, solutions
from course_utils.review import revisar
from course_utils.review import saved as files
from course_utils.review.lacks import available, lacking
from course_utils.review.review import review_of

COURSE = Course(Path(__file__).parents[2])
UNIT = "01-regresion-logistica-keras"
WRONG = "def normalizar(x):\n    return (x - x.mean()) / x.std(0), x.mean(), x.std(0)\n"
BROKEN = "def aplicar_normalizacion(x_nuevo, mu, sigma):\n    return x_nuevo @ np.ones((7, 7))\n"


@pytest.fixture(autouse=True)
def _fresh_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panel, "_session", panel._Session())


def released() -> nbformat.NotebookNode:
    return read_notebook(COURSE.release(UNIT))


def write(folder: Path, notebook: nbformat.NotebookNode, name: str = UNIT) -> Path:
    path = folder / f"{name}.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def right_answers() -> dict[str, str]:
    return solutions(read_notebook(COURSE.master(UNIT)))


def test_the_clean_run_tells_what_a_grader_sees_and_leaves_a_receipt(tmp_path: Path, capsys):
    answers = right_answers() | {"u1-ej1": WRONG, "u1-ej2": BROKEN}
    del answers["u1-ej5"]
    path = write(tmp_path, fill(released(), answers))
    before = path.read_bytes()
    with contextlib.suppress(AssertionError):
        check("u1-ej1")(lambda c: c.equal(1, 1))  # what the session's memory says
    revisar(path)
    said = capsys.readouterr().out
    assert path.read_bytes() == before
    assert "✘ incorrecto" in said
    assert "Ejercicio 1.1, incorrecto: Parece que usaste la media de toda la matriz" in said
    assert "En tu código, línea 2: return x_nuevo @ np.ones((7, 7))" in said
    assert "Ejercicio 1.1: en tu sesión está «superado»" in said
    assert "Superaste 2 de 5 pruebas visibles" in said
    assert "La reflexión está sin escribir." in said
    assert "Ninguna celda se había ejecutado" in said
    receipt = (tmp_path / "recibo-u1.txt").read_text(encoding="utf-8")
    assert receipt.strip() in said
    assert files.read(path).sha256 in receipt
    assert "2 de 5 (1.1 incorrecto; 1.2 error de ejecución; 1.3 superado" in receipt


def test_a_notebook_that_colab_saved_reads_the_same(tmp_path: Path):
    notebook = saved_by_colab(fill(released(), right_answers()))
    review = review_of(files.read(write(tmp_path, notebook)))
    assert [state for _, state in review.table.rows] == 5 * ["superado"]
    assert "celdas del curso" not in " ".join(review.notes)


def test_a_file_that_calls_revisar_is_reviewed_once(tmp_path: Path):
    notebook = fill(released(), right_answers())
    cells_by_grade_id(notebook)["u1-ej2"].source += f'\nrevisar("{UNIT}.ipynb")'
    notebook.cells.append(nbformat.v4.new_code_cell(f'revisar("{UNIT}.ipynb")'))
    path = write(tmp_path, notebook)
    review = review_of(files.read(path))
    assert "5 de 5" in "\n".join(review.receipt)
    assert not (tmp_path / "recibo-u1.txt").exists()


def test_in_a_run_that_nobody_watches_it_does_nothing(tmp_path: Path, capsys, monkeypatch):
    path = write(tmp_path, released())
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    revisar(path)
    assert capsys.readouterr().out == ""
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_reviewed_is_said_in_one_sentence(tmp_path: Path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    other = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")])
    Path("texto.ipynb").write_text("hola")
    for argument, sentence in (
        ("nada.ipynb", "No se puede leer el archivo nada.ipynb"),
        ("texto.ipynb", "texto.ipynb no es un notebook de Jupyter"),
        (write(tmp_path, other, "otro"), "no tiene ninguna celda del curso"),
        (None, "No encuentro el archivo de este notebook"),
    ):
        revisar(argument)
        said = capsys.readouterr().out
        assert sentence in said
        assert said.count("\n") == 1


def test_the_notebook_is_found_by_the_sessions_name_and_by_the_units(tmp_path: Path, monkeypatch):
    from course_utils.review.review import _own_file

    monkeypatch.chdir(tmp_path)
    write(tmp_path, released())
    panel.begin("u1")
    monkeypatch.setenv("JPY_SESSION_NAME", "")
    assert _own_file() == Path(f"{UNIT}.ipynb")
    write(tmp_path, released(), "mi copia")
    monkeypatch.setenv("JPY_SESSION_NAME", str(tmp_path / "mi copia.ipynb"))
    assert _own_file().name == "mi copia.ipynb"
    monkeypatch.setenv("JPY_SESSION_NAME", "work/mi copia.ipynb")  # relative to the server's root
    assert _own_file().name == "mi copia.ipynb"


def _drop(name: str) -> Callable[[nbformat.NotebookNode], None]:
    return lambda nb: nb.cells.remove(cells_by_grade_id(nb)[name])


def _write_over(name: str) -> Callable[[nbformat.NotebookNode], None]:
    return lambda nb: cells_by_grade_id(nb)[name].update(source="pass")


def _copy(name: str) -> Callable[[nbformat.NotebookNode], None]:
    return lambda nb: nb.cells.append(dict(cells_by_grade_id(nb)[name]) | {"id": "copy"})


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (_drop("u1-ej2-visible"), "Faltan celdas del curso (prueba visible del ejercicio 1.2)"),
        (_drop("u1-ej2"), "Falta la celda de tu respuesta (ejercicio 1.2)"),
        (_write_over("u1-ej3-visible"), "Hay celdas del curso cambiadas (prueba visible del eje"),
        (_write_over("u1-preparacion"), "Hay celdas del curso cambiadas (`u1-preparacion`)"),
        (_copy("u1-ej4"), "más de una celda para la misma respuesta (ejercicio 1.4)"),
    ],
)
def test_what_would_need_repair_is_named(damage, sentence, tmp_path: Path):
    notebook = released()
    damage(notebook)
    found = files.repairs(files.read(write(tmp_path, notebook)))
    assert len(found) == 1
    assert sentence in found[0]


def test_an_undamaged_release_needs_no_repair_and_another_name_does(tmp_path: Path):
    assert files.repairs(files.read(write(tmp_path, released()))) == []
    found = files.repairs(files.read(write(tmp_path, released(), f"Copia de {UNIT}")))
    assert found == [f"El archivo debe llamarse {UNIT}.ipynb."]


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ([None, None, None], "Ninguna celda se había ejecutado"),
        ([1, 2, 3], "en orden y sin saltear"),
        ([4, 5, 9], "en orden y sin saltear"),
        ([1, None, 3], "en orden; quedó 1 celda"),
        ([1, 3, 2], "fuera de orden: la que empieza con «c = 3»"),
    ],
)
def test_the_order_of_execution_is_told(counts, sentence, tmp_path: Path):
    notebook = released()
    notebook.cells = [cells_by_grade_id(notebook)["u1-ej1-enunciado"]]
    notebook.cells.append(nbformat.v4.new_code_cell('pista("u1-ej1")', execution_count=99))
    for count, source in zip(counts, ("a = 1", "b = 2", "c = 3"), strict=True):
        notebook.cells.append(nbformat.v4.new_code_cell(source, execution_count=count))
    assert sentence in files.order(files.read(write(tmp_path, notebook)))


def test_a_file_older_than_the_last_check_asks_to_save(tmp_path: Path):
    path = write(tmp_path, released())
    os.utime(path, (time.time() - 7300, time.time() - 7300))
    saved = files.read(path)
    assert "hace 2 horas" in files.age(saved, 0.0)
    assert "guarda" not in files.age(saved, 0.0)
    assert "guarda (Ctrl+S)" in files.age(saved, time.time())


def test_the_answers_checksum_survives_a_save_and_not_another_answer(tmp_path: Path):
    notebook = fill(released(), right_answers())
    first = files.read(write(tmp_path, notebook))
    notebook.cells[-1].source += "\n"
    notebook.metadata["saved"] = "again"
    second = files.read(write(tmp_path, notebook))
    assert first.sha256 != second.sha256
    assert first.answers == second.answers
    changed = files.read(write(tmp_path, fill(notebook, {"u1-ej1": WRONG})))
    assert changed.answers != first.answers


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("from google.colab import drive", "Usas `google.colab`, que solo existe en Colab"),
        ("from google import colab", "Usas `google.colab`, que solo existe en Colab"),
        ("import google.colab.files", "Usas `google.colab`, que solo existe en Colab"),
        ("import seabirds.plots as sb", "Importas `seabirds`, que no es una biblioteca del curso"),
        ("import mis_funciones", "Importas `mis_funciones`, un archivo tuyo: entrégalo junto"),
        ("n = int(input('n: '))", "Pides algo por teclado con `input()`"),
        ("!pip install seabirds", "Instalas bibliotecas"),
        ("%pip install seabirds", "Instalas bibliotecas"),
        ("!python -m pip install x", "Instalas bibliotecas"),
        ("exit()", "Tu código termina el programa con `exit`"),
        ("quit", "Tu código termina el programa con `quit`"),
        ("import sys; sys.exit(1)", "Tu código termina el programa con `sys.exit`"),
        ("breakpoint()", "Quedó una parada del depurador, `breakpoint()`"),
        ("import pdb; pdb.set_trace()", "Quedó una parada del depurador, `pdb.set_trace()`"),
        ("open('mis_datos.csv')", "Usas el archivo `mis_datos.csv`, que es tuyo: entrégalo"),
        ("open('/content/drive/MyDrive/x.csv')", "que no se entrega: ponlo junto al notebook"),
    ],
)
def test_what_grading_does_not_have_is_named_with_its_place(line, sentence, tmp_path: Path):
    for name in ("mis_funciones.py", "mis_datos.csv"):
        (tmp_path / name).touch()
    answers = right_answers()
    notebook = fill(released(), answers | {"u1-ej2": f"{line}\n{answers['u1-ej2']}"})
    (said,) = lacking(files.read(write(tmp_path, notebook)))
    assert sentence in said
    assert said.endswith(" (ejercicio 1.2).")
    notebook = fill(released(), answers)
    notebook.cells.append(nbformat.v4.new_code_cell(line))
    (said,) = lacking(files.read(write(tmp_path, notebook)))
    assert said.endswith(" (una celda tuya).")


def test_what_the_course_brings_along_is_there_when_grading(tmp_path: Path):
    own = """
import os, json, numpy.linalg, matplotlib.pyplot as plt, PIL.Image, scipy.stats, IPython, torch
from course_utils.plots import style
import google.protobuf
from . import algo
datos = np.loadtxt("study_logistic_2d.csv", delimiter=",", skiprows=1)
"""
    (tmp_path / "study_logistic_2d.csv").touch()
    notebook = fill(released(), right_answers())
    notebook.cells.append(nbformat.v4.new_code_cell(own))
    notebook.cells.append(nbformat.v4.new_code_cell("x = ("))
    assert lacking(files.read(write(tmp_path, notebook))) == []
    assert {"numpy", "keras", "os"} <= available()
    assert "nbgrader" not in available()
