"""Unit 1's own table of students."""

import numpy as np

from tests.unit.study import TABLE, load_study


def test_the_table_has_the_shape_and_ranges_that_the_course_names():
    x, y = load_study()
    assert x.shape == (len(y), 2)
    assert 20 <= len(y) <= 60
    assert set(y.tolist()) == {0, 1}
    assert x[:, 0].min() >= 0
    assert 40 <= x[:, 0].max() <= 45
    assert x[:, 1].min() >= 0
    assert x[:, 1].max() <= 10


def test_its_columns_are_those_that_the_course_names():
    assert TABLE.read_text(encoding="utf-8").splitlines()[0] == "estudio,promedio,aprobo"


def test_a_line_separates_the_classes_with_a_few_exceptions():
    from sklearn.linear_model import LogisticRegression

    x, y = load_study()
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    fit = LogisticRegression(C=1e6).fit(z, y)
    errors = int((fit.predict(z) != y).sum())
    assert 1 <= errors <= 5


def test_normalising_turns_the_order_of_importance_round():
    from sklearn.linear_model import LogisticRegression

    x, y = load_study()
    sigma = x.std(axis=0)
    normal = np.abs(LogisticRegression(C=1e6).fit((x - x.mean(axis=0)) / sigma, y).coef_[0])
    raw = normal / sigma
    assert normal[0] > 1.5 * normal[1]
    assert raw[1] > 2 * raw[0]
