"""Unit 1's own table of students, as its notebook reads it."""

from pathlib import Path

import numpy as np

TABLE = (
    Path(__file__).parents[2] / "source" / "01-regresion-logistica-keras" / "study_logistic_2d.csv"
)


def load_study() -> tuple[np.ndarray, np.ndarray]:
    """Inputs (n, 2), hours of study and average of earlier marks, and classes (n,)."""
    table = np.loadtxt(TABLE, delimiter=",", skiprows=1)
    return table[:, :2], table[:, 2].astype(int)
