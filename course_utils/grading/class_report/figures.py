"""The report's figures, as SVG pictures that the page itself contains."""

import base64
import io
from collections.abc import Callable

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from course_utils.grading.class_report.measures import Exercise, Summary
from course_utils.plots import style

BIN = 2  # points


def marks(summary: Summary) -> str:
    """Histogram of the points, with the median.

    Returns:
        A ``data:`` address.
    """

    def draw(axes: Axes) -> None:
        edges = [float(edge) for edge in range(0, int(summary.maximum) + BIN + 1, BIN)]
        axes.hist(summary.points, bins=edges, color=style.BLUE, edgecolor="white")
        if summary.median is not None:
            axes.axvline(
                summary.median, color=style.ORANGE, ls="--", label=f"mediana {summary.median:g}"
            )
            axes.legend()
        axes.set(
            title="Notas de la clase",
            xlabel=f"puntos de las pruebas (de {summary.maximum:g})",
            ylabel="estudiantes",
            xlim=(0, edges[-1]),
            xticks=edges,
        )
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))

    return _picture(draw)


def passed(exercises: list[Exercise]) -> str:
    """Share of students who pass the visible and the hidden test of each exercise.

    Returns:
        A ``data:`` address.
    """

    def draw(axes: Axes) -> None:
        visible = [100 * (exercise.visible or 0.0) for exercise in exercises]
        hidden = [100 * (exercise.hidden or 0.0) for exercise in exercises]
        _bars(axes, exercises, {"visible": visible, "oculta": hidden})
        axes.set(
            title="Quién supera cada prueba",
            xlabel="% de las entregas calificadas",
            xlim=(0, 100),
        )

    return _picture(draw)


def discrimination(exercises: list[Exercise]) -> str:
    """Ease and discrimination of each exercise; an unknown value has no bar.

    Returns:
        A ``data:`` address.
    """

    def draw(axes: Axes) -> None:
        ease = [exercise.ease or 0.0 for exercise in exercises]
        apart = [exercise.discrimination or 0.0 for exercise in exercises]
        _bars(axes, exercises, {"facilidad": ease, "discriminación": apart})
        axes.axvline(0.2, color=style.BLACK, ls=":")
        axes.set(
            title="Facilidad y discriminación",
            xlabel="facilidad de 0 a 1; discriminación de −1 a 1, la línea es 0.2",
            xlim=(min(-0.05, *apart), 1),
        )

    return _picture(draw)


def _bars(axes: Axes, exercises: list[Exercise], series: dict[str, list[float]]) -> None:
    """Two bars for each exercise, different in color and in hatching."""
    rows, height = range(len(exercises)), 0.38
    for side, hatch, (label, values) in zip((-1, 1), ("", "//"), series.items(), strict=True):
        places = [row + side * height / 2 for row in rows]
        axes.barh(places, values, height, hatch=hatch, edgecolor="white", label=label)
    axes.set_yticks(list(rows), [exercise.title for exercise in exercises])
    axes.invert_yaxis()
    axes.set_ylabel("ejercicio")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.18), ncols=2)


def _picture(draw: Callable[[Axes], None]) -> str:
    """Draw a picture, and return its ``data:`` address."""
    stream = io.BytesIO()
    with mpl.rc_context():
        style.use_course_style()
        mpl.rcParams["svg.hashsalt"] = "course"
        figure = Figure(figsize=(6.4, 4.2), layout="constrained")
        draw(figure.subplots())
        figure.savefig(stream, format="svg", metadata={"Date": None})
    return f"data:image/svg+xml;base64,{base64.b64encode(stream.getvalue()).decode()}"
