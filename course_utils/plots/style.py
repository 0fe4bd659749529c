"""One look for every figure of the course, safe for colour-blind readers."""

from typing import Final

import matplotlib as mpl
from cycler import cycler

# Okabe and Ito's palette, its two lightest colours darkened until lines and markers stand out from
# white (WCAG 1.4.11); series are told apart by marker or line style too, never by colour alone.
BLUE: Final = "#0072B2"
ORANGE: Final = "#D55E00"
GREEN: Final = "#009E73"
PURPLE: Final = "#CC79A7"
SKY: Final = "#3A94CC"
YELLOW: Final = "#BF8300"
BLACK: Final = "#222222"
GREY: Final = "#6A6A6A"
WHITE: Final = "#FFFFFF"
PALETTE: Final = (BLUE, ORANGE, GREEN, PURPLE, SKY, YELLOW, BLACK)
MARKERS: Final = ("o", "^", "s", "D", "v", "P", "X")
LINES: Final = ("-", "--", "-.", ":")
SEQUENTIAL: Final = "cividis"
DIVERGING: Final = "PuOr"


def use_course_style() -> None:
    """Set Matplotlib's defaults for the course, for the whole session."""
    mpl.rcParams.update(
        {
            "figure.figsize": (7.0, 4.5),
            "figure.dpi": 100,
            "figure.constrained_layout.use": True,
            "axes.prop_cycle": cycler(color=PALETTE),
            "axes.grid": True,
            "axes.axisbelow": True,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.titlesize": 13,
            "axes.titleweight": "bold",
            "axes.labelsize": 11,
            "grid.alpha": 0.3,
            "font.size": 11,
            "image.cmap": SEQUENTIAL,
            "legend.frameon": False,
            "lines.linewidth": 2.0,
        }
    )


def plotly_layout() -> dict[str, object]:
    """Layout options that give a plotly figure the course's look."""
    return {
        "template": "plotly_white",
        "colorway": list(PALETTE),
        "font": {"size": 13, "color": BLACK},
        "margin": {"l": 60, "r": 30, "t": 60, "b": 50},
    }
