"""The skeleton of a unit: the master's cells, with the stubs that students got as answers."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook

from course_utils.checks.outline import normal
from course_utils.grading import scheme

ANSWER, LOCKED, TEXT = "answer", "locked", "text"
_TOP_LEVEL = re.compile(r"^(?:async +)?(?:def|class) +(\w+)|^(\w+) *(?::[^=\n]+)?=(?!=)", re.M)


@dataclass(frozen=True)
class SkeletonCell:
    """One cell of the master, as a submission must have it.

    Attributes:
        cell_id: the notebook format's id of the cell.
        grade_id: nbgrader's name of the cell; empty for theory.
        kind: "code", "markdown" or "raw".
        source: text of the cell: the stub of an answer, the whole text of a hidden test.
        metadata: the master's metadata of the cell.
        released: normal form of the text that students got.
    """

    cell_id: str
    grade_id: str
    kind: str
    source: str
    metadata: dict[str, Any]
    released: str

    @property
    def role(self) -> str:
        """``ANSWER``, ``LOCKED`` (a test, a statement, the set-up) or ``TEXT`` (theory)."""
        if not self.grade_id:
            return TEXT
        return ANSWER if self.metadata["nbgrader"].get("solution") else LOCKED

    @property
    def points(self) -> float | None:
        """Points of the cell; None for a cell that is not graded."""
        nbgrader = self.metadata.get("nbgrader", {})
        return float(nbgrader["points"]) if nbgrader.get("grade") else None

    @cached_property
    def names(self) -> frozenset[str]:
        """Names that a code answer has to define; empty for any other cell."""
        return bound(self.source) if self.role == ANSWER and self.kind == "code" else frozenset()

    @property
    def label(self) -> str:
        """What a note calls the cell's exercise, in Spanish."""
        if scheme.numbers_of(self.grade_id):
            return f"el ejercicio {scheme.number_of(self.grade_id)}"
        of_reflection = scheme.is_reflection(scheme.stated_by(self.grade_id) or self.grade_id)
        return "la reflexión" if of_reflection else f"la celda {self.grade_id}"


@dataclass(frozen=True)
class Skeleton:
    """The master of a unit, on which every submission of the unit is rebuilt.

    Attributes:
        unit: name of the unit.
        cells: in the master's order.
        metadata: metadata of the notebook.
    """

    unit: str
    cells: tuple[SkeletonCell, ...]
    metadata: dict[str, Any]


def load(gradebook: Gradebook, unit: str, master: Path, regions: scheme.Regions) -> Skeleton:
    """Load the skeleton of a unit.

    Order, theory, tags and metadata come from the master. Text, checksum and points of the managed
    cells come from the gradebook, where ``generate_assignment`` has stored stubs in place of
    answers, and tests with their hidden part.

    Args:
        gradebook: the course's gradebook, open.
        unit: name of the unit and of its notebook.
        master: path of the master notebook.
        regions: delimiters of the parts that nbgrader removes from a master for students.

    Raises:
        nbgrader.api.MissingEntry: no release of the unit was ever generated.
    """
    notebook = gradebook.find_notebook(unit, unit)
    points = {cell.name: {"points": cell.max_score} for cell in notebook.grade_cells}
    stored = {
        cell.name: _Stored(cell.source, {"checksum": cell.checksum} | points.get(cell.name, {}))
        for cell in notebook.source_cells
    }
    raw = json.loads(master.read_text(encoding="utf-8"))
    cells = [_cell(cell, stored, regions) for cell in raw["cells"]]
    return Skeleton(unit, tuple(cell for cell in cells if cell), dict(raw["metadata"]))


@dataclass(frozen=True)
class _Stored:
    """What the gradebook holds of a managed cell: its text, and what its metadata must say."""

    source: str
    nbgrader: dict[str, Any]


def _cell(
    raw: Mapping[str, Any], stored: Mapping[str, _Stored], regions: scheme.Regions
) -> SkeletonCell | None:
    grade_id = raw["metadata"].get("nbgrader", {}).get("grade_id", "")
    if grade_id and grade_id not in stored:  # the master is newer than the release
        return None
    tags = [tag for tag in raw["metadata"].get("tags", []) if not tag.startswith("nbval-")]
    metadata = {key: value for key, value in raw["metadata"].items() if key != "tags"}
    text = "".join(raw["source"])
    if grade_id:
        text = stored[grade_id].source
        metadata["nbgrader"] = metadata["nbgrader"] | stored[grade_id].nbgrader
    metadata |= {"tags": tags} if tags else {}
    released = normal(regions.released(text))
    return SkeletonCell(raw["id"], grade_id, raw["cell_type"], text, metadata, released)


def unit_of(names: Iterable[str]) -> str:
    """Short id of the unit whose cells have these names or ids; empty if none names a unit."""
    return next((unit for name in names if (unit := scheme.unit_of(name))), "")


def bound(source: str) -> frozenset[str]:
    """Names that a cell's text defines at its top level, even if the text is not valid Python."""
    return frozenset(match[1] or match[2] for match in _TOP_LEVEL.finditer(source))
