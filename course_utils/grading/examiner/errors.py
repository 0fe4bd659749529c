"""The student's exceptions on the trusted side: an allow-listed class and texts, nothing else."""

import builtins
import re
from functools import lru_cache
from typing import Any, Final

# StopIteration, SystemExit, SkipTest and their like are left out: raised in a test's own code,
# they would end a loop, the test run or the process instead of failing the test.
_ALLOWED: Final = (
    "ArithmeticError", "AttributeError", "BufferError", "EOFError", "FileNotFoundError",
    "FloatingPointError", "ImportError", "IndexError", "KeyError", "LookupError", "MemoryError",
    "ModuleNotFoundError", "NameError", "NotImplementedError", "OSError", "OverflowError",
    "PermissionError", "RecursionError", "RuntimeError", "TimeoutError", "TypeError",
    "UnboundLocalError", "UnicodeError", "ValueError", "ZeroDivisionError",
)  # fmt: skip
_NAME = re.compile(r"[A-Za-z_]\w{0,60}\Z", re.ASCII)
MAX_MESSAGE: Final = 2000


class StudentError(Exception):
    """An exception that the student's code raised.

    Attributes:
        student_line: the line of the student's code, such as "línea 3: return x / y"; empty if
            unknown.
        stub_left: whether the stub's ``raise`` is still there, before a finished answer.
    """

    student_line: str = ""
    stub_left: bool = False

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


@lru_cache(maxsize=256)  # the names are the student's: without a limit the cache would only grow
def _kind(name: str, base: str) -> type[StudentError]:
    parent = getattr(builtins, base, Exception)
    # ``StudentError`` comes first, so its ``__str__`` holds: KeyError's would quote the text.
    return type(name, (StudentError, parent) if parent is not Exception else (StudentError,), {})


def student_error(description: Any) -> StudentError:
    """Make the exception that represents one of the student's exceptions.

    Args:
        description: the student's side's description: ``kinds`` (names of the exception's
            classes, most special first), ``text``, ``line`` and ``stub left``. Untrusted: fields
            of another type count as missing.
    """
    data = description if type(description) is dict else {}
    kinds = data.get("kinds")
    names = [n for n in kinds if type(n) is str and _NAME.match(n)] if type(kinds) is list else []
    base = next((name for name in names[:20] if name in _ALLOWED), "Exception")
    error = _kind(names[0] if names else "Exception", base)(_text(data.get("text"), MAX_MESSAGE))
    error.student_line = _text(data.get("line"), 200)
    error.stub_left = data.get("stub left") is True
    return error


def _text(value: Any, limit: int) -> str:
    return value[:limit] if type(value) is str else ""
