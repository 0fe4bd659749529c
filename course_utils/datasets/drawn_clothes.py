"""Drawn clothes: a stand-in for Fashion-MNIST that needs no download.

Each class is a few polygons in the unit square, bent a little at random into many outlines. A
picture is one outline with a random place, brightness, gradient and texture.
"""

from typing import Final

import numpy as np

SIDE: Final = 28  # pixels
OUTLINES: Final = 60  # a class
SHIFT: Final = 2  # pixels, the largest in each direction
BEND: Final = 0.035  # deviation of a corner, in sides of the picture
CONFUSION: Final = 0.09  # fraction of the pictures that borrow the outline of another class
_BLOCK: Final = 5000  # pictures drawn at a time: bounds the memory

Polygon = tuple[tuple[float, float], ...]

_SLEEVED: Final[Polygon] = (
    (0.35, 0.08), (0.65, 0.08), (0.80, 0.16), (0.95, 0.80), (0.82, 0.83), (0.72, 0.40),
    (0.72, 0.92), (0.28, 0.92), (0.28, 0.40), (0.18, 0.83), (0.05, 0.80), (0.20, 0.16),
)  # fmt: skip
# Corners (x to the right, y downwards) of the polygons of each class, in the official order. A
# polygon after the first one is cut out of it.
_SHAPES: Final[tuple[tuple[Polygon, ...], ...]] = (
    (
        ((0.35, 0.10), (0.65, 0.10), (0.95, 0.28), (0.86, 0.44), (0.74, 0.37), (0.74, 0.92),
         (0.26, 0.92), (0.26, 0.37), (0.14, 0.44), (0.05, 0.28)),
        ((0.42, 0.08), (0.58, 0.08), (0.50, 0.18)),
    ),
    (
        ((0.30, 0.06), (0.70, 0.06), (0.74, 0.95), (0.56, 0.95), (0.50, 0.34), (0.44, 0.95),
         (0.26, 0.95)),
    ),
    (_SLEEVED, ((0.42, 0.06), (0.58, 0.06), (0.50, 0.13))),
    (
        ((0.40, 0.06), (0.60, 0.06), (0.64, 0.22), (0.58, 0.42), (0.72, 0.95), (0.28, 0.95),
         (0.42, 0.42), (0.36, 0.22)),
    ),
    (_SLEEVED, ((0.48, 0.08), (0.52, 0.08), (0.52, 0.92), (0.48, 0.92))),
    (
        ((0.05, 0.60), (0.30, 0.42), (0.62, 0.50), (0.88, 0.30), (0.96, 0.40), (0.95, 0.74),
         (0.84, 0.74), (0.80, 0.62), (0.50, 0.74), (0.05, 0.74)),
        ((0.34, 0.50), (0.56, 0.55), (0.60, 0.63), (0.36, 0.63)),
    ),
    (_SLEEVED, ((0.40, 0.05), (0.60, 0.05), (0.50, 0.24)), ((0.49, 0.3), (0.51, 0.3), (0.5, 0.8))),
    (
        ((0.04, 0.58), (0.36, 0.46), (0.52, 0.36), (0.62, 0.44), (0.86, 0.38), (0.96, 0.44),
         (0.97, 0.74), (0.04, 0.74)),
    ),
    (
        ((0.10, 0.40), (0.28, 0.40), (0.34, 0.14), (0.66, 0.14), (0.72, 0.40), (0.90, 0.40),
         (0.94, 0.88), (0.06, 0.88)),
        ((0.36, 0.40), (0.40, 0.21), (0.60, 0.21), (0.64, 0.40)),
    ),
    (
        ((0.05, 0.66), (0.34, 0.50), (0.50, 0.12), (0.86, 0.10), (0.90, 0.50), (0.96, 0.90),
         (0.80, 0.90), (0.74, 0.82), (0.48, 0.90), (0.05, 0.88)),
    ),
)  # fmt: skip
_ALIKE: Final = np.array([6, 3, 4, 1, 2, 7, 0, 5, 4, 7])


def draw_clothes(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw pictures of clothes with the shapes, types and classes of Fashion-MNIST.

    Args:
        n: how many pictures.
        seed: the same seed gives the same pictures; the outlines are the same for all seeds.

    Returns:
        images: (n, 28, 28) uint8, 0 (background) to 255.
        labels: (n,) uint8, 0 to 9, as balanced as n allows, in random order.
    """
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.arange(n) % len(_SHAPES)).astype(np.uint8)
    outlines = _outlines()
    images = np.empty((n, SIDE, SIDE), dtype=np.uint8)
    for at in range(0, n, _BLOCK):
        images[at : at + _BLOCK] = _pictures(labels[at : at + _BLOCK], outlines, rng)
    return images, labels


def _pictures(labels: np.ndarray, outlines: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Pictures (m, 28, 28) uint8 for labels (m,)."""
    m = len(labels)
    shown = np.where(rng.random(m) < CONFUSION, _ALIKE[labels], labels)
    places = rng.integers(0, 2 * SHIFT + 1, (m, 2))
    masks = outlines[shown, rng.integers(0, OUTLINES, m), places[:, 0], places[:, 1]]
    steps = np.linspace(-1, 1, SIDE, dtype=np.float32)
    slope = rng.normal(0, 0.18, (m, 2)).astype(np.float32)
    shade = slope[:, :1, None] * steps[:, None] + slope[:, 1:, None] * steps
    brightness = rng.uniform(0.35, 0.95, m).astype(np.float32)[:, None, None]
    stripes = (rng.random(m) < 0.3)[:, None, None] * (0.25 * (np.arange(SIDE) // 3 % 2))[:, None]
    grain = rng.integers(-28, 29, (m, SIDE, SIDE), dtype=np.int8)
    bright = 255 * np.clip(brightness + shade - stripes.astype(np.float32), 0.1, 1) + grain
    return np.asarray(masks * np.clip(bright, 1, 255), dtype=np.uint8)


def _outlines() -> np.ndarray:
    """Outlines (10, OUTLINES, 2 SHIFT + 1, 2 SHIFT + 1, 28, 28) float32, at every place."""
    rng = np.random.default_rng(2017)
    side = SIDE + 2 * SHIFT
    centred = np.zeros((len(_SHAPES), OUTLINES, side, side), dtype=np.float32)
    inner = slice(SHIFT, SHIFT + SIDE)
    for shape, drawn in zip(_SHAPES, centred, strict=True):
        for outline in drawn:
            outline[inner, inner] = _outline(shape, rng)
    windows = np.lib.stride_tricks.sliding_window_view(centred, (SIDE, SIDE), axis=(2, 3))
    return np.ascontiguousarray(windows)


def _outline(shape: tuple[Polygon, ...], rng: np.random.Generator) -> np.ndarray:
    """One outline (28, 28), 0 outside to 1 inside, its corners moved at random."""
    scale = rng.uniform(0.82, 1.05, 2)
    first, *cut = (np.array(polygon) for polygon in shape)
    inside = _covered((first + rng.normal(0, BEND, first.shape) - 0.5) * scale + 0.5)
    for polygon in cut:
        inside = inside * (1 - _covered((polygon - 0.5) * scale + 0.5))
    return inside


def _covered(corners: np.ndarray) -> np.ndarray:
    """Fraction of each pixel (28, 28) inside a polygon, from 2×2 points a pixel."""
    from matplotlib.path import Path

    fine = (np.arange(2 * SIDE) + 0.5) / (2 * SIDE)
    points = np.stack(np.meshgrid(fine, fine), axis=-1).reshape(-1, 2)
    inside = Path(corners).contains_points(points).reshape(SIDE, 2, SIDE, 2)
    return np.asarray(inside.mean(axis=(1, 3)), dtype=np.float32)
