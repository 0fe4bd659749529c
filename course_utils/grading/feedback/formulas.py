"""LaTeX to MathML, which browsers draw without a script and without a network."""

import re
from html import escape, unescape
from typing import Final
from xml.etree import ElementTree

from latex2mathml.converter import convert_to_element

# What the converter knows by another name only.
_OTHER_NAMES: Final = {r"\{aligned\}": "{split}", r"\\arg\b": r"\\operatorname{arg}"}
_SIGNS: Final = ("-", "−", "+")
_CLOSING: Final = (")", "]", "}", "|", "!", "⌉")
LONGEST: Final = 2_000  # characters of one formula
_TAGS: Final = {
    "math", "menclose", "mfenced", "mfrac", "mi", "mn", "mo", "mover", "mpadded", "mphantom",
    "mroot", "mrow", "ms", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable",
    "mtd", "mtext", "mtr", "munder", "munderover",
}  # fmt: skip
_ATTRIBUTES: Final = {
    "accent", "accentunder", "columnalign", "columnlines", "columnspacing", "depth", "display",
    "displaystyle", "fence", "form", "height", "largeop", "linebreak", "linethickness",
    "lspace", "mathsize", "mathvariant", "maxsize", "minsize", "movablelimits", "notation",
    "rowlines", "rowspacing", "rspace", "scriptlevel", "separator", "stretchy", "symmetric",
    "width",
}  # fmt: skip


def to_mathml(latex: str, *, display: bool = False) -> str:
    """A formula as MathML; as text where it is none.

    Args:
        latex: the formula, without the signs around it.
        display: whether it stands on a line of its own.
    """
    try:
        if len(latex) > LONGEST:
            raise ValueError(f"a formula of {len(latex)} characters")
        for unknown, known in _OTHER_NAMES.items():
            latex = re.sub(unknown, known, latex)
        element = convert_to_element(latex, display="block" if display else "inline")
        _check(element)
        _mark_signs(element)
    except Exception:  # a parser on a student's text: whatever it stumbles over is shown as text
        return f"<code>{escape(latex[:LONGEST])}</code>"
    return ElementTree.tostring(element, encoding="unicode")


def _check(element: ElementTree.Element) -> None:
    """Take off attributes that are not known to be harmless; write signs as signs.

    The converter leaves ``&#x0003D;`` for "=". Unescaped here, a sign is escaped once when the
    element is written, whoever wrote it.

    Raises:
        ValueError: an element that is not known to be harmless, such as a link.
    """
    for part in element.iter():
        if part.tag not in _TAGS:
            raise ValueError(f"<{part.tag}> in a formula")
        for name in set(part.attrib) - _ATTRIBUTES:
            del part.attrib[name]
        part.text = unescape(part.text) if part.text else None


def _mark_signs(element: ElementTree.Element) -> None:
    """Tell a sign, as in "(−1, 2)", from a difference: browsers leave a space around that."""
    for part in element.iter():
        before: ElementTree.Element | None = None
        for child in part:
            after_operator = (
                before is not None and before.tag == "mo" and before.text not in _CLOSING
            )
            if child.tag == "mo" and child.text in _SIGNS and after_operator:
                child.set("form", "prefix")
            before = child
