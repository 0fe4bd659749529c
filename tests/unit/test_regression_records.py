"""What unit 2 writes down of a training, and the Keras neuron's figures."""

import importlib
from typing import Any

import numpy as np
import pytest

from course_utils.datasets.regression import make_regression_dataset
from course_utils.training.records import get_fit_data, get_training_preds

keras = importlib.import_module("keras")
DATA = make_regression_dataset(100, 1.25, 42)
X, Y = DATA["X"].to_numpy(), DATA["y"].to_numpy()


def neuron(rate: float = 0.01) -> Any:
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(rate), loss="mse")
    return model


def test_25_epochs_bring_the_neuron_near_least_squares_from_several_starts():
    # No seed for Keras: with one, fit would shuffle alike in every epoch.
    model, starts = neuron(), np.random.default_rng(1)
    model.build((None, 1))
    ends = []
    for _ in range(4):
        model.set_weights([starts.normal(0, 0.05, w.shape) for w in model.get_weights()])
        model.fit(X[:, None], Y[:, None], batch_size=20, epochs=25, verbose=0)
        ends.append([float(np.ravel(w)[0]) for w in model.get_weights()])
    slopes, intercepts = np.array(ends).T
    assert (np.abs(slopes - 1.015) < 0.055).all()
    assert (np.abs(intercepts - 1.78) < 0.025).all()
    assert 0.98 < slopes.mean() < 1.05
    assert 1.77 <= intercepts.mean() < 1.795


def test_fit_data_counts_epochs_from_one_and_keeps_metrics():
    table = get_fit_data({"loss": [3.0, 2.0], "mae": [1.0, 0.5]})
    assert list(table.columns) == ["época", "pérdida", "mae"]
    assert table["época"].tolist() == [1, 2]
    assert table["pérdida"].tolist() == [3.0, 2.0]


def test_fit_data_needs_a_loss():
    with pytest.raises(ValueError, match="loss"):
        get_fit_data({"mae": [1.0]})


def test_a_record_starts_where_it_is_told_and_follows_the_full_gradient():
    record = get_training_preds(neuron(0.05), X, Y, epochs=3, batch_size=100, start=0.25)
    assert record.weights.shape == (4, 2)
    assert record.predictions.shape == (4, 50)
    w = np.array([0.25, 0.25])
    for row, loss in zip(record.weights, record.losses, strict=True):
        error = w[0] * X + w[1] - Y
        assert row == pytest.approx(w, rel=1e-4)
        assert loss == pytest.approx((error**2).mean(), rel=1e-4)
        w = w - 0.05 * 2 * np.array([(error * X).mean(), error.mean()])


def test_a_record_predicts_on_its_grid_with_its_weights():
    record = get_training_preds(neuron(), X, Y, epochs=2, grid=[2.0, -1.0])
    assert record.grid.tolist() == [-1.0, 2.0]
    line = record.weights[:, :1] * record.grid + record.weights[:, 1:]
    assert record.predictions == pytest.approx(line, rel=1e-4)
    assert record.losses[-1] < record.losses[0]


@pytest.mark.parametrize(("x", "y"), [(X[:, None], Y), (X, Y[:-1]), ([], [])])
def test_wrong_shapes_are_refused(x: Any, y: Any):
    with pytest.raises(ValueError, match=r"needs \(n,\)|must agree"):
        get_training_preds(neuron(), x, y)
