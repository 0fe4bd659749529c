"""What a wrong value has to do with the expected one, where no known mistake gives it.

Each relation says only what is seen, and shows no value; so a hidden test may say it too. It stays
silent where it could hold by chance: on single numbers that are 0 or 1, on vectors of zeros and
ones, on constant or symmetric arrays.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from course_utils.checks.compare import as_numbers, same

Relation = Callable[[np.ndarray, np.ndarray], str]

_NEAR: Final = 1e-4
_MOST: Final = 1000  # examples over which a mean may have been taken once too often
# Whole sentences each: feedback pages repeat a sentence of this package's, and of what is filled
# into one only numbers.
_REVERSED: Final = (
    "Tus valores son los esperados, pero con las filas en orden inverso.",
    "Tus valores son los esperados, pero con las columnas en orden inverso.",
)
_ONLY_FIRST: Final = (
    "Solo la primera fila es la esperada; las demás no.",
    "Solo la primera columna es la esperada; las demás no.",
)
_FACTORS: Final = (
    (100.0, "Tus valores son 100 veces los esperados: parecen porcentajes."),
    (1 / np.log(2), "Tus valores son los esperados, pero con logaritmo en base 2 y no natural."),
    (1 / np.log(10), "Tus valores son los esperados, pero con logaritmo en base 10 y no natural."),
    (2.0, "Tus valores son el doble de los esperados: ¿sumas donde va una media?"),
    (0.5, "Tus valores son la mitad de los esperados: ¿divides de más?"),
)


def relation(got: np.ndarray, expected: np.ndarray, arguments: Sequence[Any] = ()) -> str:
    """The sentence of the first relation that holds; empty where none does.

    Args:
        got: the student's numbers.
        expected: the expected ones.
        arguments: what the student's function was called with.
    """
    if got.dtype.kind not in "biuf" or expected.dtype.kind not in "biuf" or not got.size:
        return ""
    g, w = got.astype(float), expected.astype(float)
    with np.errstate(all="ignore"):
        if not np.isfinite(w).all():
            return ""
        if _argument_returned(g, w, arguments):
            return "Tus valores son los de uno de los argumentos que recibes, sin cambios."
        shaped = _OF_SHAPE if _shape_of_one(g, arguments) else (*_OF_SHAPE, broadcast)
        relations = shaped if _by_chance(w) else (*shaped, *_OF_VALUES)
        return next(filter(None, (one(g, w) for one in relations)), "")


def _close(a: np.ndarray, b: np.ndarray) -> bool:
    return same(a, b, rtol=_NEAR)


def _is_trivial(values: np.ndarray) -> bool:
    """Whether values are so plain that their order shows nothing: all alike, or zeros and ones."""
    sizes = np.unique(np.abs(values))
    return len(sizes) < 2 or bool(np.isin(sizes, (0, 1)).all())


def _by_chance(expected: np.ndarray) -> bool:
    """Whether a relation of values may hold by chance: one number, and a round one.

    A number with more than three decimals is no multiple, root or negative of another by chance.
    """
    sizes = np.unique(np.abs(expected))
    if np.isin(sizes, (0, 1)).all():
        return True
    return len(sizes) < 2 and np.allclose(sizes * 1000, np.round(sizes * 1000), rtol=0, atol=1e-3)


# -- the numbers are right, their arrangement is not -----------------------------------------------


def transposed(got: np.ndarray, expected: np.ndarray) -> str:
    """Rows for columns."""
    if got.ndim != 2 or expected.ndim != 2 or 1 in expected.shape or _is_trivial(expected):
        return ""
    if not _close(got.T, expected) or _close(expected.T, expected):
        return ""
    return "Tus valores son los esperados, pero traspuestos: filas y columnas están cambiadas."


def flat_column(got: np.ndarray, expected: np.ndarray) -> str:
    """The shape (n,) where (n, 1) is asked for."""
    column = expected.ndim == 2 and expected.shape[1] == 1 < len(expected)
    if not column or not _close(got, expected[:, 0]):
        return ""
    return "Tus valores son los esperados, pero con forma (n,): se pide una columna, (n, 1)."


def column_for_vector(got: np.ndarray, expected: np.ndarray) -> str:
    """The shape (n, 1) where (n,) is asked for."""
    column = got.ndim == 2 and got.shape[1] == 1 < len(got)
    if not column or not _close(got[:, 0], expected):
        return ""
    return "Tus valores son los esperados, pero en una columna, (n, 1): se pide forma (n,)."


def broadcast(got: np.ndarray, expected: np.ndarray) -> str:
    """The shape (n, n), which comes of (n,) with (n, 1)."""
    n = len(expected) if expected.ndim else 0
    if n > 1 and expected.shape in ((n,), (n, 1)) and got.shape == (n, n):
        return (
            "Salieron n × n valores en vez de n: al operar una forma (n,) con una (n, 1) se "
            "combina cada número con todos los demás."
        )
    return ""


def reordered(got: np.ndarray, expected: np.ndarray) -> str:
    """The same numbers in reverse, rotated or in another order."""
    if got.shape != expected.shape or not got.ndim or _is_trivial(expected):
        return ""
    if _close(got, expected):
        return ""
    if got.ndim == 1 and got.size > 2 and _close(got[::-1], expected):
        return "Tus valores son los esperados, pero en orden inverso."
    for axis, sentence in enumerate(_REVERSED if got.ndim == 2 else ()):
        if got.shape[axis] > 1 and _close(np.flip(got, axis), expected):
            return sentence
    if got.ndim == 2 and got.shape[0] == got.shape[1] and _is_rotation(got, expected):
        return "Tus valores son los esperados, pero la matriz está girada."
    if _close(np.sort(got.ravel()), np.sort(expected.ravel())):
        return "Tus números son los esperados, pero en otro orden."
    return ""


def _is_rotation(got: np.ndarray, expected: np.ndarray) -> bool:
    return any(_close(np.rot90(got, turns), expected) for turns in (1, 2, 3))


# -- the shape is right, the numbers are not -------------------------------------------------------


def not_finite(got: np.ndarray, expected: np.ndarray) -> str:
    """NaN or infinity only where the expected numbers are extreme."""
    bad = ~np.isfinite(got)
    if got.shape != expected.shape or not bad.any() or bad.all() or not expected.ndim:
        return ""
    if not _close(got[~bad], expected[~bad]):
        return ""
    size = np.abs(expected)
    if size[bad].min() > 10 * size[~bad].max():  # not by chance
        return "Tus valores son los esperados salvo los más grandes, donde sale NaN o infinito."
    return ""


def opposite_sign(got: np.ndarray, expected: np.ndarray) -> str:
    """Minus the expected numbers."""
    if np.abs(expected).max() < _NEAR or not _close(got, -expected) or _close(got, expected):
        return ""
    return "Tus valores son los esperados con el signo opuesto."


def complement(got: np.ndarray, expected: np.ndarray) -> str:
    """One minus the expected probabilities."""
    inside = bool(((expected > 0) & (expected < 1)).all())
    if not inside or not _close(got, 1 - expected) or _close(got, expected):
        return ""
    if not expected.ndim:  # as well a fraction of errors, and not of hits
        return "Tu valor es 1 menos el esperado."
    return "Tus valores son 1 menos los esperados: parece la probabilidad de la otra clase."


def multiple(got: np.ndarray, expected: np.ndarray) -> str:
    """A per cent; as many times the expected numbers as there are; another logarithm."""
    factor = _factor(got, expected)
    if factor is None:
        return ""
    for known, sentence in _FACTORS:
        if np.isclose(factor, known, rtol=_NEAR):
            return sentence
    n = round(max(factor, 1 / factor))
    if factor > 0 and np.isclose(factor, n, rtol=_NEAR):
        return f"Tus valores son {n} veces los esperados: ¿sumas donde va una media?"
    if factor > 0 and np.isclose(1 / factor, n, rtol=_NEAR) and n <= _MOST:
        return f"Tus valores son {n} veces menores que los esperados: ¿divides de más?"
    if expected.size > 2 and not _is_trivial(expected):
        return "Tus valores son proporcionales a los esperados: sobra o falta un factor."
    return ""


def _factor(got: np.ndarray, expected: np.ndarray) -> float | None:
    """The one number, other than ±1, by which all expected numbers are multiplied."""
    there = np.abs(expected) > _NEAR * np.abs(expected).max()
    if got.shape != expected.shape or not there.any() or not np.isfinite(got).all():
        return None
    if expected.ndim and expected.size > 1 and _is_trivial(expected):
        return None
    factor = float((got[there] / expected[there]).flat[0])
    wrong = abs(factor) < 1e-6 or np.isclose(abs(factor), 1, rtol=1e-3)
    return None if wrong or not _close(got, factor * expected) else factor


def offset(got: np.ndarray, expected: np.ndarray) -> str:
    """The same number added everywhere."""
    if got.shape != expected.shape or got.size < 3 or _is_trivial(expected):
        return ""
    if not np.isfinite(got).all():
        return ""
    difference = got - expected
    if abs(difference.flat[0]) <= 1e-3 * np.abs(expected).max() or np.ptp(expected) == 0:
        return ""
    if np.ptp(difference) > _NEAR * np.abs(difference).max():
        return ""
    return "A todos tus valores les sobra o les falta el mismo número."


def whole_part(got: np.ndarray, expected: np.ndarray) -> str:
    """Decimals lost."""
    with_decimals = expected[expected != np.round(expected)]
    if got.shape != expected.shape or np.unique(with_decimals).size < 2:
        return ""  # one number may be whole for any reason
    if not np.isfinite(got).all() or not (np.abs(expected) >= 1).any():
        return ""
    for whole in (np.trunc, np.floor, np.round):
        if np.array_equal(got, whole(expected)):
            return "Tus valores son los esperados sin sus decimales: ¿hay enteros en el camino?"
    return ""


def power(got: np.ndarray, expected: np.ndarray) -> str:
    """The square, or the root."""
    if got.shape != expected.shape or _is_trivial(np.append(expected, 1.0)):
        return ""
    if _close(got, expected**2):
        return "Tus valores son los esperados al cuadrado: ¿falta una raíz?"
    if (expected >= 0).all() and _close(got, np.sqrt(expected)):
        return "Tus valores son la raíz de los esperados: ¿sobra una raíz, o falta un cuadrado?"
    return ""


def only_the_first(got: np.ndarray, expected: np.ndarray) -> str:
    """Right for the first row or column only."""
    if got.shape != expected.shape or got.ndim != 2:
        return ""
    for axis, sentence in enumerate(_ONLY_FIRST):
        count = expected.shape[axis]
        if count < 3 or expected.shape[1 - axis] < 2 or _is_trivial(expected.take(0, axis)):
            continue
        good = [_close(got.take(at, axis), expected.take(at, axis)) for at in range(count)]
        if good[0] and not any(good[1:]):
            return sentence
    return ""


def _shape_of_one(got: np.ndarray, arguments: Sequence[Any]) -> bool:
    """Whether an argument has the shape of the value, which may then come from there."""
    given = [as_numbers(one) for one in arguments if hasattr(one, "__len__")]
    return any(one is not None and one.shape == got.shape for one in given)


def _argument_returned(got: np.ndarray, expected: np.ndarray, arguments: Sequence[Any]) -> bool:
    """Whether the value is one of the arguments as it came."""
    if got.size < 2 or _is_trivial(got) or _close(got, expected):
        return False
    given = [as_numbers(one) for one in arguments if hasattr(one, "__len__")]
    return any(one is not None and _close(got, one) for one in given)


_OF_SHAPE: Final[tuple[Relation, ...]] = (transposed, flat_column, column_for_vector)
_OF_VALUES: Final[tuple[Relation, ...]] = (
    not_finite, opposite_sign, complement, whole_part, reordered, multiple, power, offset,
    only_the_first,
)  # fmt: skip
