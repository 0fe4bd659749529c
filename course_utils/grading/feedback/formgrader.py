"""The formgrader's page of one hand-in: what a teacher needs beside the notebook."""

import re
import secrets
from pathlib import Path

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearMarkScheme, ClearSolutions, NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution
from traitlets import List

from course_utils.grading.course import read_notebook
from course_utils.grading.feedback.markdown import safe_markdown


class GradingView(NbGraderPreprocessor):
    """A step of the HTML exporter; it does something in the formgrader only.

    The template finds in ``resources.view``: ``nonce``, without which no script of the page runs;
    ``rubrics``, by ``grade_id``; ``notes``, what intake and grading put right.
    """

    # The HTML exporter configures it for every step; nbconvert warns where it is missing.
    display_data_priority = List(config=True)

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Put the view into the resources; the notebook stays as it is."""
        if "submission_id" in resources:
            master = self._master(resources["assignment_id"], resources["notebook_id"])
            resources["view"] = {
                "nonce": secrets.token_urlsafe(),
                "notes": [note["text"] for note in nb.metadata.get("course", {}).get("notes", [])],
                "rubrics": self._rubrics(master) if master.is_file() else {},
            }
        return nb, resources

    def _master(self, unit: str, notebook: str) -> Path:
        course = CourseDirectory(parent=self)
        folder = course.format_path(course.source_directory, ".", unit)
        return Path(folder) / f"{notebook}.ipynb"

    def _rubrics(self, master: Path) -> dict[str, dict[str, str]]:
        """Model answer and rubric of each answer that is graded by hand, as HTML."""
        scheme, solutions = ClearMarkScheme(parent=self), ClearSolutions(parent=self)
        rubric = re.compile(
            f"{re.escape(scheme.begin_mark_scheme_delimeter)}(.*?)"
            f"{re.escape(scheme.end_mark_scheme_delimeter)}",
            re.DOTALL,
        )
        marks = (solutions.begin_solution_delimeter, solutions.end_solution_delimeter)
        found = {}
        for cell in read_notebook(master).cells:
            if is_grade(cell) and is_solution(cell):
                answer = rubric.sub("", cell.source)
                for mark in marks:
                    answer = answer.replace(mark, "")
                found[cell.metadata.nbgrader.grade_id] = {
                    "rubric": safe_markdown("\n".join(rubric.findall(cell.source))),
                    "answer": safe_markdown(answer),
                }
        return found
