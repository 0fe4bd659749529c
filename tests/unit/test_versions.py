"""A check judges the newest version of an answer, in every front end that sends its cells."""

from collections.abc import Callable

import pytest
from IPython.core.interactiveshell import InteractiveShell

from course_utils.checks import ExecutionError, check, stops, versions
from course_utils.checks import progress as panel

RIGHT = "def normalizar(x):\n    return x"
BROKEN = "def normalizar(x):\n    return (x"
STOPS = "import no_such_library\ndef normalizar(x):\n    return x"
ANSWER = "u1-ej1"
Run = Callable[..., None]


@pytest.fixture(params=["jupyterlab", "vscode", "colab"])
def run(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a cell as a front end does: in the answer's cell, or in another."""
    monkeypatch.setattr(panel, "_session", panel._Session())
    monkeypatch.setattr(versions, "_session", versions._Versions())
    shell = InteractiveShell()
    versions.watch(shell)
    versions.watch(shell)
    ids = {
        "jupyterlab": {ANSWER: ANSWER},
        "vscode": {ANSWER: "vscode-notebook-cell:W3sZ", "scratch": "vscode-notebook-cell:W4sZ"},
        "colab": {ANSWER: None, "scratch": None},
    }[request.param]

    def run_cell(source: str, cell: str = ANSWER) -> None:
        shell.run_cell(source, store_history=True, cell_id=ids.get(cell, cell))

    run_cell.front_end = request.param  # type: ignore[attr-defined]
    return run_cell


def passes() -> bool:
    """Whether a visible test that any answer passes does pass."""
    try:
        check(ANSWER)(lambda c: c.equal(1, 1))
    except ExecutionError:
        return False
    return True


def test_an_older_version_is_not_praised_for_a_newer_one_that_is_no_python(run: Run, capsys):
    run(RIGHT)
    assert passes()
    assert panel.state_of(ANSWER) == panel.PASSED
    run(BROKEN)
    assert panel.state_of(ANSWER) == ExecutionError.state  # before any check runs again
    capsys.readouterr()
    with pytest.raises(ExecutionError) as caught:
        check(ANSWER)(lambda c: c.equal(1, 1))
    assert str(caught.value).startswith(
        "La última celda que define `normalizar` se detuvo en la línea 2, antes de llegar ahí. "
        "Python no entiende esa línea"
    )
    assert "✔" not in capsys.readouterr().out
    assert "⚠ error de ejecución" in str(panel.progress("u1"))
    run(RIGHT)
    assert passes()
    assert panel.state_of(ANSWER) == panel.PASSED


def test_nor_for_one_that_stopped_before_its_definition(run: Run):
    run(RIGHT)
    run(STOPS)
    assert not passes()
    found = versions.stopped(ANSWER)
    assert found is not None
    assert found.line == 1
    assert "No hay ninguna biblioteca `no_such_library`" in found.sentence


def test_the_first_version_may_be_the_broken_one(run: Run):
    run(BROKEN)
    assert not passes()


@pytest.mark.parametrize(
    "source",
    [
        "print(normalizar(",
        "normalizar(1) / 0",
        "def otra(x):\n    return (x",
        "%no_such_magic",
        "!false",
        "normalizar == (",
        "if True:\n    normalizar(",
    ],
)
def test_a_cell_that_defines_something_else_accuses_nobody(run: Run, source: str):
    run(RIGHT)
    run(source, "scratch")
    assert passes()


@pytest.mark.parametrize("before", ["", "nombres = !echo a b\n", "x = (7\n% 2)\n"])
def test_an_error_behind_the_definition_accuses_nobody(run: Run, before: str):
    """Also where the course's own parser takes IPython's, or Python's, lines for an error."""
    run(f"{before}{RIGHT}\nnormalizar(1) / 0")
    assert passes()


@pytest.mark.parametrize(
    ("source", "lines"),
    [("x = (7\n% 2)\ny = 1", [1, 3]), ("%time f()\ny = 1", [1, 2]), ("!ls\n\ny = 1", [1, 3])],
)
def test_lines_of_ipython_are_blanked_only_where_they_are_no_python(source: str, lines: list[int]):
    assert [statement.lineno for statement in stops.statements(source)] == lines


def test_another_cells_broken_draft_accuses_nobody_where_cells_have_ids(run: Run):
    run(RIGHT)
    run(BROKEN, "scratch")
    if run.front_end == "colab":  # type: ignore[attr-defined]
        found = versions.stopped(ANSWER)
        assert found is not None
        assert "Si era otra celda, vuelve a ejecutar la de tu respuesta." in found.sentence
    else:
        assert passes()
    run(RIGHT)
    assert passes()


def test_an_answer_in_a_new_cell_replaces_a_broken_one(run: Run):
    run(BROKEN)
    run(RIGHT, "scratch")
    assert passes()


def test_an_exercise_that_is_not_known_is_judged_as_ever(run: Run):
    run(BROKEN)
    check("u9-ej1")(lambda c: c.equal(1, 1))
    assert versions.stopped("nothing") is None
