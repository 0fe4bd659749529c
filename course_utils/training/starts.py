"""Softmax regression trained from many starting points at once, to compare optimizers fairly."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Starts:
    """What came of S trainings of the same model from S starting points.

    Attributes:
        losses: (S, epochs) float64, mean cross-entropy of each epoch in nats, taken while the
            epoch runs, as Keras reports it.
        final_loss: (S,) cross-entropy over all examples after the last epoch, in nats.
        accuracy: (S,) after the last epoch, fraction of the examples in [0, 1].
        weights: (S, d, K) after the last epoch.
        biases: (S, K) after the last epoch.
    """

    losses: np.ndarray
    final_loss: np.ndarray
    accuracy: np.ndarray
    weights: np.ndarray
    biases: np.ndarray


def train_from_starts(
    x: Any,
    y: Any,
    make_optimizer: Callable[[], Any],
    *,
    starts: int = 12,
    epochs: int = 1000,
    batch: int = 16,
    seed: int = 0,
) -> Starts:
    """Train softmax regression from several starting points, all in one compiled loop.

    The weights of all starts stand in one variable. Keras optimizers work element by element
    and the total loss is a sum, so that no start knows of the others. A start is what
    Keras gives a ``Dense`` layer: Glorot's uniform weights, biases zero. Each start shuffles
    its examples by itself in every epoch.

    Args:
        x: (n, d) inputs.
        y: (n,) labels 0 … K − 1.
        make_optimizer: gives a fresh Keras optimizer; one that mixes weights (clipping by global
            norm) would tie the starts together.
        starts: how many starting points, S.
        epochs: passes over the data.
        batch: examples a step; the last step of an epoch takes what is left.
        seed: the same seed gives the same starts and shuffles, whatever the optimizer.

    Returns:
        The losses, and where each start ended.

    Raises:
        ValueError: shapes of ``x`` and ``y`` do not belong together.
    """
    import tensorflow as tf

    inputs, labels = _checked(x, y)
    weights, biases = _initial(inputs.shape[1], int(labels.max()) + 1, starts, seed)
    variables = [tf.Variable(weights), tf.Variable(biases)]
    run = _compiled_run(inputs, labels, variables, make_optimizer(), batch)
    # A concrete function: calling a new tf.function for each recipe would warn of retracing.
    now = run.get_concrete_function(tf.TensorSpec((), tf.int32), tf.TensorSpec((2,), tf.int32))
    losses = now(tf.constant(epochs), tf.constant([seed, 1]))
    return _result(inputs, labels, variables, np.asarray(losses, dtype=float).T)


def _checked(x: Any, y: Any) -> tuple[np.ndarray, np.ndarray]:
    inputs, labels = np.asarray(x, dtype="float32"), np.asarray(y).astype("int32")
    if inputs.ndim != 2 or labels.shape != (len(inputs),):
        raise ValueError(
            f"x has shape {inputs.shape} and y {labels.shape}; they need (n, d) and (n,)"
        )
    return inputs, labels


def _initial(d: int, classes: int, starts: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    limit = np.sqrt(6 / (d + classes))
    weights = np.random.default_rng(seed).uniform(-limit, limit, (starts, d, classes))
    return weights.astype("float32"), np.zeros((starts, classes), dtype="float32")


def _example_losses(x: Any, y: Any, weights: Any, biases: Any) -> tuple[Any, Any]:
    """Loss of every example (S, m) and logits (S, m, K), for x (S, m, d) and y (S, m)."""
    import tensorflow as tf

    logits = x @ weights + biases[:, None, :]
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits), logits


def _compiled_run(
    inputs: np.ndarray, labels: np.ndarray, variables: list[Any], optimizer: Any, batch: int
) -> Any:
    import tensorflow as tf

    n, starts = len(inputs), int(variables[0].shape[0])
    x, y = tf.constant(inputs), tf.constant(labels)
    optimizer.build(variables)

    def step(chosen: Any) -> Any:
        with tf.GradientTape() as tape:
            losses, _ = _example_losses(tf.gather(x, chosen), tf.gather(y, chosen), *variables)
            total = tf.reduce_sum(tf.reduce_mean(losses, axis=1))
        optimizer.apply(tape.gradient(total, variables), variables)
        return tf.reduce_sum(losses, axis=1)

    @tf.function
    def run(epochs: Any, seed: Any) -> Any:
        history = tf.TensorArray(tf.float32, size=epochs, element_shape=(starts,))
        for epoch in tf.range(epochs):
            keys = tf.random.stateless_uniform((starts, n), seed + [0, epoch])
            order = tf.argsort(keys, axis=1)
            parts = [step(order[:, at : at + batch]) for at in range(0, n, batch)]
            history = history.write(epoch, tf.add_n(parts) / n)
        return history.stack()

    return run


def _result(
    inputs: np.ndarray, labels: np.ndarray, variables: list[Any], losses: np.ndarray
) -> Starts:
    x, y = (
        np.broadcast_to(inputs, (len(losses), *inputs.shape)),
        labels[None].repeat(len(losses), 0),
    )
    last, logits = _example_losses(x, y, *variables)
    hits = np.asarray(logits).argmax(axis=-1) == y
    return Starts(
        losses=losses,
        final_loss=np.asarray(last, dtype=float).mean(axis=1),
        accuracy=hits.mean(axis=1),
        weights=variables[0].numpy(),
        biases=variables[1].numpy(),
    )
