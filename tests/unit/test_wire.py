"""The wire: plain values arrive as they were, and nothing else arrives."""

import base64
import json
import math
from collections import OrderedDict, namedtuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.grading.examiner import wire
from course_utils.grading.examiner.wire import Decoder, WireError, dumps, encode, loads

Point = namedtuple("Point", "x y")


class Liar(float):
    """A number that says it equals everything."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = float.__hash__


class Matrix(np.ndarray):
    """An array with operations of its own."""

    def __array_ufunc__(self, *_: object, **__: object) -> bool:
        return True


def there_and_back(value: object) -> object:
    kept: list[object] = []

    def keep(item: object) -> int:
        kept.append(item)
        return len(kept)

    text = dumps({"value": encode(value, keep)})
    return Decoder(lambda number, name, call: (number, name, call)).decode(loads(text)["value"])


def decode(node: object) -> object:
    return Decoder(lambda number, name, call: (number, name, call)).decode(node)


@pytest.mark.parametrize(
    "value",
    [None, True, -(2**70), 1.5, math.inf, 1 + 2j, "ñ\ud800", b"\0x", [1, (2, {3})], {"a": [1]},
     slice(1, None, 2), Ellipsis, frozenset({1})],
)  # fmt: skip
def test_plain_values_come_back_the_same(value):
    found = there_and_back(value)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "array",
    [np.zeros((0, 3)), np.arange(6).reshape(2, 3).T, np.array(["a", "ñu"]), np.array([1 + 2j]),
     np.array([True, False]), np.arange(4, dtype=">i4"), np.float32(2.5) * np.ones((2, 1, 1))],
)  # fmt: skip
def test_arrays_keep_shape_and_values(array):
    found = there_and_back(array)
    assert type(found) is np.ndarray
    assert found.shape == array.shape
    assert (found == array).all()
    assert found.flags.writeable


def test_subclasses_arrive_as_what_they_extend():
    assert type(there_and_back(Liar(3))) is float
    assert there_and_back(Liar(3)) != 4
    assert type(there_and_back(np.ones(2).view(Matrix))) is np.ndarray
    assert type(there_and_back(Point(1, 2))) is tuple
    assert type(there_and_back(OrderedDict(a=1))) is dict


def test_arrays_of_objects_arrive_item_by_item():
    found = there_and_back(np.array([[1, "a"], [None, 2.5]], dtype=object))
    assert found.tolist() == [[1, "a"], [None, 2.5]]


def test_long_doubles_and_series_arrive_as_numbers():
    import pandas as pd

    assert there_and_back(np.longdouble(1.5)) == 1.5
    assert there_and_back(pd.Series([1.0, 2.0])).to_numpy().tolist() == [1.0, 2.0]


def test_what_is_no_value_stays_where_it_is():
    number, name, call = there_and_back(print)
    assert (number, name, call) == (1, "builtin_function_or_method", True)


def test_a_container_in_itself_is_refused():
    found: list[object] = []
    found.append(found)
    with pytest.raises(WireError, match="niveles"):
        encode(found, lambda _: 1)


def _array(*parts: object) -> dict[str, object]:
    return {"array": list(parts)}


EIGHT = base64.b64encode(bytes(8)).decode()


@pytest.mark.parametrize(
    "node",
    [
        _array("array", "|O", [1], EIGHT),
        _array("array", "<f8", [2], EIGHT),
        _array("array", "<f8", [], ""),
        _array("array", "<f8", [-1], EIGHT),
        _array("array", "<f8", [1.0], EIGHT),
        _array("array", "<f8", [1] * 40, EIGHT),
        _array("array", "<f8,<f8", [1], EIGHT),
        _array("array", "<M8[s]", [1], EIGHT),
        _array("array", "|V8", [1], EIGHT),
        _array("array", "<U2", [1], base64.b64encode(b"\xff" * 8).decode()),
        _array("array", "|b1", [8], base64.b64encode(b"\x07" * 8).decode()),
        _array("object", "<f8", [1], EIGHT),
        _array("array", "<f8", [1], "no base64!"),
        _array("array", "<f8", [1]),
        {"handle": "1", "type": "x", "call": True},
        {"handle": 1, "type": "x"},
        {"handle": 1, "type": "x", "call": True, "more": 1},
        {"handle": True, "type": "x", "call": True},
        {"eval": "1"},
        {"list": 1},
        {"list": [], "tuple": []},
        {"dict": [[1]]},
        {"dict": [[{"list": []}, 1]]},
        {"set": [{"list": []}]},
        {"slice": [1]},
        {"complex": [1, 2]},
        {"objects": [[3], [1]]},
        {"__class__": "x"},
        [],
        {},
    ],
)
def test_what_encode_never_makes_is_refused(node):
    with pytest.raises(WireError):
        decode(node)


@pytest.mark.parametrize(
    "text", ["", "[]", "1", "[" * 100_000, "{", '{"value": ' + "9" * 5000 + "}"]
)
def test_text_that_is_no_answer_is_refused(text):
    with pytest.raises(WireError):
        loads(text)


def test_size_depth_and_count_are_bounded(monkeypatch):
    monkeypatch.setattr(wire, "MAX_TEXT", 100)
    with pytest.raises(WireError, match="grande"):
        loads('{"value": "' + "x" * 100 + '"}')
    with pytest.raises(WireError, match="grande"):
        dumps({"value": "x" * 100})
    monkeypatch.setattr(wire, "MAX_NODES", 10)
    with pytest.raises(WireError):
        decode({"list": [1] * 10})
    node: object = 1
    for _ in range(wire.MAX_DEPTH + 1):
        node = {"list": [node]}
    with pytest.raises(WireError):
        decode(node)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["array", "list", "dict", "handle", "type", "call", "set", "objects", "x"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(JSON)
def test_any_json_is_a_value_or_refused(node):
    try:
        decode(json.loads(json.dumps(node)))
    except WireError:
        return
