"""Which names a cell's text binds, where it calls a debugger, and where the cell stopped."""

import ast
import contextlib
import itertools
import re
import symtable
from types import TracebackType
from typing import Any

# IPython's own lines: a magic, a command, a look at the help; and what takes their result.
_OWN = re.compile(r"^(\s*)(?:[%!].*|\?{1,2}[\w.]+|[\w.]+\?{1,2})\s*$")
_TAKES = re.compile(r"^(\s*\w[\w, ]*=\s*)[%!].*$")
# What a text with a syntax error seems to bind: only statements at the left margin count.
_SEEMS = re.compile(r"^(?:async +)?(?:def|class) +(\w+)|^(\w+) *(?::[^=\n]+)?=(?!=)", re.MULTILINE)


def error_of(result: Any) -> BaseException | None:
    """The exception that ended a cell, as IPython reports it; None where the cell ran whole.

    Args:
        result: what IPython gives to ``post_run_cell``.
    """
    error: BaseException | None = result.error_before_exec or result.error_in_exec
    return error


def line_of(error: BaseException, source: str) -> int:
    """The line of a cell's text at which an exception left the cell; 0 if unknown.

    IPython counts from the first line that is not blank.

    The first frame of a cell comes after IPython's own frames. It is called ``<module>``, in some
    versions of IPython ``<cell line: 1>``; no function of IPython's has a name like these.
    """
    line = _frame(error.__traceback__)
    if not line and isinstance(error, SyntaxError):
        line = error.lineno or 0
    blank = itertools.takewhile(lambda text: not text.strip(), source.splitlines())
    return line + len(list(blank)) if line else 0


def _frame(tb: TracebackType | None) -> int:
    while tb is not None:
        code = tb.tb_frame.f_code
        if code.co_name.startswith(("<module>", "<cell")) and "site-packages" not in (
            code.co_filename
        ):
            return tb.tb_lineno
        tb = tb.tb_next
    return 0


def python(source: str) -> str:
    """A cell's text with ``pass`` in place of IPython's own lines: the line numbers stay.

    A name that takes what such a line returns (``files = !ls``) stays bound.
    """
    lines = (_TAKES.sub(r"\1None", line) for line in source.splitlines())
    return "\n".join(_OWN.sub(r"\1pass", line) for line in lines) + "\n"


def statements(source: str) -> list[ast.stmt]:
    """The statements of a cell's top level; none where the text has a syntax error."""
    # As it is first: a line that begins with % may go on with an expression of the line before.
    for text in (source, python(source)):
        with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            return ast.parse(text).body
    return []


def bound(source: str) -> dict[str, int]:
    """The names that a cell binds at its top level, each with the line where that is done.

    A text with a syntax error binds what its lines seem to define.
    """
    found: dict[str, int] = {}
    for statement in statements(source):
        for name in _names(statement):
            found[name] = statement.end_lineno or statement.lineno
    if not found:
        for match in _SEEMS.finditer(source):
            found[match[1] or match[2]] = source.count("\n", 0, match.start()) + 1
    return found


def _names(statement: ast.stmt) -> set[str]:
    try:
        table = symtable.symtable(ast.unparse(statement), "cell", "exec")
    except (SyntaxError, ValueError, RecursionError):  # such as a return outside of a function
        return set()
    return {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()}


def debugger_calls(source: str) -> list[tuple[int, str]]:
    """Where a cell's text stops for a debugger: line and call, such as ``pdb.set_trace()``."""
    calls = [n for s in statements(source) for n in ast.walk(s) if isinstance(n, ast.Call)]
    return [(call.lineno, f"{ast.unparse(call.func)}()") for call in calls if _debugs(call.func)]


def _debugs(function: ast.expr) -> bool:
    if isinstance(function, ast.Name):
        return function.id in ("breakpoint", "set_trace")
    if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Name):
        return False
    return function.attr == "set_trace" and function.value.id in ("pdb", "ipdb")
