"""The report's data, read from the gradebook, the intake records and the graded notebooks."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry

from course_utils.checks.outcomes import ExecutionError, Incorrect, NotStarted
from course_utils.grading import scheme
from course_utils.grading.course import Course, cells_by_grade_id, read_notebook
from course_utils.grading.feedback.sentences import told
from course_utils.grading.gradebook.marks import Mark, mark_of
from course_utils.grading.intake import Record, Records
from course_utils.grading.pipeline import Pipeline
from course_utils.grading.release.submissions import solutions
from course_utils.grading.scheme import exercise_of

OUTCOMES = {kind.__name__: kind for kind in (NotStarted, ExecutionError, Incorrect)}


@dataclass(frozen=True)
class GradedCell:
    """A test of the unit: its ``grade_id``, exercise and points."""

    name: str
    exercise: str
    points: float

    @property
    def hidden(self) -> bool:
        """Whether the test is hidden from students."""
        return scheme.is_hidden(self.name)


@dataclass(frozen=True)
class Failure:
    """A test that did not pass: its ``grade_id``, the outcome's class name, and the sentence."""

    test: str
    kind: str
    sentence: str


@dataclass(frozen=True)
class HandIn:
    """One student's submission.

    Attributes:
        student: id of the student.
        name: family name and first name; the id if the gradebook has no name.
        mark: mark in the gradebook.
        record: intake's record; None if there is none.
        points: ``grade_id`` of a test cell → points; None if the test did not run.
        failures: tests that did not pass.
        seconds: exercise → wall time of its tests in seconds; empty if the times are unknown.
        answers: ``grade_id`` of a solution cell → text.
    """

    student: str
    name: str
    mark: Mark
    record: Record | None = None
    points: dict[str, float | None] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)

    @property
    def graded(self) -> bool:
        """Whether the tests ran."""
        return self.mark.automatic is not None


@dataclass(frozen=True)
class ClassData:
    """A unit's tests and submissions.

    Attributes:
        unit: name of the unit.
        tests: test cells, in the order of the notebook.
        hand_ins: submissions of all students who submitted the unit, in the order of their ids.
        starting: exercise → texts that no student wrote: the master's cell and the released cell.
    """

    unit: str
    tests: list[GradedCell]
    hand_ins: list[HandIn]
    starting: dict[str, list[str]]

    @property
    def graded(self) -> list[HandIn]:
        """Submissions whose tests ran."""
        return [hand_in for hand_in in self.hand_ins if hand_in.graded]

    @property
    def exercises(self) -> list[str]:
        """Ids of the exercises, in the order of the notebook."""
        return list(dict.fromkeys(test.exercise for test in self.tests))


def collect(pipeline: Pipeline, unit: str) -> ClassData:
    """Read all data about a unit.

    Args:
        pipeline: the course's pipeline.
        unit: name of the unit.

    Raises:
        CourseError: the unit has no release.
    """
    course = pipeline.course
    tests = _tests(read_notebook(course.master(unit)))
    records = {record.student: record for record in Records(course.root).of(unit)}
    with pipeline.gradebook() as gradebook:
        students = {*records, *_submitters(gradebook, unit)}
        found = [_hand_in(course, gradebook, unit, s, records.get(s)) for s in sorted(students)]
    return ClassData(unit, tests, found, _starting(course, unit))


def _tests(master: NotebookNode) -> list[GradedCell]:
    return [
        GradedCell(name, exercise_of(name), cell.metadata.nbgrader.points)
        for name, cell in cells_by_grade_id(master).items()
        if cell.cell_type == "code" and cell.metadata.nbgrader.grade
    ]


def _starting(course: Course, unit: str) -> dict[str, list[str]]:
    master = read_notebook(course.master(unit))
    released = cells_by_grade_id(read_notebook(course.release(unit)))
    return {
        name: [text, released[name].source]
        for name, text in solutions(master).items()
        if name in released
    }


def _submitters(gradebook: Gradebook, unit: str) -> list[str]:
    try:
        return [submission.student.id for submission in gradebook.assignment_submissions(unit)]
    except MissingEntry:
        return []


def _hand_in(
    course: Course, gradebook: Gradebook, unit: str, student: str, record: Record | None
) -> HandIn:
    mark, name = mark_of(gradebook, unit, student), name_of(gradebook, student)
    path = course.root / "autograded" / student / unit / f"{unit}.ipynb"
    if mark.automatic is None or not path.is_file():
        return HandIn(student, name, mark, record)
    cells = cells_by_grade_id(read_notebook(path))
    submission = gradebook.find_submission(unit, student)
    points = {
        grade.name: grade.manual_score if grade.manual_score is not None else grade.auto_score
        for notebook in submission.notebooks
        for grade in notebook.grades
        if grade.cell.cell_type == "code"
    }
    return HandIn(
        student, name, mark, record, points, tuple(_failures(cells)), _seconds(cells),
        {
            grade_id: cell.source
            for grade_id, cell in cells.items()
            if cell.cell_type == "code" and cell.metadata.nbgrader.solution
        },
    )  # fmt: skip


def name_of(gradebook: Gradebook, student: str) -> str:
    """``Family name, first name`` of a student; the id if the gradebook has no name."""
    try:
        found = gradebook.find_student(student)
    except MissingEntry:
        return student
    return ", ".join(part for part in (found.last_name, found.first_name) if part) or student


def _failures(cells: dict[str, NotebookNode]) -> Iterator[Failure]:
    """The tests that did not pass, with the sentences that students read.

    A teacher may show the report to the class, so it must not reveal more than the feedback does.
    """
    for grade_id, cell in cells.items():
        for output in cell.get("outputs", []) if cell.metadata.nbgrader.grade else []:
            if output.output_type == "error":
                answer = cells.get(exercise_of(grade_id), NotebookNode(source="")).source
                hidden = scheme.is_hidden(grade_id)
                said = told(output.ename, output.evalue, cell.source, answer, hidden=hidden)
                yield Failure(grade_id, output.ename, said)


def _seconds(cells: dict[str, NotebookNode]) -> dict[str, float]:
    """Exercise → wall time of its tests in seconds, if the notebook's metadata has the times."""
    seconds: dict[str, float] = {}
    for grade_id, cell in cells.items():
        times = cell.metadata.get("execution", {})
        begun, ended = times.get("iopub.status.busy"), times.get("iopub.status.idle")
        if cell.metadata.nbgrader.grade and begun and ended:
            took = datetime.fromisoformat(ended) - datetime.fromisoformat(begun)
            exercise = exercise_of(grade_id)
            seconds[exercise] = seconds.get(exercise, 0.0) + took.total_seconds()
    return seconds
