"""What the probes of torch code see, and what they say of it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from course_utils.checks import torch_probes

torch = pytest.importorskip("torch")
YHAT, Y = [[0.8], [0.4]], [[1.0], [0.0]]
DATA = ([[1.0], [2.0], [-1.0]], [[0.0], [1.0], [1.0]])


def _squares(yhat: Any, y: Any) -> Any:
    return ((yhat - y) ** 2).mean()


def test_a_gradient_is_that_of_the_argument_asked_for():
    expected = np.array([[-0.2], [0.4]])
    np.testing.assert_allclose(torch_probes.gradient(_squares, 0, YHAT, Y), expected, rtol=1e-5)
    np.testing.assert_allclose(torch_probes.gradient(_squares, 1, YHAT, Y), -expected, rtol=1e-5)


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda yhat, y: _squares(yhat, y).item(), torch_probes.NUMBER),
        (lambda yhat, y: float(np.mean((yhat.detach().numpy() - y.numpy()) ** 2)), "NUMBER"),
        (lambda yhat, y: _squares(yhat.detach(), y), torch_probes.DETACHED),
        (lambda yhat, y: _squares(torch.zeros(2, 1, requires_grad=True), y), "DETACHED"),
    ],
)
def test_a_value_without_a_gradient_is_told(function: Callable[..., Any], said: str):
    said = getattr(torch_probes, said, said)
    assert torch_probes.gradient(function, 0, YHAT, Y) == said


def test_a_gradient_leaves_its_arguments_alone_and_needs_no_recording():
    yhat = torch.tensor(YHAT)
    with torch.no_grad():
        assert not isinstance(torch_probes.gradient(_squares, 0, yhat, Y), str)
    assert not yhat.requires_grad
    assert yhat.grad is None


def test_fill_changes_a_layer_in_its_place():
    layer = torch.nn.Linear(2, 1)
    weight = layer.weight
    torch_probes.fill(layer, [1.0, -2.0], 0.5)
    assert layer.weight is weight
    assert layer(torch.tensor([[3.0, 1.0]])).item() == pytest.approx(1.5)


class _Model(torch.nn.Module):  # type: ignore[misc,name-defined,unused-ignore]
    def __init__(self, forward: Callable[..., Any], *, unused: bool = False) -> None:
        super().__init__()
        self.linear = torch.nn.Linear(2, 1)
        self.unused = torch.nn.Linear(2, 1) if unused else None
        self._forward = forward

    def forward(self, x: Any) -> Any:
        return self._forward(self.linear(x))


@pytest.mark.parametrize(
    ("model", "learns"),
    [
        (_Model(torch.sigmoid), True),
        (_Model(lambda z: torch.sigmoid(z).detach()), False),
        (_Model(lambda z: torch.round(torch.sigmoid(z))), False),
        (_Model(torch.sigmoid, unused=True), False),
        (torch.nn.Sigmoid(), False),
    ],
)
def test_a_model_learns_where_a_gradient_reaches_each_parameter(model: Any, learns: bool):
    assert torch_probes.learns(model, [[0.3, -1.0], [2.0, 0.5]]) is learns


def _trains(model: Any, loader: Any, criterion: Any, optimizer: Any, epochs: int) -> Any:
    history = []
    for _ in range(epochs):
        for x, y in loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            history.append((model.linear.weight.item(), model.linear.bias.item(), loss.item()))
    return history


@pytest.mark.parametrize("loss", ["bce", "mse", "weighted"])
def test_a_training_gives_its_steps_as_numbers_and_where_it_ended(loss: str):
    rows, numbers, end = torch_probes.training(_trains, DATA, (0.0, 0.0), 1.0, 2, 3, loss)
    assert numbers
    assert np.shape(rows) == (6, 3)
    assert rows[-1][:2] == end
    first = {"bce": np.log(2), "mse": 0.25, "weighted": 0.375}[loss]
    assert rows[0][2] == pytest.approx(first, rel=1e-5)


def test_the_weighted_loss_tells_which_argument_comes_first():
    def exchanged(model: Any, loader: Any, criterion: Any, *rest: Any) -> Any:
        return _trains(model, loader, lambda yhat, y: criterion(y, yhat), *rest)

    setting = (DATA, (0.0, 0.0), 1.0, 2, 1)
    for loss, differs in (("mse", False), ("weighted", True)):
        right, *_ = torch_probes.training(_trains, *setting, loss)
        wrong, *_ = torch_probes.training(exchanged, *setting, loss)
        assert (not np.allclose(right, wrong)) is differs


def test_what_is_no_table_of_numbers_comes_back_as_it_is():
    def tensors(*arguments: Any) -> Any:
        return [[torch.tensor(number) for number in row] for row in _trains(*arguments)]

    setting = (DATA, (0.0, 0.0), 1.0, 2, 1, "mse")
    rows, numbers, _ = torch_probes.training(tensors, *setting)
    assert not numbers
    assert np.shape(rows) == (2, 3)
    assert torch_probes.training(lambda *_: None, *setting)[:2] == [None, True]
    assert torch_probes.training(lambda *_: [1.5, 2.5], *setting)[:2] == [[1.5, 2.5], True]


def _recorded(model: Any, x: Any, y: Any) -> float:
    return float(((model(x) > 0.5) == (y > 0.5)).float().mean())


def _unrecorded(model: Any, x: Any, y: Any) -> float:
    with torch.no_grad():
        return _recorded(model, x, y)


def _off_for_good(model: Any, x: Any, y: Any) -> float:
    torch.set_grad_enabled(False)
    return _recorded(model, x, y)


@pytest.mark.parametrize(
    ("precision", "seen"),
    [
        (_recorded, [True, True]),
        (_unrecorded, [False, True]),
        (_off_for_good, [False, False]),
        (lambda model, x, y: 1.0, [False, True]),
    ],
)
def test_the_switch_of_recording_is_watched_and_put_back(
    precision: Callable[..., Any], seen: list[bool]
):
    assert torch_probes.switches(precision) == seen
    assert torch.is_grad_enabled()
