"""What unit 5 says and draws of its loss, computed anew."""

import importlib

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from sklearn.datasets import make_blobs

from course_utils.grading.course import read_notebook
from course_utils.plots.classification import plot_decision_regions
from tests.notebooks.facts import COURSE, output, run_cell, source, states


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


# -- numbers of the descent, by NumPy alone ------------------------------------------------------


def blobs(spread: float = 1.0):
    return make_blobs(100, centers=2, n_features=2, cluster_std=spread, random_state=0)


def descend(x, y, steps, rate):
    """Weights, bias, loss and right answers after full-batch descent from (1, −1) and 0.5."""
    w, b = np.array([1.0, -1.0]), 0.5
    for _ in range(steps):
        p = 1 / (1 + np.exp(-(x @ w + b)))
        w, b = w - rate * x.T @ (p - y) / len(y), b - rate * (p - y).mean()
    z = x @ w + b
    return w, b, exact(z, y).mean(), int(((z > 0) == y).sum())


def test_the_losses_before_and_after_fifty_steps():
    x, y = blobs()
    sentence = "La pérdida empieza en ${}$; la que se mide antes del último paso es ${}$"
    states(source(5, "u5-t26"), sentence, descend(x, y, 0, 0.5)[2], descend(x, y, 49, 0.5)[2])
    states(source(5, "u5-t26"), "y después de él, ${}$.", descend(x, y, 50, 0.5)[2])


def test_the_losses_on_seventy_points_and_on_the_thirty_kept_apart():
    x, y = blobs()
    w, b, loss, _ = descend(x[:70], y[:70], 50, 0.5)
    z = x[70:] @ w + b
    sentence = "${}$ de pérdida contra ${}$, y {} aciertos de {}."
    right = ((z > 0) == y[70:]).sum()
    states(source(5, "u5-t32"), sentence, exact(z, y[70:]).mean(), loss, right, len(z))


def test_the_numbers_of_the_four_experiments():
    x, y = blobs()
    text = source(5, "u5-t33")
    slow, usual, fast = (descend(x, y, 50, rate)[2] for rate in (0.05, 0.5, 5))
    states(text, "Con tasa 0.05 la pérdida queda en ${}$, contra ${}$ con 0.5.", slow, usual)
    states(text, "Con tasa 5 no diverge aquí: llega a ${}$.", fast)
    states(text, "Con 1000 pasos, ${}$.", descend(x, y, 1000, 0.5)[2])
    _, _, loss, right = descend(*blobs(2.0), 50, 0.5)
    states(text, "pérdida ${}$ y {} aciertos de 100.", loss, right)


def test_the_numbers_of_the_challenges():
    text = source(5, "u5-t30")
    assert 5 - (20 * 5 - 5) / 20 == 0.25  # Newton's step on the parabola
    v = 2.0
    for _ in range(20):
        v -= (2 * np.cos(2 * v) + v / 2) / (0.5 - 4 * np.sin(2 * v))
    bend = 0.5 - 4 * np.sin(2 * v)
    states(text, r"llega a $x \approx {}$; allí $h'' \approx {}$ es positiva", v, bend)
    x, speed = 5.0, 0.0
    for _ in range(40):
        speed = 0.5 * speed - 0.11 * (20 * x - 5)
        x += speed
    states(text, "2. ${}$, con seis decimales", 10 * x**2 - 5 * x + 4)
    points, y = blobs()
    p = 1 / (1 + np.exp(-(points @ [1.0, -1.0] + 0.5)))
    dw, db = points.T @ (p - y) / len(y), (p - y).mean()
    states(text, "3. $({}, {})$ para $w$, y para $b$ la media de $p - y$, ${}$.", *dw, db)


# -- the cell with three planted bugs ------------------------------------------------------------

MENDED = (
    ("        loss = tf", "            loss = tf"),
    ("- y * z", "- y[:, None] * z"),
    ("assign_add", "assign_sub"),
)


@pytest.mark.parametrize("left", [(), (0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2)])
def test_the_bugs_are_told_until_the_last_one_is_mended(left, capsys):
    tf = importlib.import_module("tensorflow")
    points, labels = blobs()
    w, b, _, _ = descend(points, labels, 50, 0.5)
    names = {"np": np, "tf": tf, "puntos": points, "etiquetas": labels, "w": w, "b": b}
    names |= {"plain": np.asarray, "X": tf.constant(points, tf.float32)}
    code = cell("u5-errores")
    for number, (wrong, right) in enumerate(MENDED):
        assert wrong in code
        code = code if number in left else code.replace(wrong, right)
    exec(code, names)
    run_cell(5, "u5-demo-errores", names)
    told = capsys.readouterr().out
    assert ("Coinciden" in told) == (not left)
    assert ("Se detiene" in told) == (0 in left)


def cell(name: str) -> str:
    """Text of a cell, with its line breaks."""
    cells = read_notebook(COURSE.master(COURSE.units()[4])).cells
    return next(one.source for one in cells if one.id == name)
