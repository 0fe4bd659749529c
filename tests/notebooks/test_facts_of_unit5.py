"""What unit 5 says and draws of its loss, computed anew."""

import importlib

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

from course_utils.plots.classification import plot_decision_regions
from tests.notebooks.facts import output, run_cell, source, states


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


def exact(z, y):
    return np.logaddexp(0, z) - y * z


def clipped(z, y):
    """Loss through a float32 probability that is kept 1e-7 away from 0 and 1."""
    p = 1 / (1 + np.exp(-np.float32(z)))
    p = np.clip(np.float32(p), np.float32(1e-7), np.float32(1 - 1e-7))
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


def test_the_order_of_the_timings_is_not_promised():
    assert "el orden, casi nunca." in source(5, "u5-t12")


def test_the_costs_of_three_probabilities_are_true():
    sentence = "si $p = 0.9$ cuesta ${}$; si $p = 0.5$, ${}$; si $p = 0.01$, ${}$."
    states(source(5, "u5-t22"), sentence, *-np.log([0.9, 0.5, 0.01]))


def test_the_loss_from_the_logit_and_the_clipped_one_are_those_of_the_box():
    text = output(5, "u5-c-logit")
    for z in (-1, 2, 20):
        sentence = f"z = {z}: desde p recortada {{}}, desde el logit {{}}"
        states(text, sentence, clipped(z, 0.0), exact(z, 0.0))
    sentence = "$z = 20$ e $y = 0$, la exacta vale {} y la recortada se queda en {}"
    states(source(5, "u5-t26"), sentence, exact(20, 0.0), clipped(20, 0.0))


def test_the_clipped_loss_has_no_slope_at_a_certain_error_and_the_other_has():
    tf = importlib.import_module("tensorflow")
    z = tf.Variable(20.0)
    with tf.GradientTape(persistent=True) as tape:
        one = -tf.math.log(1 - tf.clip_by_value(tf.sigmoid(z), 1e-7, 1 - 1e-7))
        other = tf.nn.sigmoid_cross_entropy_with_logits(labels=0.0, logits=z)
    assert float(tape.gradient(one, z)) == 0
    assert float(tape.gradient(other, z)) == pytest.approx(1)


def test_the_box_names_the_logit_and_the_exercises_that_taught_it():
    text = source(5, "u5-t26")
    assert "**logit**" in text
    assert "unidades 3 y 4" in text
    assert "Entropía cruzada desde los logits" in source(3, "u3-ej4-enunciado")
    assert "Ejercicio 3.4" in source(3, "u3-ej4-enunciado")
    assert "Ejercicio 4.7 · La BCE directamente desde $z$" in source(4, "u4-ej7-enunciado")
    assert "(ejercicios 3.4 y 4.7)" in text


def test_the_data_are_drawn_before_any_model():
    tf = importlib.import_module("tensorflow")
    names = run_cell(5, "u5-demo-datos", {"np": np, "plt": plt, "tf": tf})
    drawn = [collection.get_offsets() for collection in names["ax"].collections]
    assert [len(points) for points in drawn] == [50, 50]
    np.testing.assert_allclose(drawn[1], names["puntos"][names["etiquetas"] == 1])


def test_the_curves_of_the_surprise_are_minus_ln_p_and_minus_ln_1_minus_p():
    ax = run_cell(5, "u5-demo-sorpresa", {"np": np, "plt": plt})["ax"]
    for line, values in zip(ax.lines, (lambda p: p, lambda p: 1 - p), strict=False):
        np.testing.assert_allclose(line.get_ydata(), -np.log(values(line.get_xdata())))


def test_lines_of_equal_probability_stand_where_the_model_says_so():
    x, y = np.array([[-2.0, -2.0], [2.0, 2.0]]), np.array([0, 1])

    def predict(points):
        return 1 / (1 + np.exp(-(points[:, 0] - 0.5)))

    ax = plot_decision_regions(predict, x, y, levels=(0.25, 0.75))
    lines = [c for c in ax.collections if c.get_array() is not None and len(c.get_array()) == 2]
    (levels,) = lines
    for level, path in zip((0.25, 0.75), levels.get_paths(), strict=True):
        np.testing.assert_allclose(predict(path.vertices), level, atol=1e-3)
    assert "levels=(0.1, 0.25, 0.75, 0.9)" in source(5, "u5-demo-entrenamiento")


def test_levels_of_more_than_two_classes_are_refused():
    x, y = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 0.0]]), np.array([0, 1, 2])
    with pytest.raises(ValueError, match="there are 3 classes"):
        plot_decision_regions(lambda p: np.zeros(len(p), int), x, y, levels=(0.5,))
