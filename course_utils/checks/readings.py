"""What a check notes of a value: enough to know it again, too little to learn it.

A reading is plain data that JSON can hold:

* ``true`` or ``false``: a judgement held or not;
* ``{"shape": […], "sums": […]}``: numbers. A single number stands as it is; of more numbers stand
  weighted sums, fewer than there are numbers, so that the numbers cannot be worked out;
* ``{"shape": […]}``: numbers of which only the shape counts;
* ``{"items": […]}``, ``{"keys": {…}}``: a list or tuple of unlike things, a dictionary;
* ``{"kind": "str"}``, ``{"kind": "object"}``: anything else, such as a model;
* ``{"error": "ValueError"}``: an exception;
* ``null``: anything.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

import numpy as np

from course_utils.checks.compare import as_numbers

Reading: TypeAlias = Any

MATCH: Final = 1e-4  # relative difference below which a value is a known one
DISTINCT: Final = 1e-3  # relative difference above which a value is certainly another one
_MOST_SUMS: Final = 3
_MOST_ITEMS: Final = 50
_DIGITS: Final = 7
_DEEPEST: Final = 4
_FLOOR: Final = 1e-2  # numbers below it are compared as if they were as large
_KINDS: Final = (type(None), str, bytes, set)
_OBJECT: Final = {"kind": "object"}  # a model may be of one class or another
# Irrational steps, one a sum: their multiples are spread evenly and never repeat.
_STEPS: Final = (0.6180339887498949, 0.4142135623730951, 0.7320508075688772)


def reading_of(value: Any, depth: int = 0) -> Reading:
    """The reading of a value; it asks nothing of an object that stayed in another process."""
    if _is_elsewhere(value):
        return _OBJECT
    try:
        if isinstance(value, Mapping):
            return _of_mapping(value, depth)
        several = isinstance(value, (list, tuple))
        numbers = None if several and any(map(_is_elsewhere, value)) else as_numbers(value)
        if numbers is None and several and depth < _DEEPEST:
            return {"items": [reading_of(item, depth + 1) for item in value[:_MOST_ITEMS]]}
    except Exception:  # an object of the student's may do anything when it is looked at
        numbers = None
    if numbers is not None:
        return of_numbers(numbers)
    return {"kind": type(value).__name__} if type(value) in _KINDS else _OBJECT


def _is_elsewhere(value: Any) -> bool:
    """Whether it is a stand-in: whatever is asked of it costs a question."""
    return hasattr(type(value), "run_beside")


def _of_mapping(value: Mapping, depth: int) -> Reading:
    if depth >= _DEEPEST or len(value) > _MOST_ITEMS:
        return {"kind": "dict"}
    return {"keys": {str(key): reading_of(item, depth + 1) for key, item in value.items()}}


def of_numbers(numbers: np.ndarray) -> Reading:
    """The reading of an array.

    Besides what is written, ``size`` holds the sum of the absolute values: the measure of what is
    a small difference between two readings.
    """
    with np.errstate(all="ignore"):
        flat = np.ravel(numbers)
        flat = np.real(flat).astype(float) + np.imag(flat).astype(float) * np.pi
        finite = np.isfinite(flat)
        clean = np.where(finite, flat, 0.0)
        found = {"shape": list(numbers.shape), "sums": [float(total) for total in _sums(clean)]}
        if not finite.all():
            found["not finite"] = [int(np.isnan(flat).sum()), int((flat == np.inf).sum())]
        return found | {"size": float(np.abs(clean).sum())}


def _sums(flat: np.ndarray) -> list[float]:
    if len(flat) < 2:
        return [float(number) for number in flat]
    places = np.arange(1, len(flat) + 1)
    steps = _STEPS[: min(_MOST_SUMS, len(flat) - 1)]
    return [float(((0.5 + places * step % 1) * flat).sum()) for step in steps]


def fits(known: Reading, seen: Reading, tolerance: float = MATCH) -> bool:
    """Whether what was seen is what is known.

    Args:
        known: a reading, perhaps from a file.
        seen: a reading that was just taken.
        tolerance: relative, for numbers.
    """
    if known is None:
        return True
    if not isinstance(known, dict) or not isinstance(seen, dict):
        return type(known) is type(seen) and bool(known == seen)
    if "shape" in known:
        return "shape" in seen and _same_numbers(known, seen, tolerance)
    if "items" in known:
        return all_fit(known["items"], seen.get("items"), tolerance)
    if "keys" in known:
        ours, theirs = known["keys"], seen.get("keys", {})
        return list(ours) == list(theirs) and all_fit(
            list(ours.values()), list(theirs.values()), tolerance
        )
    return bool(known == seen)


def all_fit(known: Sequence[Reading], seen: Any, tolerance: float = MATCH) -> bool:
    """Whether two sequences of readings are equally long and fit one by one."""
    if not isinstance(seen, Sequence) or len(known) != len(seen):
        return False
    return all(fits(a, b, tolerance) for a, b in zip(known, seen, strict=True))


def _same_numbers(known: Mapping, seen: Mapping, tolerance: float) -> bool:
    if known["shape"] != seen["shape"]:
        return False
    if "sums" not in known or "sums" not in seen:
        return "sums" not in known
    if known.get("not finite") != seen.get("not finite"):
        return False
    near = tolerance * max(seen["size"], known.get("size", 0.0), _FLOOR)
    return all(abs(a - b) <= near for a, b in zip(known["sums"], seen["sums"], strict=True))


def steady(one: Reading, other: Reading) -> Reading:
    """What is the same in the readings of two runs; numbers that differ leave their shape."""
    if fits(one, other, MATCH):
        return one
    if not isinstance(one, dict) or not isinstance(other, dict):
        return None
    if "shape" in one and one["shape"] == other.get("shape"):
        return {"shape": one["shape"]}
    if "items" in one and len(one["items"]) == len(other.get("items", ())):
        return {"items": list(map(steady, one["items"], other["items"]))}
    if "keys" in one and list(one["keys"]) == list(other.get("keys", ())):
        theirs = other["keys"]
        return {"keys": {key: steady(item, theirs[key]) for key, item in one["keys"].items()}}
    return None


def without(reading: Reading, secret: Reading) -> Reading:
    """A reading in which the numbers of another one, at the same place, leave their shape."""
    if not isinstance(reading, dict) or not isinstance(secret, dict):
        return reading
    if "sums" in reading and "sums" in secret and fits(secret, reading, DISTINCT):
        return {"shape": reading["shape"]}
    if "items" in reading and len(reading["items"]) == len(secret.get("items", ())):
        pairs = zip(reading["items"], secret["items"], strict=True)
        return {"items": [without(ours, theirs) for ours, theirs in pairs]}
    if "keys" in reading:
        theirs = secret.get("keys", {})
        return {
            "keys": {key: without(item, theirs.get(key)) for key, item in reading["keys"].items()}
        }
    return reading


def written(reading: Reading) -> Reading:
    """A reading as a file holds it: few digits, no size."""
    if not isinstance(reading, dict):
        return reading
    if "items" in reading:
        return {"items": [written(item) for item in reading["items"]]}
    if "keys" in reading:
        return {"keys": {key: written(item) for key, item in reading["keys"].items()}}
    if "sums" in reading:
        kept = {key: value for key, value in reading.items() if key != "size"}
        return kept | {"sums": [float(f"{total:.{_DIGITS}g}") for total in reading["sums"]]}
    return reading


def has_numbers(reading: Reading) -> bool:
    """Whether a reading holds numbers, and not only shapes or kinds."""
    if not isinstance(reading, dict):
        return False
    inside = [*reading.get("items", ()), *reading.get("keys", {}).values()]
    return "sums" in reading or any(map(has_numbers, inside))


def tells(reading: Reading) -> int:
    """How many numbers and judgements of a reading have to fit: how much a match says."""
    if not isinstance(reading, dict):
        return int(reading is not None)
    inside = [*reading.get("items", ()), *reading.get("keys", {}).values()]
    return len(reading.get("sums", ())) + sum(map(tells, inside))
