"""The tags that a released notebook carries."""

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade

from course_utils.grading.scheme import is_prediction
from course_utils.session import DEMONSTRATION_TAG

KEEP_RUNNING = "raises-exception"  # JupyterLab's own: "Run All" goes on past this cell


class ReleaseTags(NbGraderPreprocessor):
    """Goes last in ``generate_assignment``.

    A student who runs the whole notebook with half the exercises blank must see every check, so
    test, demonstration and prediction cells let the run go on; so do demonstrations that a student
    may edit. The authors' nbval tags stay with the master.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Set the tags of one cell."""
        tags = [tag for tag in cell.metadata.get("tags", []) if not tag.startswith("nbval-")]
        goes_on = is_grade(cell) or DEMONSTRATION_TAG in tags or is_prediction(cell.id)
        if cell.cell_type == "code" and goes_on:
            tags.append(KEEP_RUNNING)
        cell.metadata.pop("tags", None)
        if tags:
            cell.metadata["tags"] = tags
        return cell, resources
