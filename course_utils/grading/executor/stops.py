"""How a student's cell stopped before its end, and which part of the cell can still run."""

import ast
import json
from dataclasses import dataclass
from typing import Final

from course_utils.checks.stops import bound, python, statements

_MOST_KINDS: Final = 20
_MISSING_LIBRARY: Final = "ModuleNotFoundError"


@dataclass(frozen=True)
class Stop:
    """How a cell stopped.

    Attributes:
        line: line of the cell, from 1; 0 if unknown.
        kinds: names of the exception's classes, the most special first.
        text: message of the exception.
    """

    line: int
    kinds: tuple[str, ...]
    text: str

    def code(self, source: str) -> str:
        """Text of the line at which the cell stopped; empty if unknown."""
        lines = source.splitlines()
        return lines[self.line - 1].strip() if 0 < self.line <= len(lines) else ""

    def missed(self, source: str) -> set[str]:
        """The names that the cell would have bound if it had not stopped."""
        names = bound(source)
        if not statements(source) or not self.line:
            return set(names)
        at = next((s.lineno for s in statements(source) if self.is_inside(s)), self.line)
        return {name for name, line in names.items() if line >= at}

    def is_inside(self, statement: ast.stmt) -> bool:
        """Whether the cell stopped in this statement."""
        return _first_line(statement) <= self.line <= (statement.end_lineno or 0)


def stop_of(answer: str, source: str) -> Stop | None:
    """Read what a kernel reports of its last cell, checking every part.

    Args:
        answer: the kernel's reply, unchecked.
        source: text of the cell; a line number beyond the text counts as unknown.

    Returns:
        How the cell stopped; None if the cell ran to its end.
    """
    try:
        data = json.loads(answer)
    except (ValueError, RecursionError):
        return None
    if type(data) is not dict:
        return None
    line, kinds, text = data.get("line"), data.get("kinds"), data.get("text")
    if type(line) is not int or type(kinds) is not list or type(text) is not str:
        return None
    names = tuple(kind for kind in kinds[:_MOST_KINDS] if type(kind) is str and kind.isidentifier())
    known = 0 < line <= len(source.splitlines())
    return Stop(line if known else 0, names, text) if names else None


def rest_of(source: str, stop: Stop) -> str:
    """The part of a cell after a top-level import of a library that grading does not have.

    The student, who has the library, saw this part run; only code that uses the imported names has
    to fail here. A line in IPython's own syntax (``%load_ext``, ``%tensorboard``) binds no name, so
    the part after such a failed line runs, too.

    Args:
        source: text of the cell.
        stop: how the cell stopped.

    Returns:
        The text after the failed statement, each line at its number, without top-level calls that
        use the missing names; empty if the cell stopped at anything else, or nothing follows.
    """
    body = statements(source)
    here = [n for n, statement in enumerate(body) if stop.is_inside(statement)]
    # Several statements may share a line: take the first one that can have failed in this way.
    at = next((n for n in here if _can_go_on(body[n], source, stop)), None)
    if at is None:
        return ""
    missing = set(bound(ast.unparse(body[at])))
    rest = [statement for statement in body[at + 1 :] if not _only_uses(statement, missing)]
    if not rest:
        return ""
    return _kept(source, rest)


def root_cause(source: str, first: Stop, last: Stop | None) -> Stop:
    """Choose the stop of a cell that explains what is missing.

    Args:
        source: text of the cell.
        first: how the cell stopped.
        last: how the part after the first stop stopped in turn; None if it ran to its end.
    """
    if last is None or last == first:
        return first
    needs_missed_name = any(f"'{name}'" in last.text for name in first.missed(source))
    return first if "NameError" in last.kinds and needs_missed_name else last


def _can_go_on(statement: ast.stmt, source: str, stop: Stop) -> bool:
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return _MISSING_LIBRARY in stop.kinds
    line = stop.code(source)
    cell_magic = source.lstrip().startswith("%%")
    return isinstance(statement, ast.Pass) and line[:1] in ("%", "!") and not cell_magic


def _only_uses(statement: ast.stmt, names: set[str]) -> bool:
    """Whether a statement is an expression that uses one of the names and binds nothing."""
    used = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
    return isinstance(statement, ast.Expr) and bool(used & names)


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _kept(source: str, rest: list[ast.stmt]) -> str:
    """The text of some statements, each line at its number; IPython's own lines as they are."""
    given, plain = source.splitlines(), python(source).splitlines()
    lines = [""] * len(given)
    for statement in rest:
        first, last = _first_line(statement), statement.end_lineno or statement.lineno
        part = given[first - 1 : last]
        # Other statements may share the first and the last line. ``ast`` counts columns in bytes.
        if plain[last - 1] == given[last - 1]:
            part[-1] = part[-1].encode()[: statement.end_col_offset].decode()
        if plain[first - 1] == given[first - 1]:
            part[0] = part[0].encode()[statement.col_offset :].decode()
        part[0] = "; ".join(filter(None, (lines[first - 1], part[0])))
        lines[first - 1 : last] = part
    return "\n".join(lines)
