"""The outline of a unit that goes to students with the package, made from release and hints."""

import ast
import contextlib
import json
import tomllib
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from course_utils.checks.outline import Exercise, Prediction, fingerprint
from course_utils.checks.stops import bound, statements
from course_utils.grading import scheme
from course_utils.grading.course import (
    Course,
    CourseError,
    cells_by_grade_id,
    read_notebook,
    unit_id,
)
from course_utils.grading.executor.demonstrations import is_demonstration

# Folders of course_utils/checks that hold one file uN.json for each unit.
GENERATED = ("mistakes", "units")
PREDICTION = ("answer", "after", "explanation")  # texts of a table in the file of predictions


def folder_of(course: Course) -> Path:
    """Where the outlines lie, in a course that has the package's source beside it."""
    return course.root / "course_utils" / "checks" / "units"


def path_of(course: Course, unit: str) -> Path:
    """Where a unit's outline lies."""
    return folder_of(course) / f"{unit_id(unit)}.json"


def text_of(course: Course, unit: str) -> str:
    """The outline of a released unit, as its file must read.

    Raises:
        CourseError: the unit has no release, or its hints or its predictions can't be read.
    """
    released = read_notebook(course.release(unit))
    data = _outline(released, unit, read_hints(course, unit))
    if found := predictions(released, read_predictions(course, unit)):
        data["predictions"] = [vars(one) for one in found]
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def write(course: Course, unit: str) -> None:
    """Write a unit's outline, in a course that has the package's source beside it."""
    path = path_of(course, unit)
    if path.parent.is_dir():
        path.write_text(text_of(course, unit), encoding="utf-8")


def orphans(course: Course) -> list[Path]:
    """Files that were generated for units that are no longer in the course."""
    known = {unit_id(unit) for unit in course.units()}
    folders = (folder_of(course).with_name(name) for name in GENERATED)
    found = (path for folder in folders for path in folder.glob("*.json"))
    return sorted(path for path in found if path.stem not in known)


def remove_orphans(course: Course) -> list[tuple[Path, str]]:
    """Remove what was generated for units that are no longer in the course.

    Returns:
        For each its path and the unit's full name, empty where the file does not say it.
    """
    removed = []
    for path in orphans(course):
        unit = ""
        with contextlib.suppress(ValueError, AttributeError):  # no JSON, no object
            unit = str(json.loads(path.read_text(encoding="utf-8")).get("notebook", ""))
        path.unlink()
        removed.append((path, unit))
    return removed


def read_hints(course: Course, unit: str) -> dict[str, list[str]]:
    """The hints of a unit: exercise → its steps. None where there is no file.

    Raises:
        CourseError: the file is no TOML, or holds something else than lists of texts.
    """
    path = course.hints(unit)
    found = _read_toml(path)
    for name, steps in found.items():
        if not isinstance(steps, list) or not all(isinstance(step, str) for step in steps):
            raise CourseError(f'{path}: {name} must be a list of texts: ["…", "…", "…"].')
    return found


def read_predictions(course: Course, unit: str) -> dict[str, dict[str, str]]:
    """The answers to a unit's predictions: cell → its texts. None where there is no file.

    Raises:
        CourseError: the file is no TOML, or a table of it does not have the three texts.
    """
    path = course.predictions(unit)
    found = _read_toml(path)
    for name, texts in found.items():
        known = isinstance(texts, dict) and {key for key in texts if isinstance(texts[key], str)}
        if known != set(PREDICTION):
            raise CourseError(f"{path}: {name} must be a table of texts: {', '.join(PREDICTION)}.")
    return found


def _read_toml(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:  # no TOML, or no UTF-8
        raise CourseError(f"{path} can't be read: {error}.") from error


def predictions(notebook: NotebookNode, answers: Mapping[str, Any]) -> list[Prediction]:
    """The predictions of a master or a release that have an answer, in its order.

    Args:
        notebook: the options stand in the cell above each cell ``uN-pK``.
        answers: what ``read_predictions`` gives.
    """
    return [
        Prediction(cell.id, scheme.options_of(above.source), **answers[cell.id])
        for above, cell in pairwise(notebook.cells)
        if scheme.is_prediction(cell.id) and cell.id in answers
    ]


def exercises(notebook: NotebookNode) -> list[Exercise]:
    """The exercises with tests of a master or a release, in its order, without their hints."""
    cells = cells_by_grade_id(notebook)
    return [_exercise(cells, name) for name in cells if scheme.visible(name) in cells]


def _exercise(cells: dict[str, NotebookNode], name: str) -> Exercise:
    def points(test: str) -> int:
        return int(cells[test].metadata.nbgrader.points) if test in cells else 0

    statement = cells.get(scheme.statement(name))
    heading = scheme.heading_of(statement.source) if statement else None
    return Exercise(
        name,
        heading.title if heading else name,
        points(scheme.visible(name)),
        points(scheme.hidden(name)),
        tuple(sorted(bound(cells[name].source))),
    )


def _outline(released: NotebookNode, unit: str, hints: dict[str, list[str]]) -> dict[str, Any]:
    cells, listed = cells_by_grade_id(released), exercises(released)
    calls = _calls(cells, {name: one.name for one in listed for name in one.names})
    outlined = [
        {
            "name": name,
            "kind": cell.cell_type,
            "answer": bool(cell.metadata.nbgrader.solution),
            "fingerprint": fingerprint(cell.source),
        }
        | ({"calls": calls[name]} if name in calls else {})
        for name, cell in cells.items()
    ]
    found = [vars(one) | {"hints": hints.get(one.name, [])} for one in listed]
    return {"notebook": unit, "exercises": found, "cells": outlined}


def _calls(cells: Mapping[str, NotebookNode], answers: Mapping[str, str]) -> dict[str, list[str]]:
    """Which exercises each demonstration calls, also through a function of an earlier cell.

    Args:
        cells: by ``grade_id``, in the order of the notebook.
        answers: name that an answer defines → exercise.

    Returns:
        Demonstration → exercises; nothing for one that calls none.
    """
    reached = {name: {exercise} for name, exercise in answers.items()}
    calls = {}
    for name, cell in cells.items():
        marks = cell.metadata.nbgrader
        if cell.cell_type != "code" or marks.solution or marks.grade:
            continue
        own = bound(cell.source)
        uses = [reached[used] for used in _used(cell.source) - set(own) if used in reached]
        exercises = set().union(*uses)
        if exercises and is_demonstration(cell):
            calls[name] = sorted(exercises)
        for defined in _functions(cell.source):
            reached[defined] = exercises
    return calls


def _used(source: str) -> set[str]:
    nodes = (node for statement in statements(source) for node in ast.walk(statement))
    return {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def _functions(source: str) -> set[str]:
    return {s.name for s in statements(source) if isinstance(s, ast.FunctionDef)}
