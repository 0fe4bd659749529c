"""Figures about a class: marks, exercises, mistakes. Nothing here reads a file."""

import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from course_utils.checks.outcomes import NotStarted, exercise_title
from course_utils.grading import scheme
from course_utils.grading.class_report.data import (
    OUTCOMES,
    ClassData,
    Failure,
    GradedCell,
    HandIn,
)
from course_utils.grading.scheme import exercise_of

_NUMBERS = re.compile(r"[\[(]*[-+]?\d[\d\s.,eE+\-;\[\]()]*")
FEWEST = 10  # hand-ins; a correlation of fewer is mostly chance
_CODE = re.compile(r"«[^»]*»|`[^`]*`")


@dataclass(frozen=True)
class Summary:
    """Marks of a class in automatic points.

    Attributes:
        hand_ins: how many handed something in.
        points: of each graded hand-in, lowest first.
        maximum: what the unit's tests give.
    """

    hand_ins: int
    points: list[float]
    maximum: float

    @property
    def median(self) -> float | None:
        """Median; None where nothing is graded."""
        return statistics.median(self.points) if self.points else None

    @property
    def passed(self) -> float | None:
        """Share of graded hand-ins with at least half of the points."""
        return _share([points >= self.maximum / 2 for points in self.points])


@dataclass(frozen=True)
class Exercise:
    """How one exercise went.

    Attributes:
        name: such as ``u1-ej2``.
        points: what it gives.
        ease: mean share of its points, 0 (nobody earns any) to 1 (everybody earns all).
        visible: share of hand-ins that pass the visible test.
        hidden: the same of the hidden test; None where there is none.
        only_visible: hand-ins that pass the visible test and fail the hidden one.
        not_started: hand-ins that left it blank.
        discrimination: correlation of its points with those of the other exercises, −1 to 1;
            None where ``undiscriminated`` says why there is none.
        undiscriminated: reason in Spanish, or empty.
        seconds: median wall time of its tests; None where nobody measured it.
    """

    name: str
    points: float
    ease: float | None
    visible: float | None
    hidden: float | None
    only_visible: int
    not_started: int
    discrimination: float | None
    undiscriminated: str
    seconds: float | None

    @property
    def title(self) -> str:
        """How the page calls it."""
        return exercise_title(self.name).removeprefix("Ejercicio ")


@dataclass(frozen=True)
class Mistake:
    """A diagnosis that several students may share.

    Attributes:
        exercise: such as ``u1-ej2``.
        sentence: what one of them reads.
        students: ids of all of them.
    """

    exercise: str
    sentence: str
    students: list[str]

    @property
    def title(self) -> str:
        """How the page calls the exercise."""
        return exercise_title(self.exercise).removeprefix("Ejercicio ")


def summary(data: ClassData) -> Summary:
    """Marks of the class."""
    points = sorted(hand_in.mark.automatic or 0.0 for hand_in in data.graded)
    return Summary(len(data.hand_ins), points, sum(test.points for test in data.tests))


def exercises(data: ClassData) -> list[Exercise]:
    """How each exercise went, in the order of the notebook."""
    earned = {
        name: [_earned(hand_in, _of(data.tests, name)) for hand_in in data.graded]
        for name in data.exercises
    }
    return [_exercise(data, name, earned) for name in data.exercises]


def _exercise(data: ClassData, name: str, earned: dict[str, list[float]]) -> Exercise:
    tests, graded = _of(data.tests, name), data.graded
    maximum = sum(test.points for test in tests)
    visible = [_passes(h, [t for t in tests if not t.hidden]) for h in graded]
    hidden = [_passes(h, [t for t in tests if t.hidden]) for h in graded]
    has_hidden = any(test.hidden for test in tests)
    others = [
        sum(earned[other][row] for other in earned if other != name) for row in range(len(graded))
    ]
    seconds = [h.seconds[name] for h in graded if name in h.seconds]
    return Exercise(
        name,
        maximum,
        statistics.fmean(earned[name]) / maximum if graded and maximum else None,
        _share(visible),
        _share(hidden) if has_hidden else None,
        sum(v and not h for v, h in zip(visible, hidden, strict=True)) if has_hidden else 0,
        sum(_blank(hand_in, name) for hand_in in graded),
        *discrimination(earned[name], others),
        statistics.median(seconds) if seconds else None,
    )


def discrimination(points: Sequence[float], others: Sequence[float]) -> tuple[float | None, str]:
    """Pearson's correlation of an exercise with the rest of the unit, the exercise left out.

    Args:
        points: of the exercise, a number for each hand-in.
        others: sum of the other exercises' points, in the same order.

    Returns:
        The correlation and "", or None and the Spanish reason why it says nothing.
    """
    if len(points) < FEWEST:
        return None, f"menos de {FEWEST} entregas calificadas"
    if _constant(points):
        return None, "todas las entregas obtienen lo mismo"
    if _constant(others):
        return None, "en los demás ejercicios todas obtienen lo mismo"
    return statistics.correlation(points, others), ""


def _constant(values: Sequence[float]) -> bool:
    """Whether all are the same, but for what adding floats in another order leaves."""
    return max(values) - min(values) < 1e-9


def mistakes(data: ClassData) -> list[Mistake]:
    """Diagnoses by how many students got them; blank exercises are none.

    Sentences that differ only in the student's own numbers and names count as one. A hidden test
    counts where the visible one passed: else the visible one says why, on the student's page too.
    """
    students: dict[tuple[str, str], list[str]] = defaultdict(list)
    wordings: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for hand_in in data.graded:
        for failure in hand_in.failures:
            if failure.kind == NotStarted.__name__ or failure.kind not in OUTCOMES:
                continue
            if _said_before(hand_in, failure):
                continue
            key = (exercise_of(failure.test), pattern(failure.sentence))
            wordings[key][failure.sentence] += 1
            if hand_in.student not in students[key]:
                students[key].append(hand_in.student)
    found = [
        Mistake(key[0], wordings[key].most_common(1)[0][0], who) for key, who in students.items()
    ]
    order = {name: place for place, name in enumerate(data.exercises)}
    return sorted(found, key=lambda m: (-len(m.students), order.get(m.exercise, 0), m.sentence))


def _said_before(hand_in: HandIn, failure: Failure) -> bool:
    """Whether the visible test of a hidden one failed too."""
    shown = scheme.visible(exercise_of(failure.test))
    return scheme.is_hidden(failure.test) and any(one.test == shown for one in hand_in.failures)


def pattern(sentence: str) -> str:
    """A sentence without what is one student's own: numbers, arrays, quoted code."""
    return " ".join(_NUMBERS.sub("# ", _CODE.sub("«»", sentence)).split())


def _of(tests: Iterable[GradedCell], exercise: str) -> list[GradedCell]:
    return [test for test in tests if test.exercise == exercise]


def _earned(hand_in: HandIn, tests: list[GradedCell]) -> float:
    return sum(hand_in.points.get(test.name) or 0.0 for test in tests)


def _passes(hand_in: HandIn, tests: list[GradedCell]) -> bool:
    return all((hand_in.points.get(test.name) or 0.0) >= test.points for test in tests)


def _blank(hand_in: HandIn, exercise: str) -> bool:
    return any(
        exercise_of(failure.test) == exercise and failure.kind == NotStarted.__name__
        for failure in hand_in.failures
    )


def _share(values: Sequence[bool]) -> float | None:
    return sum(values) / len(values) if values else None
