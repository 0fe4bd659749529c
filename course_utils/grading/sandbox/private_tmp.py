"""A private ``/tmp`` for a kernel that Landlock locks in.

Landlock can forbid a path, but not show another folder at that path. If the system gives the
process a mount namespace, the kernel's own folder is mounted on ``/tmp``. If not (in a container
without that right), ``kernels.private_tmp`` redirects the paths that Python opens below ``/tmp``.
"""

import ctypes
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

TMP: Final = "/tmp"
VARIABLE: Final = "COURSE_PRIVATE_TMP"  # environment variable: the folder to redirect to, if any
_NEW_MOUNTS, _NEW_USERS = 0x20000, 0x10000000
_BIND, _RECURSIVE, _SLAVE = 0x1000, 0x4000, 0x80000


def mount(folder: Path, shown: Iterable[str]) -> bool:
    """Mount a folder on ``/tmp`` for this process and the processes that it starts.

    Call this before the process has another thread (a process with several threads can't enter a
    user namespace), and before Landlock, which forbids mounting.

    Args:
        folder: folder to mount.
        shown: paths that must stay visible; the ones below ``/tmp`` are mounted there again.

    Returns:
        Whether the system allowed it; if not, ``/tmp`` is as before.
    """
    try:
        _leave_mounts()
        # Without this, the mounts below could appear in the machine's own mount namespace, too.
        _mount("none", "/", _RECURSIVE | _SLAVE)
        for path in _outermost(shown):
            place = folder / Path(path).relative_to(TMP)
            if Path(path).is_dir():
                place.mkdir(parents=True, exist_ok=True)
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.touch()
            _mount(path, place, _BIND | _RECURSIVE)
        _mount(folder, TMP, _BIND | _RECURSIVE)
    except OSError:
        return False
    return True


def _outermost(paths: Iterable[str]) -> list[str]:
    """The paths below ``/tmp`` that exist, without paths inside another of these paths."""
    below = sorted(
        {p for p in paths if Path(p).is_relative_to(TMP) and p != TMP and Path(p).exists()}
    )
    return [p for p in below if not any(p != q and Path(p).is_relative_to(q) for q in below)]


def _leave_mounts() -> None:
    """Enter a mount namespace: directly if allowed, else together with a new user namespace."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_MOUNTS) == 0:
        return
    user, group = os.geteuid(), os.getegid()
    if libc.unshare(_NEW_USERS | _NEW_MOUNTS) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    process = Path("/proc/self")
    # Linux lets an ordinary process write gid_map only after it has given up setgroups().
    (process / "setgroups").write_text("deny")
    (process / "uid_map").write_text(f"{user} {user} 1")
    (process / "gid_map").write_text(f"{group} {group} 1")


def _mount(source: str | Path, target: str | Path, flags: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mount.argtypes = (*[ctypes.c_char_p] * 3, ctypes.c_ulong, ctypes.c_char_p)
    if libc.mount(os.fsencode(source), os.fsencode(target), b"", flags, None) != 0:
        raise OSError(ctypes.get_errno(), f"mount {target}")
