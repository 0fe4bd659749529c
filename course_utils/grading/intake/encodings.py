"""Decode bytes that are not UTF-8: take the old encoding in which they read most like Spanish.

charset-normalizer mistakes Mac Roman for Windows-1252. Spanish tells the two apart: with the right
encoding, á, é, í, ó, ú, ü and ñ stand between letters; with the wrong one, ‡ or Ž.
"""

import re
from itertools import islice

# The most usual comes first: the first of several encodings with the same points is taken.
OLD = ("cp1252", "iso8859_15", "mac_roman", "cp850")
_SAMPLES = 5_000  # places of a text that are compared
_STRAYS = 10_000  # bytes that are decoded one by one: each costs a call
_PLACE = re.compile(rb"[ -~]?[\x80-\xff]{1,40}[ -~]?")
_SPANISH = re.compile(r"(?<=[A-Za-z])[áéíóúüñÁÉÍÓÚÜÑ]|[áéíóúüñÁÉÍÓÚÜÑ](?=[A-Za-z])")
_STRAY = re.compile("[\\udc80-\\udcff]")
_STRANGE = re.compile(r"[^\x00-\x7fáéíóúüñÁÉÍÓÚÜÑçàèòïÇÀÈÒÏ¿¡«»“”‘’–—…·•ªº°€²³±×÷µ√≈≠≤≥∑∂πΩ]")


class _TooManyStrays(Exception):
    """Too many bytes of a text are not UTF-8: the text is not UTF-8 with a few stray bytes."""


def old_text(content: bytes) -> tuple[str, bool]:
    """Decode bytes in an old encoding, or in UTF-8 with stray bytes of an old encoding.

    Args:
        content: the bytes.

    Returns:
        text: the reading with the most points for Spanish.
        sure: whether Spanish letters outnumber, or equal, the signs that Spanish does not use.
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
    """Decode UTF-8, and each byte that is not UTF-8 in another encoding.

    Raises:
        _TooManyStrays: more than ``_STRAYS`` bytes are not UTF-8.
    """
    # Each byte that is not UTF-8 becomes a lone surrogate, which valid UTF-8 never contains.
    text = content.decode("utf-8", "surrogateescape")
    if sum(1 for _ in islice(_STRAY.finditer(text), _STRAYS + 1)) > _STRAYS:
        raise _TooManyStrays
    return _STRAY.sub(
        lambda stray: stray[0].encode("utf-8", "surrogateescape").decode(encoding, "replace"), text
    )


def _points(text: str) -> int:
    """Points for Spanish: number of its accented letters minus number of signs foreign to it."""
    return len(_SPANISH.findall(text)) - len(_STRANGE.findall(text))
