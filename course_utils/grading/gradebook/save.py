"""Saves a notebook's marks in one transaction: a run that is killed saves all marks or none."""

from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.api import BaseCell, Comment, Grade, Gradebook, SubmittedNotebook
from nbgrader.preprocessors import AssignLatePenalties, NbGraderPreprocessor, SaveAutoGrades

from course_utils.grading.gradebook.lateness import LatePenalty


class SaveMarks(SaveAutoGrades):
    """Replaces nbgrader's ``SaveAutoGrades`` and ``AssignLatePenalties``.

    nbgrader commits after every cell. A run killed between two commits would leave a mark with the
    points of some cells only.
    """

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Save the points and comments of a graded notebook, and the late penalty.

        Args:
            nb: the executed notebook.
            resources: nbconvert's resources, with nbgrader's ids of notebook, unit and student.

        Returns:
            Notebook and resources.
        """
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
            # The database computes the sums of points: read them again for the penalty.
            gradebook.db.expire_all()
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
        if isinstance(plugin, LatePenalty):  # this plug-in counts days on the students' clocks
            penalty = plugin.penalty(notebook.score, submission.duedate, submission.timestamp)
        else:
            penalty = plugin.late_submission_penalty(
                self.student_id, notebook.score, submission.total_seconds_late
            )
        # nbgrader's own bounds, 0 and the score; no public method applies them.
        return None if penalty is None else late._check_late_penalty(notebook, penalty)


class _Rows:
    """The part of a gradebook that ``SaveAutoGrades`` uses, for one notebook.

    Two queries read all rows of the notebook; the gradebook itself would query for every cell.

    Args:
        gradebook: the gradebook.
        notebook: a student's notebook in the gradebook.

    Attributes:
        db: this object, so that ``gradebook.db.commit()`` of ``SaveAutoGrades`` does nothing.
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
        """Do nothing: ``SaveMarks`` commits all marks of a notebook together."""


def _by_cell(gradebook: Gradebook, notebook: SubmittedNotebook, rows: Any) -> dict[str, Any]:
    """Name of the cell → row of a table, for all cells of a notebook, in one query."""
    found = gradebook.db.query(BaseCell.name, rows).join(rows, rows.cell_id == BaseCell.id)
    return dict(found.filter(rows.notebook_id == notebook.id).all())
