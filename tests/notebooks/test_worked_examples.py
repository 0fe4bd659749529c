"""Small sums in the units' texts, done anew, and the rule that every number is backed."""

import re

import numpy as np
import pytest

from course_utils.datasets.regression import make_regression_dataset
from tests.notebooks.facts import numbers, source, states
from tests.notebooks.prose import DECIMAL, NAMES, _pattern, backed, left_in, unbacked
from tests.unit.study import load_study


@pytest.mark.parametrize("unit", range(1, 6))
def test_every_number_with_decimals_in_the_text_is_backed(unit: int):
    assert unbacked(unit) == []


def test_a_number_is_backed_by_what_a_cell_has_or_rounds_to():
    assert backed("0.7", {"0.7"})
    assert backed("−1{,}70", {"1.697763"})
    assert not backed("1.7", {"1.697763"})  # one decimal would be met by chance
    assert not backed("1.71", {"1.697763"})


def test_names_are_no_numbers_and_sentences_back_theirs():
    names = re.compile("|".join(NAMES).replace("{unit}", "5"), re.MULTILINE)
    text = "Tu ejercicio 5.3 (o el 5.4, sección 2.1) da `7.5`, 1.25 y 9.75 horas."
    patterns = [_pattern("da `7.5`, {} y")]
    assert [left.split()[0] for left in left_in(text, set(), patterns, names)] == ["9.75"]
    assert DECIMAL.findall("la versión 1.2.3 y v4.5 no; 2.5 sí") == ["2.5"]


def sigmoid(z: float) -> float:
    return 1 / (1 + np.exp(-z))


def test_unit_1_names_students_who_are_in_the_data():
    x, y = load_study()
    failed, passed = numbers(
        source(1, "u1-t05"), "hay alguien con promedio {} que no aprobó y alguien con {} que aprobó"
    )
    assert ((x[:, 1] == float(failed)) & (y == 0)).any()
    hours = x[(x[:, 1] == float(passed)) & (y == 1), 0]
    assert hours.min() < np.median(x[:, 0])


def test_unit_1_counts_deviations_right():
    hours = load_study()[0][:, 0]
    (many,) = numbers(source(1, "u1-t06"), "En lugar de «{} horas» decimos")
    deviations = (float(many) - hours.mean()) / hours.std()
    states(source(1, "u1-t06"), "decimos «{} desviaciones por encima de la media»", deviations)


def test_unit_1_says_what_a_probability_costs():
    text = source(1, "u1-t08")
    states(text, "($p = {}$) cuesta $\\log 2 \\approx {}$", 0.5, np.log(2))
    states(text, "paga caro: $p = {}$ cuesta {}.", 0.001, -np.log(0.001))


def test_unit_2_says_how_fast_each_parameter_of_the_line_arrives():
    text = source(2, "u2-t13")
    data = make_regression_dataset(100, 1.25, 42)
    x, y = (data[name].to_numpy() for name in ("X", "y"))
    curvature = 2 * np.mean(x**2)
    assert round(curvature) == 11
    states(text, "factor $1 - {}\\cdot 11 \\approx {}$", 0.01, 1 - 0.01 * 11)
    states(text, "$1 - {}\\cdot 2 = {}$", 0.01, 1 - 0.01 * 2)
    states(text, "${}^{125} \\approx {}$", 0.98, 0.98**125)
    states(text, "${}\\cdot {} \\approx {}$", 0.92, np.polyfit(x, y, 1)[1], 0.92 * 1.94)
    states(source(2, "u2-t15"), "por encima de $2/11 \\approx {}$", 2 / curvature)
    low, high, short, near = numbers(
        text, "sale entre {} y {}, alrededor de la exacta. La ordenada se queda en {}–{}, siempre"
    )
    found = lines(x, y, 40)
    assert float(low) - 0.005 < np.quantile(found[:, 0], 0.05)
    assert np.quantile(found[:, 0], 0.95) < float(high) + 0.005
    assert float(short) - 0.005 < np.quantile(found[:, 1], 0.05)
    assert np.quantile(found[:, 1], 0.95) < float(near) + 0.005


def lines(x: np.ndarray, y: np.ndarray, starts: int) -> np.ndarray:
    """Slope and intercept after 25 epochs with batches of 20 and a rate of 0.01, (starts, 2)."""
    random, found = np.random.default_rng(0), []
    ones = np.column_stack([x, np.ones_like(x)])
    for _ in range(starts):
        w = random.normal(0, 0.05, 2)
        for _ in range(25):
            for rows in np.split(random.permutation(len(x)), len(x) // 20):
                w -= 0.01 * 2 * ones[rows].T @ (ones[rows] @ w - y[rows]) / len(rows)
        found.append(w)
    return np.array(found)


def test_unit_2_says_how_near_eight_sigmoids_come():
    import keras

    data = make_regression_dataset(100, 1.25, 42)
    x, y = data[["X"]].to_numpy(), data["y"].to_numpy()
    errors = []
    for _ in range(3):
        net = keras.Sequential(
            [keras.Input((1,)), keras.layers.Dense(8, "sigmoid"), keras.layers.Dense(1)]
        )
        net.compile(optimizer=keras.optimizers.Adam(0.1), loss="mse")
        net.fit(x, y, epochs=100, batch_size=20, verbose=0)
        errors.append(np.abs(np.ravel(net(x)) - y).mean())
    (near,) = numbers(source(2, "u2-t19"), "su error absoluto medio ronda {}, menos")
    assert np.median(errors) == pytest.approx(float(near), abs=0.1)


def test_unit_3_says_what_no_opinion_costs_and_does_a_gradient_by_hand():
    states(source(3, "u3-t07"), "Si le daba {}, es $\\log 10 \\approx {}$", 0.1, np.log(10))
    states(source(3, "u3-t15"), "cercana a $\\log 10 \\approx {}$", np.log(10))
    text = source(3, "u3-t10")
    given = "con $x = [{}, {}]$, dos clases, $p = [{},\\ {}]$ y clase real 0."
    *x, p0, p1 = map(float, numbers(text, given))
    error = np.array([p0 - 1, p1])
    assert p0 + p1 == 1
    states(text, "El error es $[{},\\ {}]$", *error)
    rows = np.outer(x, error)
    states(text, "bmatrix} {} & {} \\\\ {} & {} \\end", *rows.ravel())


def test_unit_4_has_true_tables():
    row = "| $\\sigma(z)$ | ${}$ | ${}$ | ${}$ | ${}$ | ${}$ |"
    states(source(4, "u4-t05"), row, *map(sigmoid, (-5, -1, 0, 1, 5)))
    text = source(4, "u4-t08")
    given = [float(n) for n in numbers(text, "| ${}$ | ${}$ | ${}$ | ${}$ | ${}$ | $0$ |")]
    row = "| sorpresa, $-\\ln P$ (nats) | ${}$ | ${}$ | ${}$ | ${}$ | ${}$ | $\\infty$ |"
    states(text, row, *-np.log(given))


def test_unit_4_has_true_logits_slopes_and_sums():
    text = source(4, "u4-t09")
    w, b = map(float, numbers(text, "empieza en $w = {}$, $b = {}$ y"))
    logits = w * np.array([-1, -0.9, -0.8]) + b
    states(text, "Los logits son ${}$, ${}$ y ${}$, así que la BCE media exacta es ${}$.",
           *logits, np.logaddexp(0, logits).mean())  # fmt: skip
    text = source(4, "u4-t19")
    (z,) = map(float, numbers(text, "Con $z = {}$ e $y = 1$, un error completo"))
    p = sigmoid(z)
    states(text, "| BCE | $\\hat y - y \\approx {}$ |", p - 1)
    states(text, "\\hat y (1 - \\hat y) \\approx {}$ |", 2 * (p - 1) * p * (1 - p))
    states(source(4, "u4-t21"), "+ 1\\big) = {}$$", 801 + np.log(np.exp(-1) + 1))


def test_unit_5_descends_as_its_text_says():
    states(source(5, "u5-t15"), "5 - {} \\cdot 95 = {}$", 0.01, 5 - 0.01 * 95)
    x, updates = 5.0, 0
    while abs(20 * x - 5) > 0.01:
        x, updates = x - 0.01 * (20 * x - 5), updates + 1
    f = 10 * x**2 - 5 * x + 4
    states(source(5, "u5-t17"), "$x \\approx {}$, $f \\approx {}$, en **{} act", x, f, updates)
    states(source(5, "u5-t17"), "Con $\\eta = {}$ el factor es $1 - {} = {}$", 0.09, 1.8, 1 - 1.8)
    distance = 4.75 * 0.8**40
    states(source(5, "u5-t19"), "en 40 pasos deja $f \\approx {}$", 3.375 + 10 * distance**2)


def test_unit_5_states_the_losses_of_its_training():
    from sklearn.datasets import make_blobs

    x, y = make_blobs(100, centers=2, n_features=2, random_state=0)
    w, b, losses = np.array([1.0, -1.0]), 0.5, []
    for _ in range(51):
        p = sigmoid(x @ w + b)
        losses.append(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))
        w, b = w - 0.5 * x.T @ (p - y) / len(y), b - 0.5 * np.mean(p - y)
    text = source(5, "u5-t26")
    states(text, "La pérdida empieza en ${}$; la que se mide antes del último paso es ${}$, y "
           "después de él, ${}$.", losses[0], losses[49], losses[50])  # fmt: skip
