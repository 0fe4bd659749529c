"""Readings of values: known again whatever holds them, and not to be worked out."""

import importlib
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from course_utils.checks.compare import as_numbers
from course_utils.checks.readings import (
    DISTINCT,
    fits,
    has_numbers,
    reading_of,
    steady,
    without,
    written,
)

VALUES = np.array([0.25, -1.5, 3.0, 700.0])


def _tensor(values: np.ndarray) -> Any:
    return importlib.import_module("torch").tensor(values, requires_grad=True)


@pytest.mark.parametrize("held_by", [list, tuple, np.float32, pd.Series, _tensor])
def test_the_same_numbers_fit_whatever_holds_them(held_by: Callable[[np.ndarray], Any]):
    assert fits(written(reading_of(VALUES)), reading_of(held_by(VALUES)))


@pytest.mark.parametrize(
    "change", [np.flip, np.negative, lambda v: v * 1.002, lambda v: v[:, None]]
)
def test_other_numbers_order_or_shape_do_not_fit(change: Callable[[np.ndarray], Any]):
    assert not fits(written(reading_of(VALUES)), reading_of(change(VALUES)), DISTINCT)


def test_a_file_holds_fewer_numbers_than_the_value_has():
    for size in range(2, 9):
        assert len(written(reading_of(np.ones(size)))["sums"]) < size
    assert len(json.dumps(written(reading_of(np.random.default_rng(0).normal(size=7840))))) < 100


def test_what_is_not_finite_has_to_fit_too():
    holes = np.array([1.0, np.nan, 3.0])
    assert fits(reading_of(holes), reading_of(holes.tolist()))
    assert not fits(reading_of(holes), reading_of([1.0, 0.0, 3.0]))
    assert not fits(reading_of(holes), reading_of([1.0, np.inf, 3.0]))


def test_unlike_things_are_read_one_by_one():
    reading = reading_of((np.eye(2), [1.0, 2.0, 3.0], {"a": 1.0}, "text", None, object()))
    assert [item.get("shape") for item in reading["items"][:2]] == [[2, 2], [3]]
    assert reading["items"][2:] == [
        {"keys": {"a": reading_of(1.0)}},
        {"kind": "str"},
        {"kind": "NoneType"},
        {"kind": "object"},
    ]


class Endless:
    """A data set as a student may write it: it has a length, and no last item."""

    def __len__(self) -> int:
        return 3

    def __getitem__(self, at: int) -> float:
        assert at < 1000, "somebody reads it to its end"
        return 1.0


def test_a_data_set_is_not_read_to_its_end():
    assert as_numbers(Endless()) is None
    assert as_numbers([Endless()]) is None
    assert reading_of([Endless(), 1.0])["items"][0] == {"kind": "object"}


class StandIn:
    """What a test holds of an object in another process."""

    def run_beside(self) -> None:
        """As a stand-in has it."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError("a question that costs time")


def test_a_stand_in_is_asked_nothing():
    assert reading_of(StandIn()) == {"kind": "object"}
    assert reading_of((StandIn(), 1.0))["items"][0] == {"kind": "object"}


def test_what_chance_decides_leaves_its_shape():
    assert steady(reading_of([1.0, 2.0]), reading_of([1.0, 3.0])) == {"shape": [2]}
    assert steady(reading_of([1.0, 2.0]), reading_of([1.0, 2.0])) == reading_of([1.0, 2.0])
    assert steady(reading_of([1.0]), reading_of("a")) is None
    assert not has_numbers(steady(reading_of((1.0, "a")), reading_of((2.0, "a"))))


def test_a_right_value_leaves_its_shape():
    right = reading_of((np.eye(2), 5.0))
    wrong = without(reading_of((np.eye(2), 7.0)), right)
    assert wrong == {"items": [{"shape": [2, 2]}, reading_of(7.0)]}
    assert fits(wrong, reading_of((np.zeros((2, 2)), 7.0)))
