"""The course's conventions: names of a unit's files, grade ids, headings, nbgrader's regions.

A unit ``06-x`` has the short id ``u6``. The cells of its second exercise are ``u6-ej2`` (the
answer), ``u6-ej2-enunciado`` (the statement), ``u6-ej2-visible`` and ``u6-ej2-oculto`` (its tests).
"""

import glob
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Files beside a master that are for instructors only and never released.
HINTS = "pistas.toml"
PREDICTIONS = "predicciones.toml"
BANK = "bank"
INSTRUCTORS_FILES = (HINTS, PREDICTIONS, BANK)

_STATEMENT, _VISIBLE, _HIDDEN = "-enunciado", "-visible", "-oculto"
_SETUP, _REFLECTION = "-preparacion", "-reflexion"
_EXERCISE = re.compile(r"u(\d+)-ej(\d+)")
_PREDICTION = re.compile(r"u\d+-p\d+")
_OPTION = re.compile(r"^- \*\*([a-z])\)\*\* (.+)$", re.MULTILINE)
_UNIT = re.compile(r"(u\d+)-")
_HEADING = re.compile(
    r"^#+ *Ejercicio (?P<unit>\d+)\.(?P<number>\d+) *· *(?P<title>.+?) *"
    r"\((?P<points>\d+) puntos?\) *$",
    re.MULTILINE,
)
_NAMED = re.compile(r"[Ee]jercicio (\d+\.\d+)")
_ROW = re.compile(r"^\| *(\d+\.\d+) *\|.*\| *(\d+) *\| *$", re.MULTILINE)
_TOTALS = re.compile(r"\*\*Puntos:\*\*(.*)")
_CODE = re.compile(r"`[^`]*`")
_POINTS = re.compile(r"\((\d+) puntos?\)")


def kept_back(root: Path) -> list[str]:
    """Patterns for nbgrader's ``CourseDirectory.ignore``: files of a unit that are not released.

    nbgrader compares a path with the paths that a pattern finds, so that a pattern may be a whole
    path. These patterns are whole paths: a pattern ``bank`` would match a student's own folder
    ``bank``, too. The dot stands for the student in nbgrader's paths below ``source``.

    Args:
        root: folder of the course.
    """
    source = os.path.join(glob.escape(str(root)), "source")  # noqa: PTH118  (pathlib drops dots)
    return [os.path.join(source, ".", "*", name) for name in INSTRUCTORS_FILES]  # noqa: PTH118


def numbers_of(grade_id: str) -> tuple[int, int] | None:
    """Numbers of unit and exercise of a cell: ``u1-ej2-oculto`` gives 1, 2; else None."""
    found = _EXERCISE.match(grade_id)
    return (int(found[1]), int(found[2])) if found else None


def number_of(grade_id: str) -> str:
    """Number of a cell's exercise as headings write it: ``u1-ej2-oculto`` gives ``1.2``.

    Raises:
        ValueError: the cell belongs to no exercise.
    """
    numbers = numbers_of(grade_id)
    if numbers is None:
        raise ValueError(f"'{grade_id}' is the cell of no exercise.")
    return f"{numbers[0]}.{numbers[1]}"


def exercises_named(source: str, unit: str) -> set[str]:
    """Numbers of a unit's exercises that a text names, as in "el ejercicio 2.7"."""
    return {number for number in _NAMED.findall(source) if number.split(".")[0] == unit[1:]}


def exercise_of(grade_id: str) -> str:
    """Exercise id of a graded cell: ``u1-ej2-oculto`` belongs to ``u1-ej2``."""
    return grade_id.removesuffix(_VISIBLE).removesuffix(_HIDDEN)


def stated_by(grade_id: str) -> str | None:
    """The answer cell whose question a cell states; None for another cell."""
    return grade_id.removesuffix(_STATEMENT) if grade_id.endswith(_STATEMENT) else None


def unit_of(grade_id: str) -> str:
    """Short id of a cell's unit; empty where the cell's id names no unit."""
    found = _UNIT.match(grade_id)
    return found[1] if found else ""


def statement(exercise: str) -> str:
    """``grade_id`` of an exercise's statement."""
    return exercise + _STATEMENT


def visible(exercise: str) -> str:
    """``grade_id`` of an exercise's visible test."""
    return exercise + _VISIBLE


def hidden(exercise: str) -> str:
    """``grade_id`` of an exercise's hidden test."""
    return exercise + _HIDDEN


def reflection(unit: str) -> str:
    """``grade_id`` of a unit's reflection."""
    return unit + _REFLECTION


def is_hidden(grade_id: str) -> bool:
    """Whether a cell is a hidden test."""
    return grade_id.endswith(_HIDDEN)


def is_setup(grade_id: str) -> bool:
    """Whether a cell is the set-up cell, whose names every graded cell may use."""
    return grade_id.endswith(_SETUP)


def is_prediction(cell_id: str) -> bool:
    """Whether a cell is one where a student writes a prediction down."""
    return _PREDICTION.fullmatch(cell_id) is not None


def options_of(source: str) -> dict[str, str]:
    """The options that a text gives, letter → words, from lines such as ``- **a)** se divide``."""
    return {letter: text.strip() for letter, text in _OPTION.findall(source)}


def is_reflection(grade_id: str) -> bool:
    """Whether a cell is the answer cell of the reflection."""
    return grade_id.endswith(_REFLECTION)


@dataclass(frozen=True)
class Heading:
    """The heading of an exercise.

    Attributes:
        number: numbers of unit and exercise, such as ``1.2``.
        title: what the exercise is about.
        points: points of both tests together.
    """

    number: str
    title: str
    points: int


def heading_of(source: str) -> Heading | None:
    """The heading of an exercise in a statement's text; None where there is none."""
    found = _HEADING.search(source)
    if not found:
        return None
    title = found["title"].replace("`", "")
    return Heading(f"{found['unit']}.{found['number']}", title, int(found["points"]))


def points_named(source: str) -> list[int]:
    """The points that a text names, as in "# Prueba visible (1 punto)"."""
    return [int(points) for points in _POINTS.findall(source)]


def rows_named(source: str, unit: str) -> dict[str, int]:
    """A table of a unit's exercises in a text: number → points, from rows "| 2.7 | … | 3 |"."""
    rows = ((row[1], int(row[2])) for row in _ROW.finditer(source))
    return {number: points for number, points in rows if number.split(".")[0] == unit[1:]}


def totals_named(source: str) -> list[int]:
    """The numbers in a text's line of totals, as in "**Puntos:** 20 (18 automáticos …)"."""
    lines = (_CODE.sub("", line) for line in _TOTALS.findall(source))
    return [int(number) for line in lines for number in re.findall(r"\d+", line)]


@dataclass(frozen=True)
class Regions:
    """The delimiters of the regions that nbgrader removes from a master for students.

    Attributes:
        solution: begin and end of an answer.
        hidden_tests: begin and end of hidden tests.
        mark_scheme: begin and end of a rubric.
    """

    solution: tuple[str, str]
    hidden_tests: tuple[str, str]
    mark_scheme: tuple[str, str]

    @classmethod
    def of(cls, config: Any) -> "Regions":
        """Read the delimiters from a configuration (traitlets) and nbgrader's defaults."""
        from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, ClearSolutions

        solution, tests = ClearSolutions(config=config), ClearHiddenTests(config=config)
        scheme = ClearMarkScheme(config=config)
        return cls(
            (solution.begin_solution_delimeter, solution.end_solution_delimeter),
            (tests.begin_test_delimeter, tests.end_test_delimeter),
            (scheme.begin_mark_scheme_delimeter, scheme.end_mark_scheme_delimeter),
        )

    @property
    def delimiters(self) -> tuple[str, ...]:
        """All delimiters: begin and end of each kind of region."""
        return self.solution + self.hidden_tests + self.mark_scheme

    def secrets(self, source: str) -> list[str]:
        """The texts inside the regions of a cell."""
        return [found[found.lastindex or 0] for found in self._pattern().finditer(source)]

    def released(self, source: str, stub: str = "") -> str:
        """A cell's text with a stub in place of each region."""
        return self._pattern().sub(lambda found: _indented(stub, found[0]) if stub else "", source)

    def _pattern(self) -> re.Pattern[str]:
        # nbgrader looks for the delimiter anywhere in a line, and removes the whole line.
        pairs = (self.solution, self.hidden_tests, self.mark_scheme)
        regions = (
            rf"^[^\n]*{re.escape(begin)}[^\n]*\n(.*?)^[^\n]*{re.escape(end)}[^\n]*$\n?"
            for begin, end in pairs
        )
        return re.compile("|".join(regions), re.DOTALL | re.MULTILINE)


def _indented(stub: str, region: str) -> str:
    margin = region[: len(region) - len(region.lstrip())]
    return f"{margin}{stub}\n"
