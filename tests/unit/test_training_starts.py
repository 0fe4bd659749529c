"""Softmax regression from many starting points at once, and the claims of unit 1."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import pytest

from course_utils.training.starts import train_from_starts
from tests.unit.study import load_study

X = np.array([[1.0, -1.0], [2.0, 0.5], [-1.0, 0.0], [0.5, 2.0], [-2.0, 1.0]])
Y = np.array([0, 2, 1, 2, 1])


def sgd(rate):
    import keras

    return lambda: keras.optimizers.SGD(rate)


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def descend(w, b, x, y, rate, steps):
    """Full-batch descent in NumPy: losses before each step, and where it ends."""
    losses = []
    for _ in range(steps):
        p = softmax(x @ w + b)
        losses.append(-np.log(p[np.arange(len(y)), y]).mean())
        error = (p - np.eye(len(b))[y]) / len(y)
        w, b = w - rate * x.T @ error, b - rate * error.sum(axis=0)
    return losses, w, b


def test_shapes_are_those_that_the_docstring_names():
    r = train_from_starts(X, Y, sgd(0.1), starts=4, epochs=3, batch=2)
    assert r.losses.shape == (4, 3)
    assert r.final_loss.shape == r.accuracy.shape == (4,)
    assert r.weights.shape == (4, 2, 3)
    assert r.biases.shape == (4, 3)


def test_each_start_is_trained_as_if_it_were_alone():
    before = train_from_starts(X, Y, sgd(0.0), starts=3, epochs=1, seed=5)
    after = train_from_starts(X, Y, sgd(0.3), starts=3, epochs=6, batch=5, seed=5)
    for start in range(3):
        w0, b0 = before.weights[start].astype(float), before.biases[start].astype(float)
        losses, w, b = descend(w0, b0, X, Y, 0.3, 6)
        np.testing.assert_allclose(after.losses[start], losses, rtol=1e-4)
        np.testing.assert_allclose(after.weights[start], w, atol=1e-4)
        np.testing.assert_allclose(after.biases[start], b, atol=1e-4)


def test_a_short_last_batch_counts_by_its_examples():
    r = train_from_starts(X, Y, sgd(0.0), starts=2, epochs=2, batch=3)
    np.testing.assert_allclose(r.losses, np.stack([r.final_loss, r.final_loss], axis=1), rtol=1e-5)


def test_final_loss_and_accuracy_are_of_the_final_weights():
    r = train_from_starts(X, Y, sgd(0.5), starts=2, epochs=20, batch=2)
    for start in range(2):
        p = softmax(X @ r.weights[start] + r.biases[start])
        assert r.final_loss[start] == pytest.approx(-np.log(p[np.arange(5), Y]).mean(), rel=1e-4)
        assert r.accuracy[start] == pytest.approx((p.argmax(axis=1) == Y).mean())


def test_starts_are_those_of_a_dense_layer_and_depend_on_the_seed_alone():
    one, same, other = (
        train_from_starts(X, Y, sgd(0.0), starts=50, epochs=1, seed=s) for s in (1, 1, 2)
    )
    limit = np.sqrt(6 / (2 + 3))
    assert 0.9 * limit < np.abs(one.weights).max() <= limit
    assert not one.biases.any()
    np.testing.assert_array_equal(one.weights, same.weights)
    assert not np.allclose(one.weights, other.weights)


def test_labels_of_another_shape_are_refused():
    with pytest.raises(ValueError, match=r"\(5, 2\).*\(4,\)"):
        train_from_starts(X, Y[:4], sgd(0.1))


def test_the_claims_of_the_text_hold():
    import keras

    x, y = load_study()
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    raw = train_from_starts(x, y, sgd(0.001))
    raw_fast = train_from_starts(x, y, sgd(0.01))
    adam = train_from_starts(x, y, lambda: keras.optimizers.Adam(0.001))
    slow, normal, fast = (train_from_starts(z, y, sgd(rate)) for rate in (0.001, 0.01, 0.1))
    reached = 1.1 * min(r.final_loss.min() for r in (raw, adam, slow, normal, fast))
    assert (raw.final_loss > reached).all()
    assert (raw_fast.final_loss > reached).all()
    assert raw_fast.final_loss.max() > raw.final_loss.max()  # it bounces
    assert np.median(adam.final_loss) < 0.9 * np.median(raw.final_loss)
    assert (normal.final_loss < reached).all()
    assert (fast.final_loss < reached).all()
    assert np.median(slow.accuracy) > np.median(adam.accuracy) > np.median(raw.accuracy)


def test_the_condition_number_falls_from_thousands_to_almost_one():
    def condition(inputs):
        with_ones = np.column_stack([inputs, np.ones(len(inputs))])
        return np.linalg.cond(with_ones.T @ with_ones)

    x, _ = load_study()
    assert 2000 < condition(x) < 20000
    assert condition((x - x.mean(axis=0)) / x.std(axis=0)) < 1.3
