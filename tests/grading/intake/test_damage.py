"""The same damages on real units: state, note, and the rebuilt text, cell by cell."""

import copy
from dataclasses import dataclass

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.converters import Autograde

from course_utils.grading.course import read_notebook, unit_id
from course_utils.grading.intake import UNREADABLE
from course_utils.grading.intake.run import Intake
from course_utils.grading.pipeline import Pipeline
from course_utils.grading.rebuild import Skeleton
from course_utils.grading.release.submissions import fill, solutions
from tests.grading.courses import course_with
from tests.grading.intake import fixture
from tests.grading.intake.damage import DAMAGES, Case, Damage

UNITS = ("01-regresion-logistica-keras", "04-superficie-bce-pytorch")
# Answers taken from the master keep its delimiters: they are comments to Python.


@dataclass(frozen=True)
class Class:
    """A course with one unit.

    Attributes:
        pipeline: the course's.
        skeleton: the unit's.
        right: a submission with every answer.
        released: the release.
        intake: reads its submissions.
    """

    pipeline: Pipeline
    skeleton: Skeleton
    right: NotebookNode
    released: NotebookNode
    intake: Intake

    def take(self, damage: Damage) -> tuple[Case, NotebookNode | None]:
        """Hand in a damaged notebook; what it is rebuilt to, None for an unreadable one."""
        unit = self.skeleton.unit
        folder = self.intake.submitted.root / damage.name / unit
        folder.mkdir(parents=True)
        case = Case(folder, unit, self.right, self.released)
        damage.apply(case)
        submission = self.intake.take(damage.name)
        record = submission.record
        assert record.state == damage.state, record.reason
        assert damage.says in record.reason
        assert bool(record.notes) == bool(damage.says), record.reason
        assert (submission.notebook is None) == (damage.state == UNREADABLE)
        return case, nbformat.from_dict(submission.notebook) if submission.notebook else None

    def put_right_by_nbgrader(self, notebook: NotebookNode) -> NotebookNode:
        """What nbgrader's own steps would make of it."""
        unit, url = self.skeleton.unit, self.pipeline.api.coursedir.db_url
        ids = {"notebook": unit, "assignment": unit, "db_url": url}
        notebook = copy.deepcopy(notebook)
        for step in Autograde.sanitize_preprocessors.default():
            notebook, _ = step()(notebook, {"nbgrader": ids})
        return notebook


@pytest.fixture(scope="module", params=UNITS)
def unit(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Class:
    name = request.param
    pipeline = course_with(tmp_path_factory.mktemp(unit_id(name)) / "course", name)
    answers = solutions(read_notebook(pipeline.course.master(name)))
    answers[f"{unit_id(name)}-reflexion"] = "Porque los pesos dependen de las unidades."
    released = fixture.released(pipeline, name)
    intake = fixture.intake_of(pipeline, name)
    return Class(pipeline, intake.skeleton, fill(released, answers), released, intake)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)
def test_state_note_and_text(unit: Class, damage: Damage):
    case, notebook = unit.take(damage)
    if notebook is None:
        return
    assert unit.put_right_by_nbgrader(notebook) == notebook
    rebuilt = {cell.id: cell.source for cell in notebook.cells if "nbgrader" in cell.metadata}
    right = {cell.grade_id: cell.source for cell in unit.skeleton.cells if cell.grade_id}
    stubs = dict(right)
    for cell in unit.right.cells:
        if "nbgrader" in cell.metadata and cell.metadata.nbgrader.solution:
            right[cell.id] = cell.source
    if damage.lost == "all":
        assert rebuilt == stubs
        return
    changed = {name for name in right if rebuilt[name] != right[name]}
    assert changed == ({case.first} if damage.lost == "first" else set())


def test_hidden_tests_are_whole_again(unit: Class):
    hidden = [cell for cell in unit.skeleton.cells if cell.grade_id.endswith("-oculto")]
    assert hidden
    for cell in hidden:
        assert "### BEGIN HIDDEN TESTS" in cell.source
        assert "### BEGIN HIDDEN TESTS" not in cell.released


def test_no_answer_of_the_master_is_in_the_skeleton(unit: Class):
    answers = [cell for cell in unit.skeleton.cells if cell.role == "answer"]
    assert len(answers) >= 6
    for cell in answers:
        assert "### BEGIN SOLUTION" not in cell.source
        assert cell.kind == "markdown" or "NotImplementedError" in cell.source
