"""Recorded mistakes: the sentence of a wrong answer that gives the very values that were seen.

``course release`` runs the wrong answers of a unit's bank against its visible tests and writes what
the tests read of them, with the bank's sentence, to ``mistakes/uN.json`` beside this module. The
files go to students. They hold readings (see ``readings``), no code and no value of a right answer.
"""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from course_utils.checks.readings import Reading, all_fit, tells

_FILES = resources.files("course_utils.checks") / "mistakes"
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Mistake:
    """A recorded mistake.

    Attributes:
        sentence: what the student reads.
        readings: what the visible test reads, from its first call to its last.
    """

    sentence: str
    readings: tuple[Reading, ...]


@cache
def _unit(unit: str) -> dict[str, tuple[Mistake, ...]]:
    file = _FILES / f"{unit}.json"
    if not unit.isalnum() or not file.is_file():
        return {}
    data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return {
        exercise: tuple(Mistake(one["says"], tuple(one["readings"])) for one in found["mistakes"])
        for exercise, found in data.items()
    }


def mistakes_of(exercise: str) -> tuple[Mistake, ...]:
    """The recorded mistakes of an exercise such as ``u1-ej3``."""
    return _unit(exercise.partition("-")[0]).get(exercise, ())


def may_become(exercise: str, seen: Sequence[Reading]) -> bool:
    """Whether some recorded mistake begins with these readings."""
    return any(all_fit(one.readings[: len(seen)], seen) for one in mistakes_of(exercise))


def sentence_of(exercise: str, seen: Sequence[Reading]) -> str:
    """The sentence of the recorded mistake that has these readings; empty where none has.

    Of two that fit, one may leave open what the other one says (a value that is right there is not
    recorded): the one that says more speaks.
    """
    found = [one for one in mistakes_of(exercise) if all_fit(one.readings, seen)]
    best = max(found, key=lambda one: sum(map(tells, one.readings)), default=None)
    return best.sentence if best else ""


def same_but_for_numbers(sentence: str, other: str) -> bool:
    """Whether two sentences differ in numbers at most.

    A test's sentence may tell numbers that it read: those recorded are another answer's.
    """
    return _NUMBER.sub("0", sentence) == _NUMBER.sub("0", other)


@cache
def sentences() -> frozenset[str]:
    """The sentences of all units."""
    if not _FILES.is_dir():
        return frozenset()
    units = [file.name.removesuffix(".json") for file in _FILES.iterdir()]
    return frozenset(one.sentence for unit in units for m in _unit(unit).values() for one in m)


# -- for ``course release`` ------------------------------------------------------------------------


@dataclass
class Run:
    """What a visible test read of one answer, with recorded mistakes left aside.

    Attributes:
        readings: from the first call to the last.
        outcome: kind of its outcome; empty where it passed.
        sentence: its sentence.
        own: whether the sentence is the test's own, and not only numbers or shapes side by side.
    """

    readings: list[Reading] = field(default_factory=list)
    outcome: str = ""
    sentence: str = ""
    own: bool = False


class _Observation:
    run: Run | None = None


_observation = _Observation()


@contextmanager
def observed() -> Iterator[Run]:
    """Have the next visible test go on after a failure, as far as it can, and say what it read."""
    _observation.run = Run()
    try:
        yield _observation.run
    finally:
        _observation.run = None


def observer() -> Run | None:
    """The run that is being observed."""
    return _observation.run
