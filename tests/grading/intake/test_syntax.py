"""Answers none of which is Python: a person looks at the submission."""

import json
import time

import pytest

from course_utils.grading.intake import GRADED, REVIEW
from course_utils.grading.rebuild import rebuild
from course_utils.grading.rebuild.cells import StudentCell
from course_utils.grading.rebuild.rebuild import NOTHING_RUNS
from course_utils.grading.rebuild.syntax import is_python
from tests.grading.intake import fixture

BROKEN = "def f(x):    y = x    return y"


@pytest.mark.parametrize(
    "source",
    ["x = 1", "", "%pip install x\nx = 1", "!ls\ny = 2", "files = !ls", "t = %timeit -o f()",
     "%%time\ny = = 2", "np.mean?", "if True:\n    %pip install x\n    !ls", "?np", "'\\d'",
     "x = 1 +" * 10_000],
)  # fmt: skip
def test_what_can_be_python(source):
    assert is_python(source)


@pytest.mark.parametrize(
    "source", [BROKEN, "x = (", "def f(:", "  x = 1\n y", "<<<<<<< HEAD", "\0"]
)
def test_what_is_no_python(source):
    assert not is_python(source)


@pytest.mark.parametrize(
    "source", ["!ls\n" * 4_999, "-" * 19_999, "a, " * 6_000 + "!", "(" * 19_999, "? " * 9_999]
)
def test_hostile_text_costs_no_time(source):
    start = time.process_time()
    is_python(source)
    assert time.process_time() - start < 30  # one parse a line would take minutes


@pytest.mark.parametrize(
    ("first", "second", "state"),
    [(BROKEN, BROKEN, REVIEW), (BROKEN, None, REVIEW), (BROKEN, "y = 1", GRADED),
     ("x = 1", "y = 1", GRADED)],
)  # fmt: skip
def test_a_person_looks_where_no_answer_runs(tmp_path, first, second, state):
    pipeline = fixture.make(tmp_path / "course")
    intake = fixture.intake_of(pipeline)
    cells = [
        StudentCell(kind="code", source=source, grade_id=f"u1-ej{number}")
        for number, source in ((1, first), (2, second))
        if source is not None
    ]
    notes = rebuild(intake.skeleton, cells).notes
    assert (NOTHING_RUNS in notes) is (state == REVIEW)


def test_lines_that_ran_together_are_no_zero_without_a_word(tmp_path):
    pipeline = fixture.make(tmp_path / "course")
    intake = fixture.intake_of(pipeline)
    notebook = json.loads(json.dumps(fixture.released(pipeline)))
    for cell in notebook["cells"]:
        if cell["id"] in fixture.POINTS:
            name = cell["source"].partition("(")[0]
            cell["source"] = f"{name}(x, factor=1):\n    y = x\n    return y\n".replace("\n", "")
    folder = intake.submitted.root / "ana" / fixture.UNIT
    folder.mkdir(parents=True)
    (folder / f"{fixture.UNIT}.ipynb").write_text(json.dumps(notebook))
    record = intake.take("ana").record
    assert record.state == REVIEW
    assert "errores de sintaxis" in record.reason
