"""The loss of logistic regression over one weight and the bias, and the paths of descent on it.

Two classes and softmax: what counts are the differences between the two columns of weights, so
that one input has one number, and the bias another. The weights of the other inputs stand still at
their best values; what is drawn is then the loss itself, and a path is a descent on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_utils.plots.logistic import sigmoid
from course_utils.plots.style import (
    BLACK,
    LINES,
    ORANGE,
    PALETTE,
    SEQUENTIAL,
    WHITE,
    plotly_layout,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Array = NDArray[np.float64]
Limits = tuple[float, float]
STEPS: Final = 200
_LEVELS: Final = 0.12  # between neighbouring contours, in powers of ten of the loss
_POINTS: Final = 80  # of a grid's side, and as many where the valley's floor is
_BIAS_AXIS: Final = "sesgo"


@dataclass(frozen=True)
class Valley:
    """The loss over the weight of one input and the bias, and descents from zero on it.

    Attributes:
        title: what the inputs are.
        x: (n, d) inputs.
        y: (n,) labels 0 or 1.
        bias: limits of the bias's axis.
        weight: limits of the weight's axis.
        label: name and unit of the weight.
        column: the input whose weight moves.
    """

    title: str
    x: ArrayLike
    y: ArrayLike
    bias: Limits
    weight: Limits
    label: str
    column: int = 0

    @cached_property
    def minimum(self) -> Array:
        """Weights (d,) and bias at which the loss is smallest, found by Newton's method."""
        inputs = np.column_stack([np.asarray(self.x, dtype=float), np.ones(len(self._labels))])
        v = np.zeros(inputs.shape[1])
        for _ in range(30):
            p = sigmoid(inputs @ v)
            curvature = inputs.T @ ((p * (1 - p))[:, None] * inputs)
            v -= np.linalg.solve(curvature, inputs.T @ (p - self._labels))
        return v

    @property
    def lowest(self) -> tuple[float, float]:
        """Bias and weight at the minimum."""
        return float(self.minimum[-1]), float(self.minimum[self.column])

    def losses(self, bias: ArrayLike, weight: ArrayLike) -> Array:
        """Mean cross-entropy, in nats, at biases and weights of shapes that go together."""
        b, w = np.asarray(bias, dtype=float), np.asarray(weight, dtype=float)
        logits = w[..., None] * self._inputs + b[..., None] + self._rest
        signs = 2 * self._labels - 1
        return np.asarray(np.logaddexp(0, -signs * logits).mean(axis=-1))

    def path(self, rate: float, steps: int = STEPS) -> Array:
        """Bias and weight along a descent over all examples, (steps + 1, 2), from zero.

        Both columns of softmax's weights move, in opposite directions: their difference moves
        twice as far as one of them, hence the factor of 2.
        """
        bias, weight, path = 0.0, 0.0, [(0.0, 0.0)]
        for _ in range(steps):
            error = sigmoid(weight * self._inputs + bias + self._rest) - self._labels
            bias -= rate * 2 * float(error.mean())
            weight -= rate * 2 * float((error * self._inputs).mean())
            path.append((bias, weight))
        return np.array(path)

    def grid(self) -> tuple[Array, Array, Array]:
        """Biases (m,), weights (k,) and losses (k, m): finer where the valley's floor is."""
        b = np.linspace(*self.bias, _POINTS)
        floor = self._floor(b)
        margin = 0.1 * np.ptp(self.weight)
        near = np.linspace(floor.min() - margin, floor.max() + margin, _POINTS)
        w = np.union1d(np.linspace(*self.weight, _POINTS), near)
        w = w[(w >= self.weight[0]) & (w <= self.weight[1])]
        return b, w, self.losses(b[None, :], w[:, None])

    def _floor(self, bias: Array) -> Array:
        """The best weight for each bias, among those of the axis."""
        w = np.linspace(*self.weight, 10 * _POINTS)
        best: Array = w[self.losses(bias[None, :], w[:, None]).argmin(axis=0)]
        return best

    @cached_property
    def _inputs(self) -> Array:
        return np.asarray(self.x, dtype=float)[:, self.column]

    @cached_property
    def _labels(self) -> Array:
        return np.asarray(self.y, dtype=float)

    @cached_property
    def _rest(self) -> Array:
        """What the other inputs add to each logit."""
        others = np.delete(np.asarray(self.x, dtype=float), self.column, axis=1)
        return np.asarray(others @ np.delete(self.minimum[:-1], self.column))


def plot_valleys(
    valleys: Sequence[Valley], rates: Sequence[float], *, steps: int = STEPS
) -> "Figure":
    """Draw contours of losses side by side, with the paths of descents at some rates.

    Args:
        valleys: one panel each; both axes of a panel have one scale.
        rates: of the descents, the same in all panels.
        steps: of each descent.
    """
    import matplotlib.pyplot as plt

    widths = [np.ptp(valley.bias) / np.ptp(valley.weight) for valley in valleys]
    figure, axes = plt.subplots(
        1, len(valleys), figsize=(14, 5), squeeze=False, width_ratios=widths
    )
    for ax, valley in zip(axes[0], valleys, strict=True):
        _draw(ax, valley, rates, steps)
    handles, labels = axes[0, 0].get_legend_handles_labels()
    legend = figure.legend(handles, labels, loc="outside lower center", ncols=len(labels))
    legend.get_frame().set(facecolor="#BBBBBB", alpha=1)
    legend.set_frame_on(True)
    return figure


def _draw(ax: "Axes", valley: Valley, rates: Sequence[float], steps: int) -> None:
    b, w, losses = valley.grid()
    heights = np.log10(losses)
    levels = np.arange(heights.min(), heights.max() + _LEVELS, _LEVELS)
    ax.contourf(b, w, heights, levels=levels, cmap=SEQUENTIAL)
    for index, rate in enumerate(rates):
        colour, line = (ORANGE, WHITE, PALETTE[3])[index % 3], LINES[index % len(LINES)]
        path, above = valley.path(rate, steps), 3 + len(rates) - index  # slow ones stay in sight
        style: dict[str, Any] = {"color": colour, "zorder": above}
        ax.plot(*path.T, line, linewidth=1.6, label=f"tasa {rate:g}", **style)
        ax.plot(*path[-1], "o", markeredgecolor=BLACK, markersize=7, **style)
    ax.plot(
        *valley.lowest,
        "*",
        color=WHITE,
        markeredgecolor=BLACK,
        markersize=14,
        zorder=9,
        label="mínimo",
    )
    ax.set(title=valley.title, xlabel=_BIAS_AXIS, ylabel=valley.label, aspect="equal")
    ax.set(xlim=valley.bias, ylim=valley.weight)
    ax.grid(visible=False)


def valley_slider(
    valleys: Sequence[Valley], rates: Sequence[float], *, steps: int = STEPS, shown: int = 0
) -> Any:
    """Make a plotly figure of contours side by side, with a slider over the rate of the descent.

    Args:
        valleys: one panel each; both axes of a panel have one scale.
        rates: stops of the slider.
        steps: of each descent.
        shown: the stop to begin with.

    Returns:
        A ``plotly.graph_objects.Figure``. The slider shows and hides traces, which plotly does by
        itself: no widget extension is needed.
    """
    from plotly.subplots import make_subplots

    widths = [float(np.ptp(valley.bias) / np.ptp(valley.weight)) for valley in valleys]
    figure = make_subplots(1, len(valleys), column_widths=widths, horizontal_spacing=0.1)
    for column, valley in enumerate(valleys, start=1):
        for trace in _still_traces(valley, legend=column == 1):
            figure.add_trace(trace, 1, column)
        anchor = f"x{column if column > 1 else ''}"
        figure.update_xaxes(title=_BIAS_AXIS, range=valley.bias, col=column, constrain="domain")
        figure.update_yaxes(title=valley.label, range=valley.weight, col=column)
        figure.update_yaxes(scaleanchor=anchor, constrain="domain", col=column)
    still = len(figure.data)
    for index, rate in enumerate(rates):
        for column, valley in enumerate(valleys, start=1):
            path = _path_trace(valley.path(rate, steps), legend=column == 1)
            figure.add_trace(path.update(visible=index == shown), 1, column)
    stops = [
        {
            "label": f"{rate:g}",
            "method": "update",
            "args": [
                {"visible": _visible(still, len(valleys), len(rates), index)},
                {"title.text": _title(valleys, rate, steps)},
            ],
        }
        for index, rate in enumerate(rates)
    ]
    return figure.update_layout(
        **plotly_layout() | {"margin": {"l": 60, "r": 30, "t": 95, "b": 50}},
        height=490,
        title={"text": _title(valleys, rates[shown], steps), "font": {"size": 14}},
        legend={"orientation": "h", "x": 0.5, "xanchor": "center", "y": 1, "yanchor": "bottom"},
        sliders=[
            {"active": shown, "steps": stops, "currentvalue": {"prefix": "tasa "}, "pad": {"t": 40}}
        ],
    )


def _visible(still: int, panels: int, rates: int, shown: int) -> list[bool]:
    paths = [index == shown for index in range(rates) for _ in range(panels)]
    return [True] * still + paths


def _title(valleys: Sequence[Valley], rate: float, steps: int) -> str:
    """The title: where each descent is after its steps, and how often its loss rose."""
    parts = []
    for valley in valleys:
        losses = valley.losses(*valley.path(rate, steps).T)
        rises = int((np.diff(losses) > 0).sum())
        bounces = f", subió {rises} veces" if rises else ""
        parts.append(f"{valley.title}: pérdida {losses[-1]:.2f}{bounces}")
    return f"Tras {steps} pasos con tasa {rate:g}<br>{' · '.join(parts)}"


def _still_traces(valley: Valley, *, legend: bool) -> list[Any]:
    from plotly.graph_objects import Contour, Scatter

    b, w, losses = valley.grid()
    heights = np.log10(losses)
    contours = Contour(
        x=b.round(3),
        y=w.round(4),
        z=heights.round(2),
        colorscale=SEQUENTIAL,
        showscale=False,  # the title says the loss where a path ends
        hoverinfo="skip",
        line={"width": 0.4},
        contours={"start": float(heights.min()), "end": float(heights.max()), "size": _LEVELS},
    )
    lowest = Scatter(
        x=[valley.lowest[0]],
        y=[valley.lowest[1]],
        mode="markers",
        name="mínimo",
        showlegend=legend,
        marker={"symbol": "star", "size": 14, "color": WHITE, "line": {"color": BLACK, "width": 1}},
    )
    return [contours, lowest]


def _path_trace(path: Array, *, legend: bool) -> Any:
    from plotly.graph_objects import Scatter

    return Scatter(
        x=path[:, 0].round(3),
        y=path[:, 1].round(4),
        mode="lines+markers",
        name="camino",
        showlegend=legend,
        line={"color": ORANGE, "width": 2},
        marker={"size": 4, "color": ORANGE},
    )
