"""Marks in one transaction: whoever is stopped in the middle leaves none of them."""

from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import AssignLatePenalties, NbGraderPreprocessor, SaveAutoGrades


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
        with Gradebook(ids["db_url"]) as self.gradebook:
            database = self.gradebook.db
            commit, database.commit = database.commit, database.flush
            nb, resources = NbGraderPreprocessor.preprocess(self, nb, resources)
            database.expire_all()  # sums are the database's
            self._penalise()
            commit()
        return nb, resources

    def _penalise(self) -> None:
        submission = self.gradebook.find_submission(self.assignment_id, self.student_id)
        notebook = self.gradebook.find_submission_notebook(
            self.notebook_id, self.assignment_id, self.student_id
        )
        notebook.late_submission_penalty = self._penalty(submission, notebook)

    def _penalty(self, submission: Any, notebook: Any) -> float | None:
        if submission.total_seconds_late <= 0:
            return None
        self.log.warning("%s is %s seconds late", submission, submission.total_seconds_late)
        late = AssignLatePenalties(parent=self)
        late.init_plugin()
        penalty: float | None = late.plugin_inst.late_submission_penalty(
            self.student_id, notebook.score, submission.total_seconds_late
        )
        return None if penalty is None else late._check_late_penalty(notebook, penalty)
