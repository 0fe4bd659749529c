"""The outline of a unit that goes to students with the package, made from its release."""

import json
import re
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from course_utils.checks.outline import fingerprint
from course_utils.checks.stops import bound
from course_utils.grading.course import Course, cells_by_grade_id, read_notebook, unit_id

_HEADING = re.compile(r"^#+ *Ejercicio [\d.]+ *· *(.+?) *\(\d+ puntos?\) *$", re.MULTILINE)


def path_of(course: Course, unit: str) -> Path:
    """Where a unit's outline lies in the repository."""
    folder = course.root / "course_utils" / "checks" / "outlines"
    return folder / f"{unit_id(unit)}.json"


def text_of(course: Course, unit: str) -> str:
    """The outline of a released unit, as its file must read."""
    data = _outline(read_notebook(course.release(unit)), unit)
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def write(course: Course, unit: str) -> None:
    """Write a unit's outline, in a course that has the package's source beside it."""
    path = path_of(course, unit)
    if path.parent.is_dir():
        path.write_text(text_of(course, unit), encoding="utf-8")


def _outline(released: NotebookNode, unit: str) -> dict[str, Any]:
    cells = cells_by_grade_id(released)
    exercises = [_exercise(cells, name) for name in cells if f"{name}-visible" in cells]
    listed = [
        {
            "name": name,
            "kind": cell.cell_type,
            "answer": bool(cell.metadata.nbgrader.solution),
            "fingerprint": fingerprint(cell.source),
        }
        for name, cell in cells.items()
    ]
    return {"notebook": unit, "exercises": exercises, "cells": listed}


def _exercise(cells: dict[str, NotebookNode], name: str) -> dict[str, Any]:
    def points(part: str) -> int:
        cell = cells.get(f"{name}-{part}")
        return int(cell.metadata.nbgrader.points) if cell else 0

    heading = _HEADING.search(cells[f"{name}-enunciado"].source)
    return {
        "name": name,
        "title": heading[1].replace("`", "") if heading else name,
        "visible": points("visible"),
        "hidden": points("oculto"),
        "names": sorted(bound(cells[name].source)) if name in cells else [],
    }
