"""Keeps one student's kernel: locks it in, watches its limits, sweeps up after it.

Started as ``python -m course_utils.grading.sandbox.supervisor SPEC.json`` in place of the kernel.
It ends when the kernel ends, when it is told to, when the grader is gone, or when the processes
of the notebook take more than their share together; whatever they started ends with it.
"""

import contextlib
import ctypes
import json
import os
import resource
import select
import signal
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, NoReturn

from course_utils.grading import trees
from course_utils.grading.sandbox import (
    bubblewrap,
    landlock,
    private_tmp,
    seccomp,
    shared_memory,
    usage,
)

# Each Python process draws a new seed for the hashes of strings, on which the order of a set of
# strings depends: an answer that uses that order would be right in one run and wrong in the next.
HASHING: Final = {"PYTHONHASHSEED": "0"}
INTERVAL: Final = 0.2  # seconds between looks at what a notebook uses
_DISK_EVERY: Final = 2.0  # seconds at least between looks at the disk: each walks the folders
_DISK_SHARE: Final = 20  # looks at the disk take at most one twentieth of the time
_SEARCH_EVERY: Final = 25  # looks; each asks every process of the machine, which takes longest
OVER_LIMIT: Final = 77  # exit codes
NOT_LOCKED: Final = 78
_LISTS: Final = Path("/proc/thread-self/children")  # where the system keeps lists of children


@dataclass(frozen=True)
class Spec:
    """What to start and how much it may take.

    Attributes:
        level: ``bubblewrap``, ``landlock``, or ``none``, where limits are all there is.
        command: the kernel's command line.
        private: folder of this kernel; below it ``runtime``, ``home``, ``notebook``, ``tmp``.
        visible: files and folders that it may read, the interpreter's among them.
        env: its environment beyond what every sandbox has.
        memory: bytes of all processes together, files in memory included.
        processes: how many processes there may be.
        file_size: bytes of one file.
        scratch: bytes of each private folder.
        files: files and folders in each private folder.
        wall_time: seconds from start to end.
        quiet: whether what it writes to its terminal is dropped.
        threads: threads of one operation of TensorFlow's or torch's; 0 is one a core.
        libraries: heavy ones that a fork server must have imported to fork it; None for all.
        owner: process id of the grader, which may die before the supervisor can ask who started it;
            0: whoever did.
    """

    level: str
    command: list[str]
    private: str
    visible: list[str] = field(default_factory=list)
    env: dict[str, str] = field(default_factory=dict)
    memory: int = 6 << 30
    processes: int = 64
    file_size: int = 512 << 20
    scratch: int = 1 << 30
    files: int = 20_000
    wall_time: float = 3600
    quiet: bool = False
    threads: int = 0
    libraries: list[str] | None = None
    owner: int = 0

    def write(self, path: Path) -> None:
        """Write it where ``read`` finds it."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Spec":
        """Read what ``write`` wrote."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))


def main(path: str) -> int:
    """Run a kernel to its end; returns its exit code."""
    spec = Spec.read(Path(path))
    parent = spec.owner or os.getppid()
    return keep(spec, lambda: _become_kernel(spec), lambda: os.getppid() != parent)


def keep(
    spec: Spec,
    become: Callable[[], NoReturn],
    abandoned: Callable[[], bool],
    wakeups: Iterable[int] = (),
) -> int:
    """Start a kernel and stay with it to its end; returns its exit code.

    Args:
        spec: its limits.
        become: what turns a child of this process into the kernel.
        abandoned: whether the grader is gone.
        wakeups: descriptors on which to ask ``abandoned`` at once.
    """
    _prctl(36, 1)  # PR_SET_CHILD_SUBREAPER: orphans of the kernel become ours
    wakeup, writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    stop: list[int] = []
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda number, _: stop.append(number))
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    # On the level bubblewrap a kernel has a /dev/shm of its own; without a sandbox none is cleaned.
    shares = spec.level == "landlock"
    since = shared_memory.begin() if shares else 0.0
    kernel = os.fork()
    if kernel == 0:
        signal.set_wakeup_fd(-1)
        shared_memory.forget()
        become()
    _have_descriptors()
    over = lambda: bool(stop) or abandoned()  # noqa: E731
    try:
        return _watch(spec, kernel, over, [wakeup, *wakeups], _Disk(spec, since))
    finally:  # also after an error here: no process of the notebook's may stay
        _sweep()
        if shares:
            shared_memory.clear(since)
        if abandoned():  # the coordinator, which would tidy up, is gone
            trees.remove(spec.private)


def _have_descriptors() -> None:
    """Raise this process's limit of open files: ``trees.measure`` holds one for each level."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def die_with_parent() -> None:
    """Have this process killed when the one that started it ends."""
    _prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def _prctl(option: int, value: int) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def _become_kernel(spec: Spec) -> NoReturn:
    try:
        move_in(spec)
        if spec.level == "bubblewrap":
            _exec_bubblewrap(spec)
        else:
            env = enter_landlock(spec) if spec.level == "landlock" else enter_unlocked(spec)
            os.execve(spec.command[0], spec.command, env)
    except BaseException as error:
        print(f"The sandbox could not be set up: {error!r}", file=sys.stderr)
    os._exit(NOT_LOCKED)


def move_in(spec: Spec) -> None:
    """What a kernel gets before it is locked in: signals, a terminal to nowhere, limits."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    if spec.quiet:
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nothing, descriptor)
    # Address space is not memory: libraries map more than they use.
    landlock.limit(2 * spec.memory + (8 << 30), spec.file_size, 4096)


def _exec_bubblewrap(spec: Spec) -> None:
    program = bubblewrap.executable()
    if program is None:
        raise FileNotFoundError("bwrap")
    descriptor = os.memfd_create("filter", 0)
    os.write(descriptor, seccomp.program())
    os.lseek(descriptor, 0, os.SEEK_SET)
    folder = Path(spec.private)
    env = environment(spec, bubblewrap.HOME, "/tmp", bubblewrap.LIBRARY)
    found = bubblewrap.arguments(
        spec.command,
        package=package(),
        skeleton=str(folder / "skeleton"),
        runtime=str(folder / "runtime"),
        visible=spec.visible,
        env=env,
        scratch=spec.scratch,
        filter_descriptor=descriptor,
    )
    # An empty environment: the first process in there shows the one it was started with.
    os.execve(program, found, {})


def enter_landlock(spec: Spec) -> dict[str, str]:
    """Lock this process in with Landlock; returns the environment that goes with it."""
    folder = Path(spec.private)
    shown = [spec.private, package(), *spec.visible]
    mounted = private_tmp.mount(folder / "tmp", shown)
    env = _enter_private(spec)
    env |= {} if mounted else {private_tmp.VARIABLE: str(folder / "tmp")}
    read = [*landlock.SYSTEM, *spec.visible, package(), str(folder / "library")]
    own = [str(folder / part) for part in ("runtime", "skeleton", "tmp")]
    write = [*own, "/dev/null"]
    # TCP itself is refused, and libzmq stops without the list of interfaces (netlink).
    families = (seccomp.AF_UNIX, seccomp.AF_INET, seccomp.AF_INET6, seccomp.AF_NETLINK)
    landlock.lock_in(read, write, families, shared=[str(shared_memory.FOLDER)])
    die_with_parent()  # last: new credentials clear it
    return env


def enter_unlocked(spec: Spec) -> dict[str, str]:
    """Only work in the private folder; returns the environment that goes with it."""
    env = _enter_private(spec)
    die_with_parent()
    return env


def _enter_private(spec: Spec) -> dict[str, str]:
    folder = Path(spec.private)
    library = folder / "library"
    (library / "course_utils").symlink_to(package())
    os.chdir(folder / "skeleton" / "notebook")
    return environment(spec, str(folder / "skeleton/home"), str(folder / "tmp"), str(library))


def package() -> str:
    """Folder of the ``course_utils`` package."""
    return str(Path(__file__).resolve().parents[2])


def environment(spec: Spec, home: str, scratch: str, library: str) -> dict[str, str]:
    """The kernel's whole environment: nothing of the grader's own gets in."""
    return (
        {
            "HOME": home,
            "IPYTHONDIR": f"{home}/.ipython",
            "LANG": "C.UTF-8",
            "LOGNAME": "student",
            "MPLCONFIGDIR": f"{home}/.config/matplotlib",
            "NBGRADER_EXECUTION": "autograde",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_RETRIES": "0",  # without a network each further try only takes time
            "PATH": f"{Path(spec.command[0]).parent}:/usr/local/bin:/usr/bin:/bin",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONNOUSERSITE": "1",
            "PYTHONPATH": library,
            "SHELL": "/bin/bash" if Path("/bin/bash").exists() else "/bin/sh",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "TMPDIR": scratch,
            "USER": "student",
        }
        | HASHING
        | ONE_PROCESS
        | share(spec.threads)
        | spec.env
    )


# joblib's workers ask /proc about each other, which Landlock refuses: without workers ``n_jobs``
# gives the same results, one after the other, at every level.
ONE_PROCESS: Final = {"JOBLIB_MULTIPROCESSING": "0"}


def share(threads: int) -> dict[str, str]:
    """Settings that keep notebooks which run side by side from fighting for the cores."""
    names = ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")
    return dict.fromkeys(names, str(threads)) if threads else {}


# -- watching ----------------------------------------------------------------------------------


def _watch(
    spec: Spec, kernel: int, over: Callable[[], bool], wakeups: list[int], disk: "_Disk"
) -> int:
    """Wait for the end of the kernel, or for a reason to end it; returns an exit code."""
    until = time.monotonic() + spec.wall_time
    look, rounds = time.monotonic() + INTERVAL, 0
    while True:
        code = _reap(kernel)
        if code is not None:
            return code
        if over():
            return 0
        if time.monotonic() > until:
            return OVER_LIMIT
        # Looking takes time: not each time that a child of the notebook's dies.
        if time.monotonic() >= look:
            look, rounds = time.monotonic() + INTERVAL, rounds + 1
            if _over_limit(spec, disk, quick=rounds % _SEARCH_EVERY != 0):
                return OVER_LIMIT
        _await(wakeups, look)


def _await(wakeups: list[int], until: float) -> None:
    """Sleep until one of the descriptors can be read or the time has come."""
    ready, _, _ = select.select(wakeups, [], [], max(0.0, until - time.monotonic()))
    with contextlib.suppress(BlockingIOError):
        while wakeups[0] in ready and os.read(wakeups[0], 4096):
            pass


def _reap(kernel: int) -> int | None:
    """Reap dead children; the kernel's exit code if it is among them."""
    code = None
    with contextlib.suppress(ChildProcessError):
        while (found := os.waitpid(-1, os.WNOHANG))[0]:
            if found[0] == kernel:
                code = os.waitstatus_to_exitcode(found[1])
    return abs(code) if code is not None else None


def _over_limit(spec: Spec, disk: "_Disk", *, quick: bool) -> bool:
    processes = _descendants(quick=quick)
    if len(processes) > spec.processes:
        return True
    namespaces = spec.level == "bubblewrap"
    if spec.level == "landlock":  # in a namespace of ours no process can hide
        _kill(filter(usage.hides, processes))
    held = usage.held(processes, mapped=disk.due, namespaces=namespaces)
    if usage.too_much(processes, held.memory, spec.memory):
        return True
    return (
        disk.look() + held.disk > 2 * spec.scratch or max(disk.entries, held.entries) > spec.files
    )


class _Disk:
    """What lies in the private folder and in ``/dev/shm``, looked at now and then.

    Args:
        spec: names the folder and the limits.
        since: what ``shared_memory.begin`` returned; 0 where the kernel has a folder of its own.

    Attributes:
        size: bytes at the last look.
        entries: files and folders at the last look.
    """

    def __init__(self, spec: Spec, since: float) -> None:
        self._spec = spec
        self._since = since
        self._next = time.monotonic() + _DISK_EVERY
        self.size = self.entries = 0

    @property
    def due(self) -> bool:
        """Whether it is time for a look."""
        return time.monotonic() >= self._next

    def look(self) -> int:
        """The size, measured anew where that is due."""
        if self.due:
            started = time.monotonic()
            use = trees.measure(self._spec.private, self._spec.files)
            self.size, self.entries = use.size, use.entries
            taken = time.monotonic() - started
            self._next = started + max(_DISK_EVERY, _DISK_SHARE * taken)
            if self._since:
                shared_memory.relieve(self._since, self._spec.memory, self._spec.files)
        return self.size


def _descendants(*, quick: bool = False) -> list[int]:
    """Processes that come from this one; a quick look may miss one while others end."""
    found, queue = [], [os.getpid()]
    children = _listed_children if quick and _LISTS.exists() else _searched_children()
    while queue:
        below = children(queue.pop())
        found += below
        queue += below
    return found


def _listed_children(pid: int) -> list[int]:
    """Children of each thread of a process, as the system lists them."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(OSError):
                found += map(int, (task / "children").read_text().split())
    return found


def _searched_children() -> Callable[[int], list[int]]:
    """Children of any process, each process on the machine having been asked for its parent."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                text = (entry / "stat").read_text(encoding="utf-8", errors="replace")
                parent = int(text.rpartition(")")[2].split()[1])
                parents.setdefault(parent, []).append(int(entry.name))
    return lambda pid: parents.get(pid, [])


def _kill(processes: Iterable[int]) -> None:
    for pid in processes:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)


def _sweep(seconds: float = 5.0) -> None:
    """Kill everything that comes from the kernel, daemons included."""
    until = time.monotonic() + seconds
    while (left := _descendants(quick=True) or _descendants()) and time.monotonic() < until:
        _kill(left)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        time.sleep(0.01)


def run(arguments: list[str]) -> Any:
    """The program."""
    sys.exit(main(arguments[1]))


if __name__ == "__main__":
    run(sys.argv)
