"""Explain why a test failed if the reason is a cell of the student's that stopped early."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from nbformat import NotebookNode
from nbgrader.utils import is_solution

from course_utils.checks.explain import explain
from course_utils.grading.examiner.errors import student_error
from course_utils.grading.executor.lacks import lacking
from course_utils.grading.executor.stops import Stop
from course_utils.grading.scheme import exercise_of

LONGEST_LINE: Final = 120  # characters of a student's line in a sentence
_NAMED = re.compile(r"name '(\w{1,60})' is not defined")


@dataclass(frozen=True)
class Reason:
    """Why a name is missing.

    Attributes:
        sentence: what the student reads.
        lacks: what the cell needs and grading does not have, in Spanish; empty if nothing.
    """

    sentence: str
    lacks: str


def missing_names(question: str, answer: str) -> set[str]:
    """The names that are missing according to a reply of the student's kernel.

    Args:
        question: the examiner's request, JSON.
        answer: the reply, unchecked text.
    """
    asked: dict[str, Any] = json.loads(question)
    if asked.get("op") == "name" and answer.startswith('{"missing"'):
        return {asked["name"]}
    kinds, text = _error(answer)
    named = _NAMED.search(text) if "NameError" in kinds else None
    return {named[1]} if named else set()


def lacks_of(answer: str) -> str:
    """What grading does not have according to a kernel's reply, in Spanish; empty if nothing."""
    return lacking(*_error(answer))


def _error(answer: str) -> tuple[list[str], str]:
    try:
        error = json.loads(answer)["error"]
        kinds, text = error["kinds"], error["text"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return [], ""
    if type(kinds) is not list or type(text) is not str:
        return [], ""
    return [kind for kind in kinds if type(kind) is str], text


def reason_of(
    message: str, missing: set[str], exercise: str, stops: Sequence[tuple[NotebookNode, Stop]]
) -> Reason | None:
    """Find the reason for a missing name: the cell that would have defined the name has stopped.

    Args:
        message: the test's sentence.
        missing: names that the student's code does not define.
        exercise: exercise of the test.
        stops: the student's cells that stopped, in the notebook's order.

    Returns:
        The reason; None if the test did not fail for one of these names, or if no stopped cell
        would have defined the name.
    """
    named = sorted(name for name in missing if re.search(rf"[`']{re.escape(name)}[`']", message))
    for name in named:
        cells = [(cell, stop) for cell, stop in stops if name in stop.missed(cell.source)]
        own = [(cell, stop) for cell, stop in cells if _is_answer(cell, exercise)]
        if own or cells:
            cell, stop = (own or cells)[-1]
            sentence = _sentence(name, cell.source, stop, own=bool(own))
            return Reason(sentence, lacking(list(stop.kinds), stop.text))
    return None


def _is_answer(cell: NotebookNode, exercise: str) -> bool:
    return is_solution(cell) and exercise_of(cell.metadata.nbgrader.grade_id) == exercise


def _sentence(name: str, source: str, stop: Stop, *, own: bool) -> str:
    why = explain(student_error({"kinds": list(stop.kinds), "text": stop.text}))
    code = stop.code(source)[:LONGEST_LINE]
    if own and code:
        return f"La celda de tu respuesta se detuvo en la línea {stop.line}, `{code}`. {why}"
    if own:
        return f"La celda de tu respuesta se detuvo antes de terminar. {why}"
    if stop.line:
        return (
            f"`{name}` se define en otra celda tuya, que se detuvo en su línea {stop.line}. {why}"
        )
    return f"`{name}` se define en otra celda tuya, que se detuvo antes de terminar. {why}"
