"""Probes for ``Check.beside`` that look at torch code: gradients, training, switches.

Each one runs next to the student's objects and returns plain values.
"""

import numbers
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

NUMBER = "devuelve un número suelto y no un tensor: no habrá por dónde derivar"
DETACHED = "devuelve algo que no lleva gradiente: un `.detach()`, `.item()` o NumPy cortó el camino"


def gradient(function: Callable[..., Any], position: int, *args: Any) -> np.ndarray | str:
    """The gradient of ``function(*args)`` with respect to one of its arguments.

    Args:
        function: the student's function, of tensors.
        position: index of that argument in ``args``.
        *args: tensors or arrays.

    Returns:
        The gradient; where there is none, what is wrong with the value, in Spanish
        (``NUMBER`` or ``DETACHED``).
    """
    import torch

    given = [torch.as_tensor(arg).detach().clone() for arg in args]
    variable = given[position].requires_grad_()
    with torch.enable_grad():
        value = function(*given)
        if not torch.is_tensor(value):
            return NUMBER
        if not value.requires_grad:
            return DETACHED
        value.sum().backward()
    return DETACHED if variable.grad is None else np.asarray(variable.grad)


def fill(layer: Any, weight: Sequence[float], bias: float) -> None:
    """Give a layer of one output these parameters, in their place.

    Args:
        layer: the student's layer, with ``weight`` (1, n) and ``bias`` (1,).
        weight: n numbers.
        bias: a number.
    """
    import torch

    with torch.no_grad():
        layer.weight.copy_(torch.tensor([list(weight)]))
        layer.bias.fill_(bias)


def learns(model: Any, x: Any) -> bool:
    """Whether a gradient flows from ``model(x)`` back to each of the model's parameters.

    Args:
        model: the student's module.
        x: its input, a tensor or array.
    """
    import torch

    with torch.enable_grad():
        value = model(torch.as_tensor(x))
        if not value.requires_grad:
            return False
        value.sum().backward()
    parts = list(model.parameters())
    return bool(parts) and all(p.grad is not None and bool(p.grad.any()) for p in parts)


def training(
    train_model: Callable[..., Any],
    data: tuple[Any, Any],
    start: tuple[float, float],
    rate: float,
    batch: int,
    epochs: int,
    loss: str,
) -> list[Any]:
    """What a training loop gives for a neuron of one input, with SGD and unshuffled batches.

    Args:
        train_model: the student's ``(model, loader, criterion, optimizer, epochs)``.
        data: x and y, (n, 1) each.
        start: weight and bias before the first step.
        rate: of SGD.
        batch: examples in a batch.
        epochs: how often the data is gone through.
        loss: ``bce``, ``mse`` or ``weighted``, the squared error with the weight 1 + y: it tells
            which argument comes first.

    Returns:
        what it returned, as lists of floats, and as it came where it is no such table; whether
        all of it was numbers, no tensors; the weight and the bias that the model has at the end.
    """
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    x, y = (torch.tensor(np.asarray(part), dtype=torch.float32) for part in data)
    layer = torch.nn.Linear(1, 1)
    fill(layer, [start[0]], start[1])
    model = torch.nn.Sequential()
    model.add_module("linear", layer)
    model.add_module("sigmoid", torch.nn.Sigmoid())
    criteria = {
        "bce": torch.nn.BCELoss(),
        "mse": torch.nn.MSELoss(),
        "weighted": lambda yhat, y: ((1 + y) * (yhat - y) ** 2).mean(),
    }
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    loader = DataLoader(TensorDataset(x, y), batch_size=batch)
    with torch.enable_grad():
        history = train_model(model, loader, criteria[loss], optimizer, epochs)
    return [*_table(history), [layer.weight.item(), layer.bias.item()]]


def _table(history: Any) -> tuple[Any, bool]:
    try:
        plain = all(isinstance(value, numbers.Real) for step in history for value in step)
        return [[float(value) for value in step] for step in history], plain
    except (TypeError, ValueError):
        return history, True


def switches(precision: Callable[..., Any]) -> list[bool]:
    """Whether ``precision(model, x, y)`` records a gradient, and leaves the recording on.

    Args:
        precision: the student's function.
    """
    import torch

    seen: list[bool] = []
    model = torch.nn.Sequential()
    model.add_module("linear", torch.nn.Linear(1, 1))
    model.add_module("sigmoid", torch.nn.Sigmoid())
    model.linear.register_forward_hook(lambda layer, x, z: seen.append(z.requires_grad))
    try:
        with torch.enable_grad():
            precision(model, torch.ones(3, 1), torch.ones(3, 1))
            still_on = torch.is_grad_enabled()
    finally:
        torch.set_grad_enabled(True)
    return [any(seen), still_on]
