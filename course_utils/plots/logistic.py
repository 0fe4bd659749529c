"""The logistic function, as the figures of units 1 and 4 compute it."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def sigmoid(z: ArrayLike) -> NDArray[np.float64]:
    """Probability of class 1 for logits of any shape.

    ``tanh`` does not overflow, as ``exp(-z)`` would for a large negative logit.
    """
    return np.asarray(0.5 * (1 + np.tanh(np.asarray(z, dtype=float) / 2)))
