"""The code that the examiner runs: it comes from the master notebook only, never a submission."""

import ast
import symtable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from traitlets.config import Config

from course_utils.checks.stops import python
from course_utils.grading import scheme
from course_utils.grading.course import cells_by_grade_id, read_notebook
from course_utils.grading.forkserver import preload


@dataclass(frozen=True)
class GradedCell:
    """A test cell.

    Attributes:
        source: text of the cell.
        names: names that solution cells define and this cell uses.
        hidden: whether students must not see the text.
    """

    source: str
    names: tuple[str, ...]
    hidden: bool


@dataclass(frozen=True)
class Master:
    """A master's code as the examiner needs it.

    Attributes:
        folder: where the notebook and its data lie.
        setup: text of the set-up cell.
        tests: ``grade_id`` → test cell.
        libraries: heavy libraries that the notebook imports, as ``forkserver.preload`` names them.
    """

    folder: Path
    setup: str
    tests: dict[str, GradedCell]
    libraries: tuple[str, ...] = ()


def read_master(path: Path, regions: scheme.Regions | None = None) -> Master:
    """Read a master notebook.

    Args:
        path: path of the notebook.
        regions: markers of the regions that nbgrader removes; None: nbgrader's default markers.

    Raises:
        FileNotFoundError: the notebook does not exist.
    """
    return _read(path, path.stat().st_mtime_ns, regions or scheme.Regions.of(Config()))


@lru_cache(maxsize=16)
def _read(path: Path, _: int, regions: scheme.Regions) -> Master:
    cells = cells_by_grade_id(read_notebook(path))
    code = {name: cell for name, cell in cells.items() if cell.cell_type == "code"}
    setup, bound, tests = "", set(), {}
    for name, cell in code.items():
        settings = cell.metadata.nbgrader
        if scheme.is_setup(name):
            setup = python(cell.source)
        if settings.solution:
            bound |= bound_names(python(cell.source))
    for name, cell in code.items():
        if cell.metadata.nbgrader.grade and not cell.metadata.nbgrader.solution:
            source = python(cell.source)
            names = tuple(sorted(bound & _used(source)))
            tests[name] = GradedCell(source, names, regions.hidden_tests[0] in source)
    libraries = preload.needed(path.read_text(encoding="utf-8"))
    return Master(path.parent, setup, tests, libraries)


def bound_names(source: str) -> set[str]:
    """The names that a cell defines at its top level, without imported names."""
    table = symtable.symtable(source, "cell", "exec")
    return {s.get_name() for s in table.get_symbols() if s.is_assigned() and not s.is_imported()}


def _used(source: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
