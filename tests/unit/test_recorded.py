"""Recorded mistakes: an answer is named only if all its values are the recorded ones."""

import contextlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from course_utils.checks import Check, ExecutionError, check, recorded
from course_utils.checks.readings import written
from course_utils.checks.recorded import Mistake, observed, sentence_of

CUBE = "Elevaste al cubo."
LATER = "Con dos filas restas la media de todas."


def _test(function: Callable[[Any], Any]) -> Callable[[Check], None]:
    def test(c: Check) -> None:
        c.equal(c.call(function, np.array([1.0, 2.5])), [1.0, 2.5], "el resultado")
        c.call(function, np.array([[4.0, 1.0], [2.0, 7.5]]))

    return test


def right(x: Any) -> Any:
    return x


def cube(x: Any) -> Any:
    return x**3 + 2


def cube_of_vectors(x: Any) -> Any:
    """The same, but not of matrices: another mistake."""
    return cube(x) if np.ndim(x) == 1 else x.T


def late(x: Any) -> Any:
    """What the test judges is right; what it calls last is not."""
    return x if np.ndim(x) == 1 else x - x.mean()


def readings(function: Callable[[Any], Any]) -> tuple[Any, ...]:
    with observed() as run, contextlib.suppress(AssertionError):
        check("u9-ej1")(_test(function))
    return tuple(map(written, run.readings))


@pytest.fixture(autouse=True)
def _two_mistakes(monkeypatch: pytest.MonkeyPatch) -> None:
    known = (Mistake(CUBE, readings(cube)), Mistake(LATER, readings(late)))
    monkeypatch.setattr(recorded, "mistakes_of", lambda name: known if name == "u9-ej1" else ())


def outcome(function: Callable[[Any], Any], *, hidden: bool = False) -> str:
    with pytest.raises(AssertionError) as caught:
        check("u9-ej1", hidden=hidden)(_test(function))
    return str(caught.value)


def test_a_recorded_mistake_is_named_instead_of_numbers():
    assert outcome(cube) == CUBE
    assert outcome(lambda x: np.float32(cube(x))) == CUBE
    assert outcome(lambda x: cube(x).tolist()) == CUBE


def test_a_mistake_that_passes_every_judgement_fails_and_is_named():
    assert outcome(late) == LATER


def test_right_answers_of_any_form_read_nothing(capsys: pytest.CaptureFixture[str]):
    for form in (right, np.float32, lambda x: x.tolist(), lambda x: x + 1e-9):
        check("u9-ej1")(_test(form))
    assert "superadas" in capsys.readouterr().out


def test_all_calls_have_to_give_the_mistakes_values():
    assert "debe ser" in outcome(cube_of_vectors)


def test_an_answer_that_is_no_recorded_mistake_is_called_no_more_than_needed():
    calls: list[Any] = []

    def other(x: Any) -> Any:
        calls.append(x)
        return 3.5 * x + x[::-1] ** 2

    outcome(other)
    assert len(calls) == 1


def test_what_python_says_goes_first():
    def crash(x: Any) -> Any:
        raise ZeroDivisionError

    with pytest.raises(ExecutionError, match="divide por cero"):
        check("u9-ej1")(_test(crash))


def test_an_exception_after_the_first_failure_does_not_hide_it():
    def crash_later(x: Any) -> Any:
        return cube(x) if np.ndim(x) == 1 else 1 / 0

    assert "debe ser" in outcome(crash_later)


def test_a_hidden_test_looks_nothing_up():
    assert outcome(cube, hidden=True) == "`el resultado` no vale lo que debe con otros datos."


def test_numbers_that_the_test_read_stand_and_not_those_that_were_recorded(
    monkeypatch: pytest.MonkeyPatch,
):
    def sized(x: Any) -> Any:
        return x[:1]

    def test(c: Check) -> None:
        size = len(c.call(sized, np.arange(3.0)))
        c.that(size == 3, f"Hay {size} valores y deben ser 3.")

    known = (Mistake("Hay 2 valores y deben ser 3.", (None, False)),)
    monkeypatch.setattr(recorded, "mistakes_of", lambda _: known)
    with pytest.raises(AssertionError) as caught:
        check("u9-ej1")(test)
    assert str(caught.value) == "Hay 1 valores y deben ser 3."


def test_the_mistake_that_says_more_speaks(monkeypatch: pytest.MonkeyPatch):
    seen = readings(cube)
    vague = ({"shape": [2]}, *seen[1:])
    both = (Mistake("Algo.", vague), Mistake(CUBE, seen))
    monkeypatch.setattr(recorded, "mistakes_of", lambda _: both)
    with observed() as run, contextlib.suppress(AssertionError):
        check("u9-ej1")(_test(cube))
    assert sentence_of("u9-ej1", run.readings) == CUBE
