"""What unit 1 says of rates, curvature and noise, computed anew."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

from course_utils.plots.valleys import Valley, plot_valleys
from course_utils.training.starts import _initial, train_from_starts
from tests.notebooks.facts import numbers, output, run_cell, source, states
from tests.unit.study import load_study

X, Y = load_study()
Z = (X - X.mean(axis=0)) / X.std(axis=0)
STEPS = 4000


def with_ones(x):
    return np.column_stack([x, np.ones(len(x))])


def full_batch_losses(x, rate: float, steps: int = STEPS):
    """Losses (steps, 12) of softmax regression by full-batch descent, in float64."""
    w, b = (start.astype(float) for start in _initial(2, 2, 12, seed=0))
    target, losses = np.eye(2)[Y], []
    for _ in range(steps):
        z = x @ w + b[:, None, :]
        z = z - z.max(axis=2, keepdims=True)
        p = np.exp(z) / np.exp(z).sum(axis=2, keepdims=True)
        losses.append(-np.log(p[:, np.arange(len(Y)), Y]).mean(axis=1))
        error = (p - target) / len(Y)
        w, b = w - rate * np.einsum("nd,snk->sdk", x, error), b - rate * error.sum(axis=1)
    return np.array(losses)


def curvature(x):
    """Eigenvalues of the loss's curvature along (w₁ − w₀, b₁ − b₀), at its minimum.

    Found by scikit-learn without a penalty, so by another way than the notebook's. A step of
    descent moves both columns of W, hence the factor of 2.
    """
    from sklearn.linear_model import LogisticRegression

    best = LogisticRegression(C=1e12, tol=1e-10, max_iter=100_000, solver="newton-cholesky")
    p = best.fit(x, Y).predict_proba(x)[:, 1]
    assert abs(with_ones(x).T @ (p - Y)).max() < 1e-6
    weighted = with_ones(x) * np.sqrt(2 * p * (1 - p) / len(x))[:, None]
    return np.linalg.svd(weighted, compute_uv=False)[::-1] ** 2


def always_safe(x) -> float:
    return float(4 / np.linalg.eigvalsh(with_ones(x).T @ with_ones(x) / len(x))[-1])


def test_conditions_and_limits_are_those_that_the_cell_prints():
    text = output(1, "u1-condicion")
    for name, x in (("crudas", X), ("normalizadas", Z)):
        values = curvature(x)
        sentence = (
            f"entradas {name}: número de condición {{}} tasa límite cerca del mínimo {{}} "
            "tasa segura en todas partes {}"
        )
        states(text, sentence, values[-1] / values[0], 2 / values[-1], always_safe(x))


def test_the_text_states_the_limits_of_the_cell():
    text = source(1, "u1-t18b")
    sentence = "pasa de {}, lo seguro en todas partes, y queda debajo de {}, el límite de cerca"
    states(text, sentence, always_safe(X), 2 / curvature(X)[-1])
    states(source(1, "u1-t21"), "cerca de él, el límite es {}.", 2 / curvature(X)[-1])


def test_the_valley_is_as_long_as_the_text_says():
    values = curvature(X)
    (times,) = numbers(source(1, "u1-t18"), "es más de {} veces más largo que ancho")
    assert float(times) < np.sqrt(values[-1] / values[0]) < 1.2 * float(times)


def test_no_full_batch_step_at_the_rate_of_001_raises_the_loss_and_it_does_not_arrive():
    (rate,) = numbers(source(1, "u1-t21"), "No es la tasa: con la misma {} y los 50 ejemplos")
    losses = full_batch_losses(X, float(rate))
    assert np.diff(losses, axis=0).max() < 0
    best = full_batch_losses(Z, 1.0, 300)[-1].min()
    assert losses[-1].min() > 1.1 * best


def test_batches_of_16_jump_at_the_same_rate():
    import keras

    (rate, size) = numbers(source(1, "u1-t21"), "con {} y lotes de {} la mediana mejora")
    by_16 = train_from_starts(X, Y, lambda: keras.optimizers.SGD(float(rate)), batch=int(size))
    slow = train_from_starts(X, Y, lambda: keras.optimizers.SGD(0.001), batch=16)
    assert (np.diff(by_16.losses, axis=1) > 1e-4).mean() > 0.2
    assert np.median(by_16.final_loss) < np.median(slow.final_loss)
    assert by_16.final_loss.max() > slow.final_loss.max()


def test_full_batches_bounce_from_all_starts_at_the_rate_that_the_text_names():
    sentence = "con {} ya lo hacen las doce partidas, lejos del mínimo"
    (rate,) = numbers(source(1, "u1-t21"), sentence)
    rises = np.diff(full_batch_losses(X, float(rate)), axis=0) > 1e-9
    assert rises.any(axis=0).all()
    assert float(rate) < 2 / curvature(X)[-1]  # so it can't be the limit near the minimum


@pytest.mark.parametrize(("share", "converges"), [(0.98, True), (1.02, False)])
def test_the_limit_near_the_minimum_divides_converging_rates_from_others(share, converges):
    losses = full_batch_losses(Z, share * 2 / curvature(Z)[-1], 3000)
    assert (np.ptp(losses[-50:], axis=0).max() < 1e-9) == converges


def normalizar(x):
    return (x - x.mean(axis=0)) / x.std(axis=0), x.mean(axis=0), x.std(axis=0)


def test_the_cloud_before_and_after_has_one_scale_for_both_axes():
    names = {"x": X, "y": Y, "plt": plt, "normalizar": normalizar, "BLUE": "b", "ORANGE": "r"}
    names = run_cell(1, "u1-dispersion", {**names, "MARKERS": "o^"})
    raw, normal = run_cell(1, "u1-demo-nube", names)["axes"]
    for ax, points in ((raw, X), (normal, Z)):
        assert ax.get_aspect() == 1
        drawn = np.concatenate([collection.get_offsets() for collection in ax.collections])
        np.testing.assert_allclose(sorted(map(tuple, drawn)), sorted(map(tuple, points)))
    plt.close("all")


@pytest.fixture(scope="module")
def valleys():
    names = {"x": X, "y": Y, "plt": plt, "Valley": Valley, "plot_valleys": plot_valleys}
    yield run_cell(1, "u1-demo-valle", names)["valleys"]
    plt.close("all")


def near_the_minimum(valley, rate: float) -> float:
    """How far a descent ends from the minimum, as a share of the way that it had to go."""
    return float(np.linalg.norm(valley.path(rate)[-1] - valley.lowest) / np.hypot(*valley.lowest))


def test_the_valley_shows_what_the_text_says_of_three_rates(valleys):
    raw, normal = valleys
    text = source(1, "u1-t17b")
    assert numbers(text, "crudas y tasa {}, unos pocos pasos bajan al fondo del valle") == ["0.01"]
    path = raw.path(0.01)
    losses = raw.losses(*path.T)
    assert (np.diff(losses) < 0).all()
    assert losses[0] - losses[10] > losses[10] - losses[-1]  # down in a few steps, then slowly
    assert near_the_minimum(raw, 0.01) > 0.8
    assert numbers(text, "Con {} el camino rebota de un lado al otro") == ["0.1"]
    path = raw.path(0.1)
    floor = np.interp(path[:, 0], *_floor(raw))
    assert (np.sign(path[1:, 1] - floor[1:]) != np.sign(path[:-1, 1] - floor[:-1])).mean() > 0.5
    assert numbers(text, "Con {}, los rebotes se salen del dibujo") == ["1"]
    assert abs(raw.path(1)[:, 1]).max() > raw.weight[1]
    assert near_the_minimum(normal, 1) < 0.01
    assert min(near_the_minimum(raw, rate) for rate in (0.01, 0.1, 1)) > 0.2


def _floor(valley):
    bias = np.linspace(*valley.bias, 80)
    return bias, valley._floor(bias)


def test_the_steepest_safe_rate_of_the_slider_creeps(valleys):
    source(1, "u1-t17b").index("busca la mayor con la que la pérdida cruda no sube")
    losses = {rate: valleys[0].losses(*valleys[0].path(rate).T) for rate in (0.01, 0.03)}
    assert (np.diff(losses[0.01]) < 0).all()
    assert (np.diff(losses[0.03]) > 0).any()


def test_the_reference_numbers_of_the_reflection_are_those_of_a_training():
    import keras

    runs = train_from_starts(Z, Y, lambda: keras.optimizers.SGD(0.01))
    normal = np.median([importance(w) for w in runs.weights], axis=0)
    raw = np.median([importance(w / X.std(axis=0)[:, None]) for w in runs.weights], axis=0)
    text = source(1, "u1-reflexion-enunciado")
    sentence = "{} % para `estudio` y {} % para `promedio`; con entradas normalizadas, {} % y {} %."
    written = [float(number) for number in numbers(text, sentence)]
    np.testing.assert_allclose(written, [*(100 * raw), *(100 * normal)], atol=1)


def importance(w):
    apart = np.abs(w - w.mean(axis=1, keepdims=True)).mean(axis=1)
    return apart / apart.sum()


def test_the_answers_to_the_predictions_on_starts_are_true():
    import keras

    sgd, adam = keras.optimizers.SGD, keras.optimizers.Adam
    arrives = {
        name: train_from_starts(x, Y, make).final_loss
        for name, x, make in (
            ("slow", Z, lambda: sgd(0.001)),
            ("0.01", Z, lambda: sgd(0.01)),
            ("0.1", Z, lambda: sgd(0.1)),
            ("adam", X, lambda: adam(0.01)),
        )
    }
    best = min(losses.min() for losses in arrives.values())
    reached = {name: int((losses < 1.1 * best).sum()) for name, losses in arrives.items()}
    assert reached["0.01"] == reached["0.1"] == 12
    assert reached["slow"] == 0
    assert 6 < reached["adam"] < 12


def test_challenges_have_true_numbers_to_check_against():
    text = source(1, "u1-t28")

    def condition(x):
        values = curvature_by_newton(x)
        return values[-1] / values[0]

    states(text, "1. Unos {} millones.", condition(X * [60, 1]) / 1e6)
    sentence = "Restando la media, {}; dividiendo, {}. Con las dos, {}:"
    ways = (X - X.mean(axis=0), X / X.std(axis=0), Z)
    states(text, sentence, *map(condition, ways))
    states(text, "cerca del mínimo, {}.", 2 / curvature(Z)[-1])


def curvature_by_newton(x):
    """As the notebook's own cell finds it, which is what the challenges tell students to use."""
    names = {"np": np, "x": X, "y": Y}
    return run_cell(1, "u1-condicion", names)["curvature"](x)[0]


def test_recall_questions_state_true_numbers():
    text = source(1, "u1-t28")
    assert text.count("<details>") == text.count("</details>") == 9  # eight and the challenges'
    d, k, *_, parameters = map(int, numbers(text, "$({}, {})$ y $\\mathbf{b}$, $(3,)$: son $13 "
                                            "\\cdot 3 + 3 = {}$"))  # fmt: skip
    assert parameters == d * k + k
    states(text, "$\\log 2 \\approx {}$ por ejemplo", np.log(2))


@pytest.fixture(scope="module")
def wine():
    import keras
    from sklearn.datasets import load_wine
    from sklearn.model_selection import train_test_split

    names = {"np": np, "load_wine": load_wine, "train_test_split": train_test_split}
    names = run_cell(1, "u1-vino", names)
    x, unseen = names["wine_train"], names["wine_test"]
    mu, sigma = x.mean(axis=0), x.std(axis=0)
    recipes = {
        "sgd": (x, unseen, lambda: keras.optimizers.SGD(0.001)),
        "adam": (x, unseen, lambda: keras.optimizers.Adam(0.001)),
        "normal": ((x - mu) / sigma, (unseen - mu) / sigma, lambda: keras.optimizers.SGD(0.01)),
    }
    hits, runs = {}, {}
    for name, (inputs, test, make) in recipes.items():
        runs[name] = train_from_starts(inputs, names["label_train"], make, starts=6, epochs=300)
        guesses = (test @ runs[name].weights + runs[name].biases[:, None]).argmax(axis=2)
        hits[name] = (guesses == names["label_test"]).mean(axis=1)
    return {**names, "hits": hits, "runs": runs, "sigma": sigma}


def test_wine_prints_what_is_stored(wine, capsys):
    run_cell(1, "u1-vino", dict(wine))
    assert " ".join(capsys.readouterr().out.split()) == output(1, "u1-vino")
    text = source(1, "u1-t29")
    examples, inputs = numbers(text, "{} vinos de una misma región de Italia, cada uno con {} med")
    assert wine["wine"].data.shape == (int(examples), int(inputs))
    assert len(np.unique(wine["wine"].target)) == 3
    condition = np.linalg.cond(with_ones(wine["wine_train"])) ** 2
    assert 1e8 < condition < 1e9  # "cientos de millones"


def test_wine_is_told_apart_as_the_text_says(wine):
    text, hits = source(1, "u1-t31"), wine["hits"]
    few, of = numbers(text, "acierta en prueba cerca de {} de cada {} vinos")
    assert np.median(hits["sgd"]) == pytest.approx(int(few) / int(of), abs=0.05)
    many, of = numbers(text, "y Adam, unos {} de cada {}.")
    assert np.median(hits["adam"]) == pytest.approx(int(many) / int(of), abs=0.03)
    least, of = numbers(text, "SGD acierta al menos {} de cada {}, desde las seis partidas")
    assert hits["normal"].min() >= int(least) / int(of)


def test_proline_is_last_by_raw_weights_and_first_by_normalized_ones(wine):
    weights = wine["runs"]["normal"].weights.astype(float)
    proline, other = map(wine["wine"].feature_names.index, ("proline", "nonflavanoid_phenols"))
    normal = np.mean([importance(w) for w in weights], axis=0).argsort()
    raw = np.mean([importance(w / wine["sigma"][:, None]) for w in weights], axis=0).argsort()
    source(1, "u1-t31").index("es la **última** de trece; normalizada, la **primera**")
    assert raw[0] == normal[-1] == proline
    assert normal[0] == other
    assert other in raw[-3:]  # "le pasa lo contrario"
