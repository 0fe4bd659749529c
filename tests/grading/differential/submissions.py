"""A seed → a submission: right answers, and the edits that were made to them.

An edit is plain data and stands for itself: what is left of a submission without one of its
edits is a submission, too. So one that is treated differently can be made smaller.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from nbformat import NotebookNode

from course_utils.grading.course import read_notebook
from course_utils.grading.pipeline import Pipeline
from course_utils.grading.release.bank import load
from course_utils.grading.release.submissions import fill, solutions
from tests.grading.courses import COURSE, course_with
from tests.grading.differential.answers import CHANGES, SMALL_BANK, inside, mutants
from tests.grading.differential.forms import FORMS
from tests.grading.differential.ordinary import ORDINARY
from tests.grading.intake import fixture
from tests.grading.intake.damage import Case

PLACES = ("cell before", "cell below", "last cell", "top of answer", "end of answer", "in answer")


@dataclass(frozen=True)
class Edit:
    """One thing that happened to a submission.

    Attributes:
        kind: "bank", "mutant", "change", "ordinary" or "form".
        name: which of its kind.
        exercise: where.
        place: of something ordinary.
    """

    kind: str
    name: str
    exercise: str
    place: str = ""

    def __str__(self) -> str:
        return f"{self.exercise}: {self.kind} {self.name!r} {self.place}".rstrip()


@dataclass(frozen=True)
class Submission:
    """What one student hands in.

    Attributes:
        seed: it was drawn with; the same draws it again.
        edits: in the order in which they are made.
        part: number of a part of it, when it is being made smaller.
    """

    seed: int
    edits: tuple[Edit, ...]
    part: int = 0

    @property
    def student(self) -> str:
        """Id of the student."""
        return f"s{self.seed:06d}-{self.part}"

    def parts(self) -> list["Submission"]:
        """The same without one of the edits, each in its turn."""
        rest = [self.edits[:at] + self.edits[at + 1 :] for at in range(len(self.edits))]
        return [replace(self, edits=edits, part=part) for part, edits in enumerate(rest, 1)]


class Unit:
    """A unit, released in a course folder of its own, and answers to its exercises.

    Args:
        name: of the unit; that of the small course, or one of the repository's.
        folder: where the course goes.
    """

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        small = name == fixture.UNIT
        self.pipeline: Pipeline = fixture.make(folder) if small else course_with(folder, name)
        self.released: NotebookNode = fixture.released(self.pipeline, name)
        answers = solutions(read_notebook(self.pipeline.course.master(name)))
        self.answers = answers | (fixture.ANSWERS if small else {})
        self.bank = SMALL_BANK if small else _bank(name)
        self.mutants = {name: mutants(answers[name]) for name in self.bank}

    def draw(self, seed: int) -> Submission:
        """The submission of a seed."""
        chance = random.Random(seed)
        edits = [self._answer(chance, exercise) for exercise in self.bank]
        edits += [self._ordinary(chance) for _ in range(chance.choice([0, 1, 1, 2, 3]))]
        edits += [self._form(chance) for _ in range(chance.choice([0, 0, 1, 2]))]
        return Submission(seed, tuple(filter(None, edits)))

    def _answer(self, chance: random.Random, exercise: str) -> Edit | None:
        names = {
            "bank": list(self.bank[exercise]),
            "mutant": list(map(str, range(len(self.mutants[exercise])))),
            "change": list(CHANGES),
        }
        kind = chance.choice([None, None, None, *names])  # half of the answers stay right
        return Edit(kind, chance.choice(names[kind]), exercise) if kind and names[kind] else None

    def _ordinary(self, chance: random.Random) -> Edit:
        exercise = chance.choice(list(self.bank))
        return Edit("ordinary", chance.choice(list(ORDINARY)), exercise, chance.choice(PLACES))

    def _form(self, chance: random.Random) -> Edit:
        return Edit("form", chance.choice(list(FORMS)), chance.choice(list(self.bank)))

    def write(self, submission: Submission, submitted: Path) -> None:
        """Hand a submission in."""
        folder = submitted / submission.student / self.name
        folder.mkdir(parents=True)
        case = Case(folder, self.name, fill(self.released, self.answers), self.released)
        written = False
        for edit in submission.edits:
            if edit.kind == "form":
                written = _form(edit, case) or written
            else:
                self._make(edit, case)
        if not written:
            case.write()

    def _make(self, edit: Edit, case: Case) -> None:
        cell = case.cell(edit.exercise)
        if edit.kind == "bank":
            cell["source"] = self.bank[edit.exercise][edit.name]
        elif edit.kind == "mutant":
            cell["source"] = self.mutants[edit.exercise][int(edit.name)]
        elif edit.kind == "change":
            cell["source"] = CHANGES[edit.name](cell["source"])
        else:
            _ordinary(edit, case)


def _bank(unit: str) -> dict[str, dict[str, str]]:
    bank: dict[str, dict[str, str]] = {}
    for answer in load(COURSE, unit):
        bank.setdefault(answer.exercise, {})[answer.name] = answer.source
    return bank


def _ordinary(edit: Edit, case: Case) -> None:
    cell, source = case.cell(edit.exercise), ORDINARY[edit.name]
    put: dict[str, Callable[[], object]] = {
        "cell before": lambda: case.put(case.at(edit.exercise), source),
        "cell below": lambda: case.put(case.at(edit.exercise) + 1, source),
        "last cell": lambda: case.put(len(case.nb["cells"]), source),
        "top of answer": lambda: cell.update(source=f"{source}\n{cell['source']}"),
        "end of answer": lambda: cell.update(source=f"{cell['source']}\n{source}"),
        "in answer": lambda: cell.update(source=inside(cell["source"], source)),
    }
    put[edit.place]()


def _form(edit: Edit, case: Case) -> bool:
    """Give the file a form; says whether it was written."""
    try:
        others = [name for name in case.exercises() if name != edit.exercise]
        case.first, case.second = edit.exercise, others[0]
        FORMS[edit.name](case)
    except (LookupError, TypeError, ValueError, StopIteration, OSError):
        return False  # an earlier form has left nothing that this one could change
    return True
