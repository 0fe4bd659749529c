"""One voice in all units: the same words, headings and icons for the same things."""

import re
from collections.abc import Iterator
from typing import Final

from nbformat import NotebookNode

# What a text must not say, outside of code: what it says instead.
WORDS: Final = {
    r"desv[ií]os?": "desviación",
    r"bias": "sesgo",
    r"list[oó]n": "vara",
    r"vos|tenés|podés|querés|sabés|mirá|probá|fijate": "the forms of «tú»",
}
_WORDS: Final = {re.compile(rf"\b(?:{word})\b", re.I): say for word, say in WORDS.items()}
_COMMA: Final = re.compile(r"(?<![\d,.])\d+(?:,|\{,\})\d+(?!,?\d)")
_HEADING: Final = re.compile(r"^## (\d+)(?!\d*\. ).*$", re.MULTILINE)
_PREDICTION: Final = re.compile(r"\*\*Predice")
# In italics stands the English name of a thing, which a text may give once.
_CODE: Final = re.compile(r"```.*?```|`[^`]*`|\]\([^)]*\)|(?<!\*)\*[^*\n]+\*(?!\*)", re.DOTALL)
_MATH: Final = re.compile(r"\$\$.*?\$\$|\$[^$]*\$", re.DOTALL)


def faults(master: NotebookNode) -> Iterator[str]:
    """Words, numbers, headings and icons that other units write in another way.

    Args:
        master: of a unit.
    """
    for cell in master.cells:
        if cell.cell_type == "markdown":
            yield from (f"{cell.id}: {fault}" for fault in of_text(cell.source))


def of_text(source: str) -> Iterator[str]:
    """What one text says in another voice, a sentence each."""
    text = _CODE.sub(" ", source)
    prose = _MATH.sub(" ", text)
    for word, instead in _WORDS.items():
        for found in word.findall(prose):
            yield f"says '{found}'; the course says {instead}"
    decimals = _COMMA.findall(prose) + [n for n in _COMMA.findall(text) if "{,}" in n]
    yield from (f"{number} has a decimal comma; the course writes a point" for number in decimals)
    for number in _HEADING.findall(source):
        yield f"its heading {number} is not written as '## {number}. …'"
    if _PREDICTION.search(source):
        yield "asks for a prediction without its icon: '**🔮 Predice'"
