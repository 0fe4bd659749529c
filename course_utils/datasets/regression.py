"""The regression data of unit 2: a line, a wave and a parabola, with noise."""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

X_LOW: Final = -4.0
X_HIGH: Final = 4.0
DEFAULT_NOISE: Final = 1.25


def regression_mean(x: ArrayLike) -> NDArray[np.float64]:
    """What y is without noise: 0.95 x + 2.5 sin x + 0.5 + 0.25 x².

    Args:
        x: inputs of any shape, in radians.

    Returns:
        The mean of y for each input, same shape.
    """
    values = np.asarray(x, dtype=float)
    return np.asarray(0.95 * values + 2.5 * np.sin(values) + 0.5 + 0.25 * values**2)


def make_regression_dataset(
    n_samples: int = 100, noise: float = DEFAULT_NOISE, random_state: int = 42
) -> pd.DataFrame:
    """Draw the data set of unit 2.

    X is uniform on [−4, 4); y is ``regression_mean(X)`` and Gaussian noise. Both come from NumPy's
    legacy generator, in the order X, then noise, so that a seed gives the same data in every
    version of NumPy. The global generator is left as it was.

    Args:
        n_samples: how many examples; the training set has 100, the validation set 30.
        noise: standard deviation of the noise, in the units of y.
        random_state: seed; 42 gives the training set, 65 the validation set, 7 the test set.

    Returns:
        DataFrame with columns ``X`` and ``y``, (n_samples, 2) float64.

    Raises:
        ValueError: a negative number of examples or negative noise.
    """
    if n_samples < 0 or noise < 0:
        raise ValueError(f"n_samples is {n_samples} and noise {noise}; neither may be negative")
    generator = np.random.RandomState(random_state)
    x = generator.uniform(X_LOW, X_HIGH, n_samples)
    return pd.DataFrame({"X": x, "y": regression_mean(x) + generator.normal(0, noise, n_samples)})
