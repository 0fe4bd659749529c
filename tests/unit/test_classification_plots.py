"""Figures of classifiers and of training curves."""

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

from course_utils.plots.classification import (
    class_probabilities,
    plot_decision_regions,
    plot_regresion_logistica2D,
)
from course_utils.plots.training import plot_losses

X = np.array([[0.0, 0.0], [1.0, 0.0], [9.0, 5.0], [10.0, 5.0]])
Y = np.array([0, 0, 1, 1])


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


def split_at(limit):
    return lambda points: (points[:, 0] > limit).astype(int)


def boundary_of(ax):
    """Points of the drawn boundary, (m, 2)."""
    return np.concatenate([p.vertices for c in ax.collections[:1] for p in c.get_paths()])


def legend_of(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_the_boundary_stands_where_the_class_changes():
    ax = plot_decision_regions(split_at(4.0), X, Y, resolution=101)
    assert np.abs(boundary_of(ax)[:, 0] - 4.0).max() < 0.15


def test_the_boundary_of_probabilities_stands_at_one_half():
    ax = plot_decision_regions(lambda p: 1 / (1 + np.exp(-(p[:, :1] - 3))), X, Y)
    assert np.abs(boundary_of(ax)[:, 0] - 3.0).max() < 0.02


def test_each_region_has_its_own_class_colour():
    ax = plot_decision_regions(split_at(4.0), X, Y, resolution=50)
    image = ax.images[0].get_array()
    left, right = image[25, 2], image[25, 47]
    assert left[2] > left[0]
    assert right[0] > right[2]


def test_every_class_has_its_marker_and_name_in_the_legend():
    ax = plot_decision_regions(split_at(4.0), X, Y, class_names=["no", "sí"])
    assert legend_of(ax) == ["frontera", "no", "sí"]
    no, si = (c for c in ax.collections if c.get_label() in {"no", "sí"})
    assert no.get_paths()[0].vertices.shape != si.get_paths()[0].vertices.shape


def test_the_points_are_drawn_where_the_data_are():
    ax = plot_decision_regions(split_at(4.0), X, Y)
    drawn = np.concatenate([c.get_offsets() for c in ax.collections if "clase" in c.get_label()])
    np.testing.assert_allclose(drawn, X)


def test_wrongly_classified_points_carry_a_ring():
    ax = plot_decision_regions(split_at(0.5), X, Y, mark_errors=True)
    rings = next(c for c in ax.collections if c.get_label() == "mal clasificado")
    np.testing.assert_allclose(rings.get_offsets(), X[[1]])


def test_three_classes_are_drawn_from_labels():
    ax = plot_decision_regions(lambda p: np.digitize(p[:, 0], [2, 6]), X, [0, 1, 2, 2])
    assert legend_of(ax) == ["frontera", "clase 0", "clase 1", "clase 2"]


def test_a_model_without_boundary_in_sight_is_drawn_without_warning(recwarn):
    ax = plot_decision_regions(lambda p: np.zeros(len(p), dtype=int), X, Y)
    assert "frontera" not in legend_of(ax)
    assert not recwarn.list


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (np.array([0, 1, 1]), [[1, 0], [0, 1], [0, 1]]),
        (np.array([0.2, 0.5, 1.0]), [[0.8, 0.2], [0.5, 0.5], [0, 1]]),
        (np.array([[0.2], [0.5], [1.0]]), [[0.8, 0.2], [0.5, 0.5], [0, 1]]),
        (np.array([[0.3, 0.7]] * 3), [[0.3, 0.7]] * 3),
    ],
)
def test_every_kind_of_answer_becomes_class_probabilities(answer, expected):
    np.testing.assert_allclose(class_probabilities(answer, 3, 2), expected)


@pytest.mark.parametrize("answer", [np.zeros(4), np.zeros((4, 2)), np.zeros((3, 1, 1))])
def test_an_answer_of_another_shape_is_refused_with_its_shape(answer):
    with pytest.raises(ValueError, match=str(answer.shape).replace("(", r"\(").replace(")", r"\)")):
        class_probabilities(answer, 3, 2)


def test_wrong_shapes_of_the_data_are_named():
    with pytest.raises(ValueError, match=r"\(4, 3\).*\(n, 2\)"):
        plot_decision_regions(split_at(1), np.zeros((4, 3)), Y)
    with pytest.raises(ValueError, match=r"\(3,\).*\(4,\)"):
        plot_decision_regions(split_at(1), X, Y[:3])


def test_too_few_class_names_are_refused():
    with pytest.raises(ValueError, match="1 names and there are 2"):
        plot_decision_regions(split_at(1), X, Y, class_names=["sola"])


def test_the_logistic_picture_keeps_the_units_of_the_data_under_a_transform():
    asked = []

    def model(points):
        asked.append(points)
        return 1 / (1 + np.exp(-points[:, :1]))

    ax = plot_regresion_logistica2D(model, X, Y, transform=lambda p: (p - 5.0) / 2.0)
    assert np.abs(boundary_of(ax)[:, 0] - 5.0).max() < 0.02
    assert ax.get_xlim()[1] > 10
    assert ax.get_xlabel() == "estudio (horas)"
    assert asked[0].dtype == np.float32
    assert asked[0][:, 0].max() < 4


def test_the_logistic_picture_without_legend_has_none():
    ax = plot_regresion_logistica2D(split_at(4.0), X, Y, legend=False)
    assert ax.get_legend() is None


def test_a_single_curve_is_drawn_from_epoch_one():
    ax = plot_losses({"SGD": [3.0, 2.0, 1.0]}, title="t")
    np.testing.assert_allclose(ax.lines[0].get_xydata(), [[1, 3], [2, 2], [3, 1]])
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_title()) == ("época", "pérdida", "t")


def test_curves_differ_by_colour_and_line_style():
    ax = plot_losses({"a": [1, 2], "b": [2, 3]})
    first, second = ax.lines
    assert first.get_linestyle() != second.get_linestyle()
    assert first.get_color() != second.get_color()


def test_several_starts_are_thin_lines_around_their_median():
    starts = np.array([[1.0, 1.0], [2.0, 3.0], [9.0, 4.0]])
    ax = plot_losses({"SGD": starts})
    assert len(ax.lines) == 4
    np.testing.assert_allclose(ax.lines[-1].get_ydata(), [2.0, 3.0])
    assert legend_of(ax) == ["SGD (mediana de 3)"]


def test_a_logarithmic_axis_has_plain_numbers():
    ax = plot_losses({"SGD": [5.0, 0.2]}, log=True)
    ax.figure.canvas.draw()
    labels = {text.get_text() for text in ax.get_yticklabels()}
    assert ax.get_yscale() == "log"
    assert {"0.2", "0.5", "1", "2", "5"} <= labels


@pytest.mark.parametrize("curves", [{}, {"a": []}, {"a": np.zeros((2, 2, 2))}])
def test_curves_that_cannot_be_drawn_are_refused(curves):
    with pytest.raises(ValueError, match="needs"):
        plot_losses(curves)
