"""Tensor and graph pictures: what they draw, and what they refuse."""

import importlib

import matplotlib as mpl

mpl.use("Agg")


import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import FancyArrowPatch, Rectangle

from course_utils.plots import tensors
from course_utils.plots.tensors import Node


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


def shaded_cells(ax):
    cells = [p for p in ax.patches if isinstance(p, Rectangle)]
    shade = tensors.SHADE.lower()
    return {(int(p.get_y()), int(p.get_x())) for p in cells if to_hex(p.get_facecolor()) == shade}


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_a_matrix_shows_every_number_once_and_its_indices():
    ax = tensors.plot_tensor([[11, 12, 13], [14, 15, 16]])
    assert [t for t in texts(ax) if int(t) > 10] == ["11", "12", "13", "14", "15", "16"]
    assert sorted(t for t in texts(ax) if int(t) < 10) == ["0", "0", "1", "1", "2"]


def test_a_scalar_and_a_vector_are_drawn_too():
    assert "7" in texts(tensors.plot_tensor(7))
    assert texts(tensors.plot_tensor([1.5, 2.5])) == ["1.5", "2.5", "0", "1"]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (np.s_[0], {(0, 0), (0, 1)}),
        (np.s_[:, 1], {(0, 1), (1, 1), (2, 1)}),
        (np.s_[-1, -1], {(2, 1)}),
        (np.s_[::2, :1], {(0, 0), (2, 0)}),
    ],
)
def test_exactly_the_selected_cells_are_shaded(key, expected):
    assert shaded_cells(tensors.plot_tensor(np.zeros((3, 2)), selected=key)) == expected


def test_nothing_is_shaded_without_a_selection():
    assert shaded_cells(tensors.plot_tensor(np.zeros((3, 2)))) == set()


def test_three_axes_are_refused_with_the_shape_that_came():
    with pytest.raises(ValueError, match=r"\(2, 3, 4\)"):
        tensors.plot_tensor(np.zeros((2, 3, 4)))


def test_slices_tell_the_shape_of_what_they_select():
    fig = tensors.plot_slices(np.zeros((3, 4)), {"M[2]": np.s_[2], "M[:, 1:2]": np.s_[:, 1:2]})
    titles = [ax.get_title() for ax in fig.axes]
    assert titles[:2] == ["M[2]\nforma (4,)", "M[:, 1:2]\nforma (3, 1)"]


def test_slices_need_at_least_one_key():
    with pytest.raises(ValueError, match="keys is empty"):
        tensors.plot_slices(np.zeros((3, 4)), {})


def test_a_product_shades_the_row_and_the_column_that_make_its_element():
    fig = tensors.plot_product([[1, 2, 3], [0, 1, 4]], [[1, 2], [3, 0], [4, 1]], row=1, column=0)
    left, right, product = fig.axes
    assert shaded_cells(left) == {(1, 0), (1, 1), (1, 2)}
    assert shaded_cells(right) == {(0, 0), (1, 0), (2, 0)}
    assert shaded_cells(product) == {(1, 0)}
    assert texts(product)[:4] == ["19", "5", "19", "4"]


def test_matrices_that_do_not_fit_are_refused_with_their_shapes():
    with pytest.raises(ValueError, match=r"\(2, 3\) and b \(2, 3\)"):
        tensors.plot_product(np.zeros((2, 3)), np.zeros((2, 3)))


NODES = [
    Node("x", "x", "entrada"),
    Node("c", "10", "constante"),
    Node("square", "cuadrado", "operación", ("x",)),
    Node("mul", "×", "operación", ("c", "square")),
    Node("sub", "−", "operación", ("mul", "x")),
    Node("out", "salida", "salida", ("sub",)),
]


def test_a_node_stands_right_of_its_inputs_and_a_constant_right_before_its_user():
    assert tensors.node_levels(NODES) == {"x": 0, "c": 1, "square": 1, "mul": 2, "sub": 3, "out": 4}


def test_a_graph_picture_has_one_arrow_head_per_edge_and_names_every_node():
    ax = tensors.plot_graph(NODES, title="Grafo")
    arrows = [p for p in ax.patches if isinstance(p, FancyArrowPatch)]
    heads = [p for p in arrows if "Filled" in type(p.get_arrowstyle()).__name__]
    assert len(heads) == sum(len(node.inputs) for node in NODES) == 6
    assert texts(ax) == [node.label for node in NODES]
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend == ["entrada", "constante", "operación", "salida"]


def test_no_two_nodes_of_a_graph_picture_stand_in_one_place():
    places = tensors._places(NODES, tensors._routes(NODES))
    assert len(set(places.values())) == len(places) > len(NODES)


def test_a_graph_picture_needs_nodes():
    with pytest.raises(ValueError, match="nodes is empty"):
        tensors.plot_graph([])


def test_the_traced_graph_of_f_has_its_operations_and_constants():
    tf = importlib.import_module("tensorflow")
    nodes = tensors.graph_nodes(lambda x: 10 * x**2 - 5 * x + 4, tf.constant(5.0))
    labels = {kind: [n.label for n in nodes if n.kind == kind] for kind in tensors._COLOURS}
    assert labels["entrada"] == ["x"]
    assert sorted(labels["constante"]) == ["10", "2", "4", "5"]
    assert sorted(labels["operación"]) == sorted(["potencia", "×", "×", "−", "+"])
    assert labels["salida"] == ["salida"]


def test_a_function_without_tensorflow_has_no_graph():
    tf = importlib.import_module("tensorflow")
    with pytest.raises(ValueError, match="no operations"):
        tensors.graph_nodes(lambda x: 3.0, tf.constant(5.0))
