"""Comparison of values whatever library they come from."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

RTOL = 1e-5
_DEEPEST = 32  # NumPy's own limit of dimensions is 64


def plain(value: Any) -> Any:
    """Bring a value of any library of the course to NumPy and built-in types.

    Args:
        value: a number, string, array, tensor, variable, Series, DataFrame, or a list, tuple or
            dictionary of these.

    Returns:
        The same with NumPy arrays in place of tensors, variables and tables. Anything else comes
        back as it is.
    """
    if isinstance(value, (list, tuple)):
        return type(value)(map(plain, value)) if type(value) in (list, tuple) else list(value)
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if hasattr(value, "detach"):  # torch: numpy() refuses a tensor that carries a gradient
        return value.detach().cpu().numpy()
    for method in ("to_numpy", "numpy"):  # pandas; TensorFlow and Keras
        if callable(getattr(value, method, None)):
            return np.asarray(getattr(value, method)())
    return value


def as_numbers(value: Any) -> np.ndarray | None:
    """The value as a numeric array, or None where it is not one."""
    value = plain(value)
    if not _holds_numbers(value):
        return None
    try:
        array = np.asarray(value)
        if array.dtype == object:
            array = array.astype(float)
    except (TypeError, ValueError):
        return None
    return array if array.dtype.kind in "biufc" else None


def _holds_numbers(value: Any, depth: int = 0) -> bool:
    """Whether a value may be handed to NumPy.

    NumPy takes any object with a length and items for a sequence, and reads a data set of the
    student's to its end, if it has one.
    """
    if isinstance(value, Sequence):
        if isinstance(value, (str, bytes)):
            return True
        return depth < _DEEPEST and all(_holds_numbers(item, depth + 1) for item in value)
    return isinstance(value, (bool, int, float, complex)) or hasattr(type(value), "__array__")


def same(got: Any, expected: Any, *, rtol: float = RTOL, atol: float | None = None) -> bool:
    """Whether two values are numerically the same, shape included.

    Args:
        got: the value to judge.
        expected: what it is compared with.
        rtol: relative tolerance, element by element.
        atol: absolute tolerance; None takes ``rtol`` times the largest finite |expected|, so that
            an element near zero beside large ones may carry their rounding.

    Returns:
        True where shapes are equal and every element is within the tolerance (NaN equals NaN).
    """
    a, b = as_numbers(got), as_numbers(expected)
    if a is None or b is None or a.shape != b.shape:
        return False
    if atol is None:
        finite = np.abs(b[np.isfinite(b)]) if b.dtype.kind != "b" else np.array([1.0])
        atol = rtol * float(finite.max(initial=1e-6))
    return bool(np.allclose(a, b, rtol=rtol, atol=atol, equal_nan=True))


def show(value: Any, limit: int = 160) -> str:
    """A short text of a value, for a message."""
    value = plain(value)
    if isinstance(value, np.ndarray):
        text = np.array2string(value, precision=5, threshold=20, separator=", ")
        text = " ".join(text.split())
    elif isinstance(value, (float, np.floating)):
        text = f"{value:.6g}"
    else:
        text = repr(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"
