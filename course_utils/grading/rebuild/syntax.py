"""Check whether an answer is Python; lines in IPython's own syntax are allowed."""

import ast
import re
import warnings

_LONGEST = 20_000  # characters; a longer text is not parsed
# A magic, a shell command, or a call for help ("name?"). IPython's own translator is not used: it
# takes seconds on hostile text.
_IPYTHON = re.compile(r"^([ \t]*)(?:(?:[\w, ]+=)?[ \t]*[%!].*|\?.*|.*\?[ \t]*)$", re.MULTILINE)


def is_python(source: str) -> bool:
    """Whether a text can be Python; True in cases of doubt.

    Args:
        source: text of an answer.
    """
    if len(source) > _LONGEST or source.lstrip().startswith("%%"):
        return True
    return _parses(source) or _parses(_IPYTHON.sub(r"\1pass", source))


def _parses(source: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the parser warns of invalid escapes
            ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    except (RecursionError, MemoryError):  # too deeply nested for the parser: not certain
        return True
    return True
