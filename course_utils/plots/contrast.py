"""How well two colours are told apart, by the rule of the W3C's accessibility guidelines."""

from typing import Final

TEXT: Final = 4.5  # WCAG 2.2, criterion 1.4.3
GRAPHICS: Final = 3.0  # criterion 1.4.11


def contrast(colour: str, background: str = "#FFFFFF") -> float:
    """Contrast ratio of two colours written as ``#RRGGBB``: 1 (the same) to 21 (black on white)."""
    light, dark = sorted((_luminance(colour), _luminance(background)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
