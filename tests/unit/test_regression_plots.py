"""Unit 2's figures show what they were given and refuse wrong shapes."""

import base64
import json
import re
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from course_utils.plots.regression import (
    animate_training,
    plot_experiments,
    plot_fits,
    plot_moments,
    plot_residuals,
    scatter_interactive,
    show_training,
)
from course_utils.training.records import TrainingRecord

mpl.use("Agg")
X = np.linspace(-4, 4, 40)
Y = 1 + 2 * X + np.sin(7 * X)


@pytest.fixture(autouse=True)
def _close_figures():
    import matplotlib.pyplot as plt

    yield
    plt.close("all")


def record(epochs: int = 3, parameters: int = 2) -> TrainingRecord:
    weights = np.linspace(0, 1, (epochs + 1) * parameters).reshape(-1, parameters)
    predictions = np.outer(np.arange(epochs + 1.0), np.ones(5))
    return TrainingRecord(np.linspace(-4, 4, 5), predictions, weights, np.arange(epochs + 1.0))


def test_the_scatter_holds_every_point_of_every_set():
    figure = scatter_interactive(
        {"a": pd.DataFrame({"X": X, "y": Y}), "b": pd.DataFrame({"X": [1.0], "y": [2.0]})}
    )
    assert [len(trace.x) for trace in figure.data] == [40, 1]
    assert figure.data[0].name == "a (40)"
    assert figure.layout.xaxis.title.text
    assert figure.layout.yaxis.title.text
    assert figure.data[0].marker.symbol != figure.data[1].marker.symbol


@pytest.mark.parametrize("sets", [{}, {"a": pd.DataFrame({"X": [1.0]})}])
def test_the_scatter_needs_tables_with_both_columns(sets: Any):
    with pytest.raises(ValueError, match=r"table|columns"):
        scatter_interactive(sets)


def test_a_fit_is_drawn_where_the_model_predicts_and_errors_end_at_the_data():
    ax = plot_fits(X, Y, {"recta": lambda x: (1 + 2 * x)[:, None]}, errors_of="recta")
    line = ax.get_lines()[0]
    assert line.get_ydata() == pytest.approx(1 + 2 * line.get_xdata())
    segments = np.array(ax.collections[0].get_segments())
    assert segments[:, 1, 1] == pytest.approx(Y)
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["error", "datos", "recta"]


def test_a_fit_of_another_shape_is_refused():
    with pytest.raises(ValueError, match="a curve gave shape"):
        plot_fits(X, Y, {"mala": lambda x: np.ones((2, 2))})
    with pytest.raises(ValueError, match=r"both need \(n,\)"):
        plot_fits(X[:, None], Y, {})
    with pytest.raises(ValueError, match="errors_of"):
        plot_fits(X, Y, {}, errors_of="ninguna")


def test_residuals_get_a_panel_each_with_their_mean():
    figure = plot_residuals(X, {"uno": np.ones(40), "dos": X})
    titles = [ax.get_title() for ax in figure.axes]
    assert titles == ["uno", "dos"]
    assert figure.axes[0].get_lines()[1].get_ydata() == pytest.approx(np.ones(8))


def test_experiments_show_every_loss_and_every_path():
    runs = {"a": record(), "b": record(5)}
    left, right = plot_experiments(runs, X, Y).axes
    losses = {line.get_label(): line.get_ydata() for line in left.get_lines()}
    assert losses["b"] == pytest.approx(runs["b"].losses)
    assert right.get_lines()[0].get_xdata() == pytest.approx(runs["a"].weights[:, 0])
    best = np.polyfit(X, Y, 1)
    assert [line.get_xydata()[0] for line in right.get_lines()][-1] == pytest.approx(best)


@pytest.mark.parametrize("runs", [{}, {"a": record(parameters=4)}])
def test_experiments_need_models_with_two_parameters(runs: Any):
    with pytest.raises(ValueError, match="two parameters"):
        plot_experiments(runs, X, Y)


def test_the_animation_has_a_frame_and_a_step_an_epoch_and_stays_small():
    figure = animate_training(record(30), X, Y)
    assert len(figure.frames) == 31
    assert len(figure.layout.sliders[0].steps) == 31
    assert list(figure.frames[4].data[0].y) == [4.0] * 5
    assert list(figure.data[1].y) == [0.0] * 5
    assert "MSE 4.00" in figure.layout.sliders[0].steps[4].label
    assert len(figure.to_json()) < 100_000
    assert json.loads(figure.to_json())["layout"]["yaxis"]["range"][1] > 30


def test_curves_may_go_beyond_the_data():
    ax = plot_fits(X, Y, {"recta": lambda x: 1 + 2 * x}, limits=(-10, 10))
    (line,) = (line for line in ax.lines if line.get_label() == "recta")
    assert (line.get_xdata()[0], line.get_xdata()[-1]) == (-10, 10)


def test_a_training_s_picture_has_its_start_and_its_end():
    figure = plot_moments(record(30), X, Y, title="Una recta")
    titles = [ax.get_title() for ax in figure.axes]
    assert titles[0].startswith("época 0 ·")
    assert titles[-1] == "época 30 · MSE 30.00"
    for ax, epoch in zip(figure.axes, (0, 3, 10, 30), strict=True):
        assert set(ax.lines[0].get_ydata()) == {epoch}


def test_a_notebook_gets_the_animation_and_a_folded_picture_that_says_what_it_shows():
    import matplotlib.pyplot as plt

    shown = show_training(record(30), X, Y, title="Una recta")
    assert plt.get_fignums() == []
    assert len(shown.figure.frames) == 31
    alternative, picture = re.search(r'alt="(.+?)".*base64,(.+?)"', shown.html).groups()
    assert alternative.startswith("Una recta: datos y predicción en época 0 · MSE 0.00, época 3")
    assert base64.b64decode(picture).startswith(b"\x89PNG")
    assert len(shown.html) + len(shown.figure.to_json()) < 300_000
