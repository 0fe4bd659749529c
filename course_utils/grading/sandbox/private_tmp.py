"""``/tmp`` of a kernel's own where Landlock locks it in.

Landlock can forbid a path, but not show another folder there. Where the system gives a process a
mount namespace, the kernel's own folder is mounted on ``/tmp``. Where it does not (a container
without that right), ``kernels.private_tmp`` redirects what Python opens below ``/tmp``.
"""

import ctypes
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

TMP: Final = "/tmp"
VARIABLE: Final = "COURSE_PRIVATE_TMP"  # tells the kernel to redirect, and where
_NEW_MOUNTS, _NEW_USERS = 0x20000, 0x10000000
_BIND, _RECURSIVE, _SLAVE = 0x1000, 0x4000, 0x80000


def mount(folder: Path, shown: Iterable[str]) -> bool:
    """Mount a folder on ``/tmp`` for this process and what it starts.

    Call it before any other thread is there, and before Landlock, which forbids mounting.

    Args:
        folder: what ``/tmp`` is to be.
        shown: what must stay where it is although it lies below ``/tmp``.

    Returns:
        Whether the system allowed it; where it did not, ``/tmp`` is as before.
    """
    try:
        _leave_mounts()
        _mount("none", "/", _RECURSIVE | _SLAVE)  # what is mounted here stays here
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
    """Those below ``/tmp`` that exist, without what lies in another of them."""
    below = sorted(
        {p for p in paths if Path(p).is_relative_to(TMP) and p != TMP and Path(p).exists()}
    )
    return [p for p in below if not any(p != q and Path(p).is_relative_to(q) for q in below)]


def _leave_mounts() -> None:
    """Enter a mount namespace: directly where allowed, else inside a new user namespace."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_MOUNTS) == 0:
        return
    user, group = os.geteuid(), os.getegid()
    if libc.unshare(_NEW_USERS | _NEW_MOUNTS) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    process = Path("/proc/self")
    (process / "setgroups").write_text("deny")
    (process / "uid_map").write_text(f"{user} {user} 1")
    (process / "gid_map").write_text(f"{group} {group} 1")


def _mount(source: str | Path, target: str | Path, flags: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mount.argtypes = (*[ctypes.c_char_p] * 3, ctypes.c_ulong, ctypes.c_char_p)
    if libc.mount(os.fsencode(source), os.fsencode(target), b"", flags, None) != 0:
        raise OSError(ctypes.get_errno(), f"mount {target}")
