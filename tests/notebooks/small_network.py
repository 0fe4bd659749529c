"""The network 1 → h → 1 of unit 2, trained from many starts at once, in NumPy.

What the text says of "forty starts" is computed with it: Keras would take minutes. Starts, Adam
and batches are Keras's; ``test_facts_of_unit2`` compares a training of both.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-7  # Adam's, as Keras has them

# Name → the function, and its slope from its value.
ACTIVATIONS: dict[str, tuple[Callable, Callable]] = {
    "sigmoid": (lambda z: 1 / (1 + np.exp(-np.clip(z, -500, 500))), lambda a: a * (1 - a)),
    "relu": (lambda z: np.maximum(z, 0), lambda a: (a > 0) * 1.0),
    "linear": (lambda z: z, np.ones_like),
}


@dataclass
class Networks:
    """S networks, each with its own parameters.

    Attributes:
        parameters: W1 (S, h), b1 (S, h), W2 (S, h), b2 (S, 1).
        activation: name of the hidden layer's.
    """

    parameters: list[Array]
    activation: str

    def __call__(self, x: Array) -> Array:
        """Answers (S, n) to inputs (n,)."""
        return self.run(np.broadcast_to(x, (len(self.parameters[0]), len(x))))[1]

    def run(self, x: Array) -> tuple[Array, Array]:
        """Hidden values (S, m, h) and answers (S, m) to inputs (S, m)."""
        w1, b1, w2, b2 = self.parameters
        hidden = ACTIVATIONS[self.activation][0](x[:, :, None] * w1[:, None] + b1[:, None])
        return hidden, (hidden * w2[:, None]).sum(axis=2) + b2

    def gradients(self, x: Array, y: Array, loss: str) -> list[Array]:
        """Gradients of the mean loss of a batch, one of its own for each network."""
        hidden, answers = self.run(x)
        error = answers - y
        g = (2 * error if loss == "mse" else np.sign(error)) / error.shape[1]
        back = g[:, :, None] * self.parameters[2][:, None]
        back = back * ACTIVATIONS[self.activation][1](hidden)
        return [
            (back * x[:, :, None]).sum(axis=1),
            back.sum(axis=1),
            (hidden * g[:, :, None]).sum(axis=1),
            g.sum(axis=1, keepdims=True),
        ]


def started(starts: int, width: int, activation: str, seed: int = 0) -> Networks:
    """Networks as Keras starts them: Glorot's uniform weights, biases zero."""
    rng, limit = np.random.default_rng(seed), np.sqrt(6 / (1 + width))
    first, last = (rng.uniform(-limit, limit, (starts, width)) for _ in range(2))
    zeros = np.zeros((starts, width))
    return Networks([first, zeros, last, np.zeros((starts, 1))], activation)


def train(
    networks: Networks,
    data: tuple[Array, Array],
    *,
    loss: str = "mse",
    batch: int = 20,
    rate: float = 0.1,
    epochs: int = 60,
    shuffle: bool = True,
) -> Networks:
    """Train by Adam, each network with batches of its own.

    Args:
        networks: changed in place.
        data: inputs and targets, (n,) each.
        loss: ``mse`` or ``mae``.
        batch: examples a step.
        rate: Adam's.
        epochs: passes over the data.
        shuffle: whether each epoch draws its batches anew.

    Returns:
        The networks.
    """
    x, y = data
    rng, starts = np.random.default_rng(1), len(networks.parameters[0])
    means = [np.zeros_like(p) for p in networks.parameters]
    squares = [np.zeros_like(p) for p in networks.parameters]
    step = 0
    for _ in range(epochs):
        order = np.tile(np.arange(len(x)), (starts, 1))
        order = rng.permuted(order, axis=1) if shuffle else order
        for k in range(0, len(x), batch):
            rows, step = order[:, k : k + batch], step + 1
            size = rate * np.sqrt(1 - BETA2**step) / (1 - BETA1**step)
            for j, g in enumerate(networks.gradients(x[rows], y[rows], loss)):
                means[j] += (g - means[j]) * (1 - BETA1)
                squares[j] += (g**2 - squares[j]) * (1 - BETA2)
                networks.parameters[j] -= size * means[j] / (np.sqrt(squares[j]) + EPSILON)
    return networks
