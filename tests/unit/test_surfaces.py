"""The error surfaces of unit 4 and the figures that its text states."""

import re
import subprocess
import sys
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from course_utils.plots.surfaces import (
    LossSurface,
    parameter_path,
    plot_loss_and_slope,
    plot_side_by_side,
)

X = torch.arange(-1, 1, 0.1).view(-1, 1)
Y = (X > 0.2).float()
BOTH = pytest.mark.parametrize("loss", ["bce", "mse"])


@pytest.fixture(autouse=True)
def _close_figures() -> Any:
    yield
    plt.close("all")


def trained(criterion: nn.Module, start: tuple[float, float], epochs: int = 100) -> Any:
    """Train as the unit does; the history and the accuracy at the end."""
    linear = nn.Linear(1, 1)
    nn.init.constant_(linear.weight, start[0])
    nn.init.constant_(linear.bias, start[1])
    model = nn.Sequential(linear, nn.Sigmoid())
    optimizer = torch.optim.SGD(model.parameters(), lr=2.0)
    history = []
    for _ in range(epochs):
        for x, y in DataLoader(TensorDataset(X, Y), batch_size=3):
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            history.append((linear.weight.item(), linear.bias.item(), loss.item()))
    with torch.no_grad():
        accuracy = ((model(X) > 0.5).float() == Y).float().mean().item()
    return history, accuracy


@pytest.fixture(scope="module")
def path() -> Any:
    history, _ = trained(nn.BCELoss(), (5.0, 10.0))
    return parameter_path(history, (5.0, 10.0))


# -- figures that the unit states ---------------------------------------------------------------


def test_there_are_20_points_and_7_ones_because_0_2_does_not_count() -> None:
    assert len(X) == 20
    assert Y.sum() == 7
    assert Y[12] == 0
    assert X[12].item() == pytest.approx(0.2)


def test_a_grid_of_python_numbers_gives_8_ones() -> None:
    assert sum(-1 + 0.1 * i > 0.2 for i in range(20)) == 8


def test_from_minus_15_13_the_first_batch_costs_the_clamp_of_100() -> None:
    history, _ = trained(nn.BCELoss(), (-15.0, 13.0), epochs=1)
    assert history[0] == (-15.0, 13.0, 100.0)


def test_a_clamp_after_the_logarithm_has_a_nan_gradient() -> None:
    z = torch.tensor([28.0], requires_grad=True)
    (1 - torch.sigmoid(z)).log().clamp(min=-100).sum().backward()
    assert torch.isnan(z.grad).all()


def test_a_certain_error_pushes_bce_6700_times_as_hard_as_mse() -> None:
    p = 1 / (1 + np.exp(9.5))
    assert p - 1 == pytest.approx(-0.99993, abs=1e-5)
    assert 2 * (p - 1) * p * (1 - p) == pytest.approx(-0.00015, abs=1e-6)
    assert 1 / (2 * p * (1 - p)) == pytest.approx(6700, rel=0.01)


def test_100_epochs_are_700_steps_and_the_path_leaves_the_grid(path: Any) -> None:
    assert path.shape == (701, 2)
    assert path[-1, 0] > 15


# -- the surface --------------------------------------------------------------------------------


def test_a_surface_has_the_limits_and_the_size_of_the_unit() -> None:
    surface = LossSurface(X, Y)
    assert (surface.w[0], surface.w[-1]) == (-15, 15)
    assert (surface.b[0], surface.b[-1]) == (-13, 13)
    assert surface.values.shape == (30, 30)


@BOTH
def test_a_height_is_the_mean_loss_of_its_row_of_b_and_column_of_w(loss: Any) -> None:
    surface = LossSurface(X, Y, loss, w_limit=4, b_limit=3, points=7)
    criterion = {"bce": nn.BCELoss(), "mse": nn.MSELoss()}[loss]
    for i, j in ((0, 0), (1, 5), (6, 2)):
        p = torch.sigmoid(surface.w[j] * X.double() + surface.b[i])
        assert surface.values[i, j] == pytest.approx(criterion(p, Y.double()).item(), rel=1e-9)


@BOTH
def test_heights_are_finite_and_positive_everywhere(loss: Any) -> None:
    values = LossSurface(X, Y, loss).values
    assert np.isfinite(values).all()
    assert values.min() > 0


@BOTH
def test_the_valley_lies_where_the_boundary_separates_the_classes(loss: Any) -> None:
    surface = LossSurface(X, Y, loss)
    i, j = np.unravel_index(surface.values.argmin(), surface.values.shape)
    assert surface.w[j] > 0
    assert 0.2 < -surface.b[i] / surface.w[j] < 0.3


def test_bce_has_a_slope_where_mse_is_flat() -> None:
    slopes = {
        loss: np.abs(np.diff(LossSurface(X, Y, loss).values[:4, 14:16], axis=1)).max()
        for loss in ("bce", "mse")
    }
    assert slopes["bce"] > 0.1
    assert slopes["mse"] < 1e-3


@pytest.mark.parametrize("shape", [(20,), (20, 1), (1, 20)])
def test_data_may_be_a_vector_or_one_row_or_column(shape: Any) -> None:
    surface = LossSurface(X.numpy().reshape(shape), Y.numpy().reshape(shape))
    np.testing.assert_allclose(surface.values, LossSurface(X, Y).values)


# -- what is refused ----------------------------------------------------------------------------


def test_an_unknown_loss_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="'mae'"):
        LossSurface(X, Y, "mae")  # type: ignore[arg-type]


def test_data_of_another_size_is_refused_with_both_shapes() -> None:
    with pytest.raises(ValueError, match=r"\(20, 1\) and \(19, 1\)"):
        LossSurface(X, Y[1:])


def test_data_with_two_columns_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\(10, 2\)"):
        LossSurface(X.reshape(10, 2), Y.reshape(10, 2))


def test_a_path_of_triples_is_refused_with_its_shape() -> None:
    with pytest.raises(ValueError, match=r"\(1, 3\)"):
        LossSurface(X, Y).plot_contour([(1.0, 2.0, 3.0)])


# -- the figures --------------------------------------------------------------------------------


def test_a_path_starts_before_the_first_step_and_drops_the_losses() -> None:
    found = parameter_path([(1.0, 2.0, 9.0), (3.0, 4.0, 8.0)], (0.0, 0.5))
    np.testing.assert_array_equal(found, [[0, 0.5], [1, 2], [3, 4]])


def test_the_contour_shows_all_of_a_path_that_leaves_the_grid(path: Any) -> None:
    ax = LossSurface(X, Y).plot_contour(path)
    assert ax.get_xlim()[1] > path[:, 0].max()
    assert ax.get_xlim()[0] == -15


def test_the_path_on_the_surface_lies_at_the_height_of_the_loss(path: Any) -> None:
    surface = LossSurface(X, Y)
    line = surface.plot_surface(path).lines[0]
    _, _, heights = line.get_data_3d()
    assert heights[0] == pytest.approx(nn.BCELoss()(torch.sigmoid(5 * X + 10), Y).item(), rel=1e-4)


def test_data_space_shows_both_classes_line_sigmoid_and_threshold() -> None:
    ax = LossSurface(X, Y).plot_data(2.0, -0.5)
    _, labels = ax.get_legend_handles_labels()
    wanted = {"y = 0", "y = 1", "recta z = w x + b", "sigmoide σ(z)", "umbral 0.5"}
    assert set(labels) == wanted
    line, sigmoid = ax.lines[:2]
    np.testing.assert_allclose(line.get_ydata(), 2 * line.get_xdata() - 0.5)
    np.testing.assert_allclose(sigmoid.get_ydata(), 1 / (1 + np.exp(-line.get_ydata())))


def test_progress_has_pictures_of_single_steps_and_then_of_epochs(path: Any) -> None:
    figure = LossSurface(X, Y).plot_progress(path)
    titles = [ax.get_title().split(" ·")[0] for ax in figure.axes if ax.get_visible()]
    pictures = [title for title in titles if not title.startswith("w =")]
    names = ["comienzo", "paso 1", "paso 2", "paso 4"]
    assert pictures == names + [f"época {epoch}" for epoch in (2, 5, 20, 50, 100)]


def test_state_shows_surface_contour_and_data_with_named_axes(path: Any) -> None:
    figure = LossSurface(X, Y).plot_state(path[:8])
    panels = [ax for ax in figure.axes if ax.get_title()]
    assert len(panels) == 3
    assert all(ax.get_xlabel() and ax.get_ylabel() for ax in panels)


def test_side_by_side_has_two_surfaces_above_two_contours(path: Any) -> None:
    bce, mse = LossSurface(X, Y), LossSurface(X, Y, "mse")
    titles = [ax.get_title() for ax in plot_side_by_side(bce, mse, path, path).axes]
    assert sum("superficie" in title for title in titles) == 2
    assert sum("desde arriba" in title for title in titles) == 2


@pytest.mark.parametrize("label", [0, 1])
def test_slopes_are_the_derivatives_of_the_losses(label: int) -> None:
    losses, slopes = plot_loss_and_slope(label).axes
    for loss, slope in zip(losses.lines, slopes.lines, strict=True):
        numeric = np.gradient(loss.get_ydata(), loss.get_xdata())
        np.testing.assert_allclose(slope.get_ydata()[1:-1], numeric[1:-1], atol=1e-3)


def test_no_two_pictures_of_progress_show_almost_the_same_parameters(path: Any) -> None:
    figure = LossSurface(X, Y).plot_progress(path)
    found = re.findall(r"w = (\S+), b = (\S+)", "\n".join(ax.get_title() for ax in figure.axes))
    states = [(float(w), float(b.replace("−", "-"))) for w, b in found]
    assert len(states) == 9
    assert min(np.hypot(*np.diff(states, axis=0).T)) > 0.5


def test_the_slider_has_single_steps_at_first_and_then_epochs(path: Any) -> None:
    figure = LossSurface(X, Y).interactive(path)
    names = ["comienzo", *(f"paso {k}" for k in range(1, 7)), "época 1"]
    names += [f"paso {k}" for k in range(8, 14)]
    names += [f"época {epoch}" for epoch in (2, 3, 4, 5, 10, 20, 50, 100)]
    assert [frame.name for frame in figure.frames] == names
    assert [step.label for step in figure.layout.sliders[0].steps] == [
        frame.name for frame in figure.frames
    ]
    assert len(figure.frames[-1].data[0].x) == 701
    assert len(figure.frames[0].data[0].x) == 1
    assert len(figure.frames[8].data[0].x) == 9


@pytest.mark.parametrize("steps_taken", [0, 1, 7, 30])
def test_moments_after_the_end_of_a_path_are_left_out(path: Any, steps_taken: int) -> None:
    figure = LossSurface(X, Y).interactive(path[: steps_taken + 1])
    assert max(len(frame.data[0].x) for frame in figure.frames) <= steps_taken + 1


def test_a_legend_names_what_is_drawn_and_nothing_else(path: Any) -> None:
    surface = LossSurface(X, Y)
    start, trained = surface.plot_state([(5.0, 10.0)]), surface.plot_state(path)
    (before,), (after,) = start.legends, trained.legends
    assert [text.get_text() for text in before.get_texts()] == [
        "comienzo", "y = 0", "y = 1", "sigmoide σ(z)", "umbral 0.5"
    ]  # fmt: skip
    drawn = {"camino de (w, b)", "recta z = w x + b", "ahora"}
    assert drawn <= {text.get_text() for text in after.get_texts()}


def test_the_line_is_named_where_some_of_it_can_be_seen() -> None:
    surface = LossSurface(X, Y)
    for w, b, seen in ((5.0, 10.0, False), (-5.0, -10.0, False), (5.0, 0.0, True), (0, 0.5, True)):
        labels = surface.plot_data(w, b).get_legend_handles_labels()[1]
        assert ("recta z = w x + b" in labels) == seen


def test_the_module_loads_neither_torch_nor_plotly() -> None:
    code = (
        "import sys, course_utils.plots.surfaces\n"
        "sys.exit(bool({'torch', 'plotly', 'tensorflow', 'nbgrader'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
