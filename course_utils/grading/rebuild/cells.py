"""The cells of a submission, as the rebuild reads them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StudentCell:
    """One cell of a submission.

    Attributes:
        kind: "code", "markdown" or "raw".
        source: text of the cell.
        grade_id: nbgrader's name of the cell; empty if the metadata has none.
        cell_id: the notebook format's or Colab's id of the cell; empty if the cell has none.
        points: points of the cell in the metadata; None if the metadata has none.
        tags: the cell's tags.
    """

    kind: str
    source: str
    grade_id: str = ""
    cell_id: str = ""
    points: float | None = None
    tags: tuple[str, ...] = ()
