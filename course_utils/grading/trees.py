"""Remove and measure folders that a student's code has filled, whatever lies in them.

``shutil.rmtree`` (before Python 3.13) and ``os.walk`` (before 3.12) call themselves for each level
and use whole paths. A program that makes a folder, enters the folder and repeats both steps soon
gets deeper than Python's recursion (some 1,000 levels) or a path (4,096 bytes) can follow: the
recursion ends in a RecursionError, the path in ENAMETOOLONG. The functions here keep descriptors of
open folders instead, go down one name at a time, follow no link and stay in one file system.
"""

import contextlib
import errno
import os
import secrets
import shutil
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_ALL: Final = stat.S_IRWXU
# O_PATH opens even a folder that its mode forbids to read. Not every system has the flag.
_HANDLE: Final = getattr(os, "O_PATH", 0) | os.O_CLOEXEC
_ROUNDS: Final = 20  # attempts, since another process may still write there


def remove(path: str | os.PathLike[str]) -> bool:
    """Remove a file, a link, or a folder with everything in it; returns whether all is gone.

    No content of the folder raises an error: entries that this account may not remove stay, and the
    others are removed.

    Args:
        path: what to remove; no student's code may write to the parent folder.
    """
    if sys.platform != "linux":
        shutil.rmtree(path, ignore_errors=True)
        return not os.path.lexists(path)
    place = Path(path).absolute()
    with contextlib.suppress(OSError), _closing(os.open(place.parent, _HANDLE)) as parent:
        with contextlib.suppress(OSError):
            os.unlink(place.name, dir_fd=parent)
        _remove_folder(parent, place.name)
    return not os.path.lexists(path)


def _remove_folder(parent: int, name: str) -> None:
    root = _opened(parent, name)
    if root is None:
        return
    with _closing(root):
        for _ in range(_ROUNDS):
            if not _empty(root):
                break
    os.rmdir(name, dir_fd=parent)


def _empty(root: int) -> bool:
    """Empty a folder, the root; returns whether there was anything in it.

    Before a folder below the root is removed, the folders in it are moved up to the root. So every
    folder is at most one level away, and two descriptors are enough for any depth.
    """
    waiting, files = _strip(root, root)
    found = bool(waiting or files)
    while waiting:
        name = waiting.pop()
        folder = _opened(root, name)
        if folder is None:
            continue
        with _closing(folder):
            if _same_file_system(folder, root):
                waiting += _strip(folder, root)[0]
        with contextlib.suppress(OSError):
            os.rmdir(name, dir_fd=root)
    return found


def _strip(folder: int, root: int) -> tuple[list[str], int]:
    """Remove a folder's files and move its folders to the root.

    Returns:
        names: names of the folders, in the root.
        files: number of files that the folder had.
    """
    names, files = [], 0
    for entry in _entries(folder):
        with contextlib.suppress(OSError):
            if not entry.is_dir(follow_symlinks=False):
                files += 1
                os.unlink(entry.name, dir_fd=folder)
            elif folder == root:
                names.append(entry.name)
            else:
                # To move a folder to another parent, Linux demands the right to write to the folder
                # itself, since its entry ".." changes.
                _permit(folder, entry.name)
                name = secrets.token_hex(8)
                os.rename(entry.name, name, src_dir_fd=folder, dst_dir_fd=root)
                names.append(name)
    return names, files


@dataclass
class Use:
    """How much a folder holds.

    Attributes:
        size: bytes that the files take on the disk; a file with holes takes less than its length.
        entries: number of files and folders.
    """

    size: int = 0
    entries: int = 0


def measure(path: str | os.PathLike[str], most: int) -> Use:
    """Measure a folder that other processes may change meanwhile.

    Args:
        path: the folder.
        most: number of files and folders after which counting ends; ``entries`` is then
            ``most`` + 1.
    """
    use, linked = Use(), set[tuple[int, int]]()
    place = Path(path).absolute()
    # The open folders from the top down, each with the names in it that are still to be visited.
    # The second one is ``path`` itself, which may be a file system of its own.
    opened: list[tuple[int, list[str]]] = []
    try:
        opened.append((os.open(place.parent, _HANDLE), [place.name]))
        while opened and use.entries <= most:
            folder, names = opened[-1]
            if not names:
                os.close(opened.pop()[0])
            elif (found := _opened(folder, names.pop(), restore=True)) is not None:
                opened.append((found, []))
                if len(opened) == 2 or _same_file_system(found, folder):
                    opened[-1][1].extend(_count(found, use, most, linked))
    except OSError as error:
        if error.errno in (errno.EMFILE, errno.ENFILE):  # more levels than descriptors
            use.entries = most + 1
    finally:
        for folder, _ in opened:
            os.close(folder)
    return use


def _count(folder: int, use: Use, most: int, linked: set[tuple[int, int]]) -> list[str]:
    """Add the entries of a folder to ``use``; returns the names of the folders among them."""
    below = []
    for entry in _entries(folder):
        use.entries += 1
        if use.entries > most:
            break
        with contextlib.suppress(OSError):
            status = entry.stat(follow_symlinks=False)
            if stat.S_ISDIR(status.st_mode):
                below.append(entry.name)
            elif status.st_nlink > 1:  # a file with several names counts once
                if (status.st_dev, status.st_ino) in linked:
                    continue
                linked.add((status.st_dev, status.st_ino))
            use.size += status.st_blocks * 512
    return below


def _entries(folder: int) -> Iterator["os.DirEntry[str]"]:
    with contextlib.suppress(FileNotFoundError, PermissionError), os.scandir(folder) as entries:
        yield from entries


def _opened(parent: int, name: str, *, restore: bool = False) -> int | None:
    """Open a folder, even if its mode forbids that; None if it is no folder or not this account's.

    Args:
        parent: descriptor of the parent folder.
        name: name of the folder in its parent.
        restore: whether the folder gets its old mode back.
    """
    try:
        with _permitted(parent, name, restore=restore) as handle:
            return os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=handle)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return None


def _permit(parent: int, name: str) -> None:
    with _permitted(parent, name, restore=False):
        pass


@contextlib.contextmanager
def _permitted(parent: int, name: str, *, restore: bool) -> Iterator[int]:
    """Open a handle to a folder, and permit this account to list, enter and change the folder.

    The mode is changed through the handle: between a check of the name and a chmod by name, a link
    that leads elsewhere could replace the folder. The way through ``/proc`` is needed since Linux
    allows no ``fchmod`` on a descriptor that was opened with ``O_PATH``.
    """
    flags = _HANDLE | os.O_DIRECTORY | os.O_NOFOLLOW
    with _closing(os.open(name, flags, dir_fd=parent)) as handle:
        itself, mode = Path(f"/proc/self/fd/{handle}"), stat.S_IMODE(os.fstat(handle).st_mode)
        locked = mode & _ALL != _ALL
        if locked:
            itself.chmod(mode | _ALL)
        try:
            yield handle
        finally:
            if locked and restore:
                itself.chmod(mode)


@contextlib.contextmanager
def _closing(descriptor: int) -> Iterator[int]:
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _same_file_system(folder: int, other: int) -> bool:
    return os.fstat(folder).st_dev == os.fstat(other).st_dev
