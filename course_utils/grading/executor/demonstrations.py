"""Skip demonstrations in grading: they take minutes, and no graded cell needs their results."""

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_locked, is_solution

from course_utils.session import DEMONSTRATION_TAG

SKIP_TAG = "skip-execution"  # nbclient skips cells with this tag


class LeaveOutDemonstrations(NbGraderPreprocessor):
    """Runs before ``Execute``: only the course's own read-only demonstration cells are skipped.

    A test cell that is not executed would earn full points. So every other cell loses the tag
    ``skip-execution``, which a student may have added.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Tag a demonstration cell as skipped; untag any other."""
        tags = [tag for tag in cell.metadata.get("tags", []) if tag != SKIP_TAG]
        if is_demonstration(cell):
            tags.append(SKIP_TAG)
        if tags or "tags" in cell.metadata:
            cell.metadata["tags"] = tags
        return cell, resources


def is_demonstration(cell: NotebookNode) -> bool:
    """Whether a cell is read-only, earns nothing, and is tagged as a demonstration."""
    return (
        cell.cell_type == "code"
        and DEMONSTRATION_TAG in cell.metadata.get("tags", [])
        and is_locked(cell)
        and not is_grade(cell)
        and not is_solution(cell)
    )
