"""Writes down what the visible tests read of a bank's wrong answers; ``course release`` calls it.

Two rules keep a recorded mistake true:

* it differs from every right answer, or right answers would be accused;
* no two mistakes with different sentences look the same.

The release refuses an answer that breaks a rule: the data of the visible test is too mild to tell
it from the other, and has to be sharpened. Only an answer whose ``# points:`` give the visible test
its points (``1+0``) may look right there: its author leaves it to the hidden test.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any, Final

from course_utils.checks.outline import normal
from course_utils.checks.readings import (
    DISTINCT,
    Reading,
    all_fit,
    fits,
    has_numbers,
    steady,
    without,
    written,
)
from course_utils.checks.recorded import Run
from course_utils.grading import scheme
from course_utils.grading.course import (
    Course,
    CourseError,
    cells_by_grade_id,
    read_notebook,
    unit_id,
)
from course_utils.grading.release.answer_runs import run_answers
from course_utils.grading.release.bank import Answer, load

FORMAT: Final = "1"  # a new one has all answers run again
_ENDS: Final = (".", "?", "!", ")", "»")


@dataclass(frozen=True)
class Recorded:
    """A wrong answer and what the visible test reads of it.

    Attributes:
        answer: the answer.
        sentence: the whole sentence that a student reads; empty if it is not known.
        readings: without what a right answer has at the same place; None: the runs differ.
        certain: whether its values, and not chance or a bare "no", tell it from right answers.
        outcome: kind of the visible test's outcome; empty where it passes.
    """

    answer: Answer
    sentence: str
    readings: tuple[Reading, ...] | None
    certain: bool
    outcome: str


@dataclass(frozen=True)
class Exercise:
    """An exercise's bank after its run.

    Attributes:
        right: the readings of the right answers.
        wrong: the wrong answers.
    """

    right: tuple[tuple[Reading, ...], ...]
    wrong: tuple[Recorded, ...]

    def looks_right(self, one: Recorded) -> bool:
        """Whether some right answer has the readings of a wrong one."""
        readings = one.readings
        return readings is not None and any(all_fit(readings, r, DISTINCT) for r in self.right)

    def can_be_named(self, one: Recorded) -> bool:
        """Whether a wrong answer may be recorded. What Python says of an error goes first."""
        judged = one.outcome in ("", "Incorrect")
        return judged and one.certain and not self.looks_right(one)

    def kept(self) -> list[Recorded]:
        """The answers to record."""
        mixed = {id(one) for pair in self._mixed() for one in pair}
        return [one for one in self._named() if id(one) not in mixed]

    def _named(self) -> list[Recorded]:
        return [one for one in self.wrong if one.sentence and self.can_be_named(one)]

    def _mixed(self) -> list[tuple[Recorded, Recorded]]:
        """Pairs that look the same and have different sentences."""
        pairs = combinations(self._named(), 2)
        return [(a, b) for a, b in pairs if a.sentence != b.sentence and _alike(a, b)]

    def faults(self) -> Iterator[str]:
        """What keeps a wrong answer from being named, a line each."""
        for one in self.wrong:
            label, expected = one.answer.label, (one.answer.points or (0,))[0]
            if self.looks_right(one) and not expected and one.outcome in ("", "Incorrect"):
                yield (
                    f"{label}: the visible test reads the values of a right answer. Sharpen its "
                    "data, or leave the answer to the hidden test: '# points: 1+0'."
                )
            elif self.can_be_named(one) and not (one.sentence or one.outcome or expected):
                yield (
                    f"{label}: no test says '{one.answer.says}' the same way twice. Write the "
                    "whole sentence into '# says:'."
                )
        for one, other in self._mixed():
            if not (one.answer.like or other.answer.like):
                yield (
                    f"{other.answer.label}: the visible test reads the same values as of "
                    f"'{one.answer.name}', which has another sentence. Sharpen its data, or, where "
                    f"no data can tell them apart, say '# like: {one.answer.name}'."
                )


def _alike(one: Recorded, other: Recorded) -> bool:
    a, b = one.readings or (), other.readings or ()
    return all_fit(a, b, DISTINCT) and all_fit(b, a, DISTINCT)


def path_of(course: Course, unit: str) -> Path:
    """Where the recorded mistakes of a unit lie in the repository."""
    return course.root / "course_utils" / "checks" / "mistakes" / f"{unit_id(unit)}.json"


def write(course: Course, unit: str) -> None:
    """Record a unit's mistakes, in a course that has the package's source beside it.

    Exercises that have not changed since the file was written are not run again.

    Raises:
        CourseError: an answer breaks a rule; the message names every such answer.
    """
    path = path_of(course, unit)
    if not path.parent.parent.is_dir():
        return
    old = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    marks = fingerprints(course, unit)
    stale = [name for name, mark in marks.items() if old.get(name, {}).get("of") != mark]
    found = run(course, unit, stale)
    wrong = [fault for exercise in found.values() for fault in exercise.faults()]
    if wrong:
        raise CourseError("\n".join(["Mistakes that the visible tests can't name:", *wrong]))
    new = {
        name: _data(found[name], mark) if name in found else old[name]
        for name, mark in marks.items()
    }
    if not new:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(exist_ok=True)
    path.write_text(_text(new), encoding="utf-8")


def stale(course: Course, unit: str) -> list[str]:
    """The exercises whose answers or tests changed after their mistakes were recorded."""
    path = path_of(course, unit)
    if not path.parent.parent.is_dir():
        return []
    old = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    marks = fingerprints(course, unit)
    return [name for name in {**marks, **old} if old.get(name, {}).get("of") != marks.get(name)]


def run(course: Course, unit: str, exercises: Sequence[str]) -> dict[str, Exercise]:
    """Run a unit's bank against its visible tests.

    Args:
        course: the course.
        unit: full name of the unit.
        exercises: those to run.

    Raises:
        CourseError: the answers could not be run.
    """
    answers = [a for a in load(course, unit) if a.exercise in exercises]
    if not answers:
        return {}
    master = course.master(unit)
    setup, tests = cells_of(course, unit)
    ran = run_answers(master, setup, tests, answers)
    return {
        name: _exercise(
            [(a, *one) for a, one in zip(answers, ran, strict=True) if a.exercise == name]
        )
        for name in exercises
    }


def fingerprints(course: Course, unit: str) -> dict[str, str]:
    """Of all that a recorded mistake comes from, exercise by exercise."""
    setup, tests = cells_of(course, unit)
    answers = load(course, unit)
    found = {}
    for name in dict.fromkeys(a.exercise for a in answers if a.exercise in tests):
        texts = [repr(answer) for answer in answers if answer.exercise == name]
        whole = "\0".join([FORMAT, setup, *map(normal, tests[name]), *texts])
        found[name] = hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()[:16]
    return found


def cells_of(course: Course, unit: str) -> tuple[str, dict[str, tuple[str, str]]]:
    """The set-up cell, and the tests of each exercise."""
    cells = {n: c.source for n, c in cells_by_grade_id(read_notebook(course.master(unit))).items()}
    names = [name for name in cells if scheme.visible(name) in cells]
    tests = {n: (cells[scheme.visible(n)], cells.get(scheme.hidden(n), "")) for n in names}
    setup = "".join(source for name, source in cells.items() if scheme.is_setup(name))
    return setup, tests


def _exercise(ran: list[tuple[Answer, list[Run], list[str]]]) -> Exercise:
    right = tuple(tuple(run.readings) for answer, runs, _ in ran if answer.right for run in runs)
    wrong = tuple(_recorded(a, runs, said, right) for a, runs, said in ran if not a.right)
    return Exercise(right, wrong)


def _recorded(
    answer: Answer, runs: list[Run], said: list[str], right: tuple[tuple[Reading, ...], ...]
) -> Recorded:
    first, sentence = runs[0], _sentence(answer, runs, said)
    if len({len(run.readings) for run in runs}) > 1:
        return Recorded(answer, sentence, None, False, first.outcome)
    kept = list(first.readings)
    for run in runs[1:]:
        kept = list(map(steady, kept, run.readings))
    by_chance = any(a != b for a, b in zip(kept, first.readings, strict=True))
    for known in right:
        kept = [without(one, known[at]) if at < len(known) else one for at, one in enumerate(kept)]
    certain = any(
        _speaks(one, [known[at] for known in right if at < len(known)], by_chance=by_chance)
        for at, one in enumerate(kept)
    )
    return Recorded(answer, sentence, tuple(kept), certain, first.outcome)


def _speaks(reading: Reading, right: list[Reading], *, by_chance: bool) -> bool:
    """Whether a reading tells a mistake from right answers, and says more than that it is one.

    Where numbers are drawn by chance, a shape or a kind may be anybody's: only numbers count.
    """
    if not isinstance(reading, dict) or "error" in reading:
        return False
    if by_chance and not has_numbers(reading):
        return False
    return not any(fits(reading, known, DISTINCT) for known in right)


def _sentence(answer: Answer, runs: list[Run], said: list[str]) -> str:
    """The whole sentence of a wrong answer; empty where only numbers stand side by side."""
    visible = {run.sentence for run in runs}
    if all(answer.says in sentence for sentence in visible):
        return visible.pop() if len(visible) == 1 and runs[0].own else ""
    begins = answer.says[:1] in "`«" or answer.says.lstrip("¿¡")[:1].isupper()
    if begins and answer.says.endswith(_ENDS):
        return answer.says
    hidden = {text for text in said if answer.says in text}
    return hidden.pop() if len(hidden) == 1 and len(said) == len(runs) else ""


def _data(exercise: Exercise, mark: str) -> dict[str, Any]:
    mistakes = [
        {"says": one.sentence, "readings": list(map(written, one.readings or ()))}
        for one in exercise.kept()
    ]
    different = [one for at, one in enumerate(mistakes) if one not in mistakes[:at]]
    return {"of": mark, "mistakes": different}


def _text(data: dict[str, Any]) -> str:
    """JSON with one line a mistake."""
    parts = []
    for name, found in data.items():
        lines = ",\n".join(
            f"  {json.dumps(one, ensure_ascii=False, separators=(',', ':'))}"
            for one in found["mistakes"]
        )
        parts.append(f'"{name}": {{"of": "{found["of"]}", "mistakes": [\n{lines}\n]}}')
    return "{\n" + ",\n".join(parts) + "\n}\n"
