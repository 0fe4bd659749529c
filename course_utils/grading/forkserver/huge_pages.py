"""Moves memory into huge pages, which makes forks quicker.

A fork copies the page table, not the pages. One huge page of 2 MiB needs one entry instead of 512.
"""

import ctypes
from collections.abc import Iterator
from pathlib import Path
from typing import Final

SIZE: Final = 2 << 20
_COLLAPSE: Final = 25  # MADV_COLLAPSE, from Linux 6.1 on
# Refusals before ``collapse`` gives up. The system refuses pages that were never touched; a system
# older than Linux 6.1 refuses every page.
_MAX_REFUSED: Final = 200


def collapse() -> Iterator[None]:
    """Move this process's memory into huge pages, one page a step of some milliseconds.

    Ends early, without any change, on a system that does not support this.
    """
    libc = ctypes.CDLL(None)
    libc.madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    refused = 0
    for start, end in _regions():
        for address in range(-(-start // SIZE) * SIZE, end - SIZE + 1, SIZE):
            refused += libc.madvise(address, SIZE, _COLLAPSE) != 0
            if refused > _MAX_REFUSED:
                return
            yield


def _regions() -> list[tuple[int, int]]:
    """First and last address of each writable private region that belongs to no file."""
    found = []
    for line in Path("/proc/self/maps").read_text(encoding="utf-8").splitlines():
        place, rights, *_, name = f"{line} ".split(" ", 5)
        if rights.startswith("rw") and rights.endswith("p") and name.strip() in ("", "[heap]"):
            start, end = (int(address, 16) for address in place.split("-"))
            found.append((start, end))
    return found
