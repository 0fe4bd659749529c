"""What became of an argument after a call: its value, or its state as checked arrays.

A test's own model or optimizer goes out by value. Asked back, it does not come back itself: its
state does, and is put into a fresh copy on the trusted side, shape by shape.
"""

import contextlib
import sys
from typing import Any

import numpy as np


def state_of(argument: Any) -> tuple[str, Any]:
    """The state of an argument, on the student's side.

    Returns:
        How it is to be read ("value" or the name of a state), and a value for the wire.
    """
    keras, torch = sys.modules.get("keras"), sys.modules.get("torch")
    if keras is not None and isinstance(argument, keras.Model):
        optimizer = getattr(argument, "optimizer", None)
        slots = _arrays(optimizer.variables) if optimizer is not None else []
        return "keras-model", [_arrays(argument.variables), slots]
    if keras is not None and isinstance(argument, keras.optimizers.Optimizer):
        return "keras-optimizer", _arrays(argument.variables)
    if torch is not None and isinstance(argument, torch.nn.Module):
        return "torch-state", dict(argument.state_dict())
    if torch is not None and isinstance(argument, torch.optim.Optimizer):
        return "torch-state", argument.state_dict()
    return "value", argument


def _arrays(variables: Any) -> list[np.ndarray]:
    return [np.asarray(variable) for variable in variables]


def with_state(copy: Any, kind: str, state: Any) -> Any:
    """An argument as it is after a call, on the trusted side.

    Args:
        copy: the trusted side's own copy of the argument as it was sent.
        kind: what ``state_of`` said.
        state: the decoded state: plain values and arrays only.

    Returns:
        The copy with its new state, or the new value.

    Raises:
        ValueError: the state does not fit the copy.
    """
    expected, _ = state_of(copy)
    if expected != kind or kind == "value":
        return state
    try:
        if kind == "keras-model":
            _set_model(copy, state)
        elif kind == "keras-optimizer":
            _set_variables(copy.variables, state[: len(copy.variables)])
        else:
            copy.load_state_dict(_tensors(state))
    except (AttributeError, IndexError, KeyError, RuntimeError, TypeError, ValueError):
        raise ValueError("El objeto que recibió tu función ya no tiene su forma.") from None
    return copy


def _set_model(model: Any, state: Any) -> None:
    weights, slots = state
    _set_variables(model.variables, weights)
    optimizer = getattr(model, "optimizer", None)
    if optimizer is None or not slots:
        return
    if len(slots) != len(optimizer.variables) and not optimizer.built:
        optimizer.build(model.trainable_variables)  # the first step makes the other variables
    with contextlib.suppress(ValueError):  # compiled anew: only the weights can be judged
        _set_variables(optimizer.variables, slots)


def _set_variables(variables: Any, values: Any) -> None:
    if type(values) is not list or len(values) != len(variables):
        raise ValueError("another number of variables")
    for variable, value in zip(variables, values, strict=True):
        if np.shape(value) != tuple(variable.shape):
            raise ValueError("another shape")
        variable.assign(value)


def _tensors(state: Any) -> Any:
    """The wire brings tensors back as tensors wherever torch is loaded; numbers stay numbers."""
    if type(state) is not dict:
        raise TypeError("not a state")
    return state
