"""Pictures of tensors, of what an index selects, and of computational graphs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle

from course_utils.checks.compare import plain
from course_utils.plots.style import BLACK, BLUE, GREEN, GREY, ORANGE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHADE = "#F7D58B"  # a light yellow: numbers stay readable on it
SYMBOLS = {"AddV2": "+", "Add": "+", "Sub": "−", "Mul": "×", "RealDiv": "÷", "Pow": "potencia",
           "MatMul": "@", "Square": "cuadrado", "Neg": "−( )", "Exp": "exp", "Log": "ln",
           "Sigmoid": "sigmoide", "Tanh": "tanh", "Sin": "sen", "Identity": "salida"}  # fmt: skip


@dataclass(frozen=True)
class Node:
    """One operation of a computational graph.

    Attributes:
        name: unique name inside its graph.
        label: what a picture writes on it.
        kind: "entrada", "constante", "operación" or "salida".
        inputs: names of the nodes whose values it takes, in order.
    """

    name: str
    label: str
    kind: str
    inputs: tuple[str, ...] = ()


# -- tensors -------------------------------------------------------------------------------------


def plot_tensor(
    values: Any, *, selected: Any = None, ax: "Axes | None" = None, title: str = ""
) -> "Axes":
    """Draw a tensor of order 0, 1 or 2 as a grid of its numbers.

    Args:
        values: number, (n,) or (n, m) array or tensor.
        selected: an index such as ``np.s_[0, :]``, whose cells are shaded; None shades none.
        ax: where to draw; None makes a figure.
        title: title of the axes.

    Returns:
        The axes, without ticks; grey numbers around the grid are the indices.

    Raises:
        ValueError: the tensor has more than two axes.
    """
    array = np.asarray(plain(values))
    grid = _as_grid(array)
    shaded = _selection(array, selected).reshape(grid.shape)
    ax = ax if ax is not None else _new_axes()
    for (i, j), value in np.ndenumerate(grid):
        _draw_cell(ax, i, j, value, SHADE if shaded[i, j] else "white")
    _draw_indices(ax, grid.shape, array.ndim)
    _frame_grid(ax, grid.shape)
    ax.set_title(title, fontsize=11)
    return ax


def plot_slices(values: Any, keys: Mapping[str, Any], *, columns: int = 3) -> "Figure":
    """Draw the same tensor once per index, each time with what the index selects shaded.

    Args:
        values: (n,) or (n, m) array or tensor.
        keys: text of the title, such as ``"A[0]"`` → index, such as ``np.s_[0]``.
        columns: pictures in a row.

    Returns:
        The figure; each title also tells the shape of what was selected.

    Raises:
        ValueError: no keys, or a tensor of more than two axes.
    """
    if not keys:
        raise ValueError("keys is empty; it needs at least one")
    import matplotlib.pyplot as plt

    array = np.asarray(plain(values))
    rows = -(-len(keys) // columns)
    height, width = _as_grid(array).shape
    size = (columns * (0.55 * width + 1.0), rows * (0.5 * height + 1.1))
    fig, axes = plt.subplots(rows, columns, figsize=size, squeeze=False)
    for ax, (text, key) in zip(axes.flat, keys.items(), strict=False):
        plot_tensor(array, selected=key, ax=ax, title=f"{text}\nforma {array[key].shape}")
    for ax in axes.flat[len(keys) :]:
        ax.set_axis_off()
    return fig


def plot_product(a: Any, b: Any, *, row: int = 0, column: int = 0) -> "Figure":
    """Draw A @ B = C and shade the row and the column that make one element of C.

    Args:
        a: (n, k) array or tensor.
        b: (k, m) array or tensor.
        row: row of A and of C, from 0.
        column: column of B and of C, from 0.

    Returns:
        The figure.

    Raises:
        ValueError: the shapes do not fit; the message says which came.
    """
    left, right = np.asarray(plain(a)), np.asarray(plain(b))
    if left.ndim != 2 or right.ndim != 2 or left.shape[1] != right.shape[0]:
        raise ValueError(
            f"a has shape {left.shape} and b {right.shape}; they need (n, k) and (k, m)"
        )
    import matplotlib.pyplot as plt

    product = left @ right
    tensors = {"A": left, "B": right, "A @ B": product}
    shaded = (np.s_[row, :], np.s_[:, column], np.s_[row, column])
    height, widths = max(len(left), len(right)), [t.shape[1] + 0.7 for t in tensors.values()]
    size = (0.6 * sum(widths) + 1.2, 0.6 * height + 1.0)
    fig, axes = plt.subplots(1, 3, figsize=size, width_ratios=widths)
    for ax, (name, tensor), key in zip(axes, tensors.items(), shaded, strict=True):
        plot_tensor(tensor, selected=key, ax=ax, title=f"{name}\nforma {tensor.shape}")
        ax.set_ylim(height + 0.1, -0.6)  # one scale for the three
    return fig


def _as_grid(array: np.ndarray) -> np.ndarray:
    if array.ndim > 2:
        raise ValueError(f"values has shape {array.shape}; a picture needs at most two axes")
    return np.atleast_2d(array)


def _selection(array: np.ndarray, key: Any) -> np.ndarray:
    shaded = np.zeros(array.shape, dtype=bool)
    if key is not None:
        shaded[key] = True
    return shaded


def _draw_cell(ax: "Axes", i: int, j: int, value: Any, colour: str) -> None:
    ax.add_patch(Rectangle((j, i), 1, 1, facecolor=colour, edgecolor=BLACK, linewidth=1.1))
    text = f"{value:g}" if isinstance(value, (float, np.floating)) else str(value)
    size = 11 if len(text) < 5 else 8
    ax.text(j + 0.5, i + 0.5, text, ha="center", va="center", color=BLACK, fontsize=size)


def _draw_indices(ax: "Axes", shape: tuple[int, ...], order: int) -> None:
    rows, columns = shape
    for j in range(columns if order > 0 else 0):
        ax.text(j + 0.5, -0.28, str(j), ha="center", va="center", color=GREY, fontsize=9)
    for i in range(rows if order > 1 else 0):
        ax.text(-0.28, i + 0.5, str(i), ha="center", va="center", color=GREY, fontsize=9)


def _frame_grid(ax: "Axes", shape: tuple[int, ...]) -> None:
    ax.set(xlim=(-0.6, shape[1] + 0.1), ylim=(shape[0] + 0.1, -0.6), aspect="equal")
    ax.set_axis_off()


# -- graphs --------------------------------------------------------------------------------------


def graph_nodes(function: Any, *args: Any) -> list[Node]:
    """The operations that TensorFlow records when it traces a function.

    Args:
        function: a ``tf.function``, or a plain function, which is traced as it is.
        *args: arguments to trace it with, such as ``tf.constant(5.0)``.

    Returns:
        The nodes, inputs of a node always before it.

    Raises:
        ValueError: nothing was recorded (the function does not use TensorFlow).
    """
    import tensorflow as tf

    if not hasattr(function, "get_concrete_function"):
        function = tf.function(function)
    operations = function.get_concrete_function(*args).graph.get_operations()
    nodes = [_node(operation) for operation in operations if operation.type != "NoOp"]
    if not any(node.kind == "operación" for node in nodes):
        raise ValueError("the graph has no operations: does the function use TensorFlow?")
    return nodes


def _node(operation: Any) -> Node:
    inputs = tuple(tensor.op.name for tensor in operation.inputs)
    if operation.type == "Placeholder":
        return Node(operation.name, operation.name, "entrada")
    if operation.type == "Const":
        return Node(operation.name, _constant_text(operation), "constante")
    label = SYMBOLS.get(operation.type, operation.type)
    return Node(operation.name, label, "salida" if label == "salida" else "operación", inputs)


def _constant_text(operation: Any) -> str:
    import tensorflow as tf

    value = tf.make_ndarray(operation.get_attr("value"))
    return f"{value.item():g}" if value.size == 1 else f"datos {value.shape}"


def node_levels(nodes: Sequence[Node]) -> dict[str, int]:
    """How many operations stand at least between the start and each node: its column.

    A constant or an input stands right before the first operation that uses it.

    Args:
        nodes: the nodes, inputs of a node before it.

    Returns:
        name → column, from 0.
    """
    level: dict[str, int] = {}
    for node in nodes:
        level[node.name] = 1 + max((level[name] for name in node.inputs), default=-1)
    users = {name: [n for n in nodes if name in n.inputs] for name in level}
    for node in nodes:
        if node.kind == "constante" and users[node.name]:
            level[node.name] = min(level[user.name] for user in users[node.name]) - 1
    return level


def plot_graph(nodes: Sequence[Node], *, ax: "Axes | None" = None, title: str = "") -> "Axes":
    """Draw a computational graph from left to right: values flow along the arrows.

    Args:
        nodes: the nodes, inputs of a node before it.
        ax: where to draw; None makes a figure.
        title: title of the axes.

    Returns:
        The axes, with a legend of the kinds of node.

    Raises:
        ValueError: there are no nodes.
    """
    if not nodes:
        raise ValueError("nodes is empty; it needs at least one")
    routes = _routes(nodes)
    places = _places(nodes, routes)
    ax = ax if ax is not None else _new_axes((9.0, 4.2))
    boxes = {node.name: _draw_node(ax, node, places[node.name]) for node in nodes}
    for route in routes:
        _draw_route(ax, [places[stop] for stop in route], boxes[route[0]], boxes[route[-1]])
    across, up = (np.array([place[k] for place in places.values()]) for k in (0, 1))
    ax.set(xlim=(across.min() - 0.6, across.max() + 0.6), ylim=(up.min() - 0.6, up.max() + 0.6))
    ax.set_axis_off()
    _draw_kinds(ax, nodes)
    ax.set_title(title)
    return ax


def _routes(nodes: Sequence[Node]) -> list[tuple[str, ...]]:
    """Every edge as its stops: one in each column that it crosses, where no node then stands."""
    level = node_levels(nodes)
    routes = []
    for node in nodes:
        for name in node.inputs:
            between = range(level[name] + 1, level[node.name])
            stops = [f"{name}>{node.name}@{column}" for column in between]
            routes.append((name, *stops, node.name))
    return routes


def _places(
    nodes: Sequence[Node], routes: Sequence[tuple[str, ...]], sweeps: int = 6
) -> dict[str, tuple[float, float]]:
    """Column by level; inside a column, ordered by the mean height of the neighbours."""
    level = node_levels(nodes)
    for route in routes:
        level.update({stop: level[route[0]] + k for k, stop in enumerate(route[1:-1], start=1)})
    neighbours: dict[str, list[str]] = {name: [] for name in level}
    for route in routes:
        for start, end in pairwise(route):
            neighbours[start].append(end)
            neighbours[end].append(start)
    height = {name: -float(index) for index, name in enumerate(level)}
    for sweep in range(sweeps):
        columns = range(max(level.values()) + 1)
        for column in columns if sweep % 2 == 0 else reversed(columns):
            here = [name for name in level if level[name] == column]
            here.sort(key=lambda name: -_mean([height[other] for other in neighbours[name]]))
            height.update({name: (len(here) - 1) / 2 - row for row, name in enumerate(here)})
    return {name: (1.5 * level[name], height[name]) for name in level}


def _mean(heights: Sequence[float]) -> float:
    return float(np.mean(heights)) if heights else 0.0


_COLOURS = {"entrada": BLUE, "constante": GREY, "operación": ORANGE, "salida": GREEN}


def _draw_node(ax: "Axes", node: Node, place: tuple[float, float]) -> FancyBboxPatch:
    x, y = place
    round_ = "round,pad=0.04,rounding_size=0.18" if node.kind == "operación" else "square,pad=0.04"
    width = max(0.5, 0.22 + 0.085 * len(node.label))
    box = FancyBboxPatch(
        (x - width / 2, y - 0.19),
        width,
        0.38,
        boxstyle=round_,
        zorder=3,
        facecolor="white",
        edgecolor=_COLOURS[node.kind],
        linewidth=2,
    )
    ax.add_patch(box)
    ax.text(x, y, node.label, ha="center", va="center", fontsize=11, color=BLACK, zorder=4)
    return box


def _draw_route(
    ax: "Axes", stops: list[tuple[float, float]], start: FancyBboxPatch, end: FancyBboxPatch
) -> None:
    for k, (here, there) in enumerate(pairwise(stops)):
        last = k == len(stops) - 2
        arrow = FancyArrowPatch(
            here,
            there,
            arrowstyle="-|>" if last else "-",
            patchA=start if k == 0 else None,
            patchB=end if last else None,
            shrinkA=1 if k == 0 else 0,
            shrinkB=1 if last else 0,
            mutation_scale=14,
            color=BLACK,
            linewidth=1.3,
            zorder=2,
        )
        ax.add_patch(arrow)


def _draw_kinds(ax: "Axes", nodes: Sequence[Node]) -> None:
    present = [kind for kind in _COLOURS if any(node.kind == kind for node in nodes)]
    marks = [
        Rectangle((0, 0), 1, 1, facecolor="white", edgecolor=_COLOURS[kind], linewidth=2)
        for kind in present
    ]
    ax.legend(marks, present, loc="lower center", ncols=len(present), bbox_to_anchor=(0.5, -0.12))


def _new_axes(size: tuple[float, float] | None = None) -> "Axes":
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=size)[1]
