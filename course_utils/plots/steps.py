"""Pictures of what was recorded at some steps of a training."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from course_utils.plots.scales import set_log_scale
from course_utils.plots.style import LINES, MARKERS, PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_steps(
    curves: Mapping[str, Sequence[tuple[int, float]]],
    *,
    ax: "Axes | None" = None,
    title: str = "",
    ylabel: str = "pérdida",
    log: bool = False,
    markers: bool = False,
) -> "Axes":
    """Draw values against the number of steps taken before them.

    Args:
        curves: name → (step, value) pairs; one record a curve.
        ax: where to draw; None makes a figure.
        title: title of the axes.
        ylabel: name and unit of the vertical axis.
        log: logarithmic vertical axis.
        markers: mark each value.

    Returns:
        The axes. Curves differ by colour and by line style.

    Raises:
        ValueError: there is no curve, or one has other than (step, value) pairs.
    """
    import matplotlib.pyplot as plt

    if not curves:
        raise ValueError("curves is empty; it needs at least one")
    ax = ax if ax is not None else plt.subplots()[1]
    for index, (name, pairs) in enumerate(curves.items()):
        points = np.asarray(pairs, dtype=float)
        if points.ndim != 2 or points.shape[1] != 2:
            raise ValueError(f"curve '{name}' has shape {points.shape}; it needs (records, 2)")
        ax.plot(
            points[:, 0],
            points[:, 1],
            label=name,
            color=PALETTE[index % len(PALETTE)],
            linestyle=LINES[index % len(LINES)],
            marker=MARKERS[index % len(MARKERS)] if markers else None,
        )
    ax.set(title=title, xlabel="pasos", ylabel=ylabel)
    if log:
        set_log_scale(ax)
    ax.legend()
    return ax
