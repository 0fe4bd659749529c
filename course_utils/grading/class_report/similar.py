"""Finds answers more alike than the starting code, the course and the class explain.

The method is winnowing (Schleimer, Wilkerson and Aiken, 2003), by ``copydetect``: names, strings,
comments and spaces do not count. The result is a reason to look at two answers, never a verdict.
"""

import io
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from copydetect import CodeFingerprint

from course_utils.grading.class_report.data import ClassData

LENGTH = 15  # characters of a fingerprint; a name counts as one character
FEWEST = 20  # common fingerprints that two submissions need to be compared
LEAST = 0.7  # share of the shorter submission's own fingerprints from which a pair is reported
# A fingerprint of this share of the class, and of at least four students, is no student's own.
COMMON = 0.2


@dataclass(frozen=True)
class Pair:
    """Two students with similar answers.

    Attributes:
        students: ids of the two students.
        share: common fingerprints as a share of the shorter submission's own, 0 to 1.
        exercises: exercises with similar answers.
    """

    students: tuple[str, str]
    share: float
    exercises: list[str]


def pairs(data: ClassData) -> list[Pair]:
    """Pairs of similar submissions, the most similar first."""
    own = _own(data)
    found = [pair for pair in _compare(own) if pair.share >= LEAST]
    return sorted(found, key=lambda pair: (-pair.share, pair.students))


def _own(data: ClassData) -> dict[str, dict[str, set[int]]]:
    """Student → exercise → the student's own fingerprints: neither starting code nor common."""
    own: dict[str, dict[str, set[int]]] = {hand_in.student: {} for hand_in in data.graded}
    limit = max(4, math.ceil(COMMON * len(own)))
    for exercise, texts in data.starting.items():
        starting = set().union(*map(_fingerprints, texts))
        prints = {
            hand_in.student: _fingerprints(hand_in.answers.get(exercise, "")) - starting
            for hand_in in data.graded
        }
        spread = Counter(one for of_student in prints.values() for one in of_student)
        for student, of_student in prints.items():
            own[student][exercise] = {one for one in of_student if spread[one] < limit}
    return own


def _compare(own: dict[str, dict[str, set[int]]]) -> Iterator[Pair]:
    sizes = {student: sum(map(len, prints.values())) for student, prints in own.items()}
    for left, right in combinations(sorted(own), 2):
        common = {name: len(own[left][name] & own[right][name]) for name in own[left]}
        total = sum(common.values())
        if total >= FEWEST:
            alike = [name for name, count in common.items() if count >= FEWEST // 2]
            yield Pair((left, right), total / min(sizes[left], sizes[right]), alike)


def _fingerprints(source: str) -> set[int]:
    # A window of one keeps every fingerprint: the answers are short enough.
    return set(
        CodeFingerprint("answer.py", LENGTH, 1, language="python", fp=io.StringIO(source)).hashes
    )
