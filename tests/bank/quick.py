"""Judge a unit's bank in one process, without kernels: for those who write a unit.

Usage: python -m tests.bank.quick u1 [ej2]
       python -m tests.bank.quick --unnamed [u1 …]

With ``--unnamed`` only the visible tests run, and every wrong answer is listed that passes its own
or does not read its own sentence there; the last line counts, and tells how many of the wrong
answers that fail read their sentence.
"""

import contextlib
import io
import os
import sys
import warnings
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from course_utils.grading import scheme
from course_utils.grading.course import Course, cells_by_grade_id, read_notebook, unit_id
from course_utils.grading.release.answer_runs import execute
from course_utils.grading.release.bank import Answer, CellMark, faults, load, shared_sentences

COURSE = Course(Path(__file__).parents[2])


def _mark(cell: NotebookNode, name: str, namespace: dict[str, Any]) -> CellMark:
    points = float(cell.metadata.nbgrader.points)
    try:
        execute(cell.source, f"<{name}>", namespace)
    except Exception as error:
        return CellMark(0.0, points, str(error), type(error).__name__)
    return CellMark(points, points)


def judge(answer: Answer, cells: dict[str, Any], setup: dict[str, Any]) -> dict[str, CellMark]:
    """Run one answer and its test cells; a namespace of its own each time."""
    namespace = dict(setup)
    quiet = io.StringIO()
    with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
        with contextlib.suppress(Exception):
            execute(answer.source, "<answer>", namespace)
        names = [scheme.visible(answer.exercise), scheme.hidden(answer.exercise)]
        return {name: _mark(cells[name], name, namespace) for name in names if name in cells}


def _ready(unit: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The graded cells of a unit, and what its set-up cell leaves; in the master's folder."""
    master = COURSE.master(unit)
    cells = cells_by_grade_id(read_notebook(master))
    os.chdir(master.parent)
    warnings.simplefilter("ignore")
    setup: dict[str, Any] = {"__name__": "__main__"}
    (begin,) = (cell for cell in cells.values() if scheme.is_setup(cell.id))
    execute(begin.source, "<setup>", setup)
    return cells, setup


def main(unit: str, exercise: str = "") -> int:
    """Print the faults of a unit's bank; 0 where there are none."""
    name = COURSE.unit(unit)
    cells, setup = _ready(name)
    wanted = f"{unit_id(name)}-{exercise}"
    answers = [a for a in load(COURSE, name) if not exercise or a.exercise == wanted]
    problems = shared_sentences(answers)
    for answer in answers:
        problems += faults(answer, judge(answer, cells, setup))
    right = sum(answer.right for answer in answers)
    print(*problems, sep="\n")
    print(f"{right} right, {len(answers) - right} wrong answers; {len(problems)} faults")
    return int(bool(problems))


def unnamed(*units: str) -> int:
    """Print the wrong answers that no visible test names, and how many each unit has."""
    total = passed = named = 0
    for unit in map(COURSE.unit, units or COURSE.units()):
        cells, setup = _ready(unit)
        wrong = [answer for answer in load(COURSE, unit) if not answer.right]
        visible = {name: cells[name] for name in {scheme.visible(a.exercise) for a in wrong}}
        marks = [next(iter(judge(answer, visible, setup).values())) for answer in wrong]
        for answer, mark in zip(wrong, marks, strict=True):
            if not mark.kind:
                print(f"{answer.label}: passes")
            elif answer.says not in mark.message:
                print(f"{answer.label}: reads '{mark.message}', not '{answer.says}'")
        passing = sum(not mark.kind for mark in marks)
        naming = sum(a.says in m.message for a, m in zip(wrong, marks, strict=True))
        print(f"{unit}: {len(wrong)} wrong answers, {passing} pass, {naming} named at once")
        total, passed, named = total + len(wrong), passed + passing, named + naming
    print(f"all: {total} wrong answers, {passed} pass, {named} named at once")
    return 0


if __name__ == "__main__":
    listing = sys.argv[1:2] == ["--unnamed"]
    sys.exit(unnamed(*sys.argv[2:]) if listing else main(*sys.argv[1:]))
