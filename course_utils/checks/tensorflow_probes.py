"""Probes for ``Check.beside`` that look at TensorFlow code: variables, gradients, tapes, names.

Each one runs next to the student's objects and returns plain values.
"""

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np


def give(function: Any, source: str) -> None:
    """Run definitions where the student's function looks its names up.

    An answer to a later exercise may call the student's answer to an earlier one, which may be
    blank: with the reference in its place, one exercise never costs another its points.

    Args:
        function: the student's function. One without a namespace of its own is left alone.
        source: Python text of the definitions that take the place of the student's.
    """
    python_function = inspect.unwrap(getattr(function, "python_function", function))
    names = getattr(python_function, "__globals__", None)
    if names is not None:
        exec(source, names)


def start_facts(function: Callable[[float, int], Any], spread: float, seed: int) -> list[Any]:
    """What a function that draws ``(weights, bias)`` from a spread and a seed really gives.

    Returns:
        weights and bias as arrays; whether both are ``tf.Variable``; whether both are float64;
        the weights of a second call, and those of the next seed.
    """
    import tensorflow as tf

    weights, bias = function(spread, seed)
    again, _ = function(spread, seed)
    other, _ = function(spread, seed + 1)
    parts = (weights, bias)
    return [
        np.asarray(weights),
        np.asarray(bias),
        all(isinstance(part, tf.Variable) for part in parts),
        all(np.asarray(part).dtype == np.float64 for part in parts),
        np.asarray(again),
        np.asarray(other),
    ]


def reaches(function: Callable[..., Any], position: int, *args: Any) -> bool:
    """Whether a gradient flows from ``function(*args)`` back to one of its arguments.

    Args:
        function: the student's function.
        position: index of the argument in ``args``; it becomes a variable.
        *args: the arguments.
    """
    import tensorflow as tf

    variable = tf.Variable(args[position])
    given = [*args[:position], variable, *args[position + 1 :]]
    with tf.GradientTape() as tape:
        value = function(*given)
    return tf.is_tensor(value) and tape.gradient(value, variable) is not None


def tapes_of(function: Callable[..., Any], *args: Any) -> list[int]:
    """How many variables each ``GradientTape`` that ``function(*args)`` enters had seen at its end.

    Returns:
        One number for each tape, in the order in which they were left; empty: no tape.
    """
    with _watched_tapes() as seen:
        function(*args)
    return seen


@contextmanager
def _watched_tapes() -> Iterator[list[int]]:
    import tensorflow as tf

    seen: list[int] = []
    leave = tf.GradientTape.__exit__

    def watched_leave(tape: Any, *error: Any) -> Any:
        seen.append(len(tape.watched_variables()))
        return leave(tape, *error)

    tf.GradientTape.__exit__ = watched_leave
    try:
        yield seen
    finally:
        tf.GradientTape.__exit__ = leave
