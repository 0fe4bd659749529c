"""Numbers with decimals in the text of a unit, and what backs each of them.

A number is backed where the code of a cell sets it, where a stored output prints it (a text may
round what is printed, to two decimals or more), or where a sentence of the facts tests has it in
one of its places ``{}``, so that a test computes it. Whole numbers are not looked at: most of them
count or name things.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from nbformat import NotebookNode

from course_utils.grading.course import read_notebook
from tests.notebooks.facts import COURSE, NUMBER

DECIMAL = re.compile(r"(?<![\w.#])[-−]?\d+(?:\.|\{,\})\d+(?![\w#]|\.\d)")
ROUNDED = 2  # decimals from which a text may round a printed number
# Where a number with a point names something: "ejercicios 3.4 y 4.7", a row of the table of
# exercises, an address, code.
NAMES = (
    r"(?:[Ee]jercicios?|[Ss]ecci(?:ón|ones)|[Rr]eflexión) \d+\.\d+"
    r"(?:(?:,| y| \([^)]*\) y) \d+\.\d+)*",
    r"^\| \d\.\d \|.*$",
    r"\]\([^)]*\)|arXiv:[\d.]+|```[^`]*```|`[^`]*`",
    r"\b(?:del|el) {unit}\.\d(?!\d)",
)


def unbacked(unit: int) -> list[str]:
    """The numbers in a unit's text that nothing backs: cell, number, the words around it."""
    cells = read_notebook(COURSE.master(COURSE.units()[unit - 1])).cells
    known, patterns = set(in_cells(cells)), list(map(_pattern, sentences()))
    names = re.compile("|".join(NAMES).replace("{unit}", str(unit)), re.MULTILINE)
    return [
        f"{cell.id}: {fault}"
        for cell in cells
        if cell.cell_type == "markdown" and not cell.metadata.get("nbgrader")
        for fault in left_in(cell.source, known, patterns, names)
    ]


def left_in(
    source: str, known: set[str], patterns: Iterable[re.Pattern[str]], names: re.Pattern[str]
) -> Iterator[str]:
    """The numbers of a text that are neither known nor in a place of a pattern.

    Args:
        source: a text cell's.
        known: numbers as ``in_cells`` gives them.
        patterns: sentences that a test looks for.
        names: what is no quantity.
    """
    whole = " ".join(source.split())
    covered = {
        place
        for pattern in patterns
        for found in pattern.finditer(whole)
        for group in range(1, (found.lastindex or 0) + 1)
        for place in range(*found.span(group))
    }
    # Digits alone are masked, so that a place in one text is the same place in the other.
    masked = names.sub(lambda name: re.sub(r"\d", "#", name[0]), source)
    for found in DECIMAL.finditer(" ".join(masked.split())):
        if found.start() not in covered and not backed(found[0], known):
            yield f"{found[0]} in «{whole[max(0, found.start() - 40) : found.end() + 20]}»"


def backed(number: str, known: set[str]) -> bool:
    """Whether a number is known, or one that is known rounds to it."""
    plain = number.replace("{,}", ".").lstrip("-−")
    decimals = len(plain.partition(".")[2])
    if plain in known:
        return True
    return decimals >= ROUNDED and any(f"{float(one):.{decimals}f}" == plain for one in known)


def in_cells(cells: Iterable[NotebookNode]) -> Iterator[str]:
    """Numbers with decimals in the code of a notebook and in its stored outputs."""
    for cell in (cell for cell in cells if cell.cell_type == "code"):
        shown = [out.get("text", "") + out.get("data", {}).get("text/plain", "")
                 for out in cell.outputs]  # fmt: skip
        yield from re.findall(r"\d+\.\d+", " ".join([cell.source, *shown]))


def sentences() -> set[str]:
    """The strings with ``{}`` in the facts tests and in the tests of worked examples."""
    found: set[str] = set()
    for path in Path(__file__).parent.glob("test_*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found |= {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "{}" in node.value
        }
    return {sentence for sentence in found if len(sentence) > len("{} {}")}


def _pattern(sentence: str) -> re.Pattern[str]:
    return re.compile(NUMBER.join(re.escape(part) for part in sentence.split("{}")))
