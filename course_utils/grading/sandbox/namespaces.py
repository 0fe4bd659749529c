"""Locks a forked process into its own namespaces, as ``bubblewrap`` does with a program.

bubblewrap can only start a new program, but a fork of the preload server already is the kernel. So
the fork changes its own namespaces, in two steps. The supervisor calls ``leave``: the system puts
only the children of the caller into a new process namespace, not the caller. The first child calls
``enter``. The sandbox's file system is the same as with ``bubblewrap``.
"""

import ctypes
import fcntl
import os
import shutil
import socket
import struct
from pathlib import Path
from typing import Final

from course_utils.grading.sandbox import bubblewrap, landlock, seccomp
from course_utils.grading.sandbox.supervisor import Spec, die_with_parent, environment, package

STUDENT: Final = 1000  # user and group in the sandbox
_NEW_MOUNTS, _NEW_CGROUPS, _NEW_NAMES, _NEW_IPC = 0x20000, 0x2000000, 0x4000000, 0x8000000
_NEW_USERS, _NEW_PROCESSES, _NEW_NETWORK = 0x10000000, 0x20000000, 0x40000000
_READ_ONLY, _NO_SETUID, _NO_DEVICES, _NO_EXECUTION = 1, 2, 4, 8
_BIND, _RECURSIVE, _SLAVE, _DETACH = 0x1000, 0x4000, 0x80000, 2
_PIVOT_ROOT: Final = {"x86_64": 155, "aarch64": 41}
_MOUNT_SETATTR: Final = 442
_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_GET_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 1
_DEVICES: Final = ("null", "zero", "full", "random", "urandom", "tty")
_LINKS: Final = {
    "fd": "/proc/self/fd", "stdin": "/proc/self/fd/0", "stdout": "/proc/self/fd/1",
    "stderr": "/proc/self/fd/2", "ptmx": "pts/ptmx",
}  # fmt: skip


def leave() -> None:
    """Enter a new user namespace; the next child is the first process of a process namespace.

    Raises:
        OSError: the system does not allow it.
    """
    user, group = os.geteuid(), os.getegid()
    _check(_libc().unshare(_NEW_USERS | _NEW_PROCESSES), "unshare")
    process = Path("/proc/self")
    # Linux lets an ordinary process write gid_map only after it has given up setgroups().
    (process / "setgroups").write_text("deny")
    (process / "uid_map").write_text(f"{STUDENT} {user} 1")
    (process / "gid_map").write_text(f"{STUDENT} {group} 1")


def enter(spec: Spec) -> dict[str, str]:
    """Lock this process in, for good.

    Call this in the first child after ``leave``. As the first process of its namespace, that child
    has to reap orphans.

    Args:
        spec: names the folders to show, and the limits.

    Returns:
        The kernel's environment.

    Raises:
        OSError: the system does not allow it.
    """
    others = _NEW_MOUNTS | _NEW_CGROUPS | _NEW_NAMES | _NEW_IPC | _NEW_NETWORK
    _check(_libc().unshare(others), "unshare")
    socket.sethostname("sandbox")
    _start_loopback()
    # Forbid further user namespaces: a process has all capabilities in its own user namespace.
    Path("/proc/sys/user/max_user_namespaces").write_text("0")
    _mount("none", "/", "", _RECURSIVE | _SLAVE)
    _move_to(_build(spec))
    landlock.drop_capabilities()
    seccomp.install(seccomp.program())
    die_with_parent()  # last: the system clears this setting when credentials change
    return environment(spec, bubblewrap.HOME, "/tmp", bubblewrap.LIBRARY)


def _build(spec: Spec) -> Path:
    """Build the sandbox's file system out of mounts.

    Returns:
        Its root, below the kernel's private folder.
    """
    private = Path(spec.private)
    root = private / "tmp"
    _mount("tmpfs", root, "tmpfs", _NO_SETUID | _NO_DEVICES, "mode=755,size=1m")
    size = f"mode=755,size={spec.scratch},nr_inodes={spec.files}"
    for folder in ("/dev/shm", "/tmp", bubblewrap.HOME, bubblewrap.NOTEBOOK):
        target = _place(root, folder, directory=True)
        _mount("tmpfs", target, "tmpfs", _NO_SETUID | _NO_DEVICES, size)
    _add_devices(root)
    flags = _NO_SETUID | _NO_DEVICES | _NO_EXECUTION | _READ_ONLY
    _mount("proc", _place(root, "/proc", directory=True), "proc", flags)
    for path in (*bubblewrap.SYSTEM, *spec.visible):
        if Path(path).exists():
            _show(path, root, path)
    _show(package(), root, f"{bubblewrap.LIBRARY}/course_utils")
    for name in bubblewrap.ETC:
        _show(str(private / "skeleton" / "etc" / name), root, f"/etc/{name}")
    _show(str(private / "runtime"), root, str(private / "runtime"), write=True)
    for part, folder in (("home", bubblewrap.HOME), ("notebook", bubblewrap.NOTEBOOK)):
        shutil.copytree(private / "skeleton" / part, f"{root}{folder}", dirs_exist_ok=True)
    _restrict(root, _READ_ONLY, everything_below=False)
    return root


def _add_devices(root: Path) -> None:
    for name in _DEVICES:
        if Path("/dev", name).exists():
            target = _place(root, f"/dev/{name}", directory=False)
            _mount(f"/dev/{name}", target, "", _BIND)
    terminals = _place(root, "/dev/pts", directory=True)
    flags = _NO_SETUID | _NO_EXECUTION
    _mount("devpts", terminals, "devpts", flags, "newinstance,ptmxmode=0666,mode=620")
    for name, link_to in _LINKS.items():
        (root / "dev" / name).symlink_to(link_to)


def _show(source: str, root: Path, path: str, *, write: bool = False) -> None:
    """Show a file or folder of the machine at a path in the sandbox.

    Args:
        source: path on the machine.
        root: root of the sandbox's file system.
        path: path in the sandbox.
        write: whether the sandbox may write to it.
    """
    target = _place(root, path, directory=Path(source).is_dir())
    _mount(os.path.realpath(source), target, "", _BIND | _RECURSIVE)
    flags = _NO_SETUID | _NO_DEVICES | (0 if write else _READ_ONLY)
    _restrict(target, flags, everything_below=True)


def _place(root: Path, path: str, *, directory: bool) -> Path:
    """Make an empty file or folder to mount on, unless an earlier mount already shows one."""
    target = root / path.lstrip("/")
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        if directory:
            target.mkdir()
        else:
            target.touch()
    return target


def _move_to(root: Path) -> None:
    """Make a folder the root of this process, and unmount the old root.

    With ``.`` for both folders ``pivot_root`` puts the old root on top of the new root, and the
    unmount of ``.`` removes the old root (see pivot_root(2)).
    """
    os.chdir(root)
    number = _PIVOT_ROOT[os.uname().machine]
    _check(_libc().syscall(number, b".", b"."), "pivot_root")
    _check(_libc().umount2(b".", _DETACH), "umount")
    os.chdir(bubblewrap.NOTEBOOK)


def _start_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(link, _GET_FLAGS, request))[1]
        fcntl.ioctl(link, _SET_FLAGS, struct.pack("16sh14x", b"lo", flags | _UP))


def _restrict(path: Path, flags: int, *, everything_below: bool) -> None:
    # mount(2) can change the flags of one mount only; mount_setattr also changes the mounts below.
    # struct mount_attr: flags to set, flags to clear, propagation, descriptor of a user namespace.
    attributes = struct.pack("<QQQQ", flags, 0, 0, 0)
    below = _AT_RECURSIVE if everything_below else 0
    done = _libc().syscall(
        _MOUNT_SETATTR, _AT_FDCWD, os.fsencode(path), below, attributes, len(attributes)
    )
    _check(done, f"restrict {path}")


def _mount(source: str, target: Path | str, kind: str, flags: int, options: str = "") -> None:
    done = _libc().mount(
        os.fsencode(source), os.fsencode(target), kind.encode(), flags, options.encode()
    )
    _check(done, f"mount {target}")


def _libc() -> ctypes.CDLL:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mount.argtypes = (*[ctypes.c_char_p] * 3, ctypes.c_ulong, ctypes.c_char_p)
    return libc


def _check(result: int, action: str) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), f"{action}: {os.strerror(ctypes.get_errno())}")
