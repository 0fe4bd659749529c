"""What differs between configurations, and the smallest submission that still differs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.grading.differential.grading import Configuration, Grader, Result
from tests.grading.differential.submissions import Submission

MISSING = "(nothing)"
LONGEST = 160  # characters of a value that are shown
CONTEXT = 20  # of them, before what differs
SMALLER = 12  # differing submissions of a class that are made smaller; the rest is named
TRIES = 2  # a difference may be a matter of chance


@dataclass
class Difference:
    """A submission that two configurations treat differently.

    Attributes:
        unit: name of the unit.
        submission: the submission.
        configurations: the two.
        values: what is looked at → its two values, where they differ.
    """

    unit: str
    submission: Submission
    configurations: tuple[Configuration, Configuration]
    values: dict[str, tuple[object, object]]

    def __str__(self) -> str:
        edits = "; ".join(map(str, self.submission.edits)) or "no edits"
        one, other = self.configurations
        lines = [f"seed {self.submission.seed} of {self.unit}: {edits}", f"  {one} | {other}"]
        lines += [f"  {name}: {_unlike(*values)}" for name, values in self.values.items()]
        return "\n".join(lines)


def _unlike(one: object, other: object) -> str:
    """Two values side by side, from shortly before where they part."""
    texts = repr(one), repr(other)
    parts = next(
        (at for at, signs in enumerate(zip(*texts, strict=False)) if len(set(signs)) > 1), 0
    )
    start = parts - CONTEXT if parts > LONGEST // 2 else 0
    dots = "…" if start else ""
    return " | ".join(dots + text[start : start + LONGEST] for text in texts)


def compare(
    grader: Grader, submissions: list[Submission], configurations: list[Configuration]
) -> list[Difference]:
    """Grade a class, and return what differs, made small.

    The first two configurations, which are the same, grade everybody; each submission that they
    treat alike meets one of the others.
    """
    first, again, *others = configurations
    base = grader.grade(submissions, first)
    found = differences(grader, submissions, base, (first, again))
    for at, other in enumerate(others):
        known = [difference.submission for difference in found]
        share = [s for s in submissions if s.seed % len(others) == at and s not in known]
        found += differences(grader, share, base, (first, other)) if share else []
    return [smallest(grader, difference) for difference in found[:SMALLER]] + found[SMALLER:]


def differences(
    grader: Grader,
    submissions: Iterable[Submission],
    base: dict[str, Result],
    configurations: tuple[Configuration, Configuration],
) -> list[Difference]:
    """Grade in the second configuration; what differs from the results of the first."""
    submissions = list(submissions)
    other = grader.grade(submissions, configurations[1])
    found = []
    for submission in submissions:
        student = submission.student
        values = differing(base.get(student, {}), other.get(student, {}))
        if values:
            found.append(Difference(grader.unit.name, submission, configurations, values))
    return found


def differing(one: Result, other: Result) -> dict[str, tuple[object, object]]:
    """What is looked at → its two values, where they differ."""
    pairs = {name: (one.get(name, MISSING), other.get(name, MISSING)) for name in {**one, **other}}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def smallest(grader: Grader, difference: Difference) -> Difference:
    """Take edits away as long as the configurations still differ."""

    def regrade(parts: list[Submission]) -> list[Difference]:
        for _ in range(TRIES):
            base = grader.grade(parts, difference.configurations[0])
            found = differences(grader, parts, base, difference.configurations)
            if found:
                return found
        return []

    return reduced(difference, regrade)


def reduced(
    difference: Difference, regrade: Callable[[list[Submission]], list[Difference]]
) -> Difference:
    """The same with a function that finds the differing ones among some submissions."""
    while parts := difference.submission.parts():
        still = regrade(parts)
        if not still:
            break
        difference = still[0]
    return difference
