"""A dozen damages on units 1 and 4, graded by nbgrader with TensorFlow and PyTorch."""

import pytest
from nbformat import NotebookNode

from course_utils.grading.course import read_notebook, unit_id
from course_utils.grading.intake import REVIEW
from course_utils.grading.pipeline import Pipeline
from course_utils.grading.release.submissions import fill, solutions
from tests.grading.courses import course_with, points_of
from tests.grading.engines import FORK, Engine
from tests.grading.intake import fixture
from tests.grading.intake.damage import DAMAGES, Case
from tests.grading.intake.runtime import RUNTIME

UNITS = {
    unit: sum(points_of(unit).values())
    for unit in ("01-regresion-logistica-keras", "04-superficie-bce-pytorch")
}
CHOSEN = (
    "colab-4-0",
    "colab-4-5-with-added-cells",
    "colab-badge-first",
    "format-3",
    "metadata-stripped",
    "utf-16",
    "split-in-two-without-metadata",
    "moved-to-the-end",
    "two-answers-the-last-is-right",
    "all-tests-deleted",
    "tests-tagged-to-be-skipped",
    "conflict-marks-in-a-cell",
    "dies-in-a-test",
)
# The lighter unit takes them all; the other those that Colab and editors make every day.
GRADED = {
    "01-regresion-logistica-keras": CHOSEN[:7],
    "04-superficie-bce-pytorch": CHOSEN,
}
CASES = {damage.name: damage for damage in [*DAMAGES, *RUNTIME]}
PARAMETERS = [
    pytest.param(unit, name, marks=pytest.mark.xdist_group(f"intake-{unit_id(unit)}"))
    for unit, names in GRADED.items()
    for name in names
]


class Courses(dict):
    """Courses by unit, each with a right submission and the release; made on demand.

    Args:
        factory: makes their folders.
        engine: grades them.
    """

    def __init__(self, factory: pytest.TempPathFactory, engine: Engine = FORK) -> None:
        super().__init__()
        self.factory = factory
        self.engine = engine

    def __missing__(self, unit: str) -> tuple[Pipeline, NotebookNode, NotebookNode]:
        pipeline = course_with(self.factory.mktemp(unit_id(unit)) / "course", unit)
        self.engine.use(pipeline)
        answers = solutions(read_notebook(pipeline.course.master(unit)))
        released = fixture.released(pipeline, unit)
        self[unit] = pipeline, fill(released, answers), released
        return self[unit]


@pytest.fixture(scope="module")
def courses(tmp_path_factory: pytest.TempPathFactory) -> Courses:
    return Courses(tmp_path_factory)


@pytest.mark.parametrize(("unit", "name"), PARAMETERS)
def test_points(courses: Courses, unit: str, name: str):
    grade_damaged(courses, unit, name)


def grade_damaged(courses: Courses, unit: str, name: str) -> None:
    """Grade a damaged submission, and look at its points."""
    pipeline, right, released = courses[unit]
    folder = pipeline.course.root / "submitted" / name / unit
    folder.mkdir(parents=True)
    case = Case(folder, unit, right, released)
    CASES[name].apply(case)
    result = pipeline.autograde(unit, name)
    mark = pipeline.mark(unit, name)
    lost = mark.exercises[case.first] if CASES[name].lost else UNITS[unit] - mark.automatic
    assert lost == 0, result.reason
    assert (result.state == REVIEW) == (CASES[name].state == REVIEW), result.reason
    others = sum(p for e, p in mark.exercises.items() if p is not None and e != case.first)
    assert others + maximum(pipeline, unit, case.first) == UNITS[unit], mark.exercises


def maximum(pipeline: Pipeline, unit: str, exercise: str) -> float:
    """What an exercise is worth."""
    cells = fixture.skeleton_of(pipeline, unit).cells
    return sum(c.points or 0 for c in cells if c.grade_id.startswith(f"{exercise}-"))
