"""Judge a unit's bank in one process, without kernels: for those who write a unit.

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

from nbformat import NotebookNode

from course_utils.grading import scheme
from course_utils.grading.course import Course, cells_by_grade_id, read_notebook, unit_id
from course_utils.grading.release.bank import Answer, CellMark, faults, load, shared_sentences

COURSE = Course(Path(__file__).parents[2])


def _run(source: str, name: str, namespace: dict[str, Any]) -> None:
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    exec(compile(source, name, "exec"), namespace)


def _mark(cell: NotebookNode, name: str, namespace: dict[str, Any]) -> CellMark:
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
        names = [scheme.visible(answer.exercise), scheme.hidden(answer.exercise)]
        return {name: _mark(cells[name], name, namespace) for name in names if name in cells}


def main(unit: str, exercise: str = "") -> int:
    """Print the faults of a unit's bank; 0 where there are none."""
    name = COURSE.unit(unit)
    master, wanted = COURSE.master(name), f"{unit_id(name)}-{exercise}"
    cells = cells_by_grade_id(read_notebook(master))
    os.chdir(master.parent)
    warnings.simplefilter("ignore")
    setup: dict[str, Any] = {"__name__": "__main__"}
    (begin,) = (cell for cell in cells.values() if scheme.is_setup(cell.id))
    _run(begin.source, "<setup>", setup)
    answers = [a for a in load(COURSE, name) if not exercise or a.exercise == wanted]
    problems = shared_sentences(answers)
    for answer in answers:
        problems += faults(answer, judge(answer, cells, setup))
    right = sum(answer.right for answer in answers)
    print(*problems, sep="\n")
    print(f"{right} right, {len(answers) - right} wrong answers; {len(problems)} faults")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
