"""Figures of images, confusions and weights."""

import matplotlib as mpl
import numpy as np
import pytest

mpl.use("Agg")

import matplotlib.pyplot as plt

from course_utils.plots.images import (
    plot_confusion_matrix,
    plot_image_grid,
    plot_predictions,
    plot_weight_images,
)
from course_utils.plots.steps import plot_steps

NAMES = ("a", "b", "c")


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_the_grid_shows_each_image_with_the_name_of_its_class():
    images = np.arange(6 * 16).reshape(6, 4, 4)
    figure = plot_image_grid(images, [0, 1, 2, 2, 1, 0], NAMES, rows=2, columns=3)
    assert [ax.get_title() for ax in figure.axes] == ["a", "b", "c", "c", "b", "a"]
    assert (figure.axes[4].images[0].get_array() == images[4]).all()


def test_the_grid_refuses_what_does_not_fit():
    with pytest.raises(ValueError, match="2 images and the grid needs 6"):
        plot_image_grid(np.zeros((2, 4, 4)), [0, 1], NAMES, rows=2, columns=3)
    with pytest.raises(ValueError, match=r"shape \(2, 16\)"):
        plot_image_grid(np.zeros((2, 16)), [0, 1], NAMES)
    with pytest.raises(ValueError, match="label 7 and only 3 names"):
        plot_image_grid(np.zeros((2, 4, 4)), [0, 7], NAMES)


def test_predictions_say_hit_or_error():
    p = [[0.2, 0.7, 0.1], [0.8, 0.1, 0.1]]
    figure = plot_predictions(np.zeros((2, 4, 4)), [1, 2], p, NAMES)
    titles = [ax.get_title() for ax in figure.axes if ax.get_title()]
    assert titles == ["predice: b\nreal: b (acierto)", "predice: a\nreal: c (error)"]
    with pytest.raises(ValueError, match=r"probabilities has shape \(2, 2\); it needs \(2, 3\)"):
        plot_predictions(np.zeros((2, 4, 4)), [1, 2], np.ones((2, 2)), NAMES)


def test_confusions_are_shares_of_the_true_class_and_empty_rows_stay_empty():
    ax = plot_confusion_matrix([[3, 1, 0], [0, 0, 0], [0, 0, 5]], NAMES)
    assert ax.images[0].get_array().tolist() == [[75, 25, 0], [0, 0, 0], [0, 0, 100]]
    assert [t.get_text() for t in ax.texts] == ["75", "25", "100"]
    assert ax.get_ylabel() == "clase real"
    with pytest.raises(ValueError, match=r"shape \(2, 2\); it needs \(3, 3\)"):
        plot_confusion_matrix(np.eye(2), NAMES)


def test_weights_of_a_class_are_drawn_row_by_row_on_a_scale_around_zero():
    w = np.arange(48.0).reshape(16, 3) - 20
    figure = plot_weight_images(w, NAMES, side=4, columns=2)
    picture = figure.axes[1].images[0]
    assert (picture.get_array() == w[:, 1].reshape(4, 4)).all()
    assert picture.norm.vmin == -picture.norm.vmax
    with pytest.raises(ValueError, match=r"shape \(16, 3\); it needs \(784, 3\)"):
        plot_weight_images(w, NAMES)


def test_steps_are_drawn_where_they_were_taken():
    ax = plot_steps({"uno": [(0, 2.0), (100, 1.0)]}, ylabel="pérdida (nats)")
    assert ax.lines[0].get_xydata().tolist() == [[0, 2], [100, 1]]
    assert ax.get_legend().get_texts()[0].get_text() == "uno"
    with pytest.raises(ValueError, match=r"shape \(3,\); it needs \(records, 2\)"):
        plot_steps({"uno": [1.0, 2.0, 3.0]})
