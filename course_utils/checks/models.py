"""Judges a Keras model by a training step from known parameters, for visible tests.

All parameters get one value. What the model then answers, and what a step makes of it, follows from
its formula, its loss and its optimizer alone, however its layers are arranged: a number can be
expected, and every mistake has a number of its own.
"""

from typing import Any

import numpy as np

from course_utils.checks.check import Check
from course_utils.checks.compare import plain


def train_once(
    c: Check,
    model: Any,
    x: np.ndarray,
    y: np.ndarray,
    *,
    start: float,
    parameters: int,
    steps: int = 1,
) -> tuple[Any, ...]:
    """Train a student's compiled model for a step or two, with all examples in one batch.

    Args:
        c: the check.
        model: what the student's function returned.
        x: inputs.
        y: targets or labels.
        start: what all parameters are set to before the first step.
        parameters: how many numbers the model must have to learn.
        steps: how many steps.

    Returns:
        The model's answers to ``x`` at the start; the loss and the metrics over ``x`` and ``y`` at
        the start, in a list; the answers after each step.

    Raises:
        Outcome: the model is not compiled, not built, has another number of parameters, or can't
            be trained.
    """
    shapes = [np.shape(plain(value)) for value in model.get_weights()]
    count = sum(int(np.prod(shape)) for shape in shapes)
    c.that(shapes, "El modelo aún no tiene pesos: ¿le diste su `Input`?")
    c.that(model.compiled, "Falta compilar el modelo: llama a `compile` antes del `return`.")
    told = f"El modelo tiene {count} parámetros y debe tener {parameters}"
    c.that(count <= parameters, f"{told}: ¿sobra una capa oculta, o sobran neuronas?")
    c.equal(count, parameters, "la cantidad de parámetros")
    model.set_weights([np.full(shape, start) for shape in shapes])
    model.run_eagerly = True  # to trace a graph would take longer than all the rest
    kind = "etiquetas enteras" if y.dtype.kind in "iu" else "estas respuestas"
    refused = f"El modelo no entrena con {kind}: revisa la pérdida y las métricas."
    answers, measures = [_numbers(model(x))], []
    for _ in range(steps):
        measures.append(c.call(model.train_on_batch, x, y, on_error=refused))
        answers.append(_numbers(model(x)))
    return answers[0], list(_numbers(np.ravel(plain(measures[0])))), *answers[1:]


def _numbers(value: Any) -> np.ndarray:
    return np.asarray(plain(value), dtype=float)
