"""Bytes that are no UTF-8 → text: which of the old encodings reads most like Spanish.

charset-normalizer takes Mac Roman for Windows-1252; what a file in Spanish must hold tells them
apart: between letters stand á, é, í, ó, ú, ü and ñ, and not ‡ or Ž.
"""

import re
from itertools import islice

# The more usual first: it is taken where nothing tells them apart.
OLD = ("cp1252", "iso8859_15", "mac_roman", "cp850")
_SAMPLES = 5_000  # places that are looked at
_STRAYS = 10_000  # bytes that are mended one by one: each costs a call
_PLACE = re.compile(rb"[ -~]?[\x80-\xff]{1,40}[ -~]?")
_SPANISH = re.compile(r"(?<=[A-Za-z])[áéíóúüñÁÉÍÓÚÜÑ]|[áéíóúüñÁÉÍÓÚÜÑ](?=[A-Za-z])")
_STRAY = re.compile("[\\udc80-\\udcff]")
_STRANGE = re.compile(r"[^\x00-\x7fáéíóúüñÁÉÍÓÚÜÑçàèòïÇÀÈÒÏ¿¡«»“”‘’–—…·•ªº°€²³±×÷µ√≈≠≤≥∑∂πΩ]")


class _TooManyStrays(Exception):
    """A text is not what it was taken for."""


def old_text(content: bytes) -> tuple[str, bool]:
    """Text of bytes that are no UTF-8, or that are UTF-8 with other bytes among it.

    Args:
        content: the bytes.

    Returns:
        text: as Spanish as it gets.
        sure: whether nothing in it speaks against that reading.
    """
    places = _PLACE.finditer(content)
    sample = b"\n".join(place[0] for place, _ in zip(places, range(_SAMPLES), strict=False))
    readings = [(encoding, mixed) for mixed in (True, False) for encoding in OLD]
    points = {reading: _points(_decoded(sample, *reading)) for reading in readings}
    best = max(readings, key=lambda reading: points[reading])
    return _decoded(content, *best), points[best] >= 0


def _decoded(content: bytes, encoding: str, mixed: bool) -> str:
    if mixed:
        try:
            return _mended(content, encoding)
        except _TooManyStrays:
            pass
    return content.decode(encoding, "replace")


def _mended(content: bytes, encoding: str) -> str:
    """UTF-8 text with the bytes that are none read in another encoding.

    Raises:
        _TooManyStrays: there are too many of those.
    """
    # Each byte that is no UTF-8 becomes a lone surrogate, which valid UTF-8 never contains.
    text = content.decode("utf-8", "surrogateescape")
    if sum(1 for _ in islice(_STRAY.finditer(text), _STRAYS + 1)) > _STRAYS:
        raise _TooManyStrays
    return _STRAY.sub(
        lambda stray: stray[0].encode("utf-8", "surrogateescape").decode(encoding, "replace"), text
    )


def _points(text: str) -> int:
    """How much a text is like Spanish: letters that it has, less signs that it does not."""
    return len(_SPANISH.findall(text)) - len(_STRANGE.findall(text))
