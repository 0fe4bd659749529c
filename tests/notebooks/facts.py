"""Numbers that a master's text states, read from the text itself and compared with computed ones.

A test names the sentence with ``{}`` in place of each number, and gives the numbers that it
computed. What the text says is never repeated in the test: change a number in the notebook and
the test fails; change the sentence and the test says that it is gone.
"""

import re
from pathlib import Path
from typing import Any

import pytest

from course_utils.grading.course import Course, read_notebook

COURSE = Course(Path(__file__).parents[2])
NUMBER = r"([-−]?\d+(?: \d{3})*(?:[.,]\d+|\{,\}\d+)?)"


def source(unit: int, cell_id: str) -> str:
    """Text of a cell of a unit's master, with single spaces between words."""
    return " ".join(_cell(unit, cell_id).source.split())


def output(unit: int, cell_id: str) -> str:
    """What a cell of a unit's master printed, as stored, with single spaces between words."""
    return " ".join(" ".join(o.get("text", "") for o in _cell(unit, cell_id).outputs).split())


def _cell(unit: int, cell_id: str):
    name = COURSE.units()[unit - 1]
    (cell,) = (c for c in read_notebook(COURSE.master(name)).cells if c.id == cell_id)
    return cell


def numbers(text: str, sentence: str) -> list[str]:
    """The numbers that stand in a text where a sentence has ``{}``.

    Args:
        text: where to look.
        sentence: words as they stand in it, ``{}`` for each number.

    Returns:
        The numbers, as written.

    Raises:
        AssertionError: the text has no such sentence, or has it more than once.
    """
    pattern = NUMBER.join(re.escape(part) for part in sentence.split("{}"))
    found = re.findall(pattern, text)
    assert len(found) == 1, f"{len(found)} × {sentence!r} in: {text}"
    return [found[0]] if isinstance(found[0], str) else list(found[0])


def states(text: str, sentence: str, *computed: float) -> None:
    """Assert that a text states these numbers, each to as many decimals as it writes.

    Args:
        text: what ``source`` or ``output`` gives.
        sentence: words as they stand in it, ``{}`` for each number.
        *computed: the true numbers, in the order of the sentence.

    Raises:
        AssertionError: the sentence is missing, or a number is not what was computed.
    """
    written = numbers(text, sentence)
    assert len(written) == len(computed), f"{len(written)} numbers in {sentence!r}"
    for number, true in zip(written, computed, strict=True):
        plain = number.replace("−", "-").replace("{,}", ".").replace(",", ".").replace(" ", "")
        decimals = len(plain.partition(".")[2])
        assert float(plain) == pytest.approx(round(float(true), decimals), abs=1e-9), (
            f"the text says {number} and {true} is true: {sentence!r}"
        )


def run_cell(unit: int, cell_id: str, names: dict[str, Any]) -> dict[str, Any]:
    """Run one cell of a master as it stands there.

    Args:
        unit: number of the unit.
        cell_id: the cell.
        names: what it finds defined; it gains what the cell defines.

    Returns:
        ``names``.
    """
    exec(compile(_cell(unit, cell_id).source, cell_id, "exec"), names)
    return names
