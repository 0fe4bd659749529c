"""Pictures of clothes in Fashion-MNIST's official format."""

import gzip
import struct
from pathlib import Path

import numpy as np

from course_utils.datasets import fashion_mnist
from course_utils.datasets.drawn_clothes import draw_clothes

# Real images; they lie beside the project, of which they may not be a part.
REAL = Path(__file__).parents[3] / "shared" / "data" / "fashion-mnist-900"
NAMES = {split: prefix for split, (prefix, _) in fashion_mnist._SPLITS.items()}


def idx(array: np.ndarray, magic: int | None = None) -> bytes:
    """An array as a compressed IDX file."""
    head = struct.pack(f">{1 + array.ndim}I", magic or 2048 + array.ndim, *array.shape)
    return gzip.compress(head + array.astype(np.uint8).tobytes(), 1)


def drawn(folder: Path, train: int, test: int) -> Path:
    """Draw so many pictures into a folder; returns it."""
    folder.mkdir()
    for seed, (prefix, number) in enumerate(zip(NAMES.values(), (train, test), strict=True)):
        images, labels = draw_clothes(number, seed)
        (folder / f"{prefix}-images-idx3-ubyte.gz").write_bytes(idx(images))
        (folder / f"{prefix}-labels-idx1-ubyte.gz").write_bytes(idx(labels))
    return folder


def real_or_drawn(folder: Path, train: int, test: int) -> Path:
    """The folder of the real images; where there is none, one with so many drawn ones."""
    return REAL if REAL.is_dir() else drawn(folder, train, test)
