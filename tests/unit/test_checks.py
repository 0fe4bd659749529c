"""The words of test cells: outcomes, comparison, diagnosis."""

import importlib
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from course_utils.checks import (
    Check,
    ExecutionError,
    Incorrect,
    NotStarted,
    check,
    pista,
    plain,
    same,
    warnings_of,
)
from course_utils.checks.outcomes import exercise_title


def stub(x: Any) -> Any:
    raise NotImplementedError


def outcome_of(test: Callable[[Check], None], *, hidden: bool = False) -> Any:
    """The outcome that a failing test ends in."""
    with pytest.raises(AssertionError) as caught:
        check("u9-ej1", hidden=hidden)(test)
    return caught.value


def test_a_stub_reads_as_not_started():
    outcome = outcome_of(lambda c: c.call(stub, 1))
    assert isinstance(outcome, NotStarted)
    assert outcome.lines()[0] == "○ Ejercicio 9.1 · sin empezar"


def test_a_librarys_own_not_implemented_is_an_execution_error():
    def library(x):
        raise NotImplementedError("Cannot convert a symbolic tensor to a NumPy array")

    assert isinstance(outcome_of(lambda c: c.call(library, 1)), ExecutionError)


def test_a_name_that_no_cell_defined_is_explained():
    outcome = outcome_of(lambda c: c.call(no_such_function, 1))  # noqa: F821
    assert isinstance(outcome, ExecutionError)
    assert "No existe `no_such_function`: ejecuta primero la celda" in str(outcome)


def test_an_error_shows_the_students_own_line():
    def divide(x):
        return x / 0

    outcome = outcome_of(lambda c: c.call(divide, 1))
    assert str(outcome) == "Tu código divide por cero."
    # The test stands in the same file as the answer here, so it is not shown as the student's.
    assert outcome.details == ()


def test_a_known_crash_gets_the_sentence_of_its_mistake():
    def only_many(x):
        return x.no_such_method()

    outcome = outcome_of(lambda c: c.call(only_many, 1, on_error="Con una sola fila falla."))
    assert str(outcome) == "Con una sola fila falla."
    assert any("no tiene `no_such_method`" in line for line in outcome.details)
    assert any("x.no_such_method()" in line for line in outcome.details)


def test_none_asks_for_the_return():
    outcome = outcome_of(lambda c: c.call(lambda x: None, 1))
    assert isinstance(outcome, Incorrect)
    assert "¿falta el `return`?" in str(outcome)
    assert "mira de qué llamada sale ese None" in str(outcome)  # return model.compile(…)


def test_an_object_that_is_called_is_not_given_a_name():
    class Model:
        def __call__(self, x: object) -> None: ...

    said = str(outcome_of(lambda c: c.call(Model(), 1)))
    assert said.startswith("Tu función devolvió None")


def test_the_number_of_values_is_said():
    outcome = outcome_of(lambda c: c.call(lambda x: (x, x), 1, returns=3))
    assert "debe devolver 3 valores y devolvió 2" in str(outcome)


def test_passing_a_visible_test_says_that_hidden_ones_remain(capsys):
    check("u9-ej2")(lambda c: c.equal(1.0, 1))
    assert "Ejercicio 9.2 · pruebas visibles superadas. Quedan pruebas ocultas" in (
        capsys.readouterr().out
    )


def test_passing_a_hidden_test_says_nothing(capsys):
    check("u9-ej2", hidden=True)(lambda c: c.equal(1.0, 1))
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "value",
    [[1.0, 2.0], (1, 2), np.float32([1, 2]), pd.Series([1.0, 2.0]), [np.float64(1), np.array(2)]],
    ids=["list", "tuple", "float32", "Series", "0-d"],
)
def test_equal_accepts_the_numbers_whatever_holds_them(value):
    check("u9-ej1", hidden=True)(lambda c: c.equal(value, np.array([1.0, 2.0])))


def test_equal_accepts_rounding_beside_large_values_and_refuses_a_real_difference():
    reference = np.array([1e4, 0.0])
    assert same([1e4, 1e-3], reference)
    assert not same([1e4, 1.0], reference)
    assert not same([[1e4, 0.0]], reference)


def test_a_mistakes_value_gets_its_sentence_whatever_its_shape():
    mistakes = {"Sumaste en lugar de promediar.": lambda: 6.0}
    outcome = outcome_of(lambda c: c.equal(6.0, [2.0, 2.0], mistakes=mistakes))
    assert str(outcome) == "Sumaste en lugar de promediar."


def test_a_visible_test_shows_the_values_and_a_hidden_one_does_not():
    shown = outcome_of(lambda c: c.equal(41.5, 17.25, "mu"))
    assert "`mu` debe ser 17.25 y es 41.5" in str(shown)
    withheld = outcome_of(lambda c: c.equal(41.5, 17.25, "mu"), hidden=True)
    assert "17.25" not in str(withheld)
    assert "41.5" not in str(withheld)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("hola", "debe tener números y es de tipo `str`"),
        ([1.0], "tiene forma (1,) y debe tener forma (2,)"),
        ([1.0, np.nan], "contiene NaN o infinitos"),
    ],
)
def test_what_differs_is_named(value, sentence):
    assert sentence in str(outcome_of(lambda c: c.equal(value, [1.0, 2.0], "mu")))


def test_another_accepted_shape_is_compared_by_its_numbers():
    check("u9-ej1", hidden=True)(lambda c: c.equal([[1, 2]], [1, 2], shapes=[(1, 2)]))
    outcome_of(lambda c: c.equal([[1, 3]], [1, 2], shapes=[(1, 2)]))


def test_arguments_are_copied_so_that_an_answer_cannot_spoil_the_test():
    x = np.zeros(2)

    def spoil(a):
        a += 1
        return a

    check("u9-ej1", hidden=True)(lambda c: c.call(spoil, x))
    assert (x == 0).all()


def test_a_changed_argument_is_noticed():
    def spoil(a):
        a += 1
        return a

    outcome = outcome_of(lambda c: c.unchanged(spoil, np.zeros(2), sentence="La entrada cambió."))
    assert str(outcome) == "La entrada cambió."
    check("u9-ej1", hidden=True)(
        lambda c: c.unchanged(lambda a: a + 1, np.zeros(2), sentence="La entrada cambió.")
    )


def test_a_stand_in_is_reached_through_its_own_type():
    class StandIn:
        def call_with_arguments(self, args, kwargs, *, back):
            return 2 * args[0], (args[0] + 1,)

        def run_beside(self, probe, args):
            return "beside"

    c = Check("u9-ej1")
    assert c.call_back(StandIn(), 21) == (42, (22,))
    assert c.beside(lambda f: "here", StandIn()) == "beside"
    assert c.beside(lambda f: "here", 1) == "here"


def test_warnings_are_seen_from_beside():
    def noisy(x):
        warnings.warn("cuidado", stacklevel=1)
        return x

    assert Check("u9-ej1").beside(warnings_of, noisy, 1) == ["cuidado"]
    assert Check("u9-ej1").beside(warnings_of, abs, 1) == []


def test_plain_brings_tensors_and_tables_to_numpy():
    tf = importlib.import_module("tensorflow")
    torch = importlib.import_module("torch")
    values = [tf.constant([1.0]), tf.Variable([1.0]), torch.ones(1, requires_grad=True)]
    for value in [*values, pd.Series([1.0])]:
        assert type(plain(value)) is np.ndarray
    assert plain({"a": values[0]}) == {"a": np.array([1.0])}


def test_hints_come_one_by_one_and_stay_at_the_last(capsys):
    for step in (1, 2, 3, 3):
        pista("u1-ej1")
        assert f"pista {step} de 3" in capsys.readouterr().out
    pista("u1-ej1", 1)
    assert "pista 1 de 3" in capsys.readouterr().out
    pista("u1-ej99")
    assert "No hay pistas para «u1-ej99»" in capsys.readouterr().out


def test_the_title_of_an_exercise_is_unit_and_number():
    assert exercise_title("u4-ej7") == "Ejercicio 4.7"
