"""Unit 2's data set and the figures that its text states."""

import numpy as np
import pytest

from course_utils.datasets.regression import make_regression_dataset, regression_mean

TRAIN = make_regression_dataset(100, 1.25, 42)
TEST = make_regression_dataset(30, 1.25, 65)


def features(x: np.ndarray, count: int) -> np.ndarray:
    return np.column_stack([np.ones_like(x), x, np.sin(x), x**2][: count + 1])


def errors(count: int) -> tuple[float, float]:
    """Mean absolute error on training and test set of the least squares with some features."""
    x, y = TRAIN["X"].to_numpy(), TRAIN["y"].to_numpy()
    w = np.linalg.lstsq(features(x, count), y, rcond=None)[0]
    return tuple(
        float(np.abs(t["y"] - features(t["X"].to_numpy(), count) @ w).mean()) for t in (TRAIN, TEST)
    )  # type: ignore[return-value]


def test_the_first_rows_are_those_of_the_contract():
    x = [-1.003679, 3.605714, 1.855952, 0.789268, -2.751851]
    y = [-2.201476, 5.682870, 5.638039, 0.695674, -1.445551]
    assert TRAIN.head()["X"].tolist() == pytest.approx(x, abs=6e-7)
    assert TRAIN.head()["y"].tolist() == pytest.approx(y, abs=6e-7)
    assert list(TRAIN.columns) == ["X", "y"]
    assert (len(TRAIN), len(TEST)) == (100, 30)


def test_mean_and_deviation_of_y_are_those_of_the_contract():
    assert TRAIN["y"].mean() == pytest.approx(1.697763, abs=5e-7)
    assert TRAIN["y"].std() == pytest.approx(3.485939, abs=5e-7)


def test_the_line_has_the_slope_and_intercept_of_the_contract():
    slope, intercept = np.polyfit(TRAIN["X"], TRAIN["y"], 1)
    assert (round(slope, 2), round(intercept, 2)) == (1.03, 1.94)


@pytest.mark.parametrize(
    ("count", "pair"), [(1, (2.02, 1.84)), (2, (1.47, 1.36)), (3, (0.85, 0.80))]
)
def test_the_error_pairs_are_those_of_the_contract(count: int, pair: tuple[float, float]):
    assert errors(count) == pytest.approx(pair, abs=0.005)


def test_without_noise_y_is_the_formula():
    table = make_regression_dataset(50, 0.0, 7)
    x = table["X"]
    assert np.allclose(table["y"], 0.95 * x + 2.5 * np.sin(x) + 0.5 + 0.25 * x**2)
    assert regression_mean(0.0) == 0.5
    assert x.between(-4, 4, inclusive="left").all()


def test_the_data_are_those_of_the_global_generator_and_leave_it_alone():
    np.random.seed(3)
    before = np.random.get_state()[1].copy()
    table = make_regression_dataset(5, 0.5, 11)
    assert (np.random.get_state()[1] == before).all()
    np.random.seed(11)
    assert np.allclose(table["X"], np.random.uniform(-4, 4, 5))
    assert np.allclose(table["y"] - regression_mean(table["X"]), np.random.normal(0, 0.5, 5))


@pytest.mark.parametrize("arguments", [(-1, 1.0), (10, -0.1)])
def test_negative_sizes_and_noise_are_refused(arguments: tuple[int, float]):
    with pytest.raises(ValueError, match="negative"):
        make_regression_dataset(*arguments)
