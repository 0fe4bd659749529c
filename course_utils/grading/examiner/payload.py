"""Payloads of the examiner's requests: pickled Python objects, opened on the student's side only.

One payload pickles all arguments of a call as one graph of objects, so that an optimizer still
refers to the parameters of its model. A stand-in travels as the number of its object.
"""

import contextlib
import io
import pickle
import sys
from collections.abc import Callable
from typing import Any

import cloudpickle
import numpy as np


def pack(value: Any, number_of: Callable[[Any], int | None]) -> bytes:
    """Pickle a value with everything that it refers to, functions of the tests included.

    Args:
        value: object to send.
        number_of: returns a stand-in's number, and None for any other object.
    """
    buffer = io.BytesIO()
    _Packer(buffer, number_of).dump(value)
    return buffer.getvalue()


def unpack(payload: bytes, object_of: Callable[[int], Any]) -> Any:
    """Unpickle a payload of the examiner.

    Unpickling runs code that the bytes name: never call this with bytes from a student's process.

    Args:
        payload: bytes that ``pack`` returned.
        object_of: returns the object with a given number.
    """
    return _Unpacker(io.BytesIO(payload), object_of).load()


class _Packer(cloudpickle.Pickler):  # type: ignore[misc]
    def __init__(self, file: io.BytesIO, number_of: Callable[[Any], int | None]) -> None:
        super().__init__(file, protocol=pickle.HIGHEST_PROTOCOL)
        self._number_of = number_of

    def persistent_id(self, obj: Any) -> int | None:
        """Return a stand-in's number, or None: pickle then stores the object itself."""
        return self._number_of(obj)

    def reducer_override(self, obj: Any) -> Any:
        """Pickle tensors and models as arrays: torch and Keras would write an archive for each."""
        torch, keras = sys.modules.get("torch"), sys.modules.get("keras")
        if torch is not None and type(obj) in (torch.Tensor, torch.nn.Parameter):
            # NumPy has no array for sparse tensors, bfloat16 and the like: torch pickles those.
            with contextlib.suppress(RuntimeError, TypeError):
                numbers = obj.detach().numpy()
                return _tensor, (type(obj) is torch.nn.Parameter, numbers, obj.requires_grad)
        if keras is not None and isinstance(obj, keras.Model) and _is_plain(obj):
            optimizer = getattr(obj, "optimizer", None)
            slots = None if optimizer is None else _numbers(optimizer)
            config = keras.saving.serialize_keras_object(obj)
            return _model, (config, _numbers(obj), slots)
        return super().reducer_override(obj)


def _is_plain(model: Any) -> bool:
    """Whether a model's configuration and variables describe it completely."""
    return bool(model.built and type(model).__module__.startswith("keras."))


def _numbers(holder: Any) -> list[np.ndarray]:
    return [np.asarray(variable) for variable in holder.variables]


def _model(config: dict[str, Any], weights: list[np.ndarray], slots: Any) -> Any:
    import keras

    model = keras.saving.deserialize_keras_object(config)
    pairs = list(zip(model.variables, weights, strict=True))
    # The new optimizer has made no step yet, so it may have fewer variables than the old one.
    if slots is not None:
        pairs += zip(model.optimizer.variables, slots, strict=False)
    for variable, value in pairs:
        variable.assign(value)
    return model


def _tensor(is_parameter: bool, numbers: np.ndarray, requires_grad: bool) -> Any:
    import torch

    tensor = torch.from_numpy(numbers)
    if is_parameter:
        return torch.nn.Parameter(tensor, requires_grad)
    return tensor.requires_grad_(requires_grad)


class _Unpacker(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, object_of: Callable[[int], Any]) -> None:
        super().__init__(file)
        self._object_of = object_of

    def persistent_load(self, pid: Any) -> Any:
        """Return the object with that number."""
        return self._object_of(pid)
