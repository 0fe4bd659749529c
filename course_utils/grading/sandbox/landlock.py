"""Lock the calling process in with Landlock and seccomp: no namespaces and no root needed."""

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
_DESCRIPTORS: Final = 4096  # open files of a process: the system may allow a million
MINIMUM_ABI: Final = 4  # from here on TCP can be refused (Linux 6.7)
_CREATE, _ADD, _RESTRICT = 444, 445, 446
_EXECUTE, _READ_FILE, _READ_DIR, _WRITE_FILE = 1, 4, 8, 2
_REMOVE_FILE, _MAKE_FILE = 1 << 5, 1 << 8
_TRUNCATE, _IOCTL = 1 << 14, 1 << 15
# Rights in a shared folder: files whose name is known, without listing them; no folders.
_SHARED: Final = _READ_FILE | _WRITE_FILE | _TRUNCATE | _REMOVE_FILE | _MAKE_FILE
_TCP = 0b11  # bind, connect
_SCOPES = 0b11  # abstract UNIX sockets, signals (from ABI 6)

# What Python, NumPy, TensorFlow and torch read of the system.
SYSTEM: Final = (
    "/usr", "/bin", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/fonts", "/etc/alternatives",
    "/etc/localtime", "/etc/nsswitch.conf", "/etc/passwd", "/etc/group", "/etc/hosts",
    "/etc/os-release", "/etc/lsb-release", "/etc/debian_version", "/etc/redhat-release",
    "/etc/timezone", "/etc/mime.types", "/etc/services", "/etc/protocols", "/etc/host.conf",
    "/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat",
    "/proc/loadavg", "/proc/uptime", "/proc/vmstat", "/proc/filesystems", "/proc/version",
    "/proc/sys/kernel", "/proc/sys/vm", "/proc/self", "/sys/devices/system",
    # How many cores a container has: joblib reads it, and fails where that is refused.
    "/sys/fs/cgroup/cpu.max", "/sys/fs/cgroup/cpu/cpu.cfs_quota_us",
    "/sys/fs/cgroup/cpu/cpu.cfs_period_us", "/dev/urandom", "/dev/random", "/dev/zero",
)  # fmt: skip


def abi() -> int:
    """Landlock's version on this machine; 0 where there is none."""
    libc = ctypes.CDLL(None, use_errno=True)
    return max(0, int(libc.syscall(_CREATE, None, 0, 1)))


def usable() -> bool:
    """Whether ``lock_in`` works on this machine."""
    return sys.platform == "linux" and seccomp.supported() and abi() >= MINIMUM_ABI


def python_paths() -> list[str]:
    """Where this interpreter and its packages lie, and the course's own package."""
    package = Path(__file__).resolve().parents[2]
    roots = [sys.prefix, sys.base_prefix, sys.exec_prefix]
    # A resolved path too: an interpreter may be reached through a symbolic link.
    paths = {*roots, *(os.path.realpath(root) for root in roots), str(package)}
    return sorted(paths)


def lock_in(
    read: Iterable[str],
    write: Iterable[str],
    families: Iterable[int],
    shared: Iterable[str] = (),
) -> None:
    """Give this process and its children only what is named; there is no way back.

    Landlock holds for the calling thread and what it starts: call this before any other thread
    is there.

    Args:
        read: files and folders to read and execute; ones that don't exist are left out.
        write: folders and devices to write too.
        families: socket families (see ``seccomp.program``); TCP is refused altogether.
        shared: folders in which to make, use and remove files, and not to list those of others.

    Raises:
        OSError: this machine can't.
    """
    _restrict_files(read, write, shared)
    drop_capabilities()
    seccomp.install(seccomp.program(families))


def _restrict_files(read: Iterable[str], write: Iterable[str], shared: Iterable[str]) -> None:
    version = abi()
    if version < MINIMUM_ABI:
        raise OSError("Landlock is missing or too old")
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
        ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
        _call(_RESTRICT, rules, 0)
    finally:
        os.close(rules)


def _allow(rules: int, path: str, wanted: int, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not Path(path).is_dir():
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
    """Take root's powers from this process and from whatever it starts."""
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in range(64):
        libc.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP; the unknown ones fail quietly
    header = struct.pack("<Ii", 0x20080522, 0)  # version 3, this process
    libc.capset(header, b"\0" * 24)


def limit(memory: int, file_size: int, processes: int) -> None:
    """Limits that hold for each process by itself; the supervisor watches all of them together.

    Args:
        memory: bytes of address space.
        file_size: bytes of the largest file.
        processes: threads and processes of the account (root has no such limit).
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
        # select() takes no descriptor above 1,023, so a lower soft limit stays as it is.
        kept = kind == resource.RLIMIT_NOFILE and 0 <= soft < most
        resource.setrlimit(kind, (soft if kept else most, most))
