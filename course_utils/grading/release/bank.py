"""The bank's file format: answers to one exercise, each the text of its solution cell."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_HEAD = re.compile(r"^# %% (right|wrong): (.+)$", re.MULTILINE)
_DIRECTIVE = re.compile(r"^#\s+(points|says):\s*(.+)$")


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
        says: fragment of the sentence that the student must read (a wrong answer).
    """

    unit: str
    exercise: str
    name: str
    right: bool
    source: str
    points: tuple[int, ...] | None = None
    says: str = ""

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
    """Read the answers of ``uN/ejM.py``.

    Raises:
        ValueError: a header or directive is missing; the message names file and answer.
    """
    unit, exercise = path.parent.name, f"{path.parent.name}-{path.stem}"
    text = path.read_text(encoding="utf-8")
    heads = list(_HEAD.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    answers = [
        _answer(unit, exercise, head, text[head.end() : end])
        for head, end in zip(heads, ends, strict=True)
    ]
    names = [answer.name for answer in answers]
    if len(set(names)) != len(names):
        raise ValueError(f"{path}: two answers have the same name.")
    return answers


def _answer(unit: str, exercise: str, head: re.Match[str], body: str) -> Answer:
    directives, lines = {}, body.strip("\n").splitlines()
    while lines and (match := _DIRECTIVE.match(lines[0])):
        directives[match[1]] = match[2].strip()
        lines.pop(0)
    right = head[1] == "right"
    if not right and set(directives) != {"points", "says"}:
        raise ValueError(f"{exercise}, wrong answer '{head[2]}': needs '# points:' and '# says:'.")
    points = tuple(int(p) for p in directives["points"].split("+")) if not right else None
    source = "\n".join(lines).strip("\n") + "\n"
    return Answer(
        unit, exercise, head[2].strip(), right, source, points, directives.get("says", "")
    )


def load(bank: Path, unit: str) -> list[Answer]:
    """All answers of a unit, exercise by exercise.

    Args:
        bank: folder with one folder a unit.
        unit: such as ``u1``.
    """
    files = sorted((bank / unit).glob("ej*.py"), key=lambda p: int(p.stem[2:]))
    return [answer for file in files for answer in parse(file)]


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
