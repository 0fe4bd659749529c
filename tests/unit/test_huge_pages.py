"""The fork server's memory in huge pages: the same memory, in fewer pieces."""

import mmap
import os
from pathlib import Path

from course_utils.grading.forkserver import huge_pages

OFFERED = Path("/sys/kernel/mm/transparent_hugepage/enabled")


def in_huge_pages() -> int:
    """Kilobytes of this process."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("AnonHugePages:"))


def test_memory_moves_and_holds_what_it_held():
    size = 8 * huge_pages.SIZE
    with mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as memory:
        pattern = os.urandom(4096)
        memory.write(pattern * (size // 4096))
        before = in_huge_pages()
        for _ in huge_pages.collapse():
            pass
        assert memory[:] == pattern * (size // 4096)
        release = tuple(int(part) for part in os.uname().release.split(".")[:2])
        offered = release >= (6, 1) and OFFERED.is_file() and "[never]" not in OFFERED.read_text()
        gained = in_huge_pages() - before
        assert gained >= 6 * huge_pages.SIZE // 1024 if offered else gained >= 0
