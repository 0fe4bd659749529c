"""The wire format: plain values as text, all that the examiner reads from a student's process.

``encode`` runs on the student's side, where student code can replace it. So ``decode``, on the
trusted side, trusts no field: it accepts exact types from a closed list, arrays whose shape agrees
with their length, and a bounded size, depth and count. No code here unpickles anything.

``Allowance`` bounds what ``decode`` costs for all replies of a test together, because decoding
takes the trusted process's time and memory. The bounds count requests, characters and values, not
seconds, so that a submission gets the same mark on a slow machine.
"""

import base64
import binascii
import json
import math
import re
import sys
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

MAX_TEXT: Final = 96_000_000  # characters of one reply; 64 MB of numbers in base64
MAX_DEPTH: Final = 32
MAX_DIMENSIONS: Final = 16
# The next bounds hold for all replies of one test together. The bank's answers need 47 requests,
# 300,000 characters, 16,500 values and 3 types at most.
MAX_REQUESTS: Final = 20_000
MAX_TEXTS: Final = 2 * MAX_TEXT
MAX_NODES: Final = 1_000_000
MAX_TYPES: Final = 1_000
# Digits of all integers with more than LONG digits: int() takes quadratic time.
MAX_DIGITS: Final = 1_000_000
LONG: Final = 300
# Keys with one hash in a set or dictionary: inserting keys that collide takes quadratic time.
MAX_EQUAL_HASHES: Final = 100
NOT_UNDERSTOOD: Final = "La respuesta del notebook no se entiende."
TOO_LARGE: Final = "Lo que devuelve tu código es demasiado grande para la prueba."

_NUMERIC = {"|b1", "|i1", "|u1"} | {
    f"<{kind}" for kind in ("i2", "i4", "i8", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16")
}
_TEXT_DTYPE = re.compile(r"<U[1-9]\d{0,3}\Z")
_SEQUENCES: dict[str, Callable[[Any], Any]] = {
    "list": list,
    "tuple": tuple,
    "set": set,
    "frozenset": frozenset,
}
_TYPE_NAME = re.compile(r"[^\W\d]\w{0,60}\Z")


class WireError(ValueError):
    """A value can't be encoded, or a text can't be decoded; the message is for the student."""


class TooLarge(WireError):
    """The replies to a test have exceeded its allowance."""

    def __init__(self) -> None:
        super().__init__(TOO_LARGE)


Handle = Callable[[int, str, bool], Any]
Keep = Callable[[Any], int]


# -- the student's side ------------------------------------------------------------------------


def encode(value: Any, keep: Keep, depth: int = 0) -> Any:
    """Turn a value into one that JSON can hold.

    Args:
        value: any object. An instance of a subclass is encoded as the base class: a float that
            claims to equal everything arrives as its number.
        keep: keeps an object that has no plain value, and returns the number that travels instead.
        depth: number of containers around the value.

    Raises:
        WireError: containers are nested too deep.
    """
    if depth > MAX_DEPTH:
        raise WireError("El resultado tiene demasiados niveles, uno dentro de otro.")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    found = _number(value)
    if found is None:
        found = _array(value)
    if found is None:
        found = _container(value, keep, depth)
    if found is None:
        found = {"handle": keep(value), "type": type(value).__name__, "call": callable(value)}
    return found


def _number(value: Any) -> Any:
    if isinstance(value, np.generic):
        return None  # np.float64 is a float too; ``_array`` encodes it with its dtype
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, complex):
        return {"complex": [value.real, value.imag]}
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode("ascii")}
    return None


def _container(value: Any, keep: Keep, depth: int) -> Any:
    for name, kind in _SEQUENCES.items():
        if isinstance(value, kind):  # type: ignore[arg-type]
            return {name: [encode(item, keep, depth + 1) for item in value]}
    if isinstance(value, Mapping):
        pairs = value.items()
        return {"dict": [[encode(k, keep, depth + 1), encode(v, keep, depth + 1)]
                         for k, v in pairs]}  # fmt: skip
    if isinstance(value, np.ndarray):  # an array of objects, which ``_array`` left
        items = [encode(item, keep, depth + 1) for item in value.ravel().tolist()]
        return {"objects": [list(value.shape), items]}
    if isinstance(value, slice):
        parts = (value.start, value.stop, value.step)
        return {"slice": [encode(part, keep, depth + 1) for part in parts]}
    return {"ellipsis": True} if value is Ellipsis else None


def _array(value: Any) -> Any:
    kind, array = _as_array(value)
    if array is None:
        return None
    array = np.asarray(array)
    # A long double's size depends on the machine: send it as a double.
    wide = {"f": "<f8", "c": "<c16"} if array.dtype.itemsize > 8 else {}
    if array.dtype.kind in "biufcU":
        dtype = wide.get(array.dtype.kind, array.dtype.newbyteorder("<"))
        array = np.asarray(array, dtype=dtype, order="C")
    if array.dtype.str not in _NUMERIC and not _TEXT_DTYPE.match(array.dtype.str):
        return None
    data = base64.b64encode(array.tobytes()).decode("ascii")
    return {"array": [kind, array.dtype.str, list(array.shape), data]}


def _as_array(value: Any) -> tuple[str, Any]:
    """The kind of an array, and its numbers as a NumPy array; None if the value is no array."""
    if isinstance(value, np.ndarray):
        return "array", value
    if isinstance(value, np.generic):
        return "scalar", value
    torch, tf, keras, pandas = map(sys.modules.get, ("torch", "tensorflow", "keras", "pandas"))
    if torch is not None and isinstance(value, torch.Tensor):
        tensor = value.detach().cpu()
        return "torch", (tensor.float() if tensor.dtype == torch.bfloat16 else tensor).numpy()
    if tf is not None and isinstance(value, tf.Variable):
        return "variable", value.numpy()
    if tf is not None and tf.is_tensor(value) and hasattr(value, "numpy"):
        number = tf.cast(value, tf.float32) if value.dtype == tf.bfloat16 else value
        return "tensor", number.numpy()
    if keras is not None and isinstance(value, keras.Variable):
        return "variable", np.asarray(value)
    if pandas is not None and isinstance(value, (pandas.Series, pandas.Index)):
        return "series", value.to_numpy()
    return "", None


def dumps(answer: dict[str, Any]) -> str:
    """Write a reply as JSON.

    Args:
        answer: the reply; ``encode`` made its values.

    Raises:
        WireError: the text is longer than ``MAX_TEXT``.
    """
    text = json.dumps(answer)
    if len(text) > MAX_TEXT:
        raise WireError("El resultado es demasiado grande.")
    return text


# -- the trusted side --------------------------------------------------------------------------


class Allowance:
    """Bounds what all replies to one test may cost the process that decodes them.

    Attributes:
        spent: whether the replies have exceeded a bound; then every further reply is refused.
    """

    def __init__(self) -> None:
        self.spent = False
        self._requests = self._text = self._nodes = self._types = self._digits = 0

    def request(self) -> None:
        """Count a request."""
        self._requests += 1
        self.demand(self._requests <= MAX_REQUESTS)

    def text(self, size: int) -> None:
        """Count the characters of a reply's text."""
        self._text += size
        self.demand(self._text <= MAX_TEXTS)

    def node(self) -> None:
        """Count a value, or a part of a value."""
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self.demand(False)

    def type(self) -> None:
        """Count a class that ``standin`` makes for a type name."""
        self._types += 1
        self.demand(self._types <= MAX_TYPES)

    def integer(self, digits: str) -> int:
        """Read an integer, and count its digits if there are more than ``LONG``."""
        if len(digits) > LONG:
            self._digits += len(digits)
            self.demand(self._digits <= MAX_DIGITS)
        return int(digits)

    def demand(self, condition: bool) -> None:
        """Refuse this reply and all later replies unless the condition holds.

        Raises:
            TooLarge: this condition, or the condition of an earlier call, does not hold.
        """
        self.spent = self.spent or not condition
        if self.spent:
            raise TooLarge


def loads(text: str, allowance: Allowance) -> dict[str, Any]:
    """Parse the text of a reply; the values in it still need ``Decoder.decode``.

    Raises:
        WireError: the text is not a JSON object, is too long, or is nested too deep.
    """
    allowance.text(len(text))
    allowance.demand(len(text) <= MAX_TEXT)
    # json.loads would build all values before ``decode`` counts them. No value needs more than
    # four commas, so a text with more commas holds too many values.
    allowance.demand(text.count(",") <= 4 * MAX_NODES)
    try:
        answer = json.loads(text, parse_int=allowance.integer)
    except TooLarge:
        raise
    except (ValueError, RecursionError):
        raise WireError(NOT_UNDERSTOOD) from None
    if type(answer) is not dict:
        raise WireError(NOT_UNDERSTOOD)
    return answer


class Decoder:
    """Turns the parsed values of one reply back into Python values.

    Args:
        handle: makes the stand-in of an object that stayed in the student's process, from the
            object's number, its type's name and whether it can be called.
        allowance: the test's allowance.
    """

    def __init__(self, handle: Handle, allowance: Allowance) -> None:
        self._handle = handle
        self._allowance = allowance
        self._kinds: dict[str, Callable[[Any, int], Any]] = {
            "complex": self._complex,
            "bytes": lambda data, _: _raw(data),
            "dict": self._dict,
            "objects": self._objects,
            "slice": self._slice,
            "ellipsis": lambda _data, _depth: Ellipsis,
            "array": self._array,
        }

    def decode(self, node: Any, depth: int = 0) -> Any:
        """The Python value of a parsed JSON value.

        Args:
            node: the parsed JSON value.
            depth: number of containers around it.

        Raises:
            WireError: ``encode`` makes no such value, or the allowance is spent.
        """
        self._allowance.node()
        _demand(depth <= MAX_DEPTH)
        if node is None or type(node) in (bool, str, int, float):
            return node
        _demand(type(node) is dict)
        if "handle" in node:
            return self._stand_in(node)
        _demand(len(node) == 1)
        ((kind, data),) = node.items()
        if kind in _SEQUENCES:
            return self._sequence(kind, data, depth)
        _demand(kind in self._kinds)
        return self._kinds[kind](data, depth)

    def _sequence(self, kind: str, data: Any, depth: int) -> Any:
        items = self._items(data, depth)
        try:
            if kind in ("set", "frozenset"):
                self._spread(items)
            return _SEQUENCES[kind](items)
        except TypeError:  # items that have no hash, such as a set of lists
            raise WireError(NOT_UNDERSTOOD) from None

    def _items(self, data: Any, depth: int) -> list[Any]:
        _demand(type(data) is list)
        return [self.decode(item, depth + 1) for item in data]

    def _dict(self, data: Any, depth: int) -> dict[Any, Any]:
        _demand(type(data) is list and all(type(p) is list and len(p) == 2 for p in data))
        pairs = [(self.decode(k, depth + 1), self.decode(v, depth + 1)) for k, v in data]
        try:
            self._spread([key for key, _ in pairs])
            return dict(pairs)
        except TypeError:  # a key that has no hash, such as a stand-in
            raise WireError("Las claves de un diccionario deben ser valores.") from None

    def _spread(self, keys: list[Any]) -> None:
        """Refuse many keys with the same hash, such as multiples of 2**61 - 1."""
        if len(keys) > MAX_EQUAL_HASHES:
            hashes = np.sort(np.fromiter(map(hash, keys), np.int64, len(keys)))
            # If too many hashes are equal, two sorted hashes at this distance are equal.
            equal = hashes[MAX_EQUAL_HASHES:] == hashes[:-MAX_EQUAL_HASHES]
            self._allowance.demand(not equal.any())

    def _complex(self, data: Any, _: int) -> complex:
        _demand(type(data) is list and len(data) == 2 and all(type(x) is float for x in data))
        return complex(*data)

    def _slice(self, data: Any, depth: int) -> slice:
        parts = self._items(data, depth)
        _demand(len(parts) == 3)
        return slice(*parts)

    def _objects(self, data: Any, depth: int) -> np.ndarray:
        _demand(type(data) is list and len(data) == 2)
        shape, items = _shape(data[0]), self._items(data[1], depth)
        _demand(math.prod(shape) == len(items))
        array = np.empty(len(items), dtype=object)
        for number, item in enumerate(items):
            array[number] = item
        return _reshaped(array, shape)

    def _array(self, data: Any, _: int) -> Any:
        _demand(type(data) is list and len(data) == 4 and type(data[0]) is type(data[1]) is str)
        kind, name, shape = data[0], data[1], _shape(data[2])
        _demand(name in _NUMERIC or _TEXT_DTYPE.match(name) is not None)
        dtype, raw = np.dtype(name), _raw(data[3])
        # The shape must agree with the bytes that are there: NumPy reads no memory beyond them.
        _demand(math.prod(shape) * dtype.itemsize == len(raw))
        if dtype.kind == "b":
            _demand(not raw.strip(b"\0\1"))
        if dtype.kind == "U":  # NumPy accepts numbers beyond Unicode's last character
            _demand(bool((np.frombuffer(raw, "<u4") <= sys.maxunicode).all()))
        return _rebuild(kind, _reshaped(np.frombuffer(raw, dtype), shape).copy())

    def _stand_in(self, node: dict[str, Any]) -> Any:
        _demand(set(node) == {"handle", "type", "call"})
        number, name, call = node["handle"], node["type"], node["call"]
        _demand(type(number) is int and type(name) is str and type(call) is bool)
        return self._handle(number, name if _TYPE_NAME.match(name) else "objeto", call)


def _rebuild(kind: str, array: np.ndarray) -> Any:
    """Make the library's own object from checked numbers."""
    if kind == "array":
        return array
    if kind == "scalar":
        _demand(array.ndim == 0)
        return array[()]
    if kind == "series" and array.ndim == 1:
        import pandas as pd

        return pd.Series(array)
    # If the master does not import the library, its test cells can use numbers only.
    torch, tf = sys.modules.get("torch"), sys.modules.get("tensorflow")
    _demand(kind in ("torch", "tensor", "variable", "series"))
    try:
        if kind == "torch" and torch is not None:
            return torch.from_numpy(array)
        if kind in ("tensor", "variable") and tf is not None:
            return (tf.Variable if kind == "variable" else tf.constant)(array)
    except (TypeError, ValueError):
        raise WireError(NOT_UNDERSTOOD) from None
    return array


def _shape(data: Any) -> tuple[int, ...]:
    _demand(type(data) is list and len(data) <= MAX_DIMENSIONS)
    _demand(all(type(n) is int and 0 <= n <= MAX_TEXT for n in data))
    return tuple(data)


def _reshaped(array: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    try:
        return array.reshape(shape)
    except ValueError:  # an empty array whose shape holds numbers beyond NumPy's largest size
        raise WireError(NOT_UNDERSTOOD) from None


def _raw(data: Any) -> bytes:
    _demand(type(data) is str)
    try:
        return base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        raise WireError(NOT_UNDERSTOOD) from None


def _demand(condition: bool) -> None:
    if not condition:
        raise WireError(NOT_UNDERSTOOD)
