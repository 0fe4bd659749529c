"""Find out what a student's code needs and grading does not have, such as a library."""

import re

from course_utils.checks.meanings import GPU
from course_utils.grading.rebuild.notes import shown

# Names of an exception's classes, pattern in its message, phrase; the first match counts. The text
# of the pattern's group goes into the phrase.
LACKS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("ModuleNotFoundError",), r"No module named '([\w.]+)'", "la biblioteca {}"),
    (("ImportError",), r"requires? the (\S+)|install (\S+)", "la biblioteca {}"),
    (("UsageError",), r"[Mm]agic(?: function)? `(%\S+?)`", "el comando {}"),
    # In a test's call, ``input()`` reads from an empty input; in a cell, it asks the front end.
    (("EOFError",), "EOF when reading a line", "el teclado (`input()`)"),
    (("StdinNotImplementedError",), "", "el teclado (`input()`)"),
    (("Error",), r"unsupported locale setting", "esa configuración regional (`locale`)"),
    (
        ("AssertionError", "RuntimeError", "ValueError", "InvalidArgumentError"),
        GPU,
        "una GPU",
    ),
    (
        ("URLError", "ConnectionError", "gaierror", "TimeoutError", "OSError"),
        r"name resolution|[Nn]etwork is unreachable|Name or service not known|"
        r"Max retries exceeded|urlopen error|[Cc]onnection refused",
        "una conexión a internet",
    ),
    (("FileNotFoundError",), r"'([^']+)'|^(\S+) not found", "el archivo {}"),
)


def lacking(kinds: list[str], text: str) -> str:
    """Find out what is missing according to an exception.

    Args:
        kinds: names of the exception's classes.
        text: message of the exception, unchecked.

    Returns:
        A phrase in Spanish; empty where the exception has another cause.
    """
    for names, pattern, phrase in LACKS:
        match = re.search(pattern, text) if set(names) & set(kinds) else None
        if match:
            return phrase.format(*(shown(group) for group in match.groups() if group))
    return ""
