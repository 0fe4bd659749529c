"""What unit 1 says of rates, curvature and noise, computed anew."""

import os
import re

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

from course_utils.training.starts import _initial, train_from_starts
from tests.notebooks.facts import COURSE, numbers, output, run_cell, source, states
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
    (times,) = numbers(source(1, "u1-t17"), "es más de {} veces más largo que ancho")
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
    raw, normal = run_cell(1, "u1-demo-nube", {**names, "MARKERS": "o^"})["ejes"]
    for ax, points in ((raw, X), (normal, Z)):
        assert ax.get_aspect() == 1
        drawn = np.concatenate([collection.get_offsets() for collection in ax.collections])
        np.testing.assert_allclose(sorted(map(tuple, drawn)), sorted(map(tuple, points)))
    plt.close("all")


def test_the_sketch_shows_a_descent_that_creeps_and_does_not_zigzag():
    sketch = COURSE.master(COURSE.units()[0]).parent / "figuras" / "escala-y-descenso.svg"
    text = sketch.read_text(encoding="utf-8")
    line = re.search(r'<polyline[^>]*points="([^"]+)"', text)[1]
    along, across = np.array([point.split(",") for point in line.split()], dtype=float).T
    assert (np.diff(along) > 0).all()
    assert (across >= 0).all()  # the descent never crosses the floor of the valley
    assert across[2] < 0.05 * across[0]
    assert abs(along[-1]) > 0.4 * abs(along[0])
    assert "zigzag" not in text + source(1, "u1-t17")
