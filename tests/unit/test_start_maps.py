"""The map of starts of unit 4: the fast trainings are PyTorch's, and the figure shows them."""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from torch import nn

from course_utils.plots.start_maps import accuracy_of_starts, plot_start_maps

X = torch.arange(-1, 1, 0.1).view(-1, 1)
Y = (X > 0.2).float()


def torch_accuracy(criterion: nn.Module, w: float, b: float, epochs: int) -> float:
    """Train one neuron as the unit does."""
    model = nn.Sequential(nn.Linear(1, 1), nn.Sigmoid())
    nn.init.constant_(model[0].weight, w)
    nn.init.constant_(model[0].bias, b)
    optimizer = torch.optim.SGD(model.parameters(), lr=2.0)
    for _ in range(epochs):
        for at in range(0, 20, 3):
            optimizer.zero_grad()
            criterion(model(X[at : at + 3]), Y[at : at + 3]).backward()
            optimizer.step()
    return float(((model(X) > 0.5) == (Y == 1)).float().mean())


@pytest.mark.parametrize(("name", "criterion"), [("bce", nn.BCELoss()), ("mse", nn.MSELoss())])
@pytest.mark.parametrize("epochs", [3, 60])
def test_the_accuracies_are_those_of_pytorch(name, criterion, epochs):
    w, b = [-6.0, 5.0], [-5.0, 0.5, 10.0]
    found = accuracy_of_starts(X, Y, name, w, b, epochs=epochs)
    slow = [[torch_accuracy(criterion, wj, bi, epochs) for wj in w] for bi in b]
    assert found == pytest.approx(np.array(slow), abs=1e-6)


def test_no_epochs_judge_the_starts():
    found = accuracy_of_starts(X, Y, "bce", [0.0], [1.0, -1.0], epochs=0)
    assert found.ravel() == pytest.approx([0.35, 0.65])


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="Unknown loss"):
        accuracy_of_starts(X, Y, "mae", [0.0], [0.0])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="20 and 19"):
        accuracy_of_starts(X, Y[1:], "bce", [0.0], [0.0])


def test_both_maps_have_one_scale_and_their_names():
    w, b = np.array([-1.0, 0.0, 1.0]), np.array([-1.0, 1.0])
    figure = plot_start_maps(w, b, np.ones((2, 3)), np.full((2, 3), 0.35))
    left, right, bar = figure.axes
    assert [ax.get_title() for ax in (left, right)] == [
        "Entropía cruzada (BCE)",
        "Error cuadrático (MSE)",
    ]
    assert {ax.collections[0].get_clim() for ax in (left, right)} == {(0.0, 1.0)}
    assert "precisión" in bar.get_ylabel()
    plt.close(figure)
