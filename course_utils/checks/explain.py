"""An exception of the student's code in plain Spanish, with the line where it happened."""

import ast
import inspect
import linecache
import re
import textwrap
import traceback
from types import TracebackType

from course_utils.checks.meanings import MEANINGS, SHAPES_SENTENCE, shapes_in

_FUNCTION_NODE = re.compile(r"\{\{function_node \S+\}\} ?")  # TensorFlow's own name for a place
_PACKAGE = __name__.rpartition(".")[0].replace(".", "/")


def student_line(error: BaseException, test_file: str) -> str | None:
    """The last line of the student's own code on the way to the error.

    Args:
        error: the exception, with its traceback.
        test_file: file name of the test cell's code, which is not the student's.

    Returns:
        "línea 3: return x / y", or None where no line of a notebook took part.
    """
    if hasattr(error, "student_line"):  # it comes from another process, and brings its line along
        return error.student_line or None
    found = None
    for frame, line in _frames(error.__traceback__):
        name = frame.filename
        if (
            name == test_file
            or "site-packages" in name
            or _PACKAGE in name
            or "/lib/python" in name
        ):
            continue
        text = linecache.getline(name, line).strip()
        if text:
            found = f"línea {line}: {text}"
    return found


def stub_left(error: BaseException) -> bool:
    """Whether ``raise NotImplementedError()`` was left standing before a finished answer."""
    if hasattr(error, "stub_left"):  # as for the line
        return bool(error.stub_left)
    frames = list(traceback.walk_tb(error.__traceback__))
    if not frames:
        return False
    frame, line = frames[-1]
    try:
        function = ast.parse(textwrap.dedent(inspect.getsource(frame.f_code))).body[0]
    except (OSError, TypeError, SyntaxError, IndexError):
        return False
    at = line - frame.f_code.co_firstlineno + 1
    body = getattr(function, "body", [])
    raised = next((i for i, one in enumerate(body) if one.lineno == at), None)
    return raised is not None and len(body) > raised + 1


def _frames(tb: TracebackType | None) -> list[tuple[traceback.FrameSummary, int]]:
    return [(frame, frame.lineno or 0) for frame in traceback.extract_tb(tb)]


def explain(error: BaseException) -> str:
    """One Spanish sentence that says what an exception usually means."""
    text = _FUNCTION_NODE.sub("", str(error)).strip()
    kinds = {kind.__name__ for kind in type(error).__mro__}
    for types, pattern, sentence in MEANINGS:
        match = re.search(pattern, text, re.DOTALL) if kinds & set(types) else None
        if match and sentence is SHAPES_SENTENCE:
            return sentence.format(shapes_in(text))
        if match:
            return sentence.format(*(group for group in match.groups() if group is not None))
    first = text.partition("\n")[0].removesuffix(".")
    kind = type(error).__name__
    if not first:
        return f"Tu código terminó con un error de tipo {kind}."
    return f"Tu código terminó con un error de tipo {kind} (su mensaje: {first})."
