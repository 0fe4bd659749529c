"""The bank's file format: answers to one exercise, each the text of its solution cell."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from course_utils.grading.course import Course, CourseError, unit_id
from course_utils.grading.release import bank_text

_HEAD = re.compile(r"^# %% (right|wrong): (.+)$", re.MULTILINE)
_POINTS = re.compile(r"\d+(\+\d+)*")


@dataclass(frozen=True)
class Answer:
    """One answer of the bank and what grading must make of it.

    Attributes:
        unit: such as ``u1``.
        exercise: such as ``u1-ej2``.
        name: what kind of answer it is.
        right: whether it must earn every point.
        source: text of the solution cell.
        points: what each test cell must give, visible first; None: full points (a right answer).
        says: fragment of the sentence that the student must read (a wrong answer), or all of it.
        like: name of a wrong answer that no visible test can tell from this one.
    """

    unit: str
    exercise: str
    name: str
    right: bool
    source: str
    points: tuple[int, ...] | None = None
    says: str = ""
    like: str = ""

    @property
    def label(self) -> str:
        """How reports name the answer."""
        return f"{self.exercise} {'right' if self.right else 'wrong'}: {self.name}"


@dataclass(frozen=True)
class CellMark:
    """What one test cell gave: points earned, points possible, the sentence, if any."""

    earned: float
    possible: float
    message: str = ""
    kind: str = ""


def parse(path: Path) -> list[Answer]:
    """Read the answers of a file ``source/06-x/bank/ejM.py``.

    Raises:
        CourseError: a directive is missing or wrong; the message names file and answer.
    """
    unit, exercise = unit_id(path.parents[1].name), exercise_of(path)
    text = path.read_text(encoding="utf-8")
    heads = list(_HEAD.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    answers: dict[str, Answer] = {}
    derived: list[tuple[str, bank_text.Directives]] = []
    for head, end in zip(heads, ends, strict=True):
        name, right = head[2].strip(), head[1] == "right"
        if name in answers:
            raise CourseError(f"{path}: two answers are called '{name}'.")
        with _faults_of(path, name):
            found = bank_text.read(text[head.end() : end])
            answers[name] = _answer(unit, exercise, name, right, found)
            if "from" in found.single or found.replacements:
                derived.append((name, found))
    for name, found in derived:
        with _faults_of(path, name):
            answers[name] = replace(answers[name], source=_derived(found, answers))
    return list(answers.values())


@contextmanager
def _faults_of(path: Path, name: str) -> Iterator[None]:
    """Say to which answer of which file a fault belongs."""
    try:
        yield
    except ValueError as error:
        raise CourseError(f"{path}, answer '{name}': {error}.") from error


def _answer(
    unit: str, exercise: str, name: str, right: bool, found: bank_text.Directives
) -> Answer:
    single = found.single
    if right and (single or found.replacements):
        raise ValueError("a right answer is written in full, without directives")
    if not right and not {"points", "says"} <= single.keys():
        raise ValueError("a wrong answer needs '# points:' and '# says:'")
    if not right and not _POINTS.fullmatch(single["points"]):
        raise ValueError(f"'# points: {single['points']}' is not written as 1+0 or 1")
    points = tuple(map(int, single["points"].split("+"))) if not right else None
    says, like = single.get("says", ""), single.get("like", "")
    return Answer(unit, exercise, name, right, found.source, points, says, like)


def _derived(found: bank_text.Directives, answers: Mapping[str, Answer]) -> str:
    """The text of a wrong answer that is a right one with its mistake put in."""
    if "from" not in found.single or not found.replacements or found.source.strip():
        raise ValueError("'# from:' and '# replace:' go together, and with no text below them")
    origin = answers.get(found.single["from"])
    if origin is None or not origin.right:
        names = ", ".join(answer.name for answer in answers.values() if answer.right)
        raise ValueError(f"'# from:' must name a right answer of the file: {names}")
    source = origin.source
    for replacement in found.replacements:
        source = replacement.apply(source)
    return source


def exercise_of(path: Path) -> str:
    """The exercise whose answers a file of the bank holds: ``u1-ej2`` for ``ej2.py``."""
    return f"{unit_id(path.parents[1].name)}-{path.stem}"


def load(course: Course, unit: str) -> list[Answer]:
    """All answers of a unit, exercise by exercise.

    Args:
        course: the course.
        unit: name of the unit, in full.

    Raises:
        CourseError: a file of the bank can't be read; the message names file and answer.
    """
    return [answer for file in files(course, unit) for answer in parse(file)]


def files(course: Course, unit: str) -> list[Path]:
    """The files of a unit's bank, one an exercise, in order."""
    found = [path for path in course.bank(unit).glob("ej*.py") if path.stem[2:].isdecimal()]
    return sorted(found, key=lambda path: int(path.stem[2:]))


OUTCOMES = ("NotStarted", "ExecutionError", "Incorrect")


def faults(answer: Answer, marks: Mapping[str, CellMark]) -> list[str]:
    """What grading got wrong about an answer; empty where all is as it must be.

    Args:
        answer: the answer that was graded.
        marks: what its test cells gave, visible first.
    """
    found = []
    cells = list(marks.values())
    expected = list(answer.points or [cell.possible for cell in cells])
    earned = [cell.earned for cell in cells]
    if earned != expected:
        said = "; ".join(cell.message for cell in cells if cell.message)
        found.append(f"{answer.label}: points {earned}, expected {expected} ({said})")
    for name, cell in marks.items():
        if cell.earned < cell.possible and cell.kind not in OUTCOMES:
            found.append(f"{answer.label}: {name} failed with {cell.kind}, not with an outcome")
    if not answer.right and not any(answer.says in cell.message for cell in cells):
        said = "; ".join(cell.message for cell in cells if cell.message)
        found.append(f"{answer.label}: does not say '{answer.says}' but '{said}'")
    if not answer.right and sum(earned) >= sum(cell.possible for cell in cells):
        found.append(f"{answer.label}: a wrong answer got full marks")
    return found


def shared_sentences(answers: list[Answer]) -> list[str]:
    """Wrong answers of one exercise that claim the same sentence."""
    seen: dict[tuple[str, str], str] = {}
    found = []
    for answer in answers:
        if answer.right:
            continue
        other = seen.setdefault((answer.exercise, answer.says), answer.name)
        if other != answer.name:
            found.append(f"{answer.label} shares its sentence with '{other}'")
    return found
