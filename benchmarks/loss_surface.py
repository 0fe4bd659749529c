"""How much faster ``LossSurface`` fills its grid than a double Python loop over it.

Usage: python -m benchmarks.loss_surface [points]

Both compute the same 200 × 200 heights in the same run; the loop asks PyTorch's ``BCELoss`` for one
grid point at a time. The program fails where the ratio is below 50.
"""

import sys
import time
from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from course_utils.plots.surfaces import LossSurface

REQUIRED = 50.0
REPEATS = 5


def course_data() -> tuple[torch.Tensor, torch.Tensor]:
    """The unit's twenty points and labels, (20, 1) each, in float64."""
    x = torch.arange(-1, 1, 0.1, dtype=torch.float32).view(-1, 1)
    return x.double(), (x > 0.2).double()


def looped(w: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """The heights by a double loop: (rows of b, columns of w)."""
    x, y = course_data()
    criterion = nn.BCELoss()
    heights = np.empty((len(b), len(w)))
    for i, bias in enumerate(b):
        for j, weight in enumerate(w):
            heights[i, j] = criterion(torch.sigmoid(weight * x + bias), y)
    return heights


def seconds(work: Callable[[], object], repeats: int) -> float:
    """The shortest of several runs, in seconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def main(points: int = 200) -> int:
    """Measure, compare and print; 0 where the grid is fast enough."""
    x, y = course_data()
    surface = LossSurface(x, y, points=points)  # warms PyTorch up
    fast = seconds(lambda: LossSurface(x, y, points=points), REPEATS)
    found: list[NDArray[np.float64]] = []
    slow = seconds(lambda: found.append(looped(surface.w, surface.b)), 1)
    np.testing.assert_allclose(surface.values, found[0], rtol=1e-6)
    print(f"{points} × {points}: grid {fast * 1e3:.1f} ms, loop {slow * 1e3:.0f} ms")
    print(f"ratio {slow / fast:.0f} (at least {REQUIRED:.0f})")
    return int(slow / fast < REQUIRED)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
