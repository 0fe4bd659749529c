"""Measures the memory of a notebook's processes, and the disk space of deleted files they hold.

The resident memory of the processes is not all. A memory file (``memfd_create``), a file in
``/dev/shm`` or in another file system in memory, and data waiting in a socket take memory that no
process maps. A file that was deleted while open takes disk space, and no folder lists it. An open
descriptor shows each of these: ``/proc/PID/fd`` leads to the object itself.
"""

import contextlib
import mmap
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from course_utils.grading.sandbox import bubblewrap

_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
BLOCK: Final = 512  # bytes; the unit of st_blocks, whatever the file system's block size is
_PIPE: Final = 64 << 10  # bytes of a pipe's buffer
SHARED_MEMORY: Final = "/dev/shm"
_IN_MEMORY: Final = (SHARED_MEMORY, "/tmp", bubblewrap.HOME, bubblewrap.NOTEBOOK)
# Name of a shared anonymous mapping in /proc/PID/maps.
_SHARED_MAPPING: Final = "/dev/zero (deleted)"
_Object = tuple[int, int]  # device and inode


@dataclass
class Held:
    """Memory and files that processes hold besides their resident memory.

    Attributes:
        memory: bytes in memory; some of them may count as resident memory, too.
        disk: bytes of deleted files on a disk.
        entries: files and folders in the fullest of the processes' own file systems in memory.
    """

    memory: int = 0
    disk: int = 0
    entries: int = 0


def held(processes: Iterable[int], *, mapped: bool, namespaces: bool) -> Held:
    """Measure what processes hold besides their resident memory.

    Args:
        processes: ids of the processes.
        mapped: whether to include deleted files that are mapped but not open, which takes longer.
        namespaces: whether the processes have their own file systems in memory.
    """
    processes = list(processes)
    own = _own_file_systems(processes) if namespaces else {}
    found, objects = Held(), dict[_Object, os.stat_result]()
    for pid in processes:
        objects.update(_open_objects(pid))
    for status in objects.values():
        if status.st_dev not in own:  # the loop over ``own`` counts these file systems as a whole
            _add(found, status)
    for pid in processes if mapped else ():
        for place, size in _mapped_only(pid):
            if place not in objects and place[0] in _devices_in_memory():
                found.memory += size
    for system in own.values():
        found.memory += (system.f_blocks - system.f_bfree) * system.f_frsize
        found.entries = max(found.entries, system.f_files - system.f_ffree)
    return found


def _open_objects(pid: int) -> Iterator[tuple[_Object, os.stat_result]]:
    with contextlib.suppress(OSError):
        for name in os.listdir(f"/proc/{pid}/fd"):  # noqa: PTH208 - one string each is enough
            with contextlib.suppress(OSError):
                status = os.stat(f"/proc/{pid}/fd/{name}")  # noqa: PTH116
                yield (status.st_dev, status.st_ino), status


def _add(found: Held, status: os.stat_result) -> None:
    if stat.S_ISSOCK(status.st_mode):
        found.memory += _socket_buffers()
    elif stat.S_ISFIFO(status.st_mode):
        found.memory += _PIPE
    elif status.st_dev in _devices_in_memory():
        found.memory += status.st_blocks * BLOCK
    elif stat.S_ISREG(status.st_mode) and status.st_nlink == 0:
        found.disk += status.st_blocks * BLOCK


def hides(pid: int) -> bool:
    """Whether the system hides a process's files, as for a program without read permission.

    ``/proc/PID`` belongs to root then.
    """
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}").stat().st_uid != os.geteuid()
    return False


def used(pid: int, folder: str) -> Iterator[_Object]:
    """Device and inode of the files that a process has open, and of mapped files in a folder."""
    for place, _ in _open_objects(pid):
        yield place
    for place, _, path in _mapped(pid):
        if path.startswith(folder):
            yield place


def _mapped_only(pid: int) -> Iterator[tuple[_Object, int]]:
    """Deleted files that a process maps, each with the end of its last mapped part, in bytes.

    The file's own size is unknown without a name or a descriptor.
    """
    ends: dict[_Object, int] = {}
    for place, end, path in _mapped(pid):
        if path.endswith("(deleted)"):
            ends[place] = max(ends.get(place, 0), end)
    yield from ends.items()


def _mapped(pid: int) -> Iterator[tuple[_Object, int, str]]:
    """Files that a process maps: device and inode, end of the mapped part in the file, path."""
    with contextlib.suppress(OSError, ValueError):
        for line in Path(f"/proc/{pid}/maps").read_bytes().splitlines():
            addresses, _, offset, device, inode, *path = line.split(maxsplit=5)
            if inode == b"0" or not path:
                continue
            first, last = (int(address, 16) for address in addresses.split(b"-"))
            major, minor = (int(number, 16) for number in device.split(b":"))
            place = (os.makedev(major, minor), int(inode))
            yield place, int(offset, 16) + last - first, os.fsdecode(path[0])


def _own_file_systems(processes: list[int]) -> dict[int, os.statvfs_result]:
    """Device → state of the file systems in memory that only these processes see."""
    ours = {Path(path).stat().st_dev for path in ("/", *_IN_MEMORY) if Path(path).exists()}
    own: dict[int, os.statvfs_result] = {}
    for pid in processes:
        with contextlib.suppress(OSError):
            for folder in _IN_MEMORY:
                path = Path(f"/proc/{pid}/root{folder}")
                device = path.stat().st_dev
                if device not in ours:  # the process may not have entered its namespace yet
                    own[device] = os.statvfs(path)
        if len(own) == len(_IN_MEMORY):
            break
    return own


@cache
def _devices_in_memory() -> frozenset[int]:
    """Devices of ``/dev/shm``, of memory files, and of shared anonymous mappings."""
    # Memory files and shared mappings have the same device. A mapping is made to find it, because a
    # container's filter may refuse `memfd_create`.
    with mmap.mmap(-1, mmap.PAGESIZE):
        mapped = _mapped(os.getpid())
        devices = {device for (device, _), _, path in mapped if path == _SHARED_MAPPING}
    with contextlib.suppress(OSError):
        devices.add(Path(SHARED_MEMORY).stat().st_dev)
    return frozenset(devices)


@cache
def _socket_buffers() -> int:
    """Estimate of the bytes that wait in a socket: twice the default size of its send buffer."""
    with contextlib.suppress(OSError, ValueError):
        return 2 * int(Path("/proc/sys/net/core/wmem_default").read_text())
    return 2 * 212_992


# -- resident memory ---------------------------------------------------------------------------


def too_much(processes: list[int], other: int, limit: int) -> bool:
    """Whether processes exceed a memory limit.

    Args:
        processes: ids of the processes.
        other: bytes in memory that they hold besides (``Held.memory``), resident or not.
        limit: the limit in bytes.
    """
    if sum(map(resident, processes)) + other <= limit:
        return False
    # The sum above counts a page once for each process that shares it, and forks share most pages.
    # Measure again with each page counted once. Pages of files in memory may be part of ``other``
    # too, so of these two the larger counts.
    shares = [_shares(pid) for pid in processes]
    shared = sum(shared for _, shared in shares)
    return sum(whole for whole, _ in shares) - shared + max(shared, other) > limit


def resident(pid: int) -> int:
    """Resident bytes of a process; 0 if it has ended."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    return 0


def proportional(pid: int) -> int:
    """Resident bytes of a process, each shared page in proportion; 0 if it has ended."""
    return _shares(pid)[0]


def _shares(pid: int) -> tuple[int, int]:
    """Resident bytes of a process, each shared page in proportion: all, and those of shared memory.

    Shared memory is the system's word (``Pss_Shmem``) for files in memory and shared mappings.
    """
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except PermissionError:
        # A process can hide this file (PR_SET_DUMPABLE, a program without read permission), but
        # not ``statm``.
        return resident(pid), 0
    except OSError:
        return 0, 0
    found = dict(line.split()[:2] for line in lines if line.startswith("Pss"))
    return int(found.get("Pss:", 0)) << 10, int(found.get("Pss_Shmem:", 0)) << 10
