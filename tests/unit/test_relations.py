"""Relations between a wrong value and the expected one: they speak, and they keep silent."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from course_utils.checks import check
from course_utils.checks.relations import relation

VECTOR = np.array([0.35, -1.2, 2.75, 7.1])
MATRIX = np.array([[1.5, -2.0, 0.25], [4.0, 8.5, -3.0], [0.5, 6.0, 9.25]])
COLUMN = VECTOR[:, None]
CHANCES = np.array([0.15, 0.4, 0.72])
POSITIVE = np.array([0.35, 1.2, 2.75, 7.1])
LOSS = np.array(0.366985)
LARGE = np.array([0.3, 1.2, 800.0, 900.0])

SPEAKS: dict[str, tuple[np.ndarray, np.ndarray, str]] = {
    "sign": (-VECTOR, VECTOR, "signo opuesto"),
    "sign of a loss": (-LOSS, LOSS, "signo opuesto"),
    "n times": (4 * VECTOR, VECTOR, "4 veces los esperados"),
    "twice a loss": (2 * LOSS, LOSS, "el doble"),
    "one n-th": (VECTOR / 4, VECTOR, "4 veces menores"),
    "half": (LOSS / 2, LOSS, "la mitad"),
    "per cent": (100 * CHANCES, CHANCES, "porcentajes"),
    "transposed": (MATRIX.T, MATRIX, "traspuestos"),
    "reversed": (VECTOR[::-1], VECTOR, "en orden inverso"),
    "rows reversed": (MATRIX[::-1], MATRIX, "filas en orden inverso"),
    "columns reversed": (MATRIX[:, ::-1], MATRIX, "columnas en orden inverso"),
    "rotated": (np.rot90(MATRIX), MATRIX, "girada"),
    "another order": (VECTOR[[2, 0, 3, 1]], VECTOR, "otro orden"),
    "two results swapped": (VECTOR[1::-1], VECTOR[:2], "orden inverso|otro orden"),
    "(n,) for (n, 1)": (VECTOR, COLUMN, "forma (n,): se pide una columna"),
    "(n, 1) for (n,)": (COLUMN, VECTOR, "en una columna, (n, 1)"),
    "broadcast": (VECTOR - COLUMN, VECTOR, "n × n valores"),
    "whole part": (np.trunc(VECTOR), VECTOR, "sin sus decimales"),
    "rounded": (np.round(VECTOR), VECTOR, "sin sus decimales"),
    "square": (VECTOR**2, VECTOR, "al cuadrado"),
    "root": (np.sqrt(POSITIVE), POSITIVE, "la raíz"),
    "base 2": (VECTOR / np.log(2), VECTOR, "base 2"),
    "base 10": (VECTOR / np.log(10), VECTOR, "base 10"),
    "1 - p": (1 - CHANCES, CHANCES, "1 menos los esperados"),
    "offset": (VECTOR + 0.77, VECTOR, "el mismo número"),
    "factor": (VECTOR * 1.37, VECTOR, "proporcionales"),
    "NaN where large": (np.where(LARGE > 700, np.nan, LARGE), LARGE, "salvo los más grandes"),
    "first row": (np.vstack([MATRIX[:1], MATRIX[1:] + MATRIX[:2]]), MATRIX, "primera fila"),
    "first column": (
        np.hstack([MATRIX[:, :1], MATRIX[:, 1:] * MATRIX[:, :2]]),
        MATRIX,
        "primera columna",
    ),
}


@pytest.mark.parametrize("name", SPEAKS)
def test_a_relation_speaks(name: str):
    got, expected, words = SPEAKS[name]
    assert any(word in relation(got, expected) for word in words.split("|")), relation(
        got, expected
    )
    assert relation(got.astype(np.float32), expected) == relation(got, expected)


@pytest.mark.parametrize("name", SPEAKS)
def test_a_relation_keeps_silent_on_a_near_miss(name: str):
    got, expected, words = SPEAKS[name]
    if name == "broadcast":  # its shape says it, whatever the numbers
        assert relation(got[:-1], expected) == ""
        return
    near = np.array(got, dtype=float)
    near.flat[0] += 0.02 * np.nanmax(np.abs(near))
    said = relation(near, expected)
    assert not any(word in said for word in words.split("|")), said


ONES = np.array([0.0, 1.0, 1.0, 0.0])
CHANCE: dict[str, tuple[Any, Any]] = {
    "labels the other way round": (1 - ONES, ONES),
    "labels reversed": (ONES[[1, 0, 0, 1]], ONES),
    "labels with another sign": (-ONES, ONES),
    "one number, twice": (4.0, 2.0),
    "one number, negative": (-0.5, 0.5),
    "one number, squared": (0.25, 0.5),
    "one number, 1 - p": (0.75, 0.25),
    "one count, three times": (6, 2),
    "all zero": ([0.0, 0.0, 0.0], [1.0, 2.5, 3.0]),
    "constant": ([2.0, 2.0, 2.0], [1.0, 1.0, 1.0]),
    "identity": (np.eye(3)[::-1], np.eye(3)),
    "symmetric": ([[1.0, 2.5], [2.5, 4.0]], [[1.0, 2.5], [2.5, 4.5]]),
    "text": (np.array(["a", "b"]), np.array([1.0, 2.0])),
    "nothing": ([], []),
    "all NaN": ([np.nan, np.nan], [1.5, 2.5]),
    "whole numbers near": ([1.0, 3.0], [1.5, 2.5]),
    "one number, whole": (1.0, np.log(3)),
    "one number with decimals": ([3.0, 1.0, 2.0], [3.0, 1.0, 2.25]),
}


@pytest.mark.parametrize("name", CHANCE)
def test_chance_is_no_relation(name: str):
    got, expected = map(np.asarray, CHANCE[name])
    assert relation(got, expected) == ""


def test_an_argument_that_comes_back_is_said():
    x, w = MATRIX, VECTOR
    assert "uno de los argumentos" in relation(x, 3.3 * x + 1, [w, x, len])
    assert "argumentos" not in relation(x + 0.01, 3.3 * x + 1, [w, x, len])
    assert "argumentos" not in relation(ONES, VECTOR, [ONES])  # anybody's zeros and ones


def test_a_matrix_as_large_as_an_argument_may_come_from_there():
    square = np.array([[1.5, -2.0], [0.25, 4.0]])
    assert "n × n" in relation(square, VECTOR[:2], [VECTOR[:2], len])
    assert relation(square**2 + 0.3, VECTOR[:2], [square, len]) == ""


def outcome(answer: Callable[[Any], Any], *, hidden: bool = False, **words: Any) -> str:
    with pytest.raises(AssertionError) as caught:
        check("u9-ej1", hidden=hidden)(
            lambda c: c.equal(c.call(answer, MATRIX), MATRIX * MATRIX.sum(), **words)
        )
    return str(caught.value)


def test_a_check_says_the_relation_where_no_mistake_fits():
    assert outcome(lambda x: -x * x.sum()) == "Tus valores son los esperados con el signo opuesto."
    assert "uno de los argumentos" in outcome(lambda x: x)
    known = {"Cambiaste el signo.": -MATRIX * MATRIX.sum()}
    assert outcome(lambda x: -x * x.sum(), mistakes=known) == "Cambiaste el signo."
    assert "debe ser" in outcome(lambda x: x**2 - 3.3)


def test_a_hidden_test_says_a_relation_and_shows_no_value():
    said = outcome(lambda x: x * x.sum() * 1.37, hidden=True)
    assert said == "Tus valores son proporcionales a los esperados: sobra o falta un factor."


def test_a_single_fraction_that_is_one_minus_another_is_no_probability():
    said = relation(np.array(1 - 0.636363), np.array(0.636363))
    assert said == "Tu valor es 1 menos el esperado."


def test_a_vector_with_infinities_has_no_offset():
    assert relation(np.array([np.inf, 1.2, 7.0]), VECTOR[:3]) == ""
    assert relation(np.full(4, np.inf), VECTOR) == ""
