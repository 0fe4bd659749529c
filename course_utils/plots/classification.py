"""Pictures of a classifier of points in the plane: regions, boundary and data."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.colors import to_rgb

from course_utils.checks.compare import plain
from course_utils.plots.style import BLACK, MARKERS, PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARGIN = 0.08  # of the data's range, left free on each side of it
PALENESS = 0.62  # of the way from a class's colour to white, for its region


def plot_decision_regions(
    predict: Callable[[np.ndarray], Any],
    x: Any,
    y: Any,
    *,
    ax: "Axes | None" = None,
    title: str = "",
    xlabel: str = "",
    ylabel: str = "",
    class_names: Sequence[str] | None = None,
    resolution: int = 200,
    mark_errors: bool = False,
    legend: bool = True,
    levels: Sequence[float] = (),
) -> "Axes":
    """Draw what a classifier says of every point of the plane, and the data on top.

    Each region has its class's colour, paler where the classifier doubts; a line marks where the
    most probable class changes.

    Args:
        predict: from points (m, 2), float64 and in the units of ``x``, to integer class labels
            (m,), to the probability of class 1 (m,) or (m, 1), or to one probability per class
            (m, K).
        x: (n, 2) points, in the units of the axes.
        y: (n,) or (n, 1) labels 0 … K − 1.
        ax: where to draw; None makes a figure.
        title: title of the axes.
        xlabel: name and unit of the first column of ``x``.
        ylabel: name and unit of the second.
        class_names: what the legend calls the classes; None: "clase 0", "clase 1", …
        resolution: points of the grid along each axis.
        mark_errors: ring the points of ``x`` that the classifier puts in another class.
        legend: whether the axes get one; every element has its label in any case.
        levels: probabilities of class 1, increasing, each drawn as a line with its number; for
            two classes.

    Returns:
        The axes.

    Raises:
        ValueError: a shape is wrong, there are fewer names than classes, or levels and more
            than two classes; the message says which came and which is needed.
    """
    points, labels = _checked(x, y)
    limits = _limits(points)
    grid = _grid(limits, resolution)
    names = list(class_names or ())
    classes = max(int(labels.max()) + 1, len(names), 2)
    probabilities = class_probabilities(predict(grid), len(grid), classes)
    classes = probabilities.shape[1]
    if names and len(names) < classes:
        raise ValueError(f"class_names has {len(names)} names and there are {classes} classes")
    if levels and classes > 2:
        raise ValueError(f"levels are of class 1 of two; there are {classes} classes")
    ax = ax if ax is not None else _new_axes()
    images = probabilities.reshape(resolution, resolution, classes)
    _draw_regions(ax, images, limits)
    if levels:
        _draw_levels(ax, images[..., 1], limits, levels)
    if mark_errors:
        found = class_probabilities(predict(points), len(points), classes).argmax(axis=1)
        _ring(ax, points[found != labels])
    _draw_points(ax, points, labels, names or [f"clase {k}" for k in range(classes)])
    ax.set(title=title, xlabel=xlabel, ylabel=ylabel, xlim=limits[:2], ylim=limits[2:])
    if legend:
        ax.legend(loc="best", frameon=True, framealpha=0.9)
    return ax


def plot_regresion_logistica2D(
    modelo: Callable[[np.ndarray], Any],
    x: Any,
    y: Any,
    *,
    transform: Callable[[np.ndarray], Any] | None = None,
    ax: "Axes | None" = None,
    title: str = "",
    xlabel: str = "estudio (horas)",
    ylabel: str = "promedio (puntos, de 0 a 10)",
    class_names: Sequence[str] | None = ("no aprobó", "aprobó"),
    resolution: int = 200,
    legend: bool = True,
) -> "Axes":
    """Draw a logistic regression of two inputs in the units of the data.

    Args:
        modelo: a Keras model, or any function from (m, 2) inputs to what
            ``plot_decision_regions`` understands.
        x: (n, 2) inputs in their own units, as the axes show them.
        y: (n,) or (n, 1) labels.
        transform: brings points (m, 2) in the units of ``x`` to the model's inputs (m, 2), such
            as the normalisation of the training set; None where the model takes ``x`` itself.
        ax: where to draw; None makes a figure.
        title: title of the axes.
        xlabel: name and unit of the first input.
        ylabel: name and unit of the second.
        class_names: what the legend calls the classes.
        resolution: points of the grid along each axis.
        legend: whether the axes get one.

    Returns:
        The axes; wrongly classified examples carry a ring.

    Raises:
        ValueError: a shape is wrong.
    """

    def predict(points: np.ndarray) -> Any:
        inputs = points if transform is None else plain(transform(points))
        return modelo(np.asarray(inputs, dtype="float32"))

    return plot_decision_regions(
        predict,
        x,
        y,
        ax=ax,
        title=title,
        xlabel=xlabel,
        ylabel=ylabel,
        class_names=class_names,
        resolution=resolution,
        mark_errors=True,
        legend=legend,
    )


def class_probabilities(answer: Any, count: int, classes: int) -> np.ndarray:
    """Bring any answer of a classifier to one probability per class.

    Args:
        answer: labels (m,), probabilities of class 1 (m,) or (m, 1), or probabilities (m, K).
        count: how many points were asked about, m.
        classes: how many classes there are at least.

    Returns:
        (m, K) with K ≥ ``classes``; a label counts as probability 1.

    Raises:
        ValueError: another shape.
    """
    values = np.asarray(plain(answer))
    if values.ndim == 2 and values.shape[0] == count and values.shape[1] > 1:
        return np.pad(values, ((0, 0), (0, max(0, classes - values.shape[1]))))
    if values.shape not in {(count,), (count, 1)}:
        raise ValueError(
            f"predict returned shape {values.shape}; "
            f"it needs ({count},), ({count}, 1) or ({count}, K)"
        )
    values = values.reshape(count)
    if values.dtype.kind in "biu" or values.max(initial=0) > 1:
        labels = values.astype(int)
        one_hot: np.ndarray = np.eye(max(classes, int(labels.max(initial=0)) + 1))[labels]
        return one_hot
    two = np.stack([1 - values, values], axis=1)
    return np.pad(two, ((0, 0), (0, classes - 2)))


def _checked(x: Any, y: Any) -> tuple[np.ndarray, np.ndarray]:
    points, labels = np.asarray(plain(x), dtype=float), np.asarray(plain(y))
    if points.ndim != 2 or points.shape[1] != 2 or not len(points):
        raise ValueError(f"x has shape {points.shape}; it needs (n, 2)")
    if labels.shape not in {(len(points),), (len(points), 1)}:
        raise ValueError(f"y has shape {labels.shape}; it needs ({len(points)},)")
    return points, labels.reshape(-1).astype(int)


def _limits(points: np.ndarray) -> tuple[float, float, float, float]:
    low, high = points.min(axis=0), points.max(axis=0)
    room = MARGIN * np.where(high > low, high - low, 1.0)
    (left, bottom), (right, top) = low - room, high + room
    return float(left), float(right), float(bottom), float(top)


def _axes_of(limits: tuple[float, float, float, float], nx: int, ny: int) -> tuple[Any, Any]:
    return np.linspace(*limits[:2], nx), np.linspace(*limits[2:], ny)


def _grid(limits: tuple[float, float, float, float], resolution: int) -> np.ndarray:
    across, up = np.meshgrid(*_axes_of(limits, resolution, resolution))
    return np.stack([across.ravel(), up.ravel()], axis=1)


def _new_axes() -> "Axes":
    import matplotlib.pyplot as plt

    return plt.subplots()[1]


def _pale_colours(classes: int) -> np.ndarray:
    colours = np.array([to_rgb(PALETTE[k % len(PALETTE)]) for k in range(classes)])
    return colours + PALENESS * (1 - colours)


def _draw_regions(
    ax: "Axes", probabilities: np.ndarray, limits: tuple[float, float, float, float]
) -> None:
    rows, columns, classes = probabilities.shape
    image = np.clip(np.nan_to_num(probabilities) @ _pale_colours(classes), 0, 1)
    ax.imshow(image, origin="lower", extent=limits, aspect="auto", interpolation="bilinear")
    ax.grid(False)
    across, up = _axes_of(limits, columns, rows)
    drawn = False
    for k in range(1, classes):
        margin = probabilities[..., k] - np.delete(probabilities, k, axis=-1).max(axis=-1)
        if margin.min() < 0 < margin.max():
            ax.contour(across, up, margin, levels=[0.0], colors=BLACK, linewidths=1.5)
            drawn = True
    if drawn:
        ax.plot([], [], color=BLACK, linewidth=1.5, label="frontera")


def _draw_levels(
    ax: "Axes",
    of_one: np.ndarray,
    limits: tuple[float, float, float, float],
    levels: Sequence[float],
) -> None:
    rows, columns = of_one.shape
    across, up = _axes_of(limits, columns, rows)
    lines = ax.contour(across, up, of_one, levels, colors=BLACK, linewidths=0.9, linestyles="--")
    ax.clabel(lines, fmt=lambda level: f"p = {level:g}", fontsize=9)


def _draw_points(ax: "Axes", points: np.ndarray, labels: np.ndarray, names: Sequence[str]) -> None:
    for k, name in enumerate(names):
        chosen = points[labels == k]
        ax.scatter(
            chosen[:, 0],
            chosen[:, 1],
            s=46,
            label=name,
            zorder=3,
            edgecolors="white",
            linewidths=0.8,
            color=PALETTE[k % len(PALETTE)],
            marker=MARKERS[k % len(MARKERS)],
        )


def _ring(ax: "Axes", points: np.ndarray) -> None:
    if len(points):
        ax.scatter(
            points[:, 0],
            points[:, 1],
            s=170,
            facecolors="none",
            edgecolors=BLACK,
            linewidths=1.3,
            zorder=4,
            label="mal clasificado",
        )
