"""A seccomp filter that refuses system calls no notebook needs (x86-64, ARM64).

The filter is a program in classic BPF, which Linux runs before each system call of the process.
This module assembles the program itself, with the standard library alone: the supervisor and the
examiner start without installed packages.
"""

import ctypes
import platform
import struct
from collections.abc import Iterable
from typing import Final

AF_UNIX, AF_INET, AF_INET6, AF_NETLINK = 1, 2, 10, 16
_WHATEVER_TYPE = (AF_UNIX, AF_NETLINK)  # families whose sockets may have any type
_SOCK_STREAM: Final = 1

# Refused with EPERM: calls that reach other processes, mounts, namespaces or the operating system
# itself; and io_uring, through which a process could open a socket past this filter.
_DENIED: Final[dict[str, dict[str, int]]] = {
    "x86_64": {
        "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311, "pidfd_getfd": 438,
        "kcmp": 312, "mount": 165, "umount2": 166, "pivot_root": 155, "chroot": 161,
        "move_mount": 429, "open_tree": 428, "fsopen": 430, "fsconfig": 431, "fsmount": 432,
        "mount_setattr": 442, "setns": 308, "unshare": 272, "keyctl": 250, "add_key": 248,
        "request_key": 249, "bpf": 321, "perf_event_open": 298, "userfaultfd": 323,
        "kexec_load": 246, "kexec_file_load": 320, "init_module": 175, "finit_module": 313,
        "delete_module": 176, "io_uring_setup": 425, "io_uring_enter": 426,
        "io_uring_register": 427, "open_by_handle_at": 304, "name_to_handle_at": 303,
        "swapon": 167, "swapoff": 168, "reboot": 169, "acct": 163, "quotactl": 179,
        "settimeofday": 164, "clock_settime": 227, "sethostname": 170, "setdomainname": 171,
    },
    "aarch64": {
        "ptrace": 117, "process_vm_readv": 270, "process_vm_writev": 271, "pidfd_getfd": 438,
        "kcmp": 272, "mount": 40, "umount2": 39, "pivot_root": 41, "chroot": 51,
        "move_mount": 429, "open_tree": 428, "fsopen": 430, "fsconfig": 431, "fsmount": 432,
        "mount_setattr": 442, "setns": 268, "unshare": 97, "keyctl": 219, "add_key": 217,
        "request_key": 218, "bpf": 280, "perf_event_open": 241, "userfaultfd": 282,
        "kexec_load": 104, "kexec_file_load": 294, "init_module": 105, "finit_module": 273,
        "delete_module": 106, "io_uring_setup": 425, "io_uring_enter": 426,
        "io_uring_register": 427, "open_by_handle_at": 265, "name_to_handle_at": 264,
        "swapon": 224, "swapoff": 225, "reboot": 142, "acct": 89, "quotactl": 60,
        "settimeofday": 170, "clock_settime": 112, "sethostname": 161, "setdomainname": 162,
    },
}  # fmt: skip
# Refused with ENOSYS, as if the system lacked these calls: programs then use other calls. Memory
# files take memory that belongs to no process. System V objects and message queues outlive a
# notebook, are outside the limits of its namespace, and are readable for any process of the
# account. Nothing that the course uses needs these calls.
_MISSING: Final[dict[str, dict[str, int]]] = {
    "x86_64": {
        "memfd_create": 319, "memfd_secret": 447, "shmget": 29, "shmat": 30, "shmctl": 31,
        "semget": 64, "semop": 65, "semctl": 66, "semtimedop": 220, "msgget": 68, "msgsnd": 69,
        "msgrcv": 70, "msgctl": 71, "mq_open": 240, "mq_unlink": 241,
    },
    "aarch64": {
        "memfd_create": 279, "memfd_secret": 447, "shmget": 194, "shmat": 196, "shmctl": 195,
        "semget": 190, "semop": 193, "semctl": 191, "semtimedop": 192, "msgget": 186,
        "msgsnd": 189, "msgrcv": 188, "msgctl": 187, "mq_open": 180, "mq_unlink": 181,
    },
}  # fmt: skip
# Landlock does not check these calls: a program could change modes, owners, times and attributes of
# any file of the account. The filter makes them do nothing and report success: shutil.copy and
# programs that unpack archives set modes, and would stop at an error. The calls that take an open
# file (fchmod, futimens) still work.
_PRETENDED: Final[dict[str, dict[str, int]]] = {
    "x86_64": {
        "chmod": 90, "fchmodat": 268, "fchmodat2": 452, "chown": 92, "lchown": 94,
        "fchownat": 260, "utime": 132, "utimes": 235, "futimesat": 261, "setxattr": 188,
        "lsetxattr": 189, "removexattr": 197, "lremovexattr": 198, "setxattrat": 463,
        "removexattrat": 466, "file_setattr": 469,
    },
    "aarch64": {
        "fchmodat": 53, "fchmodat2": 452, "fchownat": 54, "setxattr": 5, "lsetxattr": 6,
        "removexattr": 14, "lremovexattr": 15, "setxattrat": 463, "removexattrat": 466,
        "file_setattr": 469,
    },
}  # fmt: skip
_UTIMENSAT: Final = {"x86_64": 280, "aarch64": 88}
_PRCTL: Final = {"x86_64": 157, "aarch64": 167}
_PRLIMIT: Final = {"x86_64": 302, "aarch64": 261}
_PR_SET_DUMPABLE: Final = 4
_ARCHITECTURE: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_CLONE: Final = {"x86_64": 56, "aarch64": 220}
_CLONE3: Final = 435
_NEW_NAMESPACES: Final = 0x7E020000  # all flags of clone for namespaces; threads and forks set none
_SOCKET: Final = {"x86_64": 41, "aarch64": 198}
_SECCOMP: Final = {"x86_64": 317, "aarch64": 277}

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _AND, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_NUMBER, _ARCH, _ARG0, _ARG1 = 0, 4, 16, 24  # offsets in struct seccomp_data
_KILL, _ALLOW, _EPERM, _EAFNOSUPPORT = 0x80000000, 0x7FFF0000, 0x00050001, 0x00050061
_ENOSYS: Final = 0x00050026
_PRETEND: Final = 0x00050000  # skip the call and report error number 0, which means success
_X32 = 0x40000000

# Operation, operand, label to jump to if true, label if false; "" means the next instruction.
_Instruction = tuple[int, int, str, str]


def supported() -> bool:
    """Whether there is a filter for this machine's processor."""
    return platform.machine() in _DENIED


def program(families: Iterable[int] | None = None) -> bytes:
    """Assemble the filter.

    Args:
        families: address families of the sockets that a process may make; internet families for
            stream sockets only. None for a process in namespaces, which have their own network and
            files: then the filter checks neither sockets nor changes of files.

    Returns:
        The filter: one ``struct sock_filter`` of 8 bytes an instruction.
    """
    machine = platform.machine()
    # The numbers below hold for one architecture. Linux also runs 32-bit (and on x86-64: x32) calls
    # of the same process, in which the same numbers mean other calls: such a call kills it.
    lines: list[tuple[str, _Instruction]] = [
        ("", (_LOAD, _ARCH, "", "")),
        ("", (_EQUAL, _ARCHITECTURE[machine], "", "kill")),
        ("", (_LOAD, _NUMBER, "", "")),
        ("", (_AT_LEAST, _X32, "kill", "")),
    ]
    lines += [("", (_EQUAL, n, "refuse", "")) for n in _DENIED[machine].values()]
    lines += [("", (_EQUAL, n, "missing", "")) for n in _MISSING[machine].values()]
    # clone3 passes its flags in memory, which a filter can't read. If clone3 is missing, the C
    # library calls clone, whose flags are in a register.
    lines += [("", (_EQUAL, _CLONE3, "missing", "")), ("", (_EQUAL, _CLONE[machine], "clone", ""))]
    lines += [("", (_EQUAL, _PRCTL[machine], "prctl", ""))]
    lines += [("", (_EQUAL, _PRLIMIT[machine], "prlimit", ""))]
    if families is not None:
        lines += [("", (_EQUAL, n, "pretend", "")) for n in _PRETENDED[machine].values()]
        lines += [("", (_EQUAL, _UTIMENSAT[machine], "utimensat", ""))]
        lines += _socket_lines(_SOCKET[machine], sorted(families))
    lines += [
        ("allow", (_RETURN, _ALLOW, "", "")),
        ("clone", (_LOAD, _ARG0, "", "")),
        ("", (_ANY_BIT, _NEW_NAMESPACES, "refuse", "allow again")),
        # A process that clears its "dumpable" flag hides /proc/PID/fd, and the supervisor could not
        # count the memory that its open files hold.
        ("prctl", (_LOAD, _ARG0, "", "")),
        ("", (_EQUAL, _PR_SET_DUMPABLE, "refuse", "allow again")),
        ("prlimit", (_LOAD, _ARG0, "", "")),
        ("", (_EQUAL, 0, "allow again", "refuse")),  # process id 0: the calling process itself
        ("utimensat", (_LOAD, _ARG1, "", "")),
        ("", (_EQUAL, 0, "", "pretend")),
        ("", (_LOAD, _ARG1 + 4, "", "")),
        ("", (_EQUAL, 0, "allow again", "pretend")),  # a null path: the call is for an open file
        # A second "allow": jumps of BPF go forwards only, so these lines can't reach the first.
        ("allow again", (_RETURN, _ALLOW, "", "")),
        ("refuse", (_RETURN, _EPERM, "", "")),
        ("pretend", (_RETURN, _PRETEND, "", "")),
        ("missing", (_RETURN, _ENOSYS, "", "")),
        ("family", (_RETURN, _EAFNOSUPPORT, "", "")),
        ("kill", (_RETURN, _KILL, "", "")),
    ]
    return _assemble(lines)


def _socket_lines(number: int, families: list[int]) -> list[tuple[str, _Instruction]]:
    lines: list[tuple[str, _Instruction]] = [
        ("", (_EQUAL, number, "", "allow")),
        ("", (_LOAD, _ARG0, "", "")),
    ]
    for family in families:
        lines.append(("", (_EQUAL, family, "allow" if family in _WHATEVER_TYPE else "stream", "")))
    lines += [
        ("", (_EQUAL, 0xFFFFFFFF, "family", "family")),
        ("stream", (_LOAD, _ARG1, "", "")),
        ("", (_AND, 0xF, "", "")),  # keep the type without flags such as SOCK_CLOEXEC
        ("", (_EQUAL, _SOCK_STREAM, "allow", "family")),
    ]
    return lines


def _assemble(lines: list[tuple[str, _Instruction]]) -> bytes:
    places = {label: place for place, (label, _) in enumerate(lines) if label}
    code = b""
    for place, (_, (operation, operand, true, false)) in enumerate(lines):
        jumps = [places[to] - place - 1 if to else 0 for to in (true, false)]
        code += struct.pack("<HBBI", operation, *jumps, operand)
    return code


def install(code: bytes) -> None:
    """Install the filter for every thread of this process; its children inherit the filter.

    Args:
        code: what ``program`` returned.

    Raises:
        OSError: Linux refuses the filter.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    buffer = ctypes.create_string_buffer(code, len(code))
    # struct sock_fprog: number of instructions, padding, address of the instructions.
    header = struct.pack("<HxxxxxxQ", len(code) // 8, ctypes.addressof(buffer))
    # PR_SET_NO_NEW_PRIVS: without it Linux accepts a filter from a privileged process only, because
    # a program with the setuid bit could misbehave as root under the filter.
    libc.prctl(38, 1, 0, 0, 0)
    mode_filter, all_threads = 1, 1
    number = _SECCOMP[platform.machine()]
    if libc.syscall(number, mode_filter, all_threads, header) != 0:
        raise OSError(ctypes.get_errno(), "seccomp")
