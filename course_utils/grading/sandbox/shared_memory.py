"""What notebooks leave in ``/dev/shm`` on the level Landlock, where they share the machine's.

Locks and shared memory of ``multiprocessing``, joblib and torch are files in ``/dev/shm``: the C
library knows no other folder. Namespaces give each notebook one of its own. Without them the
system does not say which process made a file, and notebooks of one account run side by side. So
the files of a moment are removed when the last notebook ends that was there at that moment; what
another program of this account has open or mapped stays.
"""

import contextlib
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from course_utils.grading.sandbox import usage

FOLDER: Final = Path(usage.SHARED_MEMORY)
_AT_WORK, _AT_ITS_END, _KERNEL = "cu-supervisor", "cu-ended", "python"
_MARGIN: Final = 1.0  # seconds; the clock of files may lag behind


def begin() -> float:
    """Show other supervisors that a notebook begins here; returns the time of ``clear``."""
    _show(_AT_WORK)
    return time.time() - _MARGIN


def forget() -> None:
    """Show that this process is no supervisor: for the kernel that one forks."""
    _show(_KERNEL)


def clear(since: float) -> None:
    """Remove what this notebook may have left, all its processes having ended.

    Args:
        since: what ``begin`` returned.
    """
    # First: of two supervisors that end at the same time, one has to see that it is the last.
    _show(_AT_ITS_END)
    files = list(_files(since))
    if not files:
        return
    parents = _parents()
    notebooks = _below({pid for pid in parents if _name(pid) == _AT_WORK}, parents)
    begun = [_begun(pid) for pid in notebooks if _name(pid) == _AT_WORK]
    used = _used(set(parents) - notebooks)
    for path, status in files:
        others = any(start - _MARGIN <= status.st_ctime for start in begun)
        if not others and (status.st_dev, status.st_ino) not in used:
            _unlink(path)


def relieve(since: float, size: int, files: int) -> None:
    """Remove files that no process uses, where they exceed the limits of one notebook.

    Args:
        since: what ``begin`` returned.
        size: bytes that there may be.
        files: files that there may be.
    """
    found = list(_files(since))
    if len(found) <= files and sum(status.st_blocks * usage.BLOCK for _, status in found) <= size:
        return
    used = _used(set(_parents()))
    for path, status in found:
        if (status.st_dev, status.st_ino) not in used:
            _unlink(path)


def _files(since: float) -> Iterator[tuple[Path, os.stat_result]]:
    """This account's files that were made or changed since; no program can set a ctime back."""
    with contextlib.suppress(OSError), os.scandir(FOLDER) as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                status = entry.stat(follow_symlinks=False)
                ours = status.st_uid == os.getuid() and status.st_ctime >= since
                if ours and stat.S_ISREG(status.st_mode):
                    yield Path(entry.path), status


def _unlink(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()


def _show(name: str) -> None:
    with contextlib.suppress(OSError):
        Path("/proc/self/comm").write_text(name, encoding="ascii")


def _name(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8", errors="replace").strip()
    return ""


def _parents() -> dict[int, int]:
    """Each other process of this account, and its parent."""
    found = {}
    for entry in os.scandir("/proc"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            if entry.name.isdigit() and entry.stat().st_uid == os.getuid():
                found[int(entry.name)] = int(_stat(int(entry.name))[1])
    found.pop(os.getpid(), None)
    return found


def _below(tops: set[int], parents: dict[int, int]) -> set[int]:
    """Processes, and those that come from them."""
    found, more = set(tops), True
    while more:
        below = {pid for pid, parent in parents.items() if parent in found} - found
        found |= below
        more = bool(below)
    return found


def _begun(pid: int) -> float:
    """When a process began, as files count time."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        after = int(_stat(pid)[19]) / os.sysconf("SC_CLK_TCK")
        return time.time() - time.clock_gettime(time.CLOCK_BOOTTIME) + after
    return float("inf")


def _stat(pid: int) -> list[str]:
    """Fields of a process from its state on; its name before that may hold anything."""
    text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    return text.rpartition(")")[2].split()


def _used(processes: set[int]) -> set[tuple[int, int]]:
    return {place for pid in processes for place in usage.used(pid, str(FOLDER))}
