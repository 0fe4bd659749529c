"""Every logarithmic axis that the course draws says its numbers."""

import json
import re
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from course_utils.plots.scales import set_log_scale
from course_utils.plots.steps import plot_steps
from course_utils.plots.training import plot_losses
from course_utils.training import timing

ROOT = Path(__file__).parents[2]
RANGES = [(1e-7, 2e2), (1e-12, 1.0), (0.18, 9.0), (0.25, 0.69), (0.52, 0.58), (2e3, 7e3), (3, 4e7)]
OWN_SCALE = re.compile(r"""[xy]scale\W{1,4}["'](?:sym)?log|\bsemilog[xy]\(|\.loglog\(""")


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


def labels(axis) -> dict[float, str]:
    """What stands at the ticks that can be seen."""
    axis.figure.canvas.draw()
    low, high = sorted(axis.get_view_interval())
    written = zip(axis.get_majorticklocs(), axis.get_majorticklabels(), strict=True)
    return {at: text.get_text() for at, text in written if low <= at <= high}


@pytest.mark.parametrize("limits", RANGES)
@pytest.mark.parametrize("axis", ["x", "y"])
def test_a_log_axis_has_labels_whatever_its_range(limits, axis):
    ax = plt.subplots()[1]
    ax.set(xlim=limits, ylim=limits)
    set_log_scale(ax, axis)
    found = labels(ax.xaxis if axis == "x" else ax.yaxis)
    assert 2 <= len([text for text in found.values() if text]) <= 14, found
    assert len(set(found.values())) == len(found)


def test_a_label_says_the_value_of_its_tick():
    ax = plt.subplots()[1]
    ax.set_ylim(1e-7, 2e6)
    set_log_scale(ax)
    for at, text in labels(ax.yaxis).items():
        power = re.fullmatch(r"\$10\^\{(-?\d+)\}\$", text)
        assert at == pytest.approx(10.0 ** int(power[1]) if power else float(text))


@pytest.mark.parametrize("limits", RANGES)
def test_the_log_axes_of_the_course_s_plots_have_labels(limits):
    values = np.geomspace(*limits, 3)
    table = pd.DataFrame({timing.EAGER: values, timing.GRAPH: values}, index=["a", "b", "c"])
    for axis in (
        plot_losses({"a": values}, log=True).yaxis,
        plot_steps({"a": list(enumerate(values))}, log=True).yaxis,
        timing.plot_eager_graph(table).xaxis,
    ):
        assert axis.get_scale() == "log"
        assert len([text for text in labels(axis).values() if text]) >= 2


def places_that_draw():
    for path in (ROOT / "course_utils").rglob("*.py"):
        if path.name != "scales.py":
            yield path.name, path.read_text(encoding="utf-8")
    for path in (ROOT / "source").rglob("*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                yield cell["id"], "".join(cell["source"])


def test_no_figure_sets_a_log_axis_in_another_way():
    assert [name for name, text in places_that_draw() if OWN_SCALE.search(text)] == []


@pytest.mark.parametrize(
    "text", ['ax.set(yscale="log")', "ax.set_xscale('log')", "ax.semilogy(x)", "plt.loglog(x, y)"]
)
def test_other_ways_are_recognised(text):
    assert OWN_SCALE.search(text)
