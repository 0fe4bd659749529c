"""Every answer of the bank, graded by nbgrader itself.

One submission carries one answer for every exercise of its unit, so that a unit's whole bank
takes as many submissions as its longest list of answers. The same answers run in a plain kernel
too, as a student runs them: what that says must be what grading says.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

from course_utils.grading.autograde.events import Watch
from course_utils.grading.course import read_notebook, unit_id
from course_utils.grading.pipeline import Pipeline
from course_utils.grading.release.bank import Answer, CellMark, faults, load, shared_sentences
from course_utils.grading.release.submissions import fill, hand_in
from tests.bank import verdicts
from tests.grading.courses import COURSE, UNITS, cell_marks, course_with, exercise_names

RIGHT_ANSWERS = 5


def batches(answers: list[Answer]) -> Iterator[list[Answer]]:
    """Groups with at most one answer for each exercise."""
    by_exercise: dict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        by_exercise[answer.exercise].append(answer)
    for group in zip_longest(*by_exercise.values()):
        yield [answer for answer in group if answer]


def cells_of(exercise: str, marks: dict[str, CellMark]) -> dict[str, CellMark]:
    """The marks of an exercise's test cells, visible first."""
    names = (f"{exercise}-visible", f"{exercise}-oculto")
    return {name: marks[name] for name in names if name in marks}


def graded(pipeline: Pipeline, unit: str) -> Iterator[tuple[list[Answer], dict[str, CellMark]]]:
    """Grade a unit's bank in one run: each submission's answers, and what its cells gave."""
    released = read_notebook(pipeline.course.release(unit))
    submissions = {f"student-{n:02d}": b for n, b in enumerate(batches(load(COURSE, unit)))}
    for student, batch in submissions.items():
        notebook = fill(released, {answer.exercise: answer.source for answer in batch})
        hand_in(notebook, pipeline.course.root / "submitted", student, unit)
    assert pipeline.grade(unit, watch=Watch())
    for student, batch in submissions.items():
        yield batch, cell_marks(pipeline, unit, student)


GROUPED = [pytest.param(unit, marks=pytest.mark.xdist_group(unit)) for unit in UNITS]


@pytest.mark.parametrize("unit", GROUPED)
def test_every_answer_gets_its_points_and_its_sentence(
    unit: str, tmp_path: Path, record_property: Any
):
    answers = load(COURSE, unit)
    pipeline = course_with(tmp_path / "course", unit)
    problems = shared_sentences(answers)
    there: dict[str, verdicts.Verdict] = {}
    lost = full = unsaid = 0
    for batch, marks in graded(pipeline, unit):
        for answer in batch:
            cells = cells_of(answer.exercise, marks)
            problems += faults(answer, cells)
            there[answer.label] = verdicts.of_mark(cells[f"{answer.exercise}-visible"])
            complete = all(cell.earned == cell.possible for cell in cells.values())
            said = any(answer.says in cell.message for cell in cells.values())
            lost += answer.right and not complete
            full += complete and not answer.right
            unsaid += not answer.right and not said
    right = sum(answer.right for answer in answers)
    record_property(
        "bank",
        {
            "answers": len(answers),
            "exercises": len({answer.exercise for answer in answers}),
            "right": right,
            "lost": lost,
            "wrong": len(answers) - right,
            "full": full,
            "unsaid": unsaid,
        },
    )
    here = verdicts.in_kernel(Path(sys.executable), unit, answers, tmp_path / "plain")
    verdicts.write_table(unit_id(unit), kernel=here, grading=there)
    assert problems == []
    assert verdicts.differences(here, there) == []


@pytest.mark.parametrize("unit", UNITS)
def test_the_bank_has_five_right_answers_and_a_noisy_one_for_every_exercise(unit: str):
    answers = load(COURSE, unit)
    for exercise in exercise_names(unit):
        names = [a.name for a in answers if a.right and a.exercise == exercise]
        assert len(names) >= RIGHT_ANSWERS, f"{exercise}: {names}"
        assert any("noisy" in name for name in names), f"{exercise}: {names}"
