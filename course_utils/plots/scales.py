"""Logarithmic axes that always say their numbers."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
from matplotlib.ticker import FuncFormatter, Locator, LogLocator, MaxNLocator, NullFormatter

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDE, NARROW = 2.5, 0.8  # decades


class _PlainLocator(Locator):
    """Places of labels: decades where there are many; 1, 2 and 5 in few; else evenly spaced.

    Matplotlib's ``LogLocator`` with several numbers a decade gives no label at all once it has to
    skip decades, and its plain form gives none to an axis that holds no power of ten.
    """

    def __call__(self) -> Sequence[float]:
        assert self.axis is not None
        return self.tick_values(*self.axis.get_view_interval())

    def tick_values(self, vmin: float, vmax: float) -> Sequence[float]:
        low, high = sorted((float(vmin), float(vmax)))
        decades = np.log10(high / low)
        if decades > WIDE:
            chosen: Locator = LogLocator(subs=(1.0,), numticks=9)
        elif decades > NARROW:
            chosen = LogLocator(subs=(1.0, 2.0, 5.0), numticks=9)
        else:
            chosen = MaxNLocator(nbins=6)
        return [float(place) for place in chosen.tick_values(low, high) if place > 0]


def set_log_scale(ax: "Axes", axis: Literal["x", "y"] = "y") -> None:
    """Make an axis logarithmic, with numbers at its ticks whatever its range.

    Args:
        ax: the axes.
        axis: which of the two.
    """
    (ax.set_xscale if axis == "x" else ax.set_yscale)("log")
    chosen = ax.xaxis if axis == "x" else ax.yaxis
    chosen.set_major_locator(_PlainLocator())
    chosen.set_major_formatter(FuncFormatter(lambda value, _: _written(value)))
    chosen.set_minor_formatter(NullFormatter())


def _written(value: float) -> str:
    """A plain number (0.3, not 3 × 10⁻¹) where it is short, else a power of ten."""
    if 1e-4 <= value < 1e5:
        return f"{value:g}"
    exponent = int(np.floor(np.log10(value) + 1e-9))
    factor = value / 10.0**exponent
    power = f"10^{{{exponent}}}"
    return f"${power}$" if np.isclose(factor, 1) else f"${factor:g} \\cdot {power}$"
