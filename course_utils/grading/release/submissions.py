"""Submissions made from a released notebook: for the demo's class and for the tests."""

import copy
from collections.abc import Mapping
from pathlib import Path

import nbformat

from course_utils.grading.course import cells_by_grade_id


def fill(released: nbformat.NotebookNode, answers: Mapping[str, str]) -> nbformat.NotebookNode:
    """A copy of a released notebook with answers written into its cells.

    Args:
        released: the released notebook.
        answers: ``grade_id`` → text of the cell.

    Raises:
        KeyError: the notebook has no such cell.
    """
    notebook = copy.deepcopy(released)
    cells = cells_by_grade_id(notebook)
    for grade_id, text in answers.items():
        cells[grade_id].source = text
    return notebook


def solutions(master: nbformat.NotebookNode) -> dict[str, str]:
    """The master's own answers, exercise by exercise, without nbgrader's marks around them."""
    return {
        grade_id: "\n".join(line for line in cell.source.splitlines() if "### " not in line)
        for grade_id, cell in cells_by_grade_id(master).items()
        if cell.metadata.nbgrader.solution and not cell.metadata.nbgrader.grade
    }


def saved_by_colab(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """What Google Colab makes of a notebook when it saves it: nbformat 4.0, metadata of its own."""
    notebook = copy.deepcopy(notebook)
    notebook.nbformat_minor = 0
    notebook.metadata = nbformat.from_dict(
        {
            "colab": {"provenance": [], "toc_visible": True},
            "kernelspec": {"name": "python3", "display_name": "Python 3"},
            "language_info": {"name": "python"},
        }
    )
    for cell in notebook.cells:
        cell.metadata["id"] = cell.pop("id")
        if cell.cell_type == "code":
            cell.metadata["outputId"] = "0f1e2d3c-4b5a-4c6d-8e7f-001122334455"
    return notebook


def hand_in(notebook: nbformat.NotebookNode, submitted: Path, student: str, unit: str) -> Path:
    """Write a notebook as a student's submission; returns its path."""
    path = submitted / student / unit / f"{unit}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path
