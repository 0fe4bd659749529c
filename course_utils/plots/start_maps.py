"""Where training arrives from each start: accuracy of a one-input logistic neuron, as a map."""

from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_utils.plots.logistic import sigmoid
from course_utils.plots.style import SEQUENTIAL

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[np.float64]
LossName = Literal["bce", "mse"]

TITLES: Final = {"bce": "Entropía cruzada (BCE)", "mse": "Error cuadrático (MSE)"}


def accuracy_of_starts(
    x: ArrayLike,
    y: ArrayLike,
    loss: LossName,
    w: ArrayLike,
    b: ArrayLike,
    *,
    rate: float = 2.0,
    batch: int = 3,
    epochs: int = 100,
) -> Array:
    """Train one neuron from every start at once, by SGD without shuffling.

    All neurons see the same batches, so that one NumPy operation moves all of them.

    Args:
        x: the data, (n,) or (n, 1).
        y: labels 0 or 1, as many.
        loss: ``"bce"`` or ``"mse"``.
        w: weights to start from, (columns,).
        b: biases to start from, (rows,).
        rate: learning rate.
        batch: examples of a step; the last batch may be shorter.
        epochs: passes over the data; 0 judges the starts themselves.

    Returns:
        (rows, columns) accuracy after the last epoch; ``[i, j]`` belongs to ``b[i]`` and ``w[j]``.

    Raises:
        ValueError: unknown loss, or x and y of different sizes.
    """
    if loss not in TITLES:
        raise ValueError(f"Unknown loss {loss!r}: use one of {sorted(TITLES)}.")
    xs, ys = np.ravel(np.asarray(x, dtype=float)), np.ravel(np.asarray(y, dtype=float))
    if xs.shape != ys.shape:
        raise ValueError(f"x and y need one size; they have {xs.size} and {ys.size}.")
    ws, bs = (grid[..., None] for grid in np.meshgrid(np.asarray(w, float), np.asarray(b, float)))
    for _ in range(epochs):
        for at in range(0, len(xs), batch):
            chosen = xs[at : at + batch]
            slope = _slope(ws * chosen + bs, ys[at : at + batch], loss)
            ws = ws - rate * (slope * chosen).mean(axis=-1, keepdims=True)
            bs = bs - rate * slope.mean(axis=-1, keepdims=True)
    return np.asarray(((ws * xs + bs > 0) == (ys == 1)).mean(axis=-1))


def plot_start_maps(w: ArrayLike, b: ArrayLike, bce: Array, mse: Array) -> "Figure":
    """Draw two maps of starts side by side, BCE and MSE, with one colour scale.

    Args:
        w: (columns,) weights.
        b: (rows,) biases.
        bce: (rows, columns) accuracies with BCE.
        mse: (rows, columns) accuracies with MSE.
    """
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(12, 4.8), sharey=True)
    for ax, name, values in zip(axes, ("bce", "mse"), (bce, mse), strict=True):
        look = {"cmap": SEQUENTIAL, "vmin": 0.0, "vmax": 1.0, "shading": "nearest"}
        picture = ax.pcolormesh(np.asarray(w), np.asarray(b), values, **look)
        ax.set(title=TITLES[name], xlabel="peso w al comienzo (sin unidad)")
    axes[0].set_ylabel("sesgo b al comienzo (sin unidad)")
    figure.colorbar(picture, ax=list(axes), label="precisión (fracción de aciertos)")
    return figure


def _slope(z: Array, y: Array, loss: LossName) -> Array:
    """Derivative of each example's loss with respect to z."""
    p = sigmoid(z)
    return p - y if loss == "bce" else 2 * (p - y) * p * (1 - p)
