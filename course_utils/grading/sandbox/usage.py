"""What the processes of a notebook hold together, in memory and in files without a name.

The resident memory of the processes is not all of it. A memory file (``memfd_create``), a file in
``/dev/shm`` or in a file system in memory, and what waits in a socket take memory that is mapped
nowhere; a file that was deleted while it was open takes room on the disk under no name. An open
descriptor shows each of them: ``/proc/PID/fd`` leads to the object itself.
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
BLOCK: Final = 512  # bytes; the unit of st_blocks, whatever a file system's own is
_PIPE: Final = 64 << 10
SHARED_MEMORY: Final = "/dev/shm"
_IN_MEMORY: Final = (SHARED_MEMORY, "/tmp", bubblewrap.HOME, bubblewrap.NOTEBOOK)
_SHARED_MAPPING: Final = "/dev/zero (deleted)"  # what the system calls shared memory without a file
_Object = tuple[int, int]  # device and inode


@dataclass
class Held:
    """What processes hold besides resident memory.

    Attributes:
        memory: bytes in memory; some of them may be resident, too.
        disk: bytes of files on a disk that have no name any more.
        entries: files and folders in the fullest of their file systems in memory.
    """

    memory: int = 0
    disk: int = 0
    entries: int = 0


def held(processes: Iterable[int], *, mapped: bool, namespaces: bool) -> Held:
    """Look at what processes hold.

    Args:
        processes: their ids.
        mapped: whether to look for deleted files that are only mapped as well; takes longer.
        namespaces: whether they have file systems of their own.
    """
    processes = list(processes)
    own = _own_file_systems(processes) if namespaces else {}
    found, objects = Held(), dict[_Object, os.stat_result]()
    for pid in processes:
        objects.update(_open_objects(pid))
    for status in objects.values():
        if status.st_dev not in own:  # they are asked as a whole
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
    """Whether a process can't be looked at, such as one of an unreadable program."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}").stat().st_uid != os.geteuid()
    return False


def used(pid: int, folder: str) -> Iterator[_Object]:
    """Files that a process has open, and those of a folder that it maps."""
    for place, _ in _open_objects(pid):
        yield place
    for place, _, path in _mapped(pid):
        if path.startswith(folder):
            yield place


def _mapped_only(pid: int) -> Iterator[tuple[_Object, int]]:
    """Deleted files that a process maps, and how much of them at least there may be."""
    ends: dict[_Object, int] = {}
    for place, end, path in _mapped(pid):
        if path.endswith("(deleted)"):
            ends[place] = max(ends.get(place, 0), end)
    yield from ends.items()


def _mapped(pid: int) -> Iterator[tuple[_Object, int, str]]:
    """Files that a process maps: where they are, where the part that is mapped ends, the path."""
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
    """File systems in memory that only these processes see, by device."""
    ours = {Path(path).stat().st_dev for path in ("/", *_IN_MEMORY) if Path(path).exists()}
    own: dict[int, os.statvfs_result] = {}
    for pid in processes:
        with contextlib.suppress(OSError):
            for folder in _IN_MEMORY:
                path = Path(f"/proc/{pid}/root{folder}")
                device = path.stat().st_dev
                if device not in ours:  # else it has not gone into its namespace yet
                    own[device] = os.statvfs(path)
        if len(own) == len(_IN_MEMORY):
            break
    return own


@cache
def _devices_in_memory() -> frozenset[int]:
    """Devices of ``/dev/shm``, and of memory files and memory that processes share."""
    # Asked of a mapping: `memfd_create` is missing where a container's filter refuses it.
    with mmap.mmap(-1, mmap.PAGESIZE):
        mapped = _mapped(os.getpid())
        devices = {device for (device, _), _, path in mapped if path == _SHARED_MAPPING}
    with contextlib.suppress(OSError):
        devices.add(Path(SHARED_MEMORY).stat().st_dev)
    return frozenset(devices)


@cache
def _socket_buffers() -> int:
    """Bytes that may wait for each end of a pair of sockets."""
    with contextlib.suppress(OSError, ValueError):
        return 2 * int(Path("/proc/sys/net/core/wmem_default").read_text())
    return 2 * 212_992


# -- resident memory ---------------------------------------------------------------------------


def too_much(processes: list[int], other: int, limit: int) -> bool:
    """Whether processes take more memory than they may.

    Args:
        processes: their ids.
        other: bytes that they hold in memory besides, resident or not.
        limit: bytes that they may take.
    """
    if sum(map(resident, processes)) + other <= limit:
        return False
    # Forked processes share pages: count each page once before judging. What is shared as a file
    # in memory may be among what they hold besides.
    shares = [_shares(pid) for pid in processes]
    shared = sum(shared for _, shared in shares)
    return sum(whole for whole, _ in shares) - shared + max(shared, other) > limit


def resident(pid: int) -> int:
    """Resident bytes of a process; 0 where it is gone."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    return 0


def proportional(pid: int) -> int:
    """Bytes of a process, each shared page in proportion; 0 where it is gone."""
    return _shares(pid)[0]


def _shares(pid: int) -> tuple[int, int]:
    """Bytes of a process with each shared page in proportion, and those of files in memory."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except PermissionError:
        # A process may refuse this look (PR_SET_DUMPABLE, an unreadable program), but
        # not the one at its resident memory.
        return resident(pid), 0
    except OSError:
        return 0, 0
    found = dict(line.split()[:2] for line in lines if line.startswith("Pss"))
    return int(found.get("Pss:", 0)) << 10, int(found.get("Pss_Shmem:", 0)) << 10
