"""How long things take: eager against graph, and a large product on each device."""

from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from course_utils.plots.scales import set_log_scale
from course_utils.plots.style import BLUE, GREY, ORANGE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas import DataFrame

EAGER, GRAPH, GAIN = "inmediata (µs)", "grafo (µs)", "ganancia (veces)"
MILLISECONDS, SPEED = "tiempo (ms)", "velocidad (GFLOP/s)"


def seconds_per_call(
    function: Callable[..., Any], *args: Any, repeats: int = 5, least: float = 0.02
) -> float:
    """Time a call, without its first one (which may trace a graph or fill caches).

    Args:
        function: what to time.
        *args: its arguments.
        repeats: how many measurements; the median counts.
        least: seconds that a measurement lasts at least; short calls are repeated in it.

    Returns:
        Seconds per call, above 0.

    Raises:
        ValueError: fewer than one repeat.
    """
    if repeats < 1:
        raise ValueError(f"repeats is {repeats}; it must be 1 or more")
    _finish(function(*args))
    count = max(1, round(least / _seconds(function, args, 1)))
    return median(_seconds(function, args, count) / count for _ in range(repeats))


def _seconds(function: Callable[..., Any], args: tuple[Any, ...], count: int) -> float:
    start = perf_counter()
    for _ in range(count):
        value = function(*args)
    _finish(value)
    return max(perf_counter() - start, 1e-9)


def _finish(value: Any) -> None:
    """Wait for a value that a GPU may still be computing."""
    if hasattr(value, "numpy"):
        value.numpy()


def compare_eager_graph(
    cases: Mapping[str, tuple[Callable[..., Any], Any]], *, repeats: int = 5
) -> "DataFrame":
    """Time functions as they are and compiled by ``tf.function``.

    Args:
        cases: name → (function of one tensor, the tensor).
        repeats: measurements of each; the median counts.

    Returns:
        One row per case: microseconds per call in eager mode, as a graph, and their quotient.

    Raises:
        ValueError: no cases.
    """
    import pandas as pd
    import tensorflow as tf

    if not cases:
        raise ValueError("cases is empty; it needs at least one")
    rows = {}
    for name, (function, x) in cases.items():
        eager = 1e6 * seconds_per_call(function, x, repeats=repeats)
        graph = 1e6 * seconds_per_call(tf.function(function), x, repeats=repeats)
        rows[name] = {EAGER: eager, GRAPH: graph, GAIN: eager / graph}
    return pd.DataFrame.from_dict(rows, orient="index")


def plot_eager_graph(table: "DataFrame", *, ax: "Axes | None" = None, title: str = "") -> "Axes":
    """Draw the table of ``compare_eager_graph`` as dots on a logarithmic axis.

    Args:
        table: what ``compare_eager_graph`` returned.
        ax: where to draw; None makes a figure.
        title: title of the axes.

    Returns:
        The axes.

    Raises:
        ValueError: the table has other columns.
    """
    if not {EAGER, GRAPH} <= set(table.columns):
        raise ValueError(f"the table has columns {list(table.columns)}; it needs {EAGER}, {GRAPH}")
    if ax is None:
        import matplotlib.pyplot as plt

        ax = plt.subplots(figsize=(8.0, 1.2 + 0.8 * len(table)))[1]
    place = np.arange(len(table))
    times = table[[EAGER, GRAPH]].to_numpy(dtype=float)
    # Dots, not bars: a logarithmic axis has no zero at which a bar could start.
    ax.hlines(place, times.min(axis=1), times.max(axis=1), color=GREY, linewidth=1, zorder=1)
    beside: dict[str, Any] = {"textcoords": "offset points", "ha": "center", "fontsize": 9}
    for height, column, colour, marker in ((9, EAGER, BLUE, "o"), (-15, GRAPH, ORANGE, "^")):
        label = column.removesuffix(" (µs)")
        ax.scatter(table[column], place, s=64, color=colour, marker=marker, label=label, zorder=2)
        for time, at in zip(table[column], place, strict=True):
            ax.annotate(f"{time:.0f}", (time, at), xytext=(0, height), **beside)
    set_log_scale(ax, "x")
    ax.set(yticks=place, title=title, xlabel="tiempo por llamada (µs)")
    ax.set_yticklabels(list(table.index))
    ax.set_xlim(times.min() / 3, times.max() * 3)
    ax.set_ylim(-0.6, len(table) - 0.4)
    ax.invert_yaxis()
    ax.legend()
    return ax


def compare_products(size: int = 1000, *, repeats: int = 5, seed: int = 0) -> "DataFrame":
    """Time the product of two square float32 matrices with NumPy and on TensorFlow's devices.

    Args:
        size: rows and columns, n.
        repeats: measurements of each; the median counts.
        seed: of the matrices.

    Returns:
        One row per place, the GPU's only where there is one: milliseconds per product, and
        billions of sums and products of numbers a second (2 n³ of them).
    """
    import pandas as pd
    import tensorflow as tf

    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(2, size, size)).astype("float32")
    times = {"NumPy (CPU)": seconds_per_call(np.matmul, a, b, repeats=repeats)}
    for kind in ("CPU", "GPU"):
        if tf.config.list_physical_devices(kind):
            with tf.device(f"/{kind}:0"):
                left, right = tf.constant(a), tf.constant(b)
                seconds = seconds_per_call(tf.matmul, left, right, repeats=repeats)
            times[f"TensorFlow ({kind})"] = seconds
    rows = {
        name: {MILLISECONDS: 1e3 * seconds, SPEED: 2e-9 * size**3 / seconds}
        for name, seconds in times.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index")
