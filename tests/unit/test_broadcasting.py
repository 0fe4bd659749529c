"""The picture of broadcasting: shapes in its titles, own numbers shaded, difference right."""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

from course_utils.plots.broadcasting import plot_broadcast_difference


def test_a_column_minus_a_vector_is_a_square():
    fig = plot_broadcast_difference(np.array([[1.0], [0.0], [1.0]]), np.array([0.9, 0.2, 0.8]))
    titles = [ax.get_title() for ax in fig.axes]
    assert "(3, 1), estirado a (3, 3)" in titles[0]
    assert "(3,), estirado a (3, 3)" in titles[1]
    assert titles[2].endswith("forma (3, 3)")
    plt.close(fig)


def test_two_vectors_are_refused():
    with pytest.raises(ValueError, match="two axes"):
        plot_broadcast_difference(np.ones(3), np.ones(3))
