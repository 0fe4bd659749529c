"""Arguments after a call: how a changed argument comes back from the student's process.

A plain value comes back by value. A model or an optimizer can't: unpickling it would run code that
the student chose. Its state comes back as arrays, and the trusted side puts them into its own fresh
copy of the model or optimizer after checking each shape.
"""

import contextlib
import sys
from typing import Any

import numpy as np


def state_of(argument: Any) -> tuple[str, Any]:
    """The state of an argument; runs on the student's side.

    Returns:
        How to read the state ("value", or the name of a kind of state), and the state, which
        ``wire.encode`` takes.
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
    """Rebuild an argument as it is after a call; runs on the trusted side.

    Args:
        copy: the trusted side's own copy of the argument as it was sent.
        kind: the kind that the student's side reported.
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
        # An optimizer makes most of its variables at its first step, which the student's call made.
        optimizer.build(model.trainable_variables)
    # The student's code may have compiled the model with another optimizer: then its variables
    # don't fit, and a test can judge the weights only.
    with contextlib.suppress(ValueError):
        _set_variables(optimizer.variables, slots)


def _set_variables(variables: Any, values: Any) -> None:
    if type(values) is not list or len(values) != len(variables):
        raise ValueError("another number of variables")
    for variable, value in zip(variables, values, strict=True):
        if np.shape(value) != tuple(variable.shape):
            raise ValueError("another shape")
        variable.assign(value)


def _tensors(state: Any) -> Any:
    """Check that a state is a dictionary; ``wire.Decoder`` has already rebuilt its tensors."""
    if type(state) is not dict:
        raise TypeError("not a state")
    return state
