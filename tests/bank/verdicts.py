"""How the visible test of each answer of the bank ends, wherever the answer is run.

The answers of a unit make one notebook, so that any environment's own kernel can run them as a
student's does; what grading made of them is read from the graded notebooks. The table of a unit
has one column a place.
"""

import csv
import re
import shutil
from collections.abc import Mapping
from itertools import takewhile
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from course_utils.grading.course import Course, cells_by_grade_id, read_notebook, unit_id
from course_utils.grading.release.bank import Answer, CellMark
from course_utils.grading.release.submissions import solutions
from tests.interpreters import executed

ROOT = Path(__file__).parents[2]
PLACES = ("kernel", "grading", "colab")
TABLES = Path(__file__).parent / "verdicts"  # git-ignored; for looking at
PASSED = "passed"
_LABEL = "bank-answer"
_KEEP = "_kept = dict(globals())"
# Each answer finds the session as somebody leaves it who did all before it right.
_FORGET = (
    "for _name in set(globals()) - set(_kept) - {'_kept'}:\n"
    "    del globals()[_name]\n"
    "globals().update(_kept)"
)
_HEADS = ("outcome", "says")
_DRAWN = re.compile(r"[-+]?\d+\.\d*(?:e[-+]?\d+)?")
_LIBRARYS_WORDS = re.compile(r"\(su mensaje: .*\)", re.DOTALL)

Verdict = tuple[str, str]


def in_kernel(python: Path, unit: str, answers: list[Answer], folder: Path) -> dict[str, Verdict]:
    """Run answers as a student does, in the kernel of an interpreter that has the libraries.

    Args:
        python: the interpreter.
        unit: name of the unit.
        answers: of the bank.
        folder: to be made, with what was released.

    Returns:
        Answer → verdict.
    """
    released = Course(ROOT).release(unit)
    shutil.copytree(released.parent, folder)
    notebook = _notebook_of(read_notebook(released), unit, answers)
    return {
        cell.metadata[_LABEL]: _of_outputs(cell.outputs)
        for cell in executed(python, notebook, folder, ROOT).cells
        if _LABEL in cell.metadata
    }


def _notebook_of(released: NotebookNode, name: str, answers: list[Answer]) -> NotebookNode:
    """The answers, each after right ones to earlier exercises and before its visible test."""
    cells, unit = cells_by_grade_id(released), unit_id(name)
    notebook = new_notebook(cells=[new_code_cell(cells[f"{unit}-preparacion"].source)])
    notebook.cells.append(new_code_cell(_KEEP))
    right = solutions(read_notebook(Course(ROOT).master(name)))
    for answer in answers:
        earlier = takewhile(lambda exercise: exercise != answer.exercise, right)  # noqa: B023
        before = "\n".join([_FORGET, *(right[exercise] for exercise in earlier)])
        test = new_code_cell(cells[f"{answer.exercise}-visible"].source)
        test.metadata[_LABEL] = answer.label
        notebook.cells += [new_code_cell(before), new_code_cell(answer.source), test]
    return notebook


def _of_outputs(outputs: list[NotebookNode]) -> Verdict:
    for output in outputs:
        if output.output_type == "error":
            return output.ename, output.evalue
    return PASSED, ""


def of_mark(mark: CellMark) -> Verdict:
    """The verdict of a visible test that grading ran."""
    return (mark.kind, mark.message) if mark.kind else (PASSED, "")


def comparable(verdict: Verdict) -> Verdict:
    """A verdict without what may differ: values that were drawn, words of a library's own."""
    kind, sentence = verdict
    sentence = _DRAWN.sub("#", _LIBRARYS_WORDS.sub("", sentence))
    return kind, "".join(sentence.split())  # arrays are padded to the width of their numbers


def differences(one: Mapping[str, Verdict], other: Mapping[str, Verdict]) -> list[str]:
    """What two places say differently, a line an answer."""
    return [
        f"{name}: {one.get(name)} / {other.get(name)}"
        for name in sorted(one.keys() | other.keys())
        if not _same([one.get(name), other.get(name)])
    ]


def _same(verdicts: list[Verdict | None]) -> bool:
    return len({verdict and comparable(verdict) for verdict in verdicts}) == 1


def write_table(unit: str, **places: Mapping[str, Verdict]) -> Path:
    """Write a unit's table; the columns of places that are not given stay as they are.

    Args:
        unit: such as ``u1``.
        **places: place → answer → verdict.

    Returns:
        The CSV file.
    """
    path = TABLES / f"{unit}.csv"
    columns = _read_table(path) | places
    there = [place for place in PLACES if place in columns]
    path.parent.mkdir(exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["answer", "same", *(f"{p} {what}" for p in there for what in _HEADS)])
        for name in next(iter(places.values())):
            verdicts = [columns[place].get(name) for place in there]
            cells = [cell for verdict in verdicts for cell in verdict or ("", "")]
            table.writerow([name, "yes" if _same(verdicts) else "NO", *cells])
    return path


def _read_table(path: Path) -> dict[str, Mapping[str, Verdict]]:
    if not path.is_file():
        return {}
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {
        place: {row["answer"]: (row[f"{place} outcome"], row[f"{place} says"]) for row in rows}
        for place in PLACES
        if rows and f"{place} outcome" in rows[0]
    }
