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
from course_utils.grading.examiner.wire import (
    Allowance,
    Decoder,
    TooLarge,
    WireError,
    dumps,
    encode,
    loads,
)

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
    return decode(loads(text, Allowance())["value"])


def decode(node: object, allowance: Allowance | None = None) -> object:
    decoder = Decoder(lambda number, name, call: (number, name, call), allowance or Allowance())
    return decoder.decode(node)


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
        _array("array", "<f8", [0, 90_000_000, 90_000_000, 90_000_000], ""),
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
        loads(text, Allowance())


def test_size_depth_and_count_are_bounded(monkeypatch):
    monkeypatch.setattr(wire, "MAX_TEXT", 100)
    with pytest.raises(WireError, match="grande"):
        loads('{"value": "' + "x" * 100 + '"}', Allowance())
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


PRIME = 2**61 - 1  # of CPython's hash of numbers
COLLIDING = {
    "integers": lambda n: n * PRIME,
    "negative integers": lambda n: -n * PRIME,
    "complex numbers": lambda n: {"complex": [float(-n * 1000003), float(n)]},
    "tuples": lambda n: {"tuple": [1, n * PRIME]},
    "frozensets": lambda n: {"frozenset": [n * PRIME]},
}


@pytest.mark.parametrize("kind", COLLIDING)
def test_keys_that_were_picked_to_have_one_hash_are_refused(kind):
    keys = [COLLIDING[kind](n) for n in range(1, 2_000)]
    nodes = ({"set": keys}, {"frozenset": keys}, {"dict": [[key, 0] for key in keys]})
    for node in nodes:
        with pytest.raises(TooLarge, match="grande"):
            decode(node)


@pytest.mark.parametrize(
    "keys",
    [range(5_000), [-1, -2, 2**61], np.arange(5_000) / 7, map(str, range(5_000)),
     [complex(a, b) for a in range(70) for b in range(70)],
     [(a, b / 3) for a in range(70) for b in range(70)],
     [frozenset({a, b}) for a in range(70) for b in range(a)]],
)  # fmt: skip
def test_keys_of_an_honest_set_are_not(keys):
    value = set(keys)
    assert there_and_back(value) == value
    assert there_and_back(dict.fromkeys(value, 1)) == dict.fromkeys(value, 1)


def test_an_allowance_holds_for_all_replies_of_a_test(monkeypatch):
    monkeypatch.setattr(wire, "MAX_NODES", 10)
    allowance = Allowance()
    decode({"list": [1] * 5}, allowance)
    with pytest.raises(TooLarge):
        decode({"list": [1] * 5}, allowance)
    assert allowance.spent
    with pytest.raises(TooLarge):
        loads('{"value": 1}', allowance)


@pytest.mark.parametrize(
    "text",
    ["[" + ",".join(["9" * 4299] * 300) + "]", "[" + ",".join(["[]"] * 4_002) + "]"],
    ids=["integers that are long", "lists that are many"],
)
def test_what_is_dear_to_read_is_refused(text, monkeypatch):
    monkeypatch.setattr(wire, "MAX_NODES", 1_000)
    allowance = Allowance()
    with pytest.raises(TooLarge):
        loads(f'{{"value": {text}}}', allowance)
    assert allowance.spent


def test_a_few_long_integers_are_read():
    assert there_and_back([7**5000, -(2**10_000)]) == [7**5000, -(2**10_000)]


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
