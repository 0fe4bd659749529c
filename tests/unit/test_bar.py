"""The bar of ``course grade``: every number has its place on the line."""

from io import StringIO

import pytest
from rich.console import Console

from course_utils.grading.autograde.events import GRADED, LEFT, NOT_READABLE, TO_REVIEW, Outcome
from course_utils.grading.commands.progress import Bar
from tests.grading.courses import UNITS

ENDS = [GRADED] * 1480 + [TO_REVIEW] * 12 + [NOT_READABLE] * 108 + [LEFT] * 3


@pytest.mark.parametrize("width", [80, 120])
def test_a_large_class_fits_into_a_terminal(width: int):
    paper = StringIO()
    bar = Bar(Console(file=paper, width=width))
    unit = max(UNITS, key=len)
    bar.begin(unit, [f"student-{number}" for number in range(2000)], workers=3)
    for number, kind in enumerate(ENDS):
        bar.ended(Outcome(f"student-{number}", kind))
    bar.close()
    heading, line = paper.getvalue().splitlines()
    assert heading == f"{unit} · 3 workers"
    drawn, numbers = line.split(maxsplit=1)
    assert set(drawn) <= set("━╸╺")
    assert numbers.startswith("1600/2000 12 to review · 108 unreadable · 400 left · ")
    time_to_go = numbers.split()[-1]
    assert time_to_go.count(":") == 2
    assert "…" not in line
