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


NOTHING_TAPED = (
    "Los gradientes son None: tu cinta no vio pasar ni los pesos ni el bias. Calcula dentro del "
    "`with` los logits y la pérdida, con las mismas variables que recibes, sin copiarlas."
)
LOSS_NOT_TAPED = (
    "Los gradientes son None: tu cinta vio los parámetros, pero la pérdida no quedó unida a ellos. "
    "¿La calculaste después del `with`, o pasaste por `.numpy()`?"
)
ONE_NOT_TAPED = (
    "Un gradiente es None y el otro no: la pérdida quedó unida a uno solo de los dos parámetros."
)
NO_TAPE = "Devolviste None en lugar de los gradientes, y no entraste en ninguna cinta."


def why_untaped(function: Callable[..., Any], *args: Any) -> str:
    """Why some of the gradients that ``function(*args)`` returns are None, in Spanish.

    Args:
        function: the student's function; it returns several gradients.
        *args: its arguments, among them variables.

    Returns:
        The sentence of what was seen; empty where no gradient is None.
    """
    with _watched_tapes() as seen:
        missing = [gradient is None for gradient in function(*args)]
    if not any(missing):
        return ""
    if not all(missing):
        return ONE_NOT_TAPED
    if not seen:
        return NO_TAPE
    return LOSS_NOT_TAPED if any(seen) else NOTHING_TAPED


def classifier_facts(
    model: Any, weights: list[Any], inputs: Any, labels: Any, steps: int
) -> list[Any]:
    """What a compiled Keras model is and does from given weights on.

    Args:
        model: the student's.
        weights: arrays for ``set_weights``.
        inputs: one batch of examples.
        labels: their labels.
        steps: training steps, each on the whole batch.

    Returns:
        how many parameters it has; and where the weights fit, its outputs, the loss and the
        metrics of the batch, and its weights after the steps (else nothing of these, and how many
        numbers each of its weights has).
    """
    model(inputs)  # what was not built with an Input is built now
    shapes = [np.shape(part) for part in weights]
    if [tuple(part.shape) for part in model.get_weights()] != shapes:
        return [model.count_params(), [], [], [[np.size(part) for part in model.get_weights()]]]
    model.set_weights([np.asarray(part) for part in weights])
    outputs = np.asarray(model(inputs))
    results = np.ravel(model.test_on_batch(inputs, labels))
    for _ in range(steps):
        model.train_on_batch(inputs, labels)
    return [model.count_params(), outputs, results, model.get_weights()]


TAPE_CLOSED = "Tu cinta ya estaba cerrada al evaluar f: f(x) debe calcularse dentro del `with`."
NOT_WATCHED = (
    "La cinta estaba abierta, pero no observaba a x: `watch` va antes de f, con ese mismo tensor."
)
SWAPPED = "En `gradient` va primero f(x) y después x: los tienes al revés."
NOT_RETURNED = "Tu cinta dio la derivada y tu función devolvió None: falta el `return`."


def why_none(function: Callable[..., Any]) -> str:
    """Why ``function(f, x)``, a derivative by tape, returns None for a variable, in Spanish.

    Returns:
        The sentence of what was seen; empty where it returns something, raises, never evaluates
        f, or where no cause was seen.
    """
    import tensorflow as tf

    inside: list[bool] = []
    values: list[Any] = []
    with _watched_gradients() as (opened, gradients, sources):

        def f(x: Any) -> Any:
            inside.append(bool(opened))
            values.append(3.0 * x**2)
            return values[-1]

        try:
            value = function(f, tf.Variable(1.5))
        except Exception:  # the call that is judged raises it again
            return ""
    if value is not None or not inside:
        return ""
    if any(gradient is not None for gradient in gradients):
        return NOT_RETURNED
    if any(source is value for source in sources for value in values):
        return SWAPPED
    if not any(inside):
        return TAPE_CLOSED
    return NOT_WATCHED if gradients else ""


@contextmanager
def _watched_gradients() -> Iterator[tuple[list[Any], list[Any], list[Any]]]:
    """The tapes that are open, all that ``gradient`` returned, and its sources."""
    import tensorflow as tf

    opened: list[Any] = []
    found: list[Any] = []
    sources: list[Any] = []
    tape_class = tf.GradientTape
    enter, leave, gradient = tape_class.__enter__, tape_class.__exit__, tape_class.gradient

    def watched_enter(tape: Any) -> Any:
        opened.append(tape)
        return enter(tape)

    def watched_leave(tape: Any, *error: Any) -> Any:
        opened.remove(tape)
        return leave(tape, *error)

    def watched_gradient(tape: Any, *args: Any, **kwargs: Any) -> Any:
        found.append(gradient(tape, *args, **kwargs))
        sources.extend(tf.nest.flatten(args[1] if len(args) > 1 else kwargs.get("sources")))
        return found[-1]

    tape_class.__enter__, tape_class.__exit__ = watched_enter, watched_leave
    tape_class.gradient = watched_gradient
    try:
        yield opened, found, sources
    finally:
        tape_class.__enter__, tape_class.__exit__ = enter, leave
        tape_class.gradient = gradient


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
