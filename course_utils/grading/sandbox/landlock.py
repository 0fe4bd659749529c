"""Locks the calling process in with Landlock and seccomp, without namespaces and without root.

Python has no functions for Landlock, so this module makes its three system calls by number, with
the structures of ``linux/landlock.h`` packed by hand.
"""

import ctypes
import os
import resource
import struct
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from course_utils.grading.sandbox import seccomp

EXAMINER_MEMORY: Final = 24 << 30  # address space, most of it never touched
EXAMINER_FILE: Final = 64 << 20
_DESCRIPTORS: Final = 4096  # open files of a process; the system itself may allow a million
MINIMUM_ABI: Final = 4  # the first version that can forbid TCP (Linux 6.7)
_CREATE, _ADD, _RESTRICT = 444, 445, 446  # system call numbers, the same on x86-64 and ARM64
_EXECUTE, _READ_FILE, _READ_DIR, _WRITE_FILE = 1, 4, 8, 2
_REMOVE_FILE, _MAKE_FILE = 1 << 5, 1 << 8
_TRUNCATE, _IOCTL = 1 << 14, 1 << 15
# Rights in a shared folder: make, use and remove files by name. Not to list the folder, so a
# process has to know the name of another notebook's file; and not to make folders.
_SHARED: Final = _READ_FILE | _WRITE_FILE | _TRUNCATE | _REMOVE_FILE | _MAKE_FILE
_TCP = 0b11  # bind, connect
_SCOPES = 0b11  # abstract UNIX sockets, signals (from ABI 6)

# Paths that Python, NumPy, TensorFlow and torch read.
SYSTEM: Final = (
    "/usr", "/bin", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/fonts", "/etc/alternatives",
    "/etc/localtime", "/etc/nsswitch.conf", "/etc/passwd", "/etc/group", "/etc/hosts",
    "/etc/os-release", "/etc/lsb-release", "/etc/debian_version", "/etc/redhat-release",
    "/etc/timezone", "/etc/mime.types", "/etc/services", "/etc/protocols", "/etc/host.conf",
    "/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat",
    "/proc/loadavg", "/proc/uptime", "/proc/vmstat", "/proc/filesystems", "/proc/version",
    "/proc/sys/kernel", "/proc/sys/vm", "/proc/self", "/sys/devices/system",
    # The number of cores of a container: joblib reads these files, and fails if it may not.
    "/sys/fs/cgroup/cpu.max", "/sys/fs/cgroup/cpu/cpu.cfs_quota_us",
    "/sys/fs/cgroup/cpu/cpu.cfs_period_us", "/dev/urandom", "/dev/random", "/dev/zero",
)  # fmt: skip


def abi() -> int:
    """Version of Landlock's interface on this machine; 0 if the system has no Landlock."""
    libc = ctypes.CDLL(None, use_errno=True)
    return max(0, int(libc.syscall(_CREATE, None, 0, 1)))


def usable() -> bool:
    """Whether ``lock_in`` works on this machine."""
    return sys.platform == "linux" and seccomp.supported() and abi() >= MINIMUM_ABI


def python_paths() -> list[str]:
    """Folders of this interpreter, of its packages, and of the course's own package."""
    package = Path(__file__).resolve().parents[2]
    roots = [sys.prefix, sys.base_prefix, sys.exec_prefix]
    # Resolved paths too: a virtual environment may lead to the interpreter by a symbolic link, and
    # Landlock checks the file that the link leads to.
    paths = {*roots, *(os.path.realpath(root) for root in roots), str(package)}
    return sorted(paths)


def lock_in(
    read: Iterable[str],
    write: Iterable[str],
    families: Iterable[int],
    shared: Iterable[str] = (),
) -> None:
    """Restrict this process and its children to the given paths and sockets, for good.

    Landlock restricts the calling thread and the threads and processes that it starts. Call this
    before the process has another thread: that thread would stay unrestricted.

    Args:
        read: files and folders to read and execute; paths that don't exist are skipped.
        write: folders and devices to read and write.
        families: socket families (see ``seccomp.program``). TCP is forbidden in any case.
        shared: folders in which the process may make, use and remove files, but not list them.

    Raises:
        OSError: the system can't restrict the process.
    """
    _restrict_files(read, write, shared)
    drop_capabilities()
    seccomp.install(seccomp.program(families))


def _restrict_files(read: Iterable[str], write: Iterable[str], shared: Iterable[str]) -> None:
    version = abi()
    if version < MINIMUM_ABI:
        raise OSError("Landlock is missing or too old")
    # Linux refuses rights and fields of a version later than its own: 16 rights from ABI 5 on, a
    # field for scopes from ABI 6 on.
    rights = (1 << (16 if version >= 5 else 15)) - 1
    scopes = _SCOPES if version >= 6 else 0
    attributes = struct.pack("<QQQ", rights, _TCP, scopes)[: 24 if version >= 6 else 16]
    rules = _call(_CREATE, attributes, len(attributes), 0)
    try:
        for path in read:
            _allow(rules, path, _EXECUTE | _READ_FILE | _READ_DIR, rights)
        for path in write:
            _allow(rules, path, rights, rights)
        for path in shared:
            _allow(rules, path, _SHARED, rights)
        # PR_SET_NO_NEW_PRIVS: without it Linux lets only a privileged process restrict itself.
        ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)
        _call(_RESTRICT, rules, 0)
    finally:
        os.close(rules)


def _allow(rules: int, path: str, wanted: int, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not Path(path).is_dir():  # Linux refuses rights of folders for a file
            wanted &= _EXECUTE | _READ_FILE | _WRITE_FILE | _TRUNCATE | _IOCTL
        _call(_ADD, rules, 1, struct.pack("<Qi", wanted & rights, descriptor), 0)
    finally:
        os.close(descriptor)


def _call(number: int, *arguments: object) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    result = int(libc.syscall(number, *arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def drop_capabilities() -> None:
    """Give up all capabilities (root's powers), for this process and all that it starts.

    A process in its own user namespace, or one that root started, has capabilities, which lift many
    checks of the system. The bounding set keeps programs that it starts from getting new ones.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in range(64):
        libc.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP; unknown numbers fail without harm
    header = struct.pack("<Ii", 0x20080522, 0)  # version 3, this process
    libc.capset(header, b"\0" * 24)


def limit(memory: int, file_size: int, processes: int) -> None:
    """Set the system's limits for this process; each process that it starts has them too.

    The system counts each process by itself. ``supervisor`` limits all processes together.

    Args:
        memory: bytes of address space.
        file_size: bytes of the largest file.
        processes: threads and processes of the whole account; the system ignores this for root.
    """
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, file_size),
        (resource.RLIMIT_NPROC, processes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, _DESCRIPTORS),
    ):
        soft, hard = resource.getrlimit(kind)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        # A program may use select(), which takes no descriptor above 1,023. A low soft limit
        # protects it, so this never raises the soft limit.
        kept = kind == resource.RLIMIT_NOFILE and 0 <= soft < most
        resource.setrlimit(kind, (soft if kept else most, most))
