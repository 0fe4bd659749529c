"""Pictures of pictures: grids, predictions, confusion matrices, and weights drawn as images."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from course_utils.checks.compare import plain
from course_utils.plots.style import BLUE, DIVERGING, GREY, ORANGE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def plot_image_grid(
    images: Any,
    labels: Any,
    names: Sequence[str],
    *,
    rows: int = 4,
    columns: int = 8,
    title: str = "",
) -> "Figure":
    """Draw the first ``rows × columns`` images, each with the name of its class.

    Args:
        images: (N, height, width) grey levels; dark ink for large values, as in print.
        labels: (N,) class of each image.
        names: name of each class.
        rows: rows of the grid.
        columns: columns of the grid.
        title: title of the figure.

    Raises:
        ValueError: shapes do not belong together, or there are too few images.
    """
    import matplotlib.pyplot as plt

    pictures, classes = _checked(images, labels, names)
    needed = rows * columns
    if len(pictures) < needed:
        raise ValueError(f"there are {len(pictures)} images and the grid needs {needed}")
    figure, axes = plt.subplots(
        rows, columns, figsize=(1.15 * columns, 1.4 * rows + 0.4), squeeze=False
    )
    for ax, picture, k in zip(axes.flat, pictures, classes, strict=False):
        _show(ax, picture)
        ax.set_title(names[k], fontsize=9, fontweight="normal")
    figure.suptitle(title, fontweight="bold")
    return figure


def plot_predictions(
    images: Any, labels: Any, probabilities: Any, names: Sequence[str]
) -> "Figure":
    """Draw images with the class that the model gives them and all its probabilities.

    Args:
        images: (N, height, width) grey levels.
        labels: (N,) true classes.
        probabilities: (N, K), each row adds up to 1.
        names: K names.

    Raises:
        ValueError: shapes do not belong together.
    """
    import matplotlib.pyplot as plt

    pictures, classes = _checked(images, labels, names)
    p = np.asarray(plain(probabilities), dtype=float)
    if p.shape != (len(pictures), len(names)):
        needed = (len(pictures), len(names))
        raise ValueError(f"probabilities has shape {p.shape}; it needs {needed}")
    figure, axes = plt.subplots(
        2, len(pictures), figsize=(3.3 * len(pictures), 5.6), squeeze=False, sharey="row"
    )
    for (above, below), picture, k, row in zip(axes.T, pictures, classes, p, strict=True):
        _show(above, picture)
        said = int(row.argmax())
        verdict = "acierto" if said == k else "error"
        above.set_title(f"predice: {names[said]}\nreal: {names[k]} ({verdict})", fontsize=11)
        _bars(below, row, int(k), names)
    axes[1, 0].set_ylabel("clase")
    return figure


def _bars(ax: "Axes", p: np.ndarray, true: int, names: Sequence[str]) -> None:
    ax.barh(np.delete(np.arange(len(p)), true), np.delete(p, true), color=BLUE)
    ax.barh([true], [p[true]], facecolor=ORANGE, hatch="////", edgecolor="white", linewidth=0)
    ax.text(p[true] + 0.02, true, "real", va="center", fontsize=9, color=ORANGE)
    ax.set(xlim=(0, 1.12), xlabel="probabilidad", yticks=np.arange(len(p)))
    ax.set_yticklabels(names)
    ax.set_ylim(len(p) - 0.5, -0.5)


def plot_confusion_matrix(
    matrix: Any, names: Sequence[str], *, ax: "Axes | None" = None, title: str = ""
) -> "Axes":
    """Draw a confusion matrix as percentages of each true class, each share written in it.

    Args:
        matrix: (K, K) counts, a row for each true class, a column for each predicted one.
        names: K names.
        ax: where to draw; None makes a figure.
        title: title of the axes.

    Raises:
        ValueError: the matrix is not square, or has other than K rows.
    """
    import matplotlib.pyplot as plt

    counts = np.asarray(plain(matrix), dtype=float)
    k = len(names)
    if counts.shape != (k, k):
        raise ValueError(f"matrix has shape {counts.shape}; it needs {(k, k)}, as many as names")
    share = 100 * counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    ax = ax if ax is not None else plt.subplots(figsize=(8, 7))[1]
    image = ax.imshow(share, vmin=0, vmax=100, cmap="Blues")
    for i, j in np.ndindex(k, k):
        if round(share[i, j]):
            colour = "white" if share[i, j] > 55 else "black"
            ax.text(j, i, f"{share[i, j]:.0f}", ha="center", va="center", color=colour, fontsize=9)
    ax.grid(False)
    ax.set(xticks=range(k), yticks=range(k), xlabel="clase predicha", ylabel="clase real")
    ax.set_xticklabels(names, rotation=40, ha="right")
    ax.set_yticklabels(names)
    ax.set_title(title)
    ax.figure.colorbar(image, ax=ax, label="% de las imágenes de la clase real", shrink=0.8)
    return ax


def plot_weight_images(
    weights: Any, names: Sequence[str], *, side: int = 28, columns: int = 5, title: str = ""
) -> "Figure":
    """Draw each class's weights as an image: which pixels speak for the class, which against.

    Args:
        weights: (side², K), a column for each class.
        names: K names.
        side: pixels of each side.
        columns: pictures in a row.
        title: title of the figure.

    Raises:
        ValueError: the weights have another shape.
    """
    import matplotlib.pyplot as plt

    w = np.asarray(plain(weights), dtype=float)
    if w.shape != (side * side, len(names)):
        needed = (side * side, len(names))
        raise ValueError(f"weights has shape {w.shape}; it needs {needed}")
    rows = -(-len(names) // columns)
    figure, axes = plt.subplots(
        rows, columns, figsize=(1.9 * columns + 0.8, 2.15 * rows + 0.4), squeeze=False
    )
    limit = float(np.quantile(np.abs(w), 0.995)) or 1.0
    for k, ax in enumerate(axes.flat):
        ax.set_axis_off()
        if k < len(names):
            picture = w[:, k].reshape(side, side)
            image = ax.imshow(picture, cmap=DIVERGING, vmin=-limit, vmax=limit)
            ax.set_title(names[k], fontsize=10)
    figure.suptitle(title, fontweight="bold")
    figure.colorbar(image, ax=axes, label="peso (a favor > 0)", shrink=0.8, extend="both")
    return figure


def _show(ax: "Axes", picture: np.ndarray) -> None:
    ax.imshow(picture, cmap="gray_r")
    ax.grid(False)
    ax.set(xticks=[], yticks=[])
    for side in ax.spines.values():
        side.set(visible=True, color=GREY, linewidth=0.6)


def _checked(images: Any, labels: Any, names: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    pictures, classes = np.asarray(plain(images)), np.asarray(plain(labels))
    if pictures.ndim != 3 or classes.shape != pictures.shape[:1]:
        raise ValueError(
            f"images has shape {pictures.shape} and labels {classes.shape}; they need "
            "(N, height, width) and (N,)"
        )
    if len(classes) and int(classes.max()) >= len(names):
        raise ValueError(f"there is a label {int(classes.max())} and only {len(names)} names")
    return pictures, classes
