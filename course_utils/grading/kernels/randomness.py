"""The same random numbers in every run of a graded notebook.

A training may converge from some initial weights and fail from others: its mark would depend on
chance. The examiner draws fresh inputs all the same, because it is another process.
"""

import random
import sys
from collections.abc import Callable
from typing import Any, Final

_SEED: Final = 5_489
_LIBRARIES: Final[dict[str, Callable[[Any], object]]] = {
    "numpy": lambda numpy: numpy.random.seed(_SEED),
    "torch": lambda torch: torch.manual_seed(_SEED),
    "tensorflow": lambda tensorflow: tensorflow.random.set_seed(_SEED),
}


def draw_alike(ipython: Any) -> None:
    """Seed all random numbers after the first cell, and each later library after its import.

    The first cell is the master's set-up cell, which imports the unit's libraries. A forked kernel
    has these libraries from the start, a cold kernel only then; seeded after that cell, both draw
    the same numbers. Each library is seeded once, so seeds that a notebook sets later hold.

    Args:
        ipython: the kernel's shell.
    """
    seeded: set[str] = set()

    def seed(_: Any) -> None:
        if not seeded:
            random.seed(_SEED)
            seeded.add("random")
        for name, how in _LIBRARIES.items():
            if name in sys.modules and name not in seeded:
                seeded.add(name)
                how(sys.modules[name])

    ipython.events.register("post_run_cell", seed)
