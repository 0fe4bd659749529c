"""What a training leaves behind: its loss, and the model's parameters epoch by epoch."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def get_fit_data(history: Any) -> pd.DataFrame:
    """Make a table of what ``fit`` reported.

    Args:
        history: what Keras's ``fit`` returns, or its ``history`` dictionary: name → one value
            per epoch.

    Returns:
        One row an epoch: ``época`` from 1, ``pérdida``, then the metrics under their own names.

    Raises:
        ValueError: no loss in it.
    """
    values = dict(getattr(history, "history", history))
    if "loss" not in values:
        raise ValueError(f"history has {sorted(values)}; it needs 'loss'")
    table = pd.DataFrame(values).rename(columns={"loss": "pérdida"})
    table.insert(0, "época", range(1, len(table) + 1))
    return table


@dataclass(frozen=True)
class TrainingRecord:
    """A model at its start and after each epoch: E epochs make E + 1 rows.

    Attributes:
        grid: (m,) inputs of the predictions, increasing.
        predictions: (E + 1, m) the model's answers on the grid, in the units of y.
        weights: (E + 1, p) all parameters, flattened in Keras's order; a neuron with one input
            has its slope first, then its intercept.
        losses: (E + 1,) mean squared error over all examples, in the squared units of y.
    """

    grid: Array
    predictions: Array
    weights: Array
    losses: Array


def get_training_preds(
    model: Any,
    x: ArrayLike,
    y: ArrayLike,
    *,
    epochs: int = 30,
    batch_size: int = 20,
    start: float | None = 0.25,
    grid: ArrayLike | None = None,
) -> TrainingRecord:
    """Train a Keras model with one input and write down where it stands after each epoch.

    Args:
        model: compiled model, inputs (n, 1), outputs (n, 1).
        x: (n,) inputs.
        y: (n,) targets.
        epochs: passes over the data, E.
        batch_size: examples a step.
        start: value of all parameters before the training; None leaves them as they are.
        grid: (m,) inputs of the predictions; None takes 50 points over the range of ``x``.

    Returns:
        The record, its first row taken before the training.

    Raises:
        ValueError: x and y are not one-dimensional or have different lengths.
    """
    import keras

    inputs, targets = _column("x", x), _column("y", y)
    if len(inputs) != len(targets):
        raise ValueError(f"x has {len(inputs)} examples and y {len(targets)}; they must agree")
    points = _points(grid, inputs)
    model(inputs[:1])  # builds a model that doesn't know its input's shape yet
    if start is not None:
        model.set_weights([np.full(w.shape, start) for w in model.get_weights()])
    rows: list[tuple[Array, Array, float]] = []

    def note(*_: Any) -> None:
        rows.append(_row(model, points, inputs, targets))

    note()
    after = keras.callbacks.LambdaCallback(on_epoch_end=note)
    model.fit(inputs, targets, batch_size=batch_size, epochs=epochs, verbose=0, callbacks=[after])
    predictions, weights, losses = zip(*rows, strict=True)
    return TrainingRecord(points, np.array(predictions), np.array(weights), np.array(losses))


def _column(name: str, values: ArrayLike) -> Array:
    array = np.asarray(values, dtype=float)
    if array.ndim != 1 or not array.size:
        raise ValueError(f"{name} has shape {array.shape}; it needs (n,)")
    return array[:, None]


def _points(grid: ArrayLike | None, inputs: Array) -> Array:
    if grid is None:
        return np.linspace(inputs.min(), inputs.max(), 50)
    return np.sort(np.asarray(grid, dtype=float).reshape(-1))


def _row(model: Any, points: Array, inputs: Array, targets: Array) -> tuple[Array, Array, float]:
    both = np.asarray(model(np.concatenate([points[:, None], inputs])), dtype=float)
    loss = float(np.mean((both[len(points) :] - targets) ** 2))
    weights = np.concatenate([np.ravel(w) for w in model.get_weights()]).astype(float)
    return both[: len(points), 0], weights, loss
