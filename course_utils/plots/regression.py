"""Pictures of a regression with one input: data, fitted curves, residuals and trainings."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from course_utils.checks.compare import plain
from course_utils.plots.stills import WithStill
from course_utils.plots.style import BLACK, GREY, LINES, MARKERS, PALETTE, plotly_layout

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Array = NDArray[np.float64]
Curve = Callable[[Array], Any]

X_LABEL = "x (radianes)"
Y_LABEL = "y (sin unidad)"
_PLOTLY_MARKERS = ("circle", "triangle-up", "square", "diamond")


class Record(Protocol):
    """What these pictures read of ``training.records.TrainingRecord``, with its shapes and units.

    The training room draws its own results with this one, so this one does not import it.
    """

    @property
    def grid(self) -> Array:
        """(m,) inputs of the predictions."""

    @property
    def predictions(self) -> Array:
        """(E + 1, m) the model's answers on the grid."""

    @property
    def weights(self) -> Array:
        """(E + 1, p) all parameters."""

    @property
    def losses(self) -> Array:
        """(E + 1,) mean squared error over all examples."""


def scatter_interactive(sets: Mapping[str, pd.DataFrame], *, title: str = "") -> Any:
    """Draw data sets that tell their values under the pointer.

    Args:
        sets: name → table with columns ``X`` and ``y``.
        title: title of the figure.

    Returns:
        A ``plotly.graph_objects.Figure``; a click on the legend hides a set.

    Raises:
        ValueError: no set, or a table without those columns.
    """
    import plotly.graph_objects as go

    _check_tables(sets)
    figure = go.Figure()
    for index, (name, table) in enumerate(sets.items()):
        figure.add_scatter(
            x=table["X"].round(4).tolist(),
            y=table["y"].round(4).tolist(),
            mode="markers",
            name=f"{name} ({len(table)})",
            marker={"symbol": _PLOTLY_MARKERS[index % 4], "size": 8, "color": PALETTE[index % 7]},
            hovertemplate="x = %{x:.2f}<br>y = %{y:.2f}<extra>" + name + "</extra>",
        )
    figure.update_layout(
        **plotly_layout(), title=title, xaxis_title=X_LABEL, yaxis_title=Y_LABEL, height=440
    )
    return figure


def plot_fits(
    x: ArrayLike,
    y: ArrayLike,
    curves: Mapping[str, Curve],
    *,
    ax: "Axes | None" = None,
    title: str = "",
    errors_of: str | None = None,
    limits: tuple[float, float] | None = None,
) -> "Axes":
    """Draw data and what one or more models predict.

    Args:
        x: (n,) inputs.
        y: (n,) targets.
        curves: name → function from inputs (m,) to predictions (m,) or (m, 1).
        ax: where to draw; None makes a figure.
        title: title of the axes.
        errors_of: name of a curve to which each example is joined by its error.
        limits: from which input to which the curves go; None: over the data's range.

    Returns:
        The axes.

    Raises:
        ValueError: shapes don't agree, or ``errors_of`` names no curve.
    """
    inputs, targets = _pair(x, y)
    if errors_of is not None and errors_of not in curves:
        raise ValueError(f"errors_of is '{errors_of}'; the curves are {sorted(curves)}")
    ax = ax if ax is not None else _new_axes()
    if errors_of is not None:
        ends = _predictions(curves[errors_of], inputs)
        ax.vlines(inputs, ends, targets, color=GREY, linewidth=1, label="error")
    ax.scatter(inputs, targets, s=26, color=BLACK, alpha=0.55, label="datos", zorder=3)
    left, right = limits or (inputs.min(), inputs.max())
    grid = np.linspace(left, right, 200)
    for index, (name, curve) in enumerate(curves.items()):
        (line,) = ax.plot(grid, _predictions(curve, grid), label=name, linewidth=2.4, zorder=4)
        line.set(color=PALETTE[index % 7], linestyle=LINES[index % 4])
    ax.set(title=title, xlabel=X_LABEL, ylabel=Y_LABEL)
    ax.legend()
    return ax


def plot_residuals(x: ArrayLike, residuals: Mapping[str, ArrayLike]) -> "Figure":
    """Draw what models leave unexplained, one panel a model, on common axes.

    Args:
        x: (n,) inputs.
        residuals: name of the model → (n,) target minus prediction.

    Returns:
        The figure. A thick line is the mean of the residuals in eight equal parts of the range.

    Raises:
        ValueError: no model, or shapes that don't agree.
    """
    import matplotlib.pyplot as plt

    if not residuals:
        raise ValueError("residuals is empty; it needs at least one model")
    count = len(residuals)
    figure, axes = plt.subplots(
        1, count, figsize=(3.6 * count, 3.6), sharex=True, sharey=True, squeeze=False
    )
    for index, (name, values) in enumerate(residuals.items()):
        inputs, left = _pair(x, values)
        ax = axes[0, index]
        ax.axhline(0, color=BLACK, linewidth=1)
        ax.scatter(inputs, left, s=20, color=PALETTE[0], alpha=0.7, label="residuo")
        centres, means = _binned(inputs, left)
        ax.plot(centres, means, color=PALETTE[1], marker=MARKERS[2], label="media por tramo")
        ax.set(title=name, xlabel=X_LABEL)
    axes[0, 0].set_ylabel("residuo y − ŷ (sin unidad)")
    axes[0, -1].legend(loc="upper right", fontsize=9, frameon=True)
    return figure


def plot_experiments(records: "Mapping[str, Record]", x: ArrayLike, y: ArrayLike) -> "Figure":
    """Compare trainings of one neuron: error by epoch, and path over the error's level lines.

    Args:
        records: name → record of a model with two parameters, slope first.
        x: (n,) inputs.
        y: (n,) targets.

    Returns:
        The figure. A cross marks least squares, whose error is the dashed line at the left.

    Raises:
        ValueError: no record, or one of a model with other than two parameters.
    """
    import matplotlib.pyplot as plt

    inputs, targets = _pair(x, y)
    paths = {name: record.weights for name, record in records.items()}
    if not paths or any(path.shape[1] != 2 for path in paths.values()):
        raise ValueError("records needs at least one record, each of a model with two parameters")
    slope, intercept = np.polyfit(inputs, targets, 1)
    figure, (left, right) = plt.subplots(1, 2, figsize=(13, 5))
    best = np.mean((targets - slope * inputs - intercept) ** 2)
    left.axhline(best, color=GREY, linestyle="--", label="mínimos cuadrados")
    _level_lines(right, inputs, targets, np.concatenate(list(paths.values())))
    for index, (name, record) in enumerate(records.items()):
        look: dict[str, Any] = {
            "color": PALETTE[index % 7],
            "marker": MARKERS[index % 7],
            "linestyle": LINES[index % 4],
            "markersize": 4,
            "linewidth": 1.4,
        }
        left.plot(record.losses, label=name, **look)
        right.plot(record.weights[:, 0], record.weights[:, 1], **look)
    cross = {"color": BLACK, "markersize": 12, "markeredgewidth": 3, "linestyle": "none"}
    right.plot(slope, intercept, marker="x", label="mínimos cuadrados", zorder=5, **cross)
    right.legend(loc="lower right", frameon=True)
    left.set(title="Error en cada época", xlabel="época", ylabel="MSE (unidades de y²)")
    left.legend(fontsize=9)
    right.set(
        title="Camino de los parámetros (los mismos colores)",
        xlabel="pendiente w₁ (y por radián)",
        ylabel="ordenada al origen w₀ (unidades de y)",
    )
    return figure


def animate_training(record: "Record", x: ArrayLike, y: ArrayLike, *, title: str = "") -> Any:
    """Show a training epoch by epoch, with a slider and a play button.

    Args:
        record: the training, E epochs.
        x: (n,) inputs.
        y: (n,) targets.
        title: title of the figure.

    Returns:
        A ``plotly.graph_objects.Figure`` with E + 1 frames; the data are stored once.

    Raises:
        ValueError: shapes don't agree.
    """
    import plotly.graph_objects as go

    inputs, targets = _pair(x, y)
    grid = record.grid.round(3).tolist()
    figure = go.Figure(
        go.Scatter(
            x=inputs.round(3).tolist(),
            y=targets.round(3).tolist(),
            mode="markers",
            name="datos",
            marker={"color": BLACK, "opacity": 0.55, "size": 7},
        )
    )
    figure.add_scatter(x=grid, y=[], name="predicción", line={"color": PALETTE[1], "width": 4})
    figure.frames = [
        go.Frame(
            name=str(epoch),
            data=[{"x": grid, "y": record.predictions[epoch].round(3).tolist()}],
            traces=[1],
        )
        for epoch in range(len(record.losses))
    ]
    figure.data[1].y = figure.frames[0].data[0].y
    figure.update_layout(
        **{**plotly_layout(), "margin": {"l": 60, "r": 30, "t": 60, "b": 130}},
        title=title,
        xaxis_title=X_LABEL,
        yaxis={"title": {"text": Y_LABEL}, "range": _range(targets, record.predictions)},
        height=560,
        sliders=[_slider(record)],
        updatemenus=[_buttons()],
    )
    return figure


def plot_moments(
    record: "Record", x: ArrayLike, y: ArrayLike, *, title: str = "", moments: int = 4
) -> "Figure":
    """Draw a training at a few of its epochs, one panel each: what a printed page can show.

    Args:
        record: the training, E epochs.
        x: (n,) inputs.
        y: (n,) targets.
        title: title of the figure.
        moments: how many panels, from the start to the end, the early epochs closer together.

    Returns:
        The figure.

    Raises:
        ValueError: shapes don't agree.
    """
    import matplotlib.pyplot as plt

    inputs, targets = _pair(x, y)
    last = len(record.losses) - 1
    # A training moves most at its beginning: 0, then equal factors up to the last epoch.
    epochs = np.unique([0, *np.geomspace(1, last, moments).round().astype(int)[1:]])
    figure, axes = plt.subplots(
        1, len(epochs), figsize=(3.1 * len(epochs), 3.2), sharey=True, squeeze=False
    )
    for ax, epoch in zip(axes[0], epochs, strict=True):
        ax.scatter(inputs, targets, s=16, color=BLACK, alpha=0.55, label="datos")
        ax.plot(record.grid, record.predictions[epoch], color=PALETTE[1], label="predicción")
        ax.set(title=f"época {epoch} · MSE {record.losses[epoch]:.2f}", xlabel=X_LABEL)
    axes[0, 0].set_ylabel(Y_LABEL)
    axes[0, -1].legend(fontsize=9)
    figure.suptitle(title, weight="bold")
    return figure


def show_training(record: "Record", x: ArrayLike, y: ArrayLike, *, title: str = "") -> WithStill:
    """Show a training epoch by epoch, and a few epochs of it where no script can run.

    Args:
        record: the training, E epochs.
        x: (n,) inputs.
        y: (n,) targets.
        title: title of the figure.

    Returns:
        ``animate_training`` and ``plot_moments`` of the same record, for a notebook to display.

    Raises:
        ValueError: shapes don't agree.
    """
    animation = animate_training(record, x, y, title=title)
    still = plot_moments(record, x, y, title=title)
    shown = ", ".join(ax.get_title() for ax in still.axes)
    return WithStill(animation, still, f"{title}: datos y predicción en {shown}")


def _slider(record: "Record") -> dict[str, Any]:
    steps = [
        {"label": _step_text(epoch, record), "method": "animate", "args": _jump([str(epoch)])}
        for epoch in range(len(record.losses))
    ]
    return {
        "steps": steps,
        "currentvalue": {"prefix": "época ", "font": {"size": 14, "color": BLACK}},
        "font": {"color": "rgba(0,0,0,0)"},  # the labels of so many steps would lie on each other
        "ticklen": 0,
        "tickwidth": 0,
        "minorticklen": 0,
        "x": 0.12,
        "len": 0.88,
        "pad": {"t": 60},
    }


def _step_text(epoch: int, record: "Record") -> str:
    text = f"{epoch} · MSE {record.losses[epoch]:.2f}"
    if record.weights.shape[1] == 2:
        slope, intercept = record.weights[epoch]
        text += f" · w₁ {slope:.2f} · w₀ {intercept:.2f}"
    return text


def _buttons() -> dict[str, Any]:
    play = {
        "label": "▶",
        "method": "animate",
        "args": [None, {"frame": {"duration": 250, "redraw": False}, "fromcurrent": True}],
    }
    pause = {"label": "❚❚", "method": "animate", "args": _jump([None])}
    return {
        "type": "buttons",
        "direction": "left",
        "buttons": [play, pause],
        "showactive": False,
        "x": 0.1,
        "y": 0,
        "xanchor": "right",
        "yanchor": "top",
        "pad": {"t": 77, "r": 10},
    }


def _jump(frames: list[str | None]) -> list[Any]:
    at_once = {"duration": 0, "redraw": False}
    return [frames, {"mode": "immediate", "frame": at_once, "transition": {"duration": 0}}]


def _range(targets: Array, predictions: Array) -> list[float]:
    low = float(min(targets.min(), predictions.min()))
    high = float(max(targets.max(), predictions.max()))
    room = 0.06 * (high - low)
    return [round(low - room, 2), round(high + room, 2)]


def _level_lines(ax: "Axes", inputs: Array, targets: Array, path: Array) -> None:
    """Level lines of the mean squared error over slope and intercept, around the paths."""
    (w1_low, w0_low), (w1_high, w0_high) = path.min(axis=0), path.max(axis=0)
    room1, room0 = 0.15 * (w1_high - w1_low) + 0.1, 0.15 * (w0_high - w0_low) + 0.1
    w1 = np.linspace(w1_low - room1, w1_high + room1, 80)
    w0 = np.linspace(w0_low - room0, w0_high + room0, 80)
    flat1, flat0 = (g[..., None] for g in np.meshgrid(w1, w0))
    mse = ((targets - flat0 - flat1 * inputs) ** 2).mean(axis=-1)
    levels = np.geomspace(mse.min() * 1.01, mse.max(), 12)
    lines = ax.contour(w1, w0, mse, levels=levels, colors=GREY, linewidths=0.8)
    ax.clabel(lines, fmt="%.3g", fontsize=8)
    ax.grid(False)


def _binned(inputs: Array, values: Array, parts: int = 8) -> tuple[Array, Array]:
    edges = np.linspace(inputs.min(), inputs.max(), parts + 1)
    part = np.clip(np.digitize(inputs, edges) - 1, 0, parts - 1)
    used = np.unique(part)
    centres = (edges[:-1] + edges[1:]) / 2
    return centres[used], np.array([values[part == k].mean() for k in used])


def _predictions(curve: Curve, inputs: Array) -> Array:
    values = np.asarray(plain(curve(inputs)), dtype=float)
    if values.shape not in {inputs.shape, (len(inputs), 1)}:
        raise ValueError(f"a curve gave shape {values.shape}; it needs {inputs.shape}")
    return values.reshape(-1)


def _pair(x: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    inputs, targets = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if inputs.ndim != 1 or inputs.shape != targets.shape or not inputs.size:
        raise ValueError(f"x has shape {inputs.shape} and y {targets.shape}; both need (n,)")
    return inputs, targets


def _check_tables(sets: Mapping[str, pd.DataFrame]) -> None:
    if not sets:
        raise ValueError("sets is empty; it needs at least one table")
    for name, table in sets.items():
        if not {"X", "y"} <= set(table.columns):
            raise ValueError(f"'{name}' has columns {list(table.columns)}; it needs X and y")


def _new_axes() -> "Axes":
    import matplotlib.pyplot as plt

    return plt.subplots()[1]
