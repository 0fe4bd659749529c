"""The owner's end: starts the fork server, asks it for processes, holds on to them."""

import atexit
import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from traitlets.log import get_logger

import course_utils
from course_utils.grading.forkserver import preload
from course_utils.grading.sandbox.private import give_fonts
from course_utils.grading.sandbox.supervisor import HASHING, ONE_PROCESS, Spec
from course_utils.grading.scratch import owned

START_TIMEOUT = 180.0  # seconds that the imports may take
FORK_TIMEOUT = 30.0
IDLE = 600.0  # seconds after which a server that nobody asks ends
MAX_FAILURES = 3  # of servers, before this process does without


class ForkError(Exception):
    """There is no server, or it could not do what was asked; start things cold."""


class Server:
    """One fork server; safe to use from several threads.

    Args:
        modules: what it imports; None for all that the course uses.
        idle: seconds after which it ends if nobody asks it for anything.
        wait: whether to return only when it serves; otherwise call ``wait`` before anything else.

    Attributes:
        serves: whether its imports are over.
        missing: modules that could not be imported, with the reason.

    Raises:
        ForkError: the server could not start, or refuses to serve; says why.
    """

    def __init__(
        self, modules: Iterable[str] | None = None, *, idle: float = IDLE, wait: bool = True
    ) -> None:
        self._lock = threading.Lock()
        # A pair of sockets without a path: nobody else can reach the server.
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        # The server removes it after its imports.
        self._folder = folder = Path(tempfile.mkdtemp(prefix=owned("fork")))
        give_fonts(folder / "matplotlib")
        settings = {
            "modules": preload.default_modules() if modules is None else list(modules),
            "folder": str(folder),
            "idle": idle,
        }
        with theirs:
            self._process: subprocess.Popen[bytes] | Forked = subprocess.Popen(
                # Not with -P, which kernels would inherit: without it IPython finds a student's
                # own modules. The working directory is the root's, and the server forgets it.
                [sys.executable, "-m", "course_utils.grading.forkserver.server",
                 str(theirs.fileno()), json.dumps(settings)],
                cwd="/",
                env=_environment(folder),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )  # fmt: skip
        self.missing: list[str] = []
        self.serves = False
        if wait:
            self.wait()

    @property
    def pid(self) -> int:
        """The server's process."""
        return self._process.pid

    def wait(self) -> None:
        """Wait until the server has imported all and serves.

        Raises:
            ForkError: it could not start, or refuses to serve; says why.
        """
        if self.serves:
            return
        try:
            self._control.settimeout(START_TIMEOUT)
            text = self._first_words()
            self._control.settimeout(FORK_TIMEOUT)
            said = json.loads(text) if text else {"refused": f"it ended ({self._process.wait()})"}
        except OSError as error:
            said = {"refused": f"its imports did not end: {error}"}
        if said["refused"]:
            self.close()
            raise ForkError(f"The fork server does not serve: {said['refused']}.")
        self.missing = list(said["missing"])
        self.serves = True

    def _first_words(self) -> bytes:
        try:
            return self._control.recv(64 << 10)
        except ConnectionResetError:  # it ended with a wish unread; what it said is there still
            return self._control.recv(64 << 10)

    @property
    def alive(self) -> bool:
        """Whether the server still runs."""
        return self._process.poll() is None

    @property
    def failed(self) -> bool:
        """Whether the server ended in another way than by itself."""
        return self._process.poll() not in (None, 0)

    def start_kernel(self, spec: Spec) -> "Forked":
        """Fork a kernel with its keeper, locked in when this returns.

        Raises:
            ForkError: it did not work; nothing is left of the attempt.
        """
        return self._fork("kernel", asdict(spec))

    def start_examiner(
        self,
        folder: Path,
        env: dict[str, str],
        entry: str,
        rules: dict[str, Any],
        threads: int,
        descriptor: int,
    ) -> "Forked":
        """Fork an examiner, locked in when this returns.

        Args:
            folder: where it works.
            env: its whole environment.
            entry: the module to run. Its ``lock`` locks the process in, its ``serve`` then
                answers over the socket. The name travels, so that this package does not
                import the examiner.
            rules: arguments of the module's ``lock``.
            threads: of one operation of TensorFlow's or torch's; 0 is one a core.
            descriptor: its end of the socket to the coordinator.

        Raises:
            ForkError: it did not work; nothing is left of the attempt.
        """
        settings = {
            "folder": str(folder), "env": env, "entry": entry, "rules": rules, "threads": threads
        }  # fmt: skip
        return self._fork("examiner", settings, [descriptor])

    def _fork(
        self, kind: str, settings: dict[str, Any], descriptors: Iterable[int] = ()
    ) -> "Forked":
        """Ask for a fork.

        Args:
            kind: "kernel" or "examiner".
            settings: what that kind needs.
            descriptors: what the fork gets besides its line.
        """
        line = self.send(kind, settings, descriptors)
        return _forked(line, kind, FORK_TIMEOUT)

    def send(
        self, kind: str, settings: dict[str, Any], descriptors: Iterable[int]
    ) -> socket.socket:
        """Send a wish, which may be granted much later; returns the line on which it is.

        Raises:
            ForkError: the server is gone.
        """
        request = json.dumps({"kind": kind, "settings": settings}).encode("utf-8")
        line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with theirs, self._lock:
                socket.send_fds(self._control, [request], [theirs.fileno(), *descriptors])
        except OSError as error:
            line.close()
            raise ForkError(f"The fork server does not answer: {error}") from error
        return line

    def close(self) -> None:
        """End the server; what it forked lives on until its owner lets go of it."""
        self._control.close()
        if not self.serves:  # in the middle of its imports it would not notice
            self._process.kill()
            shutil.rmtree(self._folder, ignore_errors=True)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Branch(Server):
    """A server that is a fork of another one, and has imported more.

    Args:
        trunk: the other server, which need not serve yet.
        modules: what to import besides.
        idle: seconds after which it ends if nobody asks it for anything.

    Raises:
        ForkError: the trunk is gone.
    """

    def __init__(self, trunk: Server, modules: list[str], *, idle: float = IDLE) -> None:
        self._lock = threading.Lock()
        self._trunk = trunk
        self._folder = folder = Path(tempfile.mkdtemp(prefix=owned("fork")))
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        own = ("HOME", "IPYTHONDIR", "MPLCONFIGDIR")
        env = {name: value for name, value in _environment(folder).items() if name in own}
        settings = {"modules": modules, "folder": str(folder), "idle": idle, "env": env}
        with theirs:
            self._line = trunk.send("server", settings, [theirs.fileno()])
        self._forked = False
        self.missing = []
        self.serves = False

    def wait(self) -> None:
        """Wait until trunk and branch have imported all, and the branch serves.

        Raises:
            ForkError: one of them could not start, or refuses to serve; says why.
        """
        self._trunk.wait()
        self._have_process(FORK_TIMEOUT)
        super().wait()
        self.missing = [*self._trunk.missing, *self.missing]

    def _have_process(self, timeout: float) -> None:
        if not self._forked:
            self._process = _forked(self._line, "server", timeout)
            self._forked = True

    @property
    def alive(self) -> bool:
        """Whether it still runs, or is to come."""
        return self._process.poll() is None if self._forked else self._trunk.alive

    @property
    def failed(self) -> bool:
        """Whether it ended in another way than by itself."""
        return self._process.poll() not in (None, 0) if self._forked else self._trunk.failed

    def close(self) -> None:
        """End it; before its imports are over it can only be ended after its trunk."""
        try:
            self._have_process(FORK_TIMEOUT)
        except ForkError:  # it never began
            self._control.close()
            shutil.rmtree(self._folder, ignore_errors=True)
        else:
            super().close()


class Forked:
    """A process that the server forked: what ``subprocess.Popen`` would be for a child.

    Args:
        line: socket to the process, which ends when this process ends.
        handle: descriptor of the process (a pidfd), which no other process can take over.
    """

    stdin = stdout = stderr = None

    def __init__(self, line: socket.socket, handle: int) -> None:
        self._line = line
        self._handle = handle
        self.pid = _pid_of(handle)
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit code; None while the process runs."""
        return self._wait(0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end; returns the exit code, which is -9 where the process left none.

        Raises:
            TimeoutExpired: it still runs.
        """
        code = self._wait(timeout)
        if code is None:
            raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
        return code

    def _wait(self, timeout: float | None) -> int | None:
        if self.returncode is None:
            ended = select.poll()
            ended.register(self._handle, select.POLLIN)
            if ended.poll(None if timeout is None else timeout * 1000):
                self.returncode = self._last_words()
                self._line.close()
                os.close(self._handle)
        return self.returncode

    def _last_words(self) -> int:
        with contextlib.suppress(OSError, ValueError, KeyError):
            self._line.setblocking(False)
            return int(json.loads(self._line.recv(1024))["exit"])
        return -signal.SIGKILL

    def send_signal(self, number: int) -> None:
        """Send a signal, to this process and no other."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


def _forked(line: socket.socket, kind: str, timeout: float) -> Forked:
    """What a server answers to a wish.

    Args:
        line: where it answers.
        kind: what was wished for.
        timeout: seconds to wait.

    Raises:
        ForkError: it did not work.
    """
    try:
        line.settimeout(timeout)
        text, handles, _, _ = socket.recv_fds(line, 64 << 10, 1)
    except OSError as error:
        line.close()
        raise ForkError(f"The fork server does not answer: {error}") from error
    if not handles:
        line.close()
        reason = json.loads(text)["error"] if text else "the server is gone"
        raise ForkError(f"No {kind} could be forked: {reason}")
    return Forked(line, handles[0])


def _pid_of(handle: int) -> int:
    for line in Path(f"/proc/self/fdinfo/{handle}").read_text().splitlines():
        if line.startswith("Pid:"):
            return int(line.split()[1])
    return -1


def _environment(folder: Path) -> dict[str, str]:
    """The server's whole environment: each fork shows it, so nothing of the grader's is in it."""
    alone = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
    env = (
        dict.fromkeys(alone, "1")
        | ONE_PROCESS
        | {
            "HOME": str(folder),
            "IPYTHONDIR": str(folder / "ipython"),
            "LANG": "C.UTF-8",
            "MPLCONFIGDIR": str(folder / "matplotlib"),
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONNOUSERSITE": "1",
            "PYTHONPATH": str(Path(course_utils.__file__).resolve().parents[1]),
            # The C library asks for huge pages at once, and few are left to be made of small ones.
            "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
            # As session.start sets them, which is too late in a fork.
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "TF_ENABLE_ONEDNN_OPTS": "0",
        }
    )
    return env | HASHING | {k: os.environ[k] for k in ("LD_LIBRARY_PATH",) if k in os.environ}


# -- the one server of this process ------------------------------------------------------------


class _Shared:
    """The servers that this process shares, and how often one failed it.

    What no heavy library needs comes from the trunk, all else from a branch of it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._trunk: Server | None = None
        self._branches: dict[tuple[str, ...], Server] = {}
        self._failures = 0
        self._owner = 0

    def begin(self, libraries: Iterable[str] | None = None) -> None:
        with self._lock:
            self._have(_names(libraries))

    def get(self, libraries: Iterable[str] | None = None) -> Server | None:
        with self._lock:
            server = self._have(_names(libraries))
            return server if server is not None and self._waited_for(server) else None

    def _have(self, libraries: tuple[str, ...]) -> Server | None:
        """A server, started where there is none that lives, and where one can be had."""
        if sys.platform != "linux":
            return None
        if self._owner != os.getpid():  # a fork of the owner starts its own
            self._trunk, self._branches = None, {}
            self._failures, self._owner = 0, os.getpid()
        self._bury()
        if self._failures >= MAX_FAILURES:
            return None
        try:
            if self._trunk is None:
                self._trunk = Server(preload.light_modules(), wait=False)
            if libraries and libraries not in self._branches:
                self._branches[libraries] = Branch(self._trunk, preload.heavy_modules(libraries))
        except (OSError, ForkError) as error:
            self._do_without(error)
            return None
        return self._branches[libraries] if libraries else self._trunk

    def _bury(self) -> None:
        """Let go of the servers that have ended."""
        ended = {name: server for name, server in self._branches.items() if not server.alive}
        for name in ended:
            del self._branches[name]
        if self._trunk is not None and not self._trunk.alive:
            ended |= {(): self._trunk} | self._branches  # they end with it
            self._trunk, self._branches = None, {}
        if any(server.failed for server in ended.values()):
            self._failures += 1
            get_logger().warning("The fork server died; kernels start cold until it is back")
        for server in ended.values():
            server.close()

    def _waited_for(self, server: Server) -> bool:
        """Wait for a server's imports; returns whether it serves."""
        if server.serves:
            return True
        log, started = get_logger(), time.monotonic()
        try:
            server.wait()
        except ForkError as error:
            self._do_without(error)
            return False
        log.info("Fork server ready after %.1f s more", time.monotonic() - started)
        for name in server.missing:
            log.info("Not in the fork server: %s", name)
        return True

    def _do_without(self, error: Exception) -> None:
        self._failures = MAX_FAILURES  # the next one would fail the same way
        self._end()
        get_logger().warning("%s Kernels start cold, which takes longer.", error)

    def close(self) -> None:
        with self._lock:
            if self._owner == os.getpid():
                self._end()

    def _end(self) -> None:
        servers = [self._trunk, *self._branches.values()]
        self._trunk, self._branches = None, {}
        for server in servers:
            if server is not None:
                server.close()


def _names(libraries: Iterable[str] | None) -> tuple[str, ...]:
    return tuple(sorted(preload.HEAVY if libraries is None else libraries))


_shared = _Shared()
shared, begin = _shared.get, _shared.begin
atexit.register(_shared.close)
