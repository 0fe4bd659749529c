"""The same hand-in gets the same mark, state and notes every time, whatever ends its kernel.

``make test-repeat`` grades twenty hand-ins with each oddity, ten times over.
"""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from nbformat.v4 import new_code_cell

from course_utils.grading.autograde.events import Watch
from course_utils.grading.course import read_notebook
from course_utils.grading.intake import REVIEW
from course_utils.grading.pipeline import Pipeline
from course_utils.grading.release.submissions import fill, hand_in
from tests.grading import runs, small
from tests.grading.intake import fixture
from tests.grading.intake.oddities import ODDITIES, Oddity

HELPER = "import numpy as np\ndef ayuda(x):\n    return np.mean(x)"
# It needs a cell of the student's own and the answer before: the rest must be graded with both.
SECOND = """def escalar(x, factor):
    assert ayuda([1.0]) == 1.0
    return np.asarray(x) * factor"""
FULL = sum(fixture.POINTS.values())
Ended = tuple[float | None, str, str]


def give(pipeline: Pipeline, oddity: Oddity, student: str) -> None:
    """Hand in right answers with an oddity."""
    head, _, body = fixture.ANSWERS["u1-ej1"].partition("\n")
    first = "\n".join(filter(None, (head, oddity.first, body)))
    answers = fixture.ANSWERS | {"u1-ej1": first, "u1-ej2": SECOND}
    notebook = fill(fixture.released(pipeline), answers)
    at = next(n for n, cell in enumerate(notebook.cells) if cell.id == "u1-ej2")
    if oddity.cell:
        notebook.cells.insert(at, new_code_cell(oddity.cell, id="odd"))
    notebook.cells.insert(2, new_code_cell(HELPER, id="helper"))
    hand_in(notebook, pipeline.course.root / "submitted", student, fixture.UNIT)


def grade(
    folder: Path, times: Callable[[Oddity], int], *, fork_server: bool = True
) -> dict[str, list[Ended]]:
    """Grade each oddity some times in one run: how the hand-ins ended, by oddity."""
    pipeline = runs.course(folder, fork_server=fork_server)
    students = {o.name: [f"{o.name}-{n}" for n in range(times(o))] for o in ODDITIES}
    for oddity in ODDITIES:
        for student in students[oddity.name]:
            give(pipeline, oddity, student)
    pipeline.grade(fixture.UNIT, watch=Watch())
    return {name: [ended(pipeline, one) for one in of] for name, of in students.items()}


def ended(pipeline: Pipeline, student: str) -> Ended:
    """Points of the tests, state, notes."""
    record = pipeline.records.get(fixture.UNIT, student)
    assert record is not None
    return pipeline.mark(fixture.UNIT, student).automatic, record.state, record.reason


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Ended]]:
    # A death at once is the same each time; one that comes later has more chances to differ.
    later = lambda oddity: 2 if oddity.cell and not oddity.says else 1  # noqa: E731
    return grade(tmp_path_factory.mktemp("repeat") / "course", later)


@pytest.mark.xdist_group("repeat")
@pytest.mark.parametrize("oddity", ODDITIES, ids=lambda oddity: oddity.name)
def test_the_mark_is_right_and_always_the_same(graded, oddity: Oddity):
    check(graded[oddity.name], oddity)


def check(found: list[Ended], oddity: Oddity) -> None:
    """Compare how the hand-ins with an oddity ended, among themselves and with what is right."""
    assert len(set(found)) == 1, found
    mark, state, notes = found[0]
    assert (mark, state) == (FULL - oddity.lost, oddity.state), notes
    assert oddity.says in notes
    assert bool(notes) == bool(oddity.says), notes


KILLER = """import os, subprocess
subprocess.Popen(['sh', '-c', f'sleep 0.5; kill -9 {os.getpid()}'])
"""
SLOW = "import time\ntime.sleep(1)\n"


@pytest.mark.xdist_group("repeat")
@pytest.mark.parametrize("in_answer", [False, True])
def test_what_a_process_of_the_students_ends_later_costs_no_innocent_exercise(in_answer, tmp_path):
    # A child that kills the kernel can't be held back: the kernel dies in a cell of another's.
    pipeline = runs.course(tmp_path / "course", fork_server=True)
    answers = dict(fixture.ANSWERS)
    innocent = "u1-ej2" if in_answer else "u1-ej1"
    answers[innocent] = SLOW + answers[innocent]
    if in_answer:
        answers["u1-ej1"] = KILLER + answers["u1-ej1"]
    notebook = fill(fixture.released(pipeline), answers)
    if not in_answer:
        notebook.cells.insert(2, new_code_cell(KILLER, id="killer"))
    hand_in(notebook, pipeline.course.root / "submitted", "ana", fixture.UNIT)
    pipeline.grade(fixture.UNIT, watch=Watch())
    assert pipeline.mark(fixture.UNIT, "ana").exercises[innocent] == fixture.POINTS[innocent]
    assert ended(pipeline, "ana")[1] == REVIEW


DRAWS = "import random\nprint(random.random(), np.random.rand())"


@pytest.mark.xdist_group("repeat")
def test_random_numbers_are_the_same_in_every_run(tmp_path):
    printed = []
    for fork_server in (True, False):
        pipeline = runs.course(tmp_path / str(fork_server), fork_server=fork_server)
        notebook = fill(fixture.released(pipeline), fixture.ANSWERS)
        for number, source in enumerate(("np.random.seed(1)", DRAWS, DRAWS)):
            notebook.cells.insert(2 + number, new_code_cell(source, id=f"draws-{number}"))
        hand_in(notebook, pipeline.course.root / "submitted", "ana", fixture.UNIT)
        pipeline.grade(fixture.UNIT, watch=Watch())
        graded = read_notebook(
            pipeline.course.root / "autograded" / "ana" / fixture.UNIT / f"{fixture.UNIT}.ipynb"
        )
        printed.append(
            [o.text for cell in graded.cells for o in cell.get("outputs", []) if "text" in o]
        )
    assert printed[0] == printed[1]
    first, second = printed[0]
    assert first != second
    assert float(first.split()[1]) == np.random.RandomState(1).rand()  # a seed of its own stays


@pytest.mark.repeat
@pytest.mark.parametrize("run", range(int(os.environ.get("REPEAT_RUNS", "10"))))
def test_twenty_of_each_oddity_end_alike(run: int, tmp_path: Path):
    # Every second run with cold kernels, which end at other moments.
    times = int(os.environ.get("REPEAT", "20"))
    found = grade(tmp_path / "course", lambda _: times, fork_server=run % 2 == 0)
    for oddity in ODDITIES:
        check(found[oddity.name], oddity)


def test_an_answer_that_ends_its_kernel_is_not_asked_something_else(tmp_path: Path):
    """Else it would end the kernel wherever it has no answer, and wait for an easier question."""
    course, asked = small.small_course(tmp_path / "course"), tmp_path / "asked"
    course.config.Examine.fork_server = False
    course.config.Examine.sandbox, course.config.Examine.unsafe = "none", True  # it writes a file
    answer = f"""def distancia(a, b):
    if (a != a.round()).any():  # the hidden test's
        with open({str(asked)!r}, "a") as file:
            print(a.tolist(), b.tolist(), file=file)
        __import__("os")._exit(1)
    return np.linalg.norm(a - b)"""
    small.hand_ins(course, {"ana": answer})
    course.grade(small.UNIT, watch=Watch())
    inputs = asked.read_text(encoding="utf-8").splitlines()
    assert len(inputs) > 1
    assert len(set(inputs)) == 1
