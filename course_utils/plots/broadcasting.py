"""A picture of what TensorFlow does with two tensors whose shapes differ."""

from typing import TYPE_CHECKING, Any

import numpy as np

from course_utils.checks.compare import plain
from course_utils.plots.tensors import plot_tensor

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def plot_broadcast_difference(a: Any, b: Any) -> "Figure":
    """Draw a − b as broadcasting computes it: both operands stretched, then the difference.

    The shaded cells are those that a and b had before; the others are copies.

    Args:
        a: array or tensor of order 1 or 2.
        b: the same; its shape fits that of ``a``.

    Returns:
        The figure; each title tells a shape.

    Raises:
        ValueError: the shapes cannot be stretched to one shape of order 2.
    """
    import matplotlib.pyplot as plt

    left, right = np.asarray(plain(a)), np.asarray(plain(b))
    shape = np.broadcast_shapes(left.shape, right.shape)
    if len(shape) != 2:
        raise ValueError(f"a and b stretch to shape {shape}; it needs two axes")
    height, width = shape
    fig, axes = plt.subplots(1, 3, figsize=(3 * (0.6 * width + 1.2), 0.6 * height + 1.2))
    for ax, name, values in zip(
        axes, ("y", "p", "y − p"), (left, right, left - right), strict=True
    ):
        full = np.round(np.broadcast_to(values, shape), 2)
        own = None if name == "y − p" else _own(values.shape, shape)
        stretched = "" if values.shape == shape else f", estirado a {shape}"
        plot_tensor(full, selected=own, ax=ax, title=f"{name}\nforma {values.shape}{stretched}")
    return fig


def _own(small: tuple[int, ...], shape: tuple[int, ...]) -> Any:
    """Index of the cells of the stretched tensor that are no copies."""
    padded = (1,) * (len(shape) - len(small)) + small
    return tuple(slice(0, length) for length in padded)
