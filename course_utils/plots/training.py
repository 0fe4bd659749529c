"""Pictures of how a training went."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from course_utils.checks.compare import plain
from course_utils.plots.scales import set_log_scale
from course_utils.plots.style import LINES, PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_losses(
    curves: Mapping[str, Any],
    *,
    ax: "Axes | None" = None,
    title: str = "",
    xlabel: str = "época",
    ylabel: str = "pérdida",
    log: bool = False,
) -> "Axes":
    """Draw one or more losses against the epoch, counted from 1.

    Args:
        curves: name → losses, (epochs,) for one training or (starts, epochs) for trainings of the
            same kind from several starting points: these are drawn thin, their median thick.
        ax: where to draw; None makes a figure.
        title: title of the axes.
        xlabel: name of the horizontal axis.
        ylabel: name of the vertical axis.
        log: logarithmic vertical axis.

    Returns:
        The axes. Curves differ by colour and by line style.

    Raises:
        ValueError: no curves, or one that is empty or has another number of dimensions.
    """
    checked = {name: _rows(name, values) for name, values in curves.items()}
    if not checked:
        raise ValueError("curves is empty; it needs at least one")
    ax = ax if ax is not None else _new_axes()
    for index, (name, rows) in enumerate(checked.items()):
        _draw(ax, name, rows, PALETTE[index % len(PALETTE)], LINES[index % len(LINES)])
    ax.set(title=title, xlabel=xlabel, ylabel=ylabel)
    if log:
        set_log_scale(ax)
    ax.legend()
    return ax


def _rows(name: str, values: Any) -> np.ndarray:
    array = np.asarray(plain(values), dtype=float)
    if array.ndim not in (1, 2) or not array.size:
        raise ValueError(
            f"curve '{name}' has shape {array.shape}; it needs (epochs,) or (starts, epochs)"
        )
    return np.atleast_2d(array)


def _draw(ax: "Axes", name: str, rows: np.ndarray, colour: str, line: str) -> None:
    epochs = np.arange(1, rows.shape[1] + 1)
    marker = "o" if len(epochs) == 1 else None
    if len(rows) > 1:
        ax.plot(epochs, rows.T, color=colour, linewidth=0.8, alpha=0.3)
        name = f"{name} (mediana de {len(rows)})"
    median = np.median(rows, axis=0)
    ax.plot(epochs, median, color=colour, linestyle=line, marker=marker, label=name)


def _new_axes() -> "Axes":
    import matplotlib.pyplot as plt

    return plt.subplots()[1]
