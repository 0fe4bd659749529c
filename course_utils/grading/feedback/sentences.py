"""What a feedback page may repeat of a failed test: sentences that the course wrote, no others.

What the student's code raises or returns while a hidden test calls it can carry the test's inputs.
So a text is shown only where it is a sentence of the test cell or of the course's own modules, and
what was filled into it only where it is harmless. Of a hidden test a few digits are shown at most.
A later visible test can be made to show what a hidden one asked: of its values only numbers are
shown, at most a short array's.
"""

import ast
import builtins
import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import course_utils.checks
import course_utils.grading.examiner
import course_utils.grading.executor
from course_utils.checks import recorded
from course_utils.grading.executor.reasons import LONGEST_LINE

GENERAL: Final = {
    "NotStarted": "Todavía no escribiste tu solución.",
    "Incorrect": "El resultado no es el que pide el enunciado.",
}
OTHERWISE: Final = "Tu código terminó con un error cuando la prueba lo llamó."
LONGEST_FILLING: Final = 160  # characters: a short array
LEFT_OUT: Final = "…"
LONGEST: Final = 1_000  # characters of a sentence
LONGEST_ANSWER: Final = 20_000  # characters that are searched for pieces
MOST_LINES: Final = 300  # of an answer of which a line is shown: its number gives few bits away
MOST_DIGITS: Final = 4  # of a hidden test's sentence: the shapes (37, 1) and (37,) have three
_FEWEST_LETTERS: Final = 4
_FIELD = re.compile(r"\{\w*\}")
_NUMBERS = re.compile(r"[-+0-9.,()\[\] enaif]*")  # with their exponents, nan and inf
_SHAPE = re.compile(r"\(?(?:[0-9]{1,4}(?:, ?[0-9]{1,4}){0,4},?)?\)?")
_NUMBER = re.compile(r"[0-9]+")
_PIECE = re.compile(r"[^\W\d][\w.]*|'[^'\n]{1,60}'|\"[^\"\n]{1,60}\"|[^\w\s]{1,3}")
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
    if kind == "Incorrect" and text in recorded.sentences():  # a teacher wrote it, to the last sign
        return text
    if len(text) > LONGEST:
        return GENERAL.get(kind, OTHERWISE)
    numbers = _NUMBERS if kind == "Incorrect" and not hidden else _SHAPE
    said = _Reader(test, answer, numbers, MOST_DIGITS if hidden else None).sentence(text)
    return said or GENERAL.get(kind, OTHERWISE)


class Template:
    """A sentence of the course's with fields.

    Matched without a regular expression: with several fields, a pattern may try every way to divide
    the text among them, and a student can write a text with billions of ways.

    Args:
        text: the sentence, ``{}`` or ``{name}`` where something is filled in.
    """

    def __init__(self, text: str) -> None:
        self._parts = _FIELD.split(text)

    def fields(self, text: str) -> list[tuple[int, int]] | None:
        """Where the fields lie in a text, each as short as possible; None if the text differs."""
        first, last = self._parts[0], self._parts[-1]
        if len(self._parts) == 1:
            return [] if text == first else None
        if not (text.startswith(first) and text.endswith(last)):
            return None
        places = self._places(text)
        found, at = [], len(first)
        for ends in places:
            nearest = _first_within(ends, at)
            if nearest is None:
                return None
            found.append((at, nearest))
            at = nearest + len(self._parts[len(found)])
        return found

    def _places(self, text: str) -> list[list[int]]:
        """For each field, where it may end so that the rest of the text still fits."""
        ends = [len(text) - len(self._parts[-1])]
        places = [ends]
        for part in reversed(self._parts[1:-1]):
            ends = [
                at for at in _occurrences(part, text)
                if _first_within(ends, at + len(part)) is not None
            ]  # fmt: skip
            places.append(ends)
        return places[::-1]


def _first_within(ends: list[int], at: int) -> int | None:
    place = bisect_left(ends, at)
    found = ends[place] if place < len(ends) else None
    return found if found is not None and found - at <= LONGEST_FILLING else None


def _occurrences(part: str, text: str) -> list[int]:
    return [at for at in range(len(text) - len(part) + 1) if text.startswith(part, at)]


class _Reader:
    """Reads a sentence, and the sentences that were filled into it.

    Args:
        test: source of the test cell.
        answer: source of the student's answer.
        numbers: what numbers may be shown.
        most_digits: how many digits all different numbers may have together; None: any number.
    """

    def __init__(
        self, test: str, answer: str, numbers: re.Pattern[str], most_digits: int | None
    ) -> None:
        self._names = _names(test)
        self._pieces = _pieces(answer)
        self._numbers = numbers
        self._most_digits = most_digits
        self._shown: set[str] = set()
        self._templates = (*_of_test(test), *_of_course())
        self._read: dict[str, str | None] = {}

    def sentence(self, text: str) -> str | None:
        """The sentence with what is harmless in it; None where it is not the course's."""
        if text not in self._read:
            found = (template.fields(text) for template in self._templates)
            said = [self._filled(text, fields) for fields in found if fields is not None]
            self._read[text] = min(said, key=lambda said: said.count(LEFT_OUT), default=None)
        return self._read[text]

    def _filled(self, text: str, fields: list[tuple[int, int]]) -> str:
        shown, last = [], 0
        for start, end in fields:
            shown += [text[last:start], self._filling(text[start:end])]
            last = end
        return "".join([*shown, text[last:]])

    def _filling(self, text: str) -> str:
        numbers, harmless = self._numbers.fullmatch(text), self._is_known(text)
        if numbers or harmless:
            return text if self._is_little(text) else LEFT_OUT
        word = text.partition(":")[0]
        return word if word in _WORDS else self.sentence(text) or LEFT_OUT

    def _is_little(self, text: str) -> bool:
        """Whether the numbers of a sentence are few enough with this text's."""
        shown = self._shown | set(_NUMBER.findall(text))
        digits = sum(map(len, shown))
        if self._most_digits is not None and digits > self._most_digits:
            return False
        self._shown = shown
        return True

    def _is_known(self, text: str) -> bool:
        """Whether a text is a piece of the answer, or the test's name for one of its values.

        Such names are "mu", "la y de data[i]", "p con d = 1".
        """
        return text in self._pieces or re.sub(r"[0-9]{1,2}", "{}", text) in self._names


@lru_cache(maxsize=500)
def _names(test: str) -> frozenset[str]:
    """Names in a test, and its texts: whole ones, since a part may be a list of its inputs."""
    tree = ast.parse(test)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    texts = {*names, *_literals(tree)}
    return frozenset(re.sub(r"\{\w+\}|[0-9]{1,2}", "{}", text) for text in texts) - {"{}"}


def _pieces(answer: str) -> frozenset[str]:
    """Names, short texts, operators and whole lines of an answer."""
    found = _PIECE.findall(answer[:LONGEST_ANSWER])
    parts = (part for piece in found for part in (piece, *piece.split(".")))
    # A sentence about an answer that stopped names the line, cut as ``reasons`` does.
    lines = answer[:LONGEST_ANSWER].splitlines()
    whole = {line.strip()[:LONGEST_LINE] for line in lines} if len(lines) <= MOST_LINES else set()
    return frozenset(quoted for part in parts for quoted in (part, part.strip("'\""))) | whole


@lru_cache(maxsize=500)
def _of_test(source: str) -> tuple[Template, ...]:
    return tuple(_templates(source))


@cache
def _of_course() -> tuple[Template, ...]:
    """Sentences of the modules that write into a test's outcome."""
    packages = (course_utils.checks, course_utils.grading.examiner, course_utils.grading.executor)
    files = [path for package in packages for path in Path(package.__path__[0]).glob("*.py")]
    return tuple(
        template for file in sorted(files) for template in _templates(file.read_text("utf-8"))
    )


def _templates(source: str) -> Iterator[Template]:
    for text in _literals(ast.parse(source)):
        letters = sum(sign.isalpha() for sign in _FIELD.sub("", text))
        if letters >= _FEWEST_LETTERS and " " in text.strip():
            yield Template(text)


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
