"""The compiled training loop, and unit 3's figures on real images."""

import importlib
from itertools import islice

import numpy as np
import pytest

from course_utils.datasets.fashion_mnist import load_fashion_mnist
from course_utils.training.steps import CHUNK, batches_of, run_steps
from tests.unit.clothes import real_or_drawn

tf = importlib.import_module("tensorflow")


def model(spread: float, classes: int = 10, inputs: int = 784):
    """Variables, an SGD step by the formula, and the loss of a softmax regression."""
    weights = tf.Variable(np.random.default_rng(0).normal(0, spread, (inputs, classes)))
    bias = tf.Variable(np.zeros(classes))

    def step(x, y):
        error = tf.nn.softmax(x @ weights + bias) - tf.one_hot(y, classes, dtype=tf.float64)
        n = tf.cast(tf.shape(x)[0], tf.float64)
        weights.assign_sub(0.01 * tf.matmul(x, error, transpose_a=True) / n)
        bias.assign_sub(0.01 * tf.reduce_sum(error, axis=0) / n)

    def loss(x, y):
        each = tf.nn.sparse_softmax_cross_entropy_with_logits(tf.cast(y, tf.int32), x @ weights)
        return tf.reduce_mean(each)

    return weights, bias, step, loss


def data(n: int = 50):
    rng = np.random.default_rng(1)
    return tf.constant(rng.uniform(size=(n, 6))), tf.constant(rng.integers(0, 3, n, dtype=np.uint8))


def test_compiled_steps_are_those_of_a_plain_loop():
    x, y = data()
    weights, bias, step, loss = model(0.1, 3, 6)
    run = run_steps(step, loss, batches_of(x, y, 8), 250)
    plain, plain_bias, plain_step, _ = model(0.1, 3, 6)
    for batch in islice(batches_of(x, y, 8), 250):
        plain_step(*batch)
    assert run.compiled
    np.testing.assert_allclose(weights, plain, rtol=1e-9)
    np.testing.assert_allclose(bias, plain_bias, rtol=1e-9)


def test_losses_and_accuracies_carry_their_steps():
    x, y = data()
    calls = []
    _, _, step, loss = model(0.1, 3, 6)
    run = run_steps(
        step, loss, batches_of(x, y, 8), 250, accuracy=lambda: calls.append(1) or 0.5, every=120
    )
    assert [at for at, _ in run.marks] == [0, 120, 240, 250]
    assert [at for at, _ in run.losses] == [0, 1, 1 + CHUNK, 120, 120 + CHUNK, 240]
    assert len(calls) == 4
    assert run.seconds > 0


def test_a_pass_takes_every_example_once():
    x, y = tf.constant(np.arange(12.0).reshape(12, 1)), tf.constant(np.arange(12))
    batches = list(islice(batches_of(x, y, 4), 3))
    assert sorted(np.concatenate([b for _, b in batches])) == list(range(12))
    assert all((np.asarray(a)[:, 0] == np.asarray(b)).all() for a, b in batches)


def test_a_step_that_does_not_compile_goes_on_and_says_so(capfd: pytest.CaptureFixture[str]):
    x, y = data()
    weights, _, _, loss = model(0.1, 3, 6)
    taken = []

    def step(a, b):
        taken.append(a.numpy())
        weights.assign_add(tf.zeros_like(weights))

    run = run_steps(step, loss, batches_of(x, y, 8), 5)
    assert not run.compiled
    assert len(taken) == 5
    assert "no se puede compilar" in "".join(capfd.readouterr())


def test_a_stub_raises_bare_from_the_first_step():
    def stub(x, y):
        raise NotImplementedError

    with pytest.raises(NotImplementedError) as error:
        run_steps(stub, lambda x, y: tf.constant(0.0), batches_of(*data(), 8), 5)
    assert str(error.value) == ""


def test_a_number_of_steps_below_one_is_refused():
    _, _, step, loss = model(0.1, 3, 6)
    with pytest.raises(ValueError, match="steps is 0"):
        run_steps(step, loss, batches_of(*data(), 8), 0)


def test_a_small_start_passes_three_quarters_of_the_images_and_beats_a_large_one(tmp_path):
    root = real_or_drawn(tmp_path / "clothes", 4000, 1000)  # drawn ones take more to learn
    x, y = load_fashion_mnist("train", root=root)
    x_test, y_test = load_fashion_mnist("test", root=root)
    batches = batches_of(tf.constant(x.reshape(-1, 784) / 255), tf.constant(y), 128)
    accuracies = {}
    for spread in (0.01, 1.0):
        weights, bias, step, loss = model(spread)
        run_steps(step, loss, batches, 2000)
        scores = x_test.reshape(-1, 784) / 255 @ weights.numpy() + bias.numpy()
        accuracies[spread] = (scores.argmax(axis=1) == y_test).mean()
    assert accuracies[0.01] >= 0.75
    assert accuracies[0.01] > accuracies[1.0] + 0.05
