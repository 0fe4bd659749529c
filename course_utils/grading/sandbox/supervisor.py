"""Supervises one student's kernel: locks it in, enforces its limits, cleans up after it.

The kernel manager starts ``python -m course_utils.grading.sandbox.supervisor SPEC.json`` instead of
the kernel; a fork of the preload server calls ``keep``. The supervisor ends when the kernel ends,
on SIGTERM, when the coordinator has ended, or when all processes of the notebook together exceed a
limit. Before it ends, it kills every process that comes from the kernel.

The supervisor runs outside the sandbox, with the standard library alone.
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

# By default each Python process draws a new seed for the hashes of strings, and the order of a set
# of strings depends on it: an answer that uses that order could be right in one run only.
HASHING: Final = {"PYTHONHASHSEED": "0"}
INTERVAL: Final = 0.2  # seconds between checks of the limits
_DISK_EVERY: Final = 2.0  # seconds at least between measures of the disk: each walks the folders
_DISK_SHARE: Final = 20  # measures of the disk take at most one twentieth of the time
# Every 25th check reads the parent of every process on the machine. This takes longest, and finds
# processes that the system's lists of children miss.
_SEARCH_EVERY: Final = 25
OVER_LIMIT: Final = 77  # exit code: the notebook exceeded a limit
NOT_LOCKED: Final = 78  # exit code: the sandbox could not be set up
_LISTS: Final = Path("/proc/thread-self/children")  # where the system keeps lists of children


@dataclass(frozen=True)
class Spec:
    """The kernel to start, and its limits.

    Attributes:
        level: ``bubblewrap``, ``landlock``, or ``none``: limits without a sandbox.
        command: the kernel's command line.
        private: the kernel's private folder, as ``private.make_private`` makes it.
        visible: files and folders that the kernel may read, the interpreter's included.
        env: variables of the kernel beyond the environment of every sandbox.
        memory: bytes of all processes together, files in memory included.
        processes: number of processes.
        file_size: bytes of one file.
        scratch: bytes of each private folder.
        files: number of files and folders in each private folder.
        wall_time: seconds from start to end.
        quiet: whether to discard what the kernel writes to its standard streams.
        threads: threads of one operation of TensorFlow or torch; 0: one a core.
        libraries: heavy libraries that a preload server must have imported; None: all.
        owner: process id of the coordinator. The coordinator may die before the supervisor reads
            its parent's id, and the parent is another process then. 0: take the parent's id.
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
        """Write the specification as JSON."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Spec":
        """Read a specification that ``write`` wrote."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))


def main(path: str) -> int:
    """Run a kernel to its end.

    Args:
        path: file of the kernel's ``Spec``.

    Returns:
        The exit code, as of ``keep``.
    """
    spec = Spec.read(Path(path))
    parent = spec.owner or os.getppid()
    return keep(spec, lambda: _become_kernel(spec), lambda: os.getppid() != parent)


def keep(
    spec: Spec,
    become: Callable[[], NoReturn],
    abandoned: Callable[[], bool],
    wakeups: Iterable[int] = (),
) -> int:
    """Start a kernel, supervise it to its end, and clean up after it.

    Args:
        spec: the kernel's limits.
        become: turns a child of this process into the kernel.
        abandoned: whether the coordinator has ended.
        wakeups: descriptors that become readable when ``abandoned`` may have changed.

    Returns:
        The kernel's exit code; 0 if it was ended on request, ``OVER_LIMIT`` if it exceeded a limit.
    """
    # PR_SET_CHILD_SUBREAPER: orphans of the kernel become children of this process. Otherwise a
    # daemon (a process whose parent has ended) would become a child of init, and no list of this
    # process's descendants would hold it.
    _prctl(36, 1)
    # The wake-up fd: Python writes a byte into this pipe for each signal, so that select() in
    # ``_await`` returns at once. Without it Python resumes select() after a signal (PEP 475), and
    # the end of the kernel would be noticed only at the next check.
    wakeup, writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    stop: list[int] = []
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda number, _: stop.append(number))
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    # On the level bubblewrap a kernel has its own /dev/shm; without a sandbox /dev/shm stays as is.
    shares = spec.level == "landlock"
    since = shared_memory.begin() if shares else 0.0
    kernel = os.fork()
    if kernel == 0:
        signal.set_wakeup_fd(-1)
        shared_memory.forget()
        become()
    _allow_many_files()
    over = lambda: bool(stop) or abandoned()  # noqa: E731
    try:
        return _watch(spec, kernel, over, [wakeup, *wakeups], _Disk(spec, since))
    finally:  # also after an error in this process: no process of the notebook may remain
        _sweep()
        if shares:
            shared_memory.clear(since)
        if abandoned():  # otherwise the coordinator removes the folder
            trees.remove(spec.private)


def _allow_many_files() -> None:
    """Raise this process's limit of open files: ``trees.measure`` opens one folder for each level.

    Nested folders of a notebook could otherwise exhaust the limit.
    """
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def die_with_parent() -> None:
    """Make the system kill this process when its parent ends."""
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
    """Prepare a kernel before it is locked in: signal handlers, standard streams, limits.

    Args:
        spec: the kernel's specification.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    if spec.quiet:
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nothing, descriptor)
    # Libraries map more address space than the memory they use, so this limit is a wide one.
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
    # bwrap itself starts with an empty environment: it is the first process in the sandbox, and
    # /proc/1/environ shows the environment that it started with.
    os.execve(program, found, {})


def enter_landlock(spec: Spec) -> dict[str, str]:
    """Lock this process in with Landlock.

    Args:
        spec: names the folders to show, and the limits.

    Returns:
        The kernel's environment.

    Raises:
        OSError: the system can't restrict the process.
    """
    folder = Path(spec.private)
    shown = [spec.private, package(), *spec.visible]
    mounted = private_tmp.mount(folder / "tmp", shown)
    env = _enter_private(spec)
    env |= {} if mounted else {private_tmp.VARIABLE: str(folder / "tmp")}
    read = [*landlock.SYSTEM, *spec.visible, package(), str(folder / "library")]
    own = [str(folder / part) for part in ("runtime", "skeleton", "tmp")]
    write = [*own, "/dev/null"]
    # Landlock forbids TCP, so internet sockets can't connect. libzmq aborts if it can't read the
    # list of network interfaces (netlink).
    families = (seccomp.AF_UNIX, seccomp.AF_INET, seccomp.AF_INET6, seccomp.AF_NETLINK)
    landlock.lock_in(read, write, families, shared=[str(shared_memory.FOLDER)])
    die_with_parent()  # last: the system clears this setting when credentials change
    return env


def enter_unlocked(spec: Spec) -> dict[str, str]:
    """Change to the private folder, without any lock.

    Args:
        spec: names the folder.

    Returns:
        The kernel's environment.
    """
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
    """The kernel's whole environment, without any variable of the coordinator's.

    Args:
        spec: the kernel's specification.
        home: the kernel's home folder.
        scratch: the kernel's temporary folder.
        library: folder from which the kernel imports ``course_utils``.
    """
    return (
        {
            "HOME": home,
            "IPYTHONDIR": f"{home}/.ipython",
            "LANG": "C.UTF-8",
            "LOGNAME": "student",
            "MPLCONFIGDIR": f"{home}/.config/matplotlib",
            "NBGRADER_EXECUTION": "autograde",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_RETRIES": "0",  # without a network, further attempts only take time
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


# joblib's workers look each other up in /proc, which Landlock refuses. Without workers joblib runs
# the tasks one after the other, with the same results at every level.
ONE_PROCESS: Final = {"JOBLIB_MULTIPROCESSING": "0"}


def share(threads: int) -> dict[str, str]:
    """Environment variables that limit a notebook's threads, as several notebooks share the cores.

    Args:
        threads: threads of one operation; 0: no limit.
    """
    names = ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")
    return dict.fromkeys(names, str(threads)) if threads else {}


# -- watching ----------------------------------------------------------------------------------


def _watch(
    spec: Spec, kernel: int, over: Callable[[], bool], wakeups: list[int], disk: "_Disk"
) -> int:
    """Wait until the kernel ends, or must be ended.

    Returns:
        Exit code for ``keep``.
    """
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
        # A check takes time, and every child that dies wakes this loop: check at intervals only.
        if time.monotonic() >= look:
            look, rounds = time.monotonic() + INTERVAL, rounds + 1
            if _over_limit(spec, disk, quick=rounds % _SEARCH_EVERY != 0):
                return OVER_LIMIT
        _await(wakeups, look)


def _await(wakeups: list[int], until: float) -> None:
    """Sleep until one of the descriptors is readable or the time is reached.

    ``wakeups[0]`` is the wake-up fd: its bytes are read here, or select() would never sleep again.
    """
    ready, _, _ = select.select(wakeups, [], [], max(0.0, until - time.monotonic()))
    with contextlib.suppress(BlockingIOError):
        while wakeups[0] in ready and os.read(wakeups[0], 4096):
            pass


def _reap(kernel: int) -> int | None:
    """Reap dead children.

    Returns:
        The kernel's exit code if the kernel is one of them, else None.
    """
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
    # In our own user namespace every process can be looked at. With Landlock a process of an
    # unreadable program can't, and could hold memory that is not counted.
    if spec.level == "landlock":
        _kill(filter(usage.hides, processes))
    held = usage.held(processes, mapped=disk.due, namespaces=namespaces)
    if usage.too_much(processes, held.memory, spec.memory):
        return True
    return (
        disk.look() + held.disk > 2 * spec.scratch or max(disk.entries, held.entries) > spec.files
    )


class _Disk:
    """Measures the private folder at intervals, and keeps ``/dev/shm`` within the limits.

    Args:
        spec: names the folder and the limits.
        since: what ``shared_memory.begin`` returned; 0 if the kernel has its own ``/dev/shm``.

    Attributes:
        size: bytes at the last measure.
        entries: files and folders at the last measure.
    """

    def __init__(self, spec: Spec, since: float) -> None:
        self._spec = spec
        self._since = since
        self._next = time.monotonic() + _DISK_EVERY
        self.size = self.entries = 0

    @property
    def due(self) -> bool:
        """Whether it is time to measure again."""
        return time.monotonic() >= self._next

    def look(self) -> int:
        """Measure the folder if that is due, and return the size in bytes."""
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
    """Ids of all descendants of this process.

    Args:
        quick: whether to read the system's lists of children, which may miss a process while
            others end.
    """
    found, queue = [], [os.getpid()]
    children = _listed_children if quick and _LISTS.exists() else _searched_children()
    while queue:
        below = children(queue.pop())
        found += below
        queue += below
    return found


def _listed_children(pid: int) -> list[int]:
    """Children of a process, from the system's lists: one list for each thread."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(OSError):
                found += map(int, (task / "children").read_text().split())
    return found


def _searched_children() -> Callable[[int], list[int]]:
    """Read the parent of every process on the machine once.

    Returns:
        A function from a process's id to the ids of its children.
    """
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
    """Kill all descendants of this process: the kernel and all that it started, daemons included.

    A process may fork between the look and its end, so this repeats until none is left.

    Args:
        seconds: time limit.
    """
    until = time.monotonic() + seconds
    while (left := _descendants(quick=True) or _descendants()) and time.monotonic() < until:
        _kill(left)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        time.sleep(0.01)


def run(arguments: list[str]) -> Any:
    """Run the program with its command line; ends the process."""
    sys.exit(main(arguments[1]))


if __name__ == "__main__":
    run(sys.argv)
