"""Removes files that notebooks leave in ``/dev/shm`` on the level Landlock.

Locks and shared memory of ``multiprocessing``, joblib and torch are files in ``/dev/shm``: the C
library knows no other folder. Namespaces give each notebook its own ``/dev/shm``. Without
namespaces all notebooks use the machine's, and the system does not record which process made a
file. So a file is removed when every notebook that ran at the file's last change has ended, unless
another program of this account has the file open or mapped.

Supervisors find each other by the name of their process (``/proc/PID/comm``): other supervisors
may belong to another grading run of the same account.
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
_MARGIN: Final = 1.0  # seconds by which a file's time may lag behind the clock


def begin() -> float:
    """Show other supervisors that a notebook begins under this process.

    Returns:
        The time from which on files may be this notebook's, for ``clear`` and ``relieve``.
    """
    _show(_AT_WORK)
    return time.time() - _MARGIN


def forget() -> None:
    """Show that this process is not a supervisor; a kernel inherits its supervisor's name."""
    _show(_KERNEL)


def clear(since: float) -> None:
    """Remove files that this notebook may have left; call this after its processes have ended.

    Args:
        since: what ``begin`` returned.
    """
    # Change the name before looking for others: of two supervisors that end at the same time, at
    # least one must see that it is the last. Otherwise each would leave the files to the other.
    _show(_AT_ITS_END)
    files = list(_files(since))
    if not files:
        return
    parents = _parents()
    notebooks = _with_descendants({pid for pid in parents if _name(pid) == _AT_WORK}, parents)
    starts = [_start_time(pid) for pid in notebooks if _name(pid) == _AT_WORK]
    used = _used(set(parents) - notebooks)
    for path, status in files:
        others = any(start - _MARGIN <= status.st_ctime for start in starts)
        if not others and (status.st_dev, status.st_ino) not in used:
            _unlink(path)


def relieve(since: float, size: int, files: int) -> None:
    """Remove files that no process uses if all files together exceed one notebook's limits.

    Args:
        since: what ``begin`` returned.
        size: limit in bytes.
        files: limit of the number of files.
    """
    found = list(_files(since))
    if len(found) <= files and sum(status.st_blocks * usage.BLOCK for _, status in found) <= size:
        return
    used = _used(set(_parents()))
    for path, status in found:
        if (status.st_dev, status.st_ino) not in used:
            _unlink(path)


def _files(since: float) -> Iterator[tuple[Path, os.stat_result]]:
    """This account's files in ``/dev/shm`` that were made or changed since a time.

    The time of the last change of the inode (ctime) decides: no program can set it back.
    """
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
    """Process id → parent's id, of all other processes of this account."""
    found = {}
    for entry in os.scandir("/proc"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            if entry.name.isdigit() and entry.stat().st_uid == os.getuid():
                found[int(entry.name)] = int(_stat(int(entry.name))[1])
    found.pop(os.getpid(), None)
    return found


def _with_descendants(tops: set[int], parents: dict[int, int]) -> set[int]:
    """The given processes and all their descendants."""
    found, more = set(tops), True
    while more:
        below = {pid for pid, parent in parents.items() if parent in found} - found
        found |= below
        more = bool(below)
    return found


def _start_time(pid: int) -> float:
    """The time at which a process began, on the clock of files; infinity if it has ended."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        after = int(_stat(pid)[19]) / os.sysconf("SC_CLK_TCK")
        return time.time() - time.clock_gettime(time.CLOCK_BOOTTIME) + after
    return float("inf")


def _stat(pid: int) -> list[str]:
    """Fields of ``/proc/PID/stat`` from the state on.

    The process's name comes before, in parentheses, and may hold spaces and parentheses itself:
    the last parenthesis ends it.
    """
    text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    return text.rpartition(")")[2].split()


def _used(processes: set[int]) -> set[tuple[int, int]]:
    return {place for pid in processes for place in usage.used(pid, str(FOLDER))}
