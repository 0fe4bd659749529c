"""Marks in one transaction: whoever is stopped in the middle leaves none of them."""

from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.api import BaseCell, Comment, Grade, Gradebook, SubmittedNotebook
from nbgrader.preprocessors import AssignLatePenalties, NbGraderPreprocessor, SaveAutoGrades

from course_utils.grading.gradebook.lateness import LatePenalty


class SaveMarks(SaveAutoGrades):
    """Takes the place of ``SaveAutoGrades`` and ``AssignLatePenalties``.

    nbgrader commits after every cell; a kill between two of them would leave half a mark.
    """

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Save points, comments and the penalty for lateness."""
        ids = resources["nbgrader"]
        self.notebook_id, self.assignment_id = ids["notebook"], ids["assignment"]
        self.student_id = ids["student"]
        with Gradebook(ids["db_url"]) as gradebook:
            names = self.notebook_id, self.assignment_id, self.student_id
            submission = gradebook.find_submission(self.assignment_id, self.student_id)
            notebook = gradebook.find_submission_notebook(*names)
            self.gradebook = _Rows(gradebook, notebook)
            nb, resources = NbGraderPreprocessor.preprocess(self, nb, resources)
            gradebook.db.flush()
            gradebook.db.expire_all()  # sums are the database's
            notebook.late_submission_penalty = self._penalty(submission, notebook)
            gradebook.db.commit()
        return nb, resources

    def _penalty(self, submission: Any, notebook: Any) -> float | None:
        if submission.total_seconds_late <= 0:
            return None
        self.log.warning("%s is %s seconds late", submission, submission.total_seconds_late)
        late = AssignLatePenalties(parent=self)
        late.init_plugin()
        plugin = late.plugin_inst
        penalty: float | None
        if isinstance(plugin, LatePenalty):  # it counts days by the students' clocks
            penalty = plugin.penalty(notebook.score, submission.duedate, submission.timestamp)
        else:
            penalty = plugin.late_submission_penalty(
                self.student_id, notebook.score, submission.total_seconds_late
            )
        return None if penalty is None else late._check_late_penalty(notebook, penalty)


class _Rows:
    """What ``SaveAutoGrades`` asks a gradebook for, read at once instead of cell by cell.

    Args:
        gradebook: the gradebook.
        notebook: a student's, as the gradebook has it.
    """

    def __init__(self, gradebook: Gradebook, notebook: SubmittedNotebook) -> None:
        self._grades = _by_cell(gradebook, notebook, Grade)
        self._comments = _by_cell(gradebook, notebook, Comment)
        self.db = self

    def find_grade(self, cell: str, *_: str) -> Grade:
        """The row of a graded cell."""
        return self._grades[cell]

    def find_comment(self, cell: str, *_: str) -> Comment:
        """The row of a commented cell."""
        return self._comments[cell]

    def commit(self) -> None:
        """Nothing yet: all marks of a notebook are committed together."""


def _by_cell(gradebook: Gradebook, notebook: SubmittedNotebook, rows: Any) -> dict[str, Any]:
    """A notebook's rows of a table by the names of their cells, in one query."""
    found = gradebook.db.query(BaseCell.name, rows).join(rows, rows.cell_id == BaseCell.id)
    return dict(found.filter(rows.notebook_id == notebook.id).all())
