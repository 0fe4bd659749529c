"""The figures that unit 5 promises its readers, recomputed."""

import importlib

import numpy as np
import pytest

tf = importlib.import_module("tensorflow")
keras = importlib.import_module("keras")

X0 = 5.0


def f(x):
    return 10 * x**2 - 5 * x + 4


def slope(x):
    with tf.GradientTape() as tape:
        y = f(x)
    return tape.gradient(y, x)


def descend(rate, tolerance, look_first):
    """Gradient descent; how many updates it made, and where it ended."""
    x, updates = tf.Variable(X0), 0
    while True:
        g = slope(x)
        if look_first and abs(g) <= tolerance:
            return updates, x
        x.assign_sub(rate * g)
        updates += 1
        if not look_first and abs(g) <= tolerance:
            return updates, x


def minimise(optimizer, steps):
    x = tf.Variable(X0)
    for _ in range(steps):
        optimizer.apply_gradients([(slope(x), x)])
    return float(f(x))


def test_the_derivative_at_five_is_95():
    assert float(slope(tf.Variable(5.0))) == 95.0


def test_descent_takes_42_updates_to_a_quarter():
    updates, x = descend(0.01, 0.01, look_first=True)
    assert updates == 42
    assert float(x) == pytest.approx(0.25, abs=5e-4)
    assert float(f(x)) == pytest.approx(3.375002, abs=6e-7)


def test_a_loop_that_looks_at_the_slope_after_using_it_takes_43():
    updates, x = descend(0.01, 0.01, look_first=False)
    assert updates == 43
    assert float(x) == pytest.approx(0.25, abs=5e-4)


def test_the_rate_of_009_takes_as_many_updates_and_011_diverges():
    assert descend(0.09, 0.01, look_first=True)[0] == 42
    x = tf.Variable(X0)
    for _ in range(60):
        x.assign_sub(0.11 * slope(x))
    assert abs(float(x)) > 1e5


def test_sgd_reaches_3_375004_in_40_steps():
    assert minimise(keras.optimizers.SGD(0.01), 40) == pytest.approx(3.375004, abs=6e-7)


def test_rmsprop_reaches_3_375_in_20_steps():
    assert minimise(keras.optimizers.RMSprop(0.5), 20) == pytest.approx(3.375, abs=6e-7)


@pytest.fixture(scope="module")
def blobs():
    from sklearn.datasets import make_blobs

    x, y = make_blobs(100, centers=2, n_features=2, random_state=0)
    return x.astype("float32"), y.reshape(-1, 1).astype("float32")


@pytest.fixture(scope="module")
def curve(blobs):
    """Losses of logistic regression before each of 50 steps, and after the last."""
    x, y = blobs
    w, b, losses = np.array([[1.0], [-1.0]]), 0.5, []
    for _ in range(51):
        p = 1 / (1 + np.exp(-(x @ w + b)))
        losses.append(-(y * np.log(p) + (1 - y) * np.log(1 - p)).mean())
        w, b = w - 0.5 * x.T @ (p - y) / len(x), b - 0.5 * (p - y).mean()
    return losses


def test_the_blobs_start_at_0248_and_end_at_0191(curve):
    assert curve[0] == pytest.approx(0.248, abs=5e-4)
    assert curve[49] == pytest.approx(0.1915, abs=5e-5)
    assert curve[50] == pytest.approx(0.191, abs=5e-5)


def test_keras_in_one_batch_an_epoch_gives_the_same_curve(blobs, curve):
    model = keras.Sequential(
        [keras.layers.Input(shape=(2,)), keras.layers.Dense(1, activation="sigmoid")]
    )
    model.compile(optimizer=keras.optimizers.SGD(0.5), loss="binary_crossentropy")
    model.set_weights([np.array([[1.0], [-1.0]]), np.array([0.5])])
    history = model.fit(*blobs, epochs=50, batch_size=100, verbose=0).history["loss"]
    assert history == pytest.approx(curve[:50], rel=1e-4)


def test_h_is_flat_at_four_places_between_minus_three_and_three():
    x = np.linspace(-3, 3, 2001)
    derivative = 2 * np.cos(2 * x) + x / 2
    assert int((np.diff(np.sign(derivative)) != 0).sum()) == 4
