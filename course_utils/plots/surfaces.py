"""The error surface of a neuron with one input, and the path that training leaves on it."""

from collections.abc import Callable, Sequence
from typing import Any, Final, Literal

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from course_utils.plots.logistic import sigmoid
from course_utils.plots.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    LINES,
    MARKERS,
    ORANGE,
    SEQUENTIAL,
    plotly_layout,
)

Array = NDArray[np.float64]
LossName = Literal["bce", "mse"]
Point = tuple[float, float]
Step = tuple[float, float, float]

LOSS_LABELS: Final = {"bce": "BCE media (nats)", "mse": "MSE media (sin unidad)"}
LOSS_TITLES: Final = {"bce": "Entropía cruzada (BCE)", "mse": "Error cuadrático (MSE)"}
_W_AXIS, _B_AXIS = "peso w (sin unidad)", "sesgo b (sin unidad)"
_X_AXIS = "x (sin unidad)"
_LABEL_AXIS = "etiqueta o probabilidad"
_PATH_COLOUR = ORANGE
_DATA_HEIGHTS: Final = (-0.35, 1.35)  # labels and probabilities, with room around them
_BLOCK = 3  # pictures side by side in a progress figure


class LossSurface:
    """Mean loss of a logistic neuron with one input, over a grid of weights and biases.

    The height is the loss that training minimises: positive, with the best parameters in a valley.

    Args:
        x: the data, (n,) or (n, 1).
        y: labels 0 or 1, as many.
        loss: ``"bce"`` (binary cross-entropy, in nats) or ``"mse"`` (mean squared error).
        w_limit: the weight goes from −w_limit to w_limit.
        b_limit: the bias goes from −b_limit to b_limit.
        points: grid points along each axis.

    Attributes:
        w: (points,) weights of the columns.
        b: (points,) biases of the rows.
        values: (points, points) mean loss; ``values[i, j]`` belongs to ``b[i]`` and ``w[j]``.

    Raises:
        ValueError: unknown loss, or x and y of different sizes.
    """

    def __init__(
        self,
        x: ArrayLike,
        y: ArrayLike,
        loss: LossName = "bce",
        *,
        w_limit: float = 15.0,
        b_limit: float = 13.0,
        points: int = 30,
    ) -> None:
        if loss not in LOSS_LABELS:
            raise ValueError(f"Unknown loss {loss!r}: use one of {sorted(LOSS_LABELS)}.")
        self.loss = loss
        self.x, self.y = _data(x, y)
        self.w = np.linspace(-w_limit, w_limit, points)
        self.b = np.linspace(-b_limit, b_limit, points)
        self.values = self._heights(self.w[None, :], self.b[:, None])

    def _heights(self, w: Array, b: Array) -> Array:
        """Mean loss at every (w, b); one pass over the data for all of the grid at once."""
        import torch
        from torch.nn import functional

        losses: dict[str, Callable[..., Any]] = {
            "bce": functional.binary_cross_entropy_with_logits,
            "mse": lambda z, t, reduction: functional.mse_loss(z.sigmoid(), t, reduction=reduction),
        }
        loss = losses[self.loss]
        ws, bs = torch.as_tensor(w), torch.as_tensor(b)
        total = torch.zeros(torch.broadcast_shapes(ws.shape, bs.shape), dtype=torch.float64)
        for x_i, y_i in zip(self.x, self.y, strict=True):
            total += loss(ws * x_i + bs, torch.full_like(total, y_i), reduction="none")
        return np.asarray(total / len(self.x))

    def plot_surface(self, path: ArrayLike | None = None, *, ax: Any = None) -> Any:
        """Draw the surface in three dimensions, with the path of the parameters on it.

        Args:
            path: (steps, 2) pairs (w, b), as ``parameter_path`` gives them.
            ax: three-dimensional axes; None makes a figure.

        Returns:
            The axes.
        """
        if ax is None:
            ax = plt.figure().add_subplot(projection="3d", computed_zorder=False)
        w, b = np.meshgrid(self.w, self.b)
        ax.plot_surface(w, b, self.values, cmap=SEQUENTIAL, alpha=0.9, linewidth=0)
        if path is not None:
            points = _path(path)
            heights = self._heights(points[:, 0], points[:, 1])
            if len(points) > 1:
                ax.plot(*points.T, heights, color=_PATH_COLOUR, zorder=5, label="camino")
            now = "ahora" if len(points) > 1 else "comienzo"
            ax.scatter(*points[-1], heights[-1], color=BLACK, s=45, zorder=6, label=now)
        ax.view_init(elev=32, azim=-122)
        ax.set_box_aspect(None, zoom=0.88)  # else the labels are cut
        ax.locator_params(nbins=5)
        ax.set(xlabel="peso w", ylabel="sesgo b", zlabel=LOSS_LABELS[self.loss])
        ax.set_title(f"{LOSS_TITLES[self.loss]}: superficie")
        return ax

    def plot_contour(
        self, path: ArrayLike | None = None, *, ax: Axes | None = None, bar: bool = True
    ) -> Axes:
        """Draw the surface from above, with the path of the parameters on it.

        Args:
            path: (steps, 2) pairs (w, b).
            ax: axes to draw on; None makes a figure.
            bar: whether a colour bar tells the heights.

        Returns:
            The axes.
        """
        ax = ax or plt.figure().add_subplot()
        filled = ax.contourf(self.w, self.b, self.values, levels=24, cmap=SEQUENTIAL)
        if bar:
            ax.figure.colorbar(filled, ax=ax, label=LOSS_LABELS[self.loss])
        if path is not None:
            points = _path(path)
            _draw_path(ax, points)
            ax.set(**self._limits(points))
        ax.set(xlabel=_W_AXIS, ylabel=_B_AXIS, title=f"{LOSS_TITLES[self.loss]}: desde arriba")
        ax.grid(visible=False)
        return ax

    def _limits(self, points: Array) -> dict[str, Point]:
        """Limits of the axes that hold the grid and a path that may leave it."""
        corners = np.array([(self.w[0], self.b[0]), (self.w[-1], self.b[-1])])
        margin = 0.03 * np.ptp(corners, axis=0)
        low = np.minimum(corners[0], points.min(axis=0) - margin)
        high = np.maximum(corners[1], points.max(axis=0) + margin)
        return {"xlim": (low[0], high[0]), "ylim": (low[1], high[1])}

    def plot_data(self, w: float, b: float, *, ax: Axes | None = None) -> Axes:
        """Draw the data with the line w x + b and its sigmoid.

        Args:
            w: weight.
            b: bias.
            ax: axes to draw on; None makes a figure.

        Returns:
            The axes. The legend names the line only where some of it can be seen.
        """
        ax = ax or plt.figure().add_subplot()
        for label, colour in ((0, BLUE), (1, ORANGE)):
            of_class = self.x[self.y == label]
            ax.scatter(
                of_class,
                np.full_like(of_class, label),
                color=colour,
                marker=MARKERS[label],
                label=f"y = {label}",
                zorder=3,
            )
        x, z, p = self._curves(w, b)
        low, high = _DATA_HEIGHTS
        seen = bool(((low < z) & (z < high)).any())
        ax.plot(x, z, LINES[1], color=GREY, label="recta z = w x + b" if seen else None)
        ax.plot(x, p, LINES[0], color=GREEN, label="sigmoide σ(z)")
        ax.axhline(0.5, linestyle=LINES[3], color=BLACK, linewidth=1, label="umbral 0.5")
        ax.set(xlabel=_X_AXIS, ylabel=_LABEL_AXIS, ylim=_DATA_HEIGHTS)
        ax.set_title(f"w = {w:.2f}, b = {b:.2f}".replace("-", "−"))
        return ax

    def _curves(self, w: float, b: float) -> tuple[Array, Array, Array]:
        x = np.linspace(self.x.min() - 0.1, self.x.max() + 0.1, 200)
        z = w * x + b
        return x, z, sigmoid(z)

    def plot_state(self, path: ArrayLike) -> Figure:
        """Draw where training stands: the surface, the contour and the data space.

        Args:
            path: (steps, 2) pairs (w, b) so far; the last is the state.
        """
        points = _path(path)
        figure = plt.figure(figsize=(15, 5.6))
        self.plot_surface(
            points, ax=figure.add_subplot(1, 3, 1, projection="3d", computed_zorder=False)
        )
        contour = self.plot_contour(points, ax=figure.add_subplot(1, 3, 2))
        data = self.plot_data(*points[-1], ax=figure.add_subplot(1, 3, 3))
        _legend_below(figure, contour, data)
        return figure

    def plot_progress(
        self,
        path: ArrayLike,
        *,
        steps_per_epoch: int = 7,
        steps: Sequence[int] = (0, 1, 2, 4),
        epochs: Sequence[int] = (2, 5, 20, 50, 100),
    ) -> Figure:
        """Draw pictures of training at some moments: contour and path, data and sigmoid.

        Args:
            path: (1 + epochs · steps_per_epoch, 2) pairs (w, b), the start first.
            steps_per_epoch: batches of an epoch.
            steps: numbers of steps after which there is a picture; 0 is the start.
            epochs: numbers of epochs after which there is one too. Moments after the end of the
                path are left out.
        """
        points = _path(path)
        states = _moments(len(points), steps_per_epoch, steps, epochs)
        blocks = -(-len(states) // _BLOCK)
        figure, axes = plt.subplots(2 * blocks, _BLOCK, figsize=(12, 6.2 * blocks), squeeze=False)
        for ax in axes.flat:
            ax.set_visible(False)
        limits = self._limits(points)
        for k, state in enumerate(states):
            above, below = axes[2 * (k // _BLOCK) : 2 * (k // _BLOCK) + 2, k % _BLOCK]
            title = _moment_name(state, steps_per_epoch)
            self._draw_picture(above, below, points[: state + 1], title)
            above.set(**limits)
        figure.suptitle(f"{LOSS_TITLES[self.loss]}: el camino (más oscuro, menos pérdida)")
        _legend_below(figure, *(ax for ax in axes.flat if ax.get_visible()))
        return figure

    def _draw_picture(self, above: Axes, below: Axes, points: Array, title: str) -> None:
        above.set_visible(True)
        below.set_visible(True)
        self.plot_contour(points, ax=above, bar=False)
        height = float(self._heights(*points[-1:].T)[0])
        above.set_title(f"{title} · pérdida {height:.3f}", fontsize=11)
        self.plot_data(*points[-1], ax=below)
        below.title.set_fontsize(11)

    def interactive(
        self,
        path: ArrayLike,
        *,
        steps_per_epoch: int = 7,
        steps: Sequence[int] = range(14),
        epochs: Sequence[int] = (2, 3, 4, 5, 10, 20, 50, 100),
    ) -> Any:
        """Make a plotly figure to turn around, with a slider over the moments of training.

        Args:
            path: (1 + epochs · steps_per_epoch, 2) pairs (w, b), the start first.
            steps_per_epoch: batches of an epoch.
            steps: numbers of steps that the slider stops at; 0 is the start.
            epochs: numbers of epochs that it stops at too. Moments after the end of the path are
                left out.

        Returns:
            A ``plotly.graph_objects.Figure``: the surface at the left, the data at the right.
        """
        from plotly.graph_objects import Figure as PlotlyFigure
        from plotly.graph_objects import Frame
        from plotly.subplots import make_subplots

        points = _path(path)
        heights = self._heights(points[:, 0], points[:, 1])
        moments = _moments(len(points), steps_per_epoch, steps, epochs)
        states = [self._moving_traces(points[: k + 1], heights[: k + 1]) for k in moments]
        figure: PlotlyFigure = make_subplots(
            1,
            2,
            specs=[[{"type": "scene"}, {"type": "xy"}]],
            column_widths=[0.58, 0.42],
            subplot_titles=(LOSS_TITLES[self.loss], "Espacio de los datos"),
        )
        for trace, column in self._still_traces():
            figure.add_trace(trace, 1, column)
        still = len(figure.data)
        for trace, column in zip(states[0], (1, 1, 2, 2), strict=True):
            figure.add_trace(trace, 1, column)
        moving = list(range(still, still + len(states[0])))
        figure.frames = [
            Frame(data=state, traces=moving, name=_moment_name(k, steps_per_epoch))
            for k, state in zip(moments, states, strict=True)
        ]
        return figure.update_layout(**self._interactive_layout([f.name for f in figure.frames]))

    def _still_traces(self) -> list[tuple[Any, int]]:
        from plotly.graph_objects import Scatter, Surface

        surface = Surface(
            x=self.w,
            y=self.b,
            z=self.values,
            colorscale=SEQUENTIAL,
            opacity=0.9,
            name="superficie",
            showscale=False,  # the height says it, and a bar would lie over the axis
        )
        classes = [
            Scatter(
                x=self.x[self.y == label],
                y=self.y[self.y == label],
                mode="markers",
                name=f"y = {label}",
                marker={"color": colour, "symbol": symbol, "size": 9},
            )
            for label, colour, symbol in ((0, BLUE, "circle"), (1, ORANGE, "triangle-up"))
        ]
        return [(surface, 1), (classes[0], 2), (classes[1], 2)]

    def _moving_traces(self, points: Array, heights: Array) -> list[Any]:
        """Path and state on the surface, line and sigmoid in data space."""
        from plotly.graph_objects import Scatter, Scatter3d

        w, b = points.T
        lift = 0.01 * np.ptp(self.values)  # above the surface, so that it is not hidden in it
        path = Scatter3d(
            x=w,
            y=b,
            z=heights + lift,
            mode="lines",
            name="camino",
            line={"color": _PATH_COLOUR, "width": 6},
        )
        state = Scatter3d(
            x=w[-1:],
            y=b[-1:],
            z=heights[-1:] + lift,
            mode="markers",
            name="ahora",
            marker={"color": BLACK, "size": 5},
        )
        x, z, p = self._curves(w[-1], b[-1])
        line = Scatter(
            x=x, y=z, mode="lines", name="recta z = w x + b", line={"color": GREY, "dash": "dash"}
        )
        sigmoid = Scatter(x=x, y=p, mode="lines", name="sigmoide σ(z)", line={"color": GREEN})
        return [path, state, line, sigmoid]

    def _interactive_layout(self, moments: Sequence[str]) -> dict[str, Any]:
        at_once = {"transition": {"duration": 0}}  # plotly bends a curve that changes its shape
        jump = {"mode": "immediate", "frame": {"duration": 0, "redraw": True}, **at_once}
        play = {"fromcurrent": True, "frame": {"duration": 120, "redraw": True}, **at_once}
        positions = [{"label": m, "method": "animate", "args": [[m], jump]} for m in moments]
        buttons = [
            {"label": "Entrenar", "method": "animate", "args": [None, play]},
            {"label": "Pausa", "method": "animate", "args": [[None], jump]},
        ]
        return {
            **plotly_layout(),
            "height": 600,
            "scene": {
                "xaxis": {"title": "peso w"},
                "yaxis": {"title": "sesgo b"},
                "zaxis": {"title": LOSS_LABELS[self.loss]},
                "camera": {"eye": {"x": -1.3, "y": -1.9, "z": 1.2}},
            },
            "xaxis": {"title": _X_AXIS},
            "yaxis": {"title": _LABEL_AXIS, "range": list(_DATA_HEIGHTS)},
            "legend": {"orientation": "h", "x": 0.5, "xanchor": "center", "y": -0.14},
            "updatemenus": [
                {
                    "type": "buttons",
                    "buttons": buttons,
                    "direction": "left",
                    "x": 0,
                    "y": -0.24,
                    "xanchor": "left",
                    "yanchor": "top",
                    "pad": {"t": 20},
                }
            ],
            "sliders": [
                {
                    "steps": positions,
                    "currentvalue": {"prefix": ""},
                    "x": 0.25,
                    "len": 0.75,
                    "y": -0.2,
                }
            ],
        }


def parameter_path(history: Sequence[Step], start: Point) -> Array:
    """The path of the parameters: the start, then (w, b) after every step.

    Args:
        history: triples (w, b, loss), as the unit's training loop returns them.
        start: (w, b) before the first step.

    Returns:
        (1 + steps, 2) array.
    """
    return np.array([tuple(start), *[step[:2] for step in history]], dtype=np.float64)


def plot_side_by_side(
    left: LossSurface,
    right: LossSurface,
    left_path: ArrayLike | None = None,
    right_path: ArrayLike | None = None,
) -> Figure:
    """Draw two surfaces side by side: above in three dimensions, below as contours with paths.

    Args:
        left: the first surface.
        right: the second surface.
        left_path: (steps, 2) pairs (w, b) on the first.
        right_path: (steps, 2) pairs (w, b) on the second.
    """
    figure = plt.figure(figsize=(12, 10))
    for column, (surface, path) in enumerate(((left, left_path), (right, right_path)), start=1):
        ax = figure.add_subplot(2, 2, column, projection="3d", computed_zorder=False)
        surface.plot_surface(path, ax=ax)
        below = surface.plot_contour(path, ax=figure.add_subplot(2, 2, column + 2))
        if path is not None:
            below.legend(loc="lower left", labelcolor="white")
    return figure


def plot_loss_and_slope(label: int = 1, limit: float = 12.0) -> Figure:
    """Draw BCE and MSE of one example, and their slopes, against z = w x + b.

    Args:
        label: the example's label, 0 or 1.
        limit: z goes from −limit to limit.
    """
    z = np.linspace(-limit, limit, 400)
    p = sigmoid(z)
    curves = {
        "BCE": (np.logaddexp(0, -z if label else z), p - label),
        "MSE": ((p - label) ** 2, 2 * (p - label) * p * (1 - p)),
    }
    figure, axes = plt.subplots(1, 2, figsize=(12, 4.2))
    titles = (f"Pérdida de un ejemplo con y = {label}", "Su pendiente respecto de z")
    names = ("pérdida (BCE en nats)", "derivada de la pérdida")
    for k, (ax, title, name) in enumerate(zip(axes, titles, names, strict=True)):
        for (loss, values), line, colour in zip(
            curves.items(), LINES, (BLUE, ORANGE), strict=False
        ):
            ax.plot(z, values[k], line, color=colour, label=loss)
        ax.set(title=title, xlabel="z = w x + b (sin unidad)", ylabel=name)
        ax.legend()
    return figure


def _data(x: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    """Data and labels as two vectors of one length."""
    xs, ys = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if xs.size != ys.size or xs.size == 0 or max(xs.shape) != xs.size:
        raise ValueError(
            f"x and y need one shape, (n,) or (n, 1); they have {xs.shape} and {ys.shape}."
        )
    return xs.ravel(), ys.ravel()


def _path(path: ArrayLike) -> Array:
    """A path as an array of pairs."""
    points = np.asarray(path, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != 2 or not len(points):
        raise ValueError(f"A path needs shape (steps, 2); it has {points.shape}.")
    return points


def _moments(
    points: int, steps_per_epoch: int, steps: Sequence[int], epochs: Sequence[int]
) -> list[int]:
    """Numbers of steps to show, in order, each once; none after the end of the path."""
    chosen = {*steps, *(epoch * steps_per_epoch for epoch in epochs)}
    return sorted(k for k in chosen if 0 <= k < points)


def _moment_name(step: int, steps_per_epoch: int) -> str:
    if step == 0:
        return "comienzo"
    epoch, rest = divmod(step, steps_per_epoch)
    return f"paso {step}" if rest else f"época {epoch}"


def _draw_path(ax: Axes, points: Array) -> None:
    if len(points) > 1:
        ax.plot(*points.T, color="white", linewidth=3.5)  # a rim, to stand out on any colour
        ax.plot(*points.T, color=_PATH_COLOUR, label="camino de (w, b)")
        look: dict[str, Any] = {"color": BLACK, "markeredgecolor": "white", "markersize": 10}
        ax.plot(*points[-1], "X", zorder=3, label="ahora", **look)
    ax.plot(*points[0], "o", color="white", markeredgecolor=BLACK, label="comienzo")


def _legend_below(figure: Figure, *axes: Axes) -> None:
    """One legend under the figure for what is drawn in any of these axes, each name once."""
    named: dict[str, Any] = {}
    for ax in axes:
        for handle, label in zip(*ax.get_legend_handles_labels(), strict=True):
            named.setdefault(label, handle)
    legend = figure.legend(named.values(), named, loc="outside lower center", ncols=4)
    legend.get_frame().set(facecolor="#dddddd", alpha=1)
    legend.set_frame_on(True)
