"""Judge a unit's bank in one process, without kernels: for whoever writes a unit.

Usage: python -m tests.bank.quick u1 [ej2]
"""

import contextlib
import io
import linecache
import os
import sys
import warnings
from pathlib import Path
from typing import Any

import nbformat

from course_utils.grading.release.bank import Answer, CellMark, faults, load, shared_sentences

SOURCE = Path(__file__).parents[2] / "source"


def master(unit: str) -> Path:
    """The master notebook of a unit such as ``u1``."""
    return next(SOURCE.glob(f"{int(unit[1:]):02d}-*/*.ipynb"))


def _cells(unit: str) -> dict[str, nbformat.NotebookNode]:
    notebook = nbformat.read(master(unit), as_version=4)
    return {
        cell.metadata.nbgrader.grade_id: cell
        for cell in notebook.cells
        if "nbgrader" in cell.metadata
    }


def _run(source: str, name: str, namespace: dict[str, Any]) -> None:
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    exec(compile(source, name, "exec"), namespace)


def _mark(cell: nbformat.NotebookNode, name: str, namespace: dict[str, Any]) -> CellMark:
    points = float(cell.metadata.nbgrader.points)
    try:
        _run(cell.source, f"<{name}>", namespace)
    except Exception as error:
        return CellMark(0.0, points, str(error), type(error).__name__)
    return CellMark(points, points)


def judge(answer: Answer, cells: dict[str, Any], setup: dict[str, Any]) -> dict[str, CellMark]:
    """Run one answer and its test cells; a namespace of its own each time."""
    namespace = dict(setup)
    quiet = io.StringIO()
    with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
        with contextlib.suppress(Exception):
            _run(answer.source, "<answer>", namespace)
        names = [f"{answer.exercise}-visible", f"{answer.exercise}-oculto"]
        return {name: _mark(cells[name], name, namespace) for name in names if name in cells}


def main(unit: str, exercise: str = "") -> int:
    """Print the faults of a unit's bank; 0 where there are none."""
    cells = _cells(unit)
    os.chdir(master(unit).parent)
    warnings.simplefilter("ignore")
    setup: dict[str, Any] = {"__name__": "__main__"}
    _run(cells[f"{unit}-preparacion"].source, "<setup>", setup)
    wanted = f"{unit}-{exercise}"
    answers = [a for a in load(Path(__file__).parent, unit) if wanted in (f"{unit}-", a.exercise)]
    problems = shared_sentences(answers)
    for answer in answers:
        problems += faults(answer, judge(answer, cells, setup))
    right = sum(answer.right for answer in answers)
    print(*problems, sep="\n")
    print(f"{right} right, {len(answers) - right} wrong answers; {len(problems)} faults")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
