"""The valleys of unit 1: true losses, true descents, and a slider that plotly moves by itself."""

from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

from course_utils.plots.valleys import Valley, plot_valleys, valley_slider
from tests.unit.study import load_study

X, Y = load_study()
RAW = Valley("crudas", X, Y, (-14, 2), (-4.5, 4.5), "peso (por hora)")
Z = (X - X.mean(axis=0)) / X.std(axis=0)
NORMAL = Valley("normalizadas", Z, Y, (-3, 2), (-1, 6.5), "peso (por desviación)")
BOTH = pytest.mark.parametrize("valley", [RAW, NORMAL])


@pytest.fixture(autouse=True)
def _close_figures() -> Any:
    yield
    plt.close("all")


@BOTH
def test_the_minimum_is_scikit_learns(valley: Valley):
    from sklearn.linear_model import LogisticRegression

    best = LogisticRegression(C=1e12, tol=1e-10, max_iter=100_000, solver="newton-cholesky")
    best.fit(valley.x, Y)
    np.testing.assert_allclose(valley.minimum, [*best.coef_[0], best.intercept_[0]], rtol=1e-3)


@BOTH
def test_losses_are_those_of_softmax_with_the_other_weight_at_its_best(valley: Valley):
    b, w = 0.3, -0.2
    weights = np.array([[0, w], [0, valley.minimum[1]]])
    z = np.asarray(valley.x) @ weights + [0, b]
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    assert float(valley.losses(b, w)) == pytest.approx(-np.log(p[np.arange(len(Y)), Y]).mean())


@BOTH
def test_a_path_is_what_keras_does_with_all_examples_in_a_step(valley: Valley):
    tf = pytest.importorskip("tensorflow")
    rest = np.asarray(valley.x)[:, 1] * valley.minimum[1]
    w = tf.Variable(np.zeros((1, 2)))
    b = tf.Variable(np.zeros(2))
    for _ in range(5):
        with tf.GradientTape() as tape:
            z = np.asarray(valley.x)[:, :1] @ w + b + np.column_stack([0 * rest, rest])
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=Y, logits=z)
            loss = tf.reduce_mean(losses)
        for variable, slope in zip((w, b), tape.gradient(loss, [w, b]), strict=True):
            variable.assign_sub(0.05 * slope)
    ended = [float(b[1] - b[0]), float(w[0, 1] - w[0, 0])]
    np.testing.assert_allclose(valley.path(0.05, 5)[-1], ended, rtol=1e-9)


@BOTH
def test_contours_are_fine_enough_for_the_floor_of_the_valley(valley: Valley):
    b, w, losses = valley.grid()
    lowest = float(valley.losses(*valley.lowest))
    assert losses.shape == (len(w), len(b))
    assert lowest <= losses.min() < 1.1 * lowest


def test_panels_have_one_scale_for_both_axes_and_all_paths():
    figure = plot_valleys([RAW, NORMAL], rates=(0.01, 0.1, 1))
    for ax in figure.axes:
        assert ax.get_aspect() == 1
        assert len(ax.lines) == 2 * 3 + 1
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == [
        "tasa 0.01", "tasa 0.1", "tasa 1", "mínimo",
    ]  # fmt: skip


def test_each_stop_of_the_slider_shows_its_own_paths_and_says_where_they_end():
    rates = (0.001, 0.01, 0.1, 1)
    figure = valley_slider([RAW, NORMAL], rates, shown=1)
    stops = figure.layout.sliders[0].steps
    assert [stop.label for stop in stops] == ["0.001", "0.01", "0.1", "1"]
    for index, (stop, rate) in enumerate(zip(stops, rates, strict=True)):
        assert stop.method == "update"
        shown = [t for t, on in zip(figure.data, stop.args[0]["visible"], strict=True) if on]
        (raw, normal) = [trace for trace in shown if trace.name == "camino"]
        np.testing.assert_allclose(raw.y[-1], RAW.path(rate)[-1, 1], atol=1e-3)
        np.testing.assert_allclose(normal.x[-1], NORMAL.path(rate)[-1, 0], atol=1e-3)
        loss = float(RAW.losses(*RAW.path(rate)[-1]))
        assert f"crudas: pérdida {loss:.2f}" in stop.args[1]["title.text"]
        assert ("subió" in stop.args[1]["title.text"]) == (index > 1)
    assert figure.layout.title.text == stops[1].args[1]["title.text"]


def test_the_interactive_figure_is_light_and_needs_no_extension():
    figure = valley_slider([RAW, NORMAL], rates=(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3))
    assert type(figure).__name__ == "Figure"
    assert len(figure.to_json()) < 700_000
