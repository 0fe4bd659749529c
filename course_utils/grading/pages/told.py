"""What a feedback page may repeat of a failed test: sentences that the course wrote, no others.

What the student's code raises or returns while a hidden test calls it can carry the test's inputs.
So a text is shown only where it is a sentence of the test cell or of the course's own modules, and
what was filled into it only where it is harmless. A later visible test can be made to tell what a
hidden one asked: of its values only numbers are shown, a short array's at most.
"""

import ast
import builtins
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import course_utils.checks
import course_utils.grading.examiner
import course_utils.grading.preprocessors

GENERAL: Final = {
    "NotStarted": "Todavía no escribiste tu solución.",
    "Incorrect": "El resultado no es el que pide el enunciado.",
}
OTHERWISE: Final = "Tu código terminó con un error cuando la prueba lo llamó."
LONGEST_FILLING: Final = 160  # characters: a short array
LEFT_OUT: Final = "…"
LONGEST: Final = 1_000  # characters of a sentence
_FEWEST_LETTERS: Final = 4
_FIELD = re.compile(r"\{\w*\}")
_NUMBERS = re.compile(r"[-+\d.,()\[\] enaif]*")  # with their exponents, nan and inf
_SHAPE = re.compile(r"\(?(?:\d{1,4}(?:, ?)?){0,5}\)?")
_WORDS: Final = frozenset(dir(builtins)) | {
    "DataFrame", "EagerTensor", "Functional", "Sequential", "Series", "Tensor", "Variable",
    "float32", "float64", "int32", "int64", "ndarray", "uint8",
}  # fmt: skip


def told(kind: str, text: str, test: str, answer: str, *, hidden: bool) -> str:
    """The sentence that a student reads about a failed test.

    Args:
        kind: name of the exception with which the test ended.
        text: what the exception says.
        test: source of the test cell.
        answer: source of the student's answer.
        hidden: whether the test is a hidden one.
    """
    numbers = _NUMBERS if kind == "Incorrect" and not hidden else _SHAPE
    said = _Reader(test, answer, numbers).sentence(text) if len(text) <= LONGEST else None
    return said or GENERAL.get(kind, OTHERWISE)


class _Reader:
    """Reads a sentence, and the sentences that were filled into it.

    Args:
        test: source of the test cell.
        answer: source of the student's answer.
        numbers: what numbers may be shown.
    """

    def __init__(self, test: str, answer: str, numbers: re.Pattern[str]) -> None:
        self._test = test
        self._answer = answer
        self._numbers = numbers
        self._patterns = (*_of_test(test), *_of_course())

    def sentence(self, text: str) -> str | None:
        """The sentence with what is harmless in it; None where it is not the course's."""
        matches = filter(None, (pattern.fullmatch(text) for pattern in self._patterns))
        said = [self._filled(match) for match in matches]
        return min(said, key=lambda sentence: sentence.count(LEFT_OUT), default=None)

    def _filled(self, match: re.Match[str]) -> str:
        text, shown, last = match.string, [], 0
        for group in range(1, match.re.groups + 1):
            start, end = match.span(group)
            shown += [text[last:start], self._filling(text[start:end])]
            last = end
        return "".join([*shown, text[last:]])

    def _filling(self, text: str) -> str:
        if self._numbers.fullmatch(text) or text in self._answer or _is_name(text, self._test):
            return text
        word = text.partition(":")[0]
        return word if word in _WORDS else self.sentence(text) or LEFT_OUT


def _is_name(filling: str, test: str) -> bool:
    """Whether the test calls one of its values so: "mu", "la y de data[i]", "p con d = 1"."""
    return filling in test or re.sub(r"\d{1,4}", "{}", filling) in _literals(ast.parse(test))


@lru_cache(maxsize=500)
def _of_test(source: str) -> tuple[re.Pattern[str], ...]:
    return tuple(_patterns(source))


@cache
def _of_course() -> tuple[re.Pattern[str], ...]:
    """Sentences of the modules that write into a test's outcome."""
    packages = (course_utils.checks, course_utils.grading.examiner)
    files = [path for package in packages for path in Path(package.__path__[0]).glob("*.py")]
    files.append(Path(course_utils.grading.preprocessors.__path__[0]) / "execute.py")
    return tuple(
        pattern for file in sorted(files) for pattern in _patterns(file.read_text("utf-8"))
    )


def _patterns(source: str) -> Iterator[re.Pattern[str]]:
    for text in _literals(ast.parse(source)):
        letters = sum(sign.isalpha() for sign in _FIELD.sub("", text))
        parts = [re.escape(part) for part in _FIELD.split(text)]
        if letters >= _FEWEST_LETTERS and " " in text.strip():
            yield re.compile(f"(.{{0,{LONGEST_FILLING}}}?)".join(parts))


def _literals(tree: ast.AST) -> Iterator[str]:
    """String constants; an f-string with ``{}`` where something is filled in."""
    inside: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            inside |= {id(part) for part in node.values}
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
            )
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and id(node) not in inside:
            yield text
