"""What students got in a unit: its exercises, their hints, a fingerprint of each cell.

One JSON file a unit in the folder ``units`` beside this module, which ``course release`` writes. It
holds no answer and no test, only fingerprints, so that a notebook can be compared with its release
where neither the release nor nbgrader is at hand.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

_FILES = resources.files("course_utils.checks") / "units"


@dataclass(frozen=True)
class OutlineCell:
    """One cell that nbgrader manages.

    Attributes:
        name: its ``grade_id``, which is its cell id too.
        kind: "code" or "markdown".
        answer: whether the student writes in it.
        fingerprint: of the text that students got.
        calls: of a demonstration, the exercises that it calls.
    """

    name: str
    kind: str
    answer: bool
    fingerprint: str
    calls: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exercise:
    """One exercise with tests.

    Attributes:
        name: such as ``u1-ej2``.
        title: what it is about, as its heading says.
        visible: points of its visible test.
        hidden: points of its hidden test; 0 where there is none.
        names: what its answer cell defines, as handed out.
        hints: what ``pista`` shows, one step after the other.
    """

    name: str
    title: str
    visible: int
    hidden: int
    names: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()


@dataclass(frozen=True)
class Prediction:
    """One question that students answer before a cell shows the answer.

    Attributes:
        name: such as ``u1-p2``.
        options: letter → what it stands for.
        answer: the letter of the right one.
        after: name of the cell that shows the answer.
        explanation: why it is right.
    """

    name: str
    options: dict[str, str]
    answer: str
    after: str
    explanation: str


@dataclass(frozen=True)
class Outline:
    """A unit as it was released.

    Attributes:
        unit: short id, such as ``u1``.
        notebook: name of the notebook, without ``.ipynb``.
        exercises: in the order of the notebook.
        cells: the cells that nbgrader manages, in the order of the notebook.
        predictions: in the order of the notebook.
    """

    unit: str
    notebook: str
    exercises: tuple[Exercise, ...]
    cells: tuple[OutlineCell, ...]
    predictions: tuple[Prediction, ...] = ()


def units() -> list[str]:
    """Ids of the units that have an outline."""
    names = (file.name for file in _FILES.iterdir())
    return sorted(name.removesuffix(".json") for name in names if name.endswith(".json"))


@cache
def outline(unit: str) -> Outline:
    """The outline of a unit.

    Args:
        unit: short id, such as ``u1``.

    Raises:
        ValueError: there is no such unit; the message, in Spanish, says which there are.
    """
    file = _FILES / f"{unit}.json"
    if not file.is_file():
        raise ValueError(f"No hay ninguna unidad «{unit}»; las que hay son: {', '.join(units())}.")
    data = json.loads(file.read_text(encoding="utf-8"))
    return Outline(
        unit,
        data["notebook"],
        tuple(_exercise(exercise) for exercise in data["exercises"]),
        tuple(_cell(cell) for cell in data["cells"]),
        tuple(Prediction(**asked) for asked in data.get("predictions", ())),
    )


def _exercise(data: dict[str, Any]) -> Exercise:
    return Exercise(**data | {"names": tuple(data["names"]), "hints": tuple(data["hints"])})


def exercise_called(name: str) -> Exercise | None:
    """The exercise with an id such as ``u1-ej2``; None where no unit has it."""
    unit = name.partition("-")[0]
    if unit not in units():
        return None
    return next((one for one in outline(unit).exercises if one.name == name), None)


def _cell(data: dict[str, Any]) -> OutlineCell:
    return OutlineCell(**data | {"calls": tuple(data.get("calls", ()))})


def names_of(exercise: str) -> tuple[str, ...]:
    """What the answer cell of an exercise defines; nothing for an exercise that is not known."""
    found = exercise_called(exercise)
    return found.names if found else ()


def normal(text: str) -> str:
    """A text without what editors change: blank lines and spaces at the ends of lines."""
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip())


def fingerprint(text: str) -> str:
    """Sixteen hexadecimal digits that tell a cell's text from any other."""
    return hashlib.sha256(normal(text).encode("utf-8", "replace")).hexdigest()[:16]
