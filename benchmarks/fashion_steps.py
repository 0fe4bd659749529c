"""Steps a second of unit 3's training: the compiled loop against a naive eager one, same run.

The naive loop runs operation by operation: the gradient by tape, two hand-written updates, a second
forward pass for the loss, one printed line a step (to nowhere: a notebook's page would cost more).
Both take the same batches of 128 and make the same updates in float64.

Usage: python benchmarks/fashion_steps.py
Exits with 1 where the compiled loop is less than 8 times as fast.
"""

import os
import sys
import time
from itertools import islice
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf

from course_utils.datasets.drawn_clothes import draw_clothes
from course_utils.training.steps import Batches, batches_of, run_steps

BATCH, RATE, REQUIRED = 128, 0.01, 8.0
NAIVE_STEPS, COMPILED_STEPS, ROUNDS = 500, 10_000, 3


def batches() -> Batches:
    """Batches of unit 3, over drawn pictures."""
    images, labels = draw_clothes(60_000, 0)
    x = tf.constant(images.reshape(-1, 784) / 255)
    y = tf.constant(labels)
    return batches_of(x, y, BATCH)


def start() -> tuple[Any, Any]:
    """Fresh weights and bias."""
    weights = np.random.default_rng(0).normal(0, 0.01, (784, 10))
    return tf.Variable(weights), tf.Variable(np.zeros(10))


def loss_of(x: Any, y: Any, weights: Any, bias: Any) -> Any:
    """Mean cross-entropy of a batch, in nats."""
    logits = tf.matmul(x, weights) + bias
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(tf.cast(y, tf.int32), logits)
    return tf.reduce_mean(losses)


def slopes(x: Any, y: Any, weights: Any, bias: Any) -> Any:
    """Gradient of the loss, by tape."""
    with tf.GradientTape() as tape:
        loss = loss_of(x, y, weights, bias)
    return tape.gradient(loss, [weights, bias])


def update(x: Any, y: Any, weights: Any, bias: Any) -> None:
    """One step of gradient descent."""
    for variable, slope in zip((weights, bias), slopes(x, y, weights, bias), strict=True):
        variable.assign_sub(RATE * slope)


def naive(data: Batches) -> float:
    """Steps a second of the eager loop."""
    weights, bias = start()
    with Path(os.devnull).open("w") as nowhere:
        began = time.perf_counter()
        for number, (x, y) in enumerate(islice(data, NAIVE_STEPS)):
            update(x, y, weights, bias)
            print(f"step {number}: loss {loss_of(x, y, weights, bias):.4f}", file=nowhere)
    return NAIVE_STEPS / (time.perf_counter() - began)


def compiled(data: Batches) -> float:
    """Steps a second of the course's loop, compilation included."""
    weights, bias = start()
    run = run_steps(
        lambda x, y: update(x, y, weights, bias),
        lambda x, y: loss_of(x, y, weights, bias),
        data,
        COMPILED_STEPS,
    )
    return COMPILED_STEPS / run.seconds


def main() -> int:
    """Print both speeds and their ratio; 1 where it is below the promise."""
    data = batches()
    pairs = [(naive(data), compiled(data)) for _ in range(ROUNDS)]
    for number, (slow, fast) in enumerate(pairs, start=1):
        print(f"round {number}: naive {slow:.0f}, compiled {fast:.0f} steps/s")
    slow, fast = (max(side) for side in zip(*pairs, strict=True))
    print(f"naive eager loop: {slow:8.0f} steps/s")
    print(f"compiled loop:    {fast:8.0f} steps/s")
    print(f"ratio: {fast / slow:.1f} (at least {REQUIRED:g} is promised)")
    return int(fast / slow < REQUIRED)


if __name__ == "__main__":
    sys.exit(main())
