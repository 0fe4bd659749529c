"""Whether a notebook can be used without seeing it well: what can be checked of that."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from nbformat import NotebookNode

from course_utils.plots.contrast import TEXT, contrast

SHORTEST_ALT = 15  # characters: less names a picture and does not tell what it shows
_IMAGE = re.compile(r"!\[([^\]]+)\]\(([^)\s]+)\)")
_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\([^)\s]+\)")
_VAGUE = {"aquí", "acá", "enlace", "link", "este enlace", "clic aquí", "ver", "más"}
_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\Z")


def faults(master: NotebookNode, folder: Path) -> Iterator[str]:
    """What is wrong with a master's texts and with the pictures in its folder."""
    for cell in master.cells:
        if cell.cell_type == "markdown":
            yield from _texts(cell)
    for picture in sorted(folder.rglob("*.svg")):
        for word, ratio in pale_words(picture):
            yield (
                f"{picture.name}: the contrast of '{word}' on white is {ratio:.1f}; "
                f"text needs {TEXT}"
            )


def _texts(cell: NotebookNode) -> Iterator[str]:
    for alt, target in _IMAGE.findall(cell.source):
        if len(alt) < SHORTEST_ALT or alt.lower() == Path(target).stem.lower():
            yield f"{cell.id}: the alt text of {target} does not say what it shows"
    for text in _LINK.findall(cell.source):
        if text.strip(" .").lower() in _VAGUE:
            yield f"{cell.id}: the link '{text}' does not say where it leads"


def pale_words(picture: Path) -> Iterator[tuple[str, float]]:
    """The words of an SVG that are hard to read on white, with their contrast.

    White words stand on a filled shape, which is not looked for.
    """
    yield from _pale(ElementTree.parse(picture).getroot(), "#000000")


def _pale(element: ElementTree.Element, inherited: str) -> Iterator[tuple[str, float]]:
    own = element.get("fill", inherited)
    fill = _long(own) if _COLOUR.match(own) else inherited
    words = " ".join("".join(element.itertext()).split())
    if element.tag.rpartition("}")[2] == "text" and words and fill.lower() != "#ffffff":
        ratio = contrast(fill)
        if ratio < TEXT:
            yield words, ratio
    for child in element:
        yield from _pale(child, fill)


def _long(colour: str) -> str:
    return colour if len(colour) == 7 else "#" + "".join(2 * digit for digit in colour[1:])
