"""What the rebuild takes of a submission: its cells."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StudentCell:
    """What is read of one cell of a submission.

    Attributes:
        kind: "code", "markdown" or "raw".
        source: its text.
        grade_id: nbgrader's name of the cell, if the metadata still has one.
        cell_id: the notebook format's or Colab's id of the cell, if it has one.
        points: what the metadata says that the cell is worth, if it says so.
        tags: the cell's tags.
    """

    kind: str
    source: str
    grade_id: str = ""
    cell_id: str = ""
    points: float | None = None
    tags: tuple[str, ...] = ()
