"""The coordinator's side: starts the fork servers, requests forks, owns the forked processes."""

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
IDLE = 600.0  # seconds without a request after which a server ends
MAX_FAILURES = 3  # servers that may die before this process starts cold processes only


class ForkError(Exception):
    """There is no server, or the server could not carry out a request: start a cold process."""


class Server:
    """One fork server; safe to use from several threads.

    Args:
        modules: modules that the server imports; None: all that the course uses.
        idle: seconds without a request after which the server ends.
        wait: whether the constructor returns only when the server serves; otherwise call ``wait``
            before any request.

    Attributes:
        serves: whether the imports are over.
        missing: modules that could not be imported, with the reason.

    Raises:
        ForkError: the server could not start, or refuses to serve; the message says why.
    """

    def __init__(
        self, modules: Iterable[str] | None = None, *, idle: float = IDLE, wait: bool = True
    ) -> None:
        self._lock = threading.Lock()
        # A pair of sockets without a path: no other process can connect to the server. A SEQPACKET
        # socket keeps messages apart, so one read takes one request with its descriptors.
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        # The server removes this folder after its imports.
        self._folder = folder = Path(tempfile.mkdtemp(prefix=owned("fork")))
        give_fonts(folder / "matplotlib")
        settings = {
            "modules": preload.default_modules() if modules is None else list(modules),
            "folder": str(folder),
            "idle": idle,
        }
        with theirs:
            self._process: subprocess.Popen[bytes] | Forked = subprocess.Popen(
                # No -P: kernels would inherit it, and IPython would not find a student's own
                # modules. Without -P Python puts the working directory on ``sys.path``: it is the
                # root folder here, and the server removes the entry.
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
        """Id of the server's process."""
        return self._process.pid

    def wait(self) -> None:
        """Wait until the server has imported its modules and serves.

        Raises:
            ForkError: the server could not start, or refuses to serve; the message says why.
        """
        if self.serves:
            return
        try:
            self._control.settimeout(START_TIMEOUT)
            text = self._first_message()
            self._control.settimeout(FORK_TIMEOUT)
            said = json.loads(text) if text else {"refused": f"it ended ({self._process.wait()})"}
        except OSError as error:
            said = {"refused": f"its imports did not end: {error}"}
        if said["refused"]:
            self.close()
            raise ForkError(f"The fork server does not serve: {said['refused']}.")
        self.missing = list(said["missing"])
        self.serves = True

    def _first_message(self) -> bytes:
        try:
            return self._control.recv(64 << 10)
        except ConnectionResetError:
            # The server ended before it read a request, and the system reports that first. The
            # server's message is still in the socket, and the next read returns it.
            return self._control.recv(64 << 10)

    @property
    def alive(self) -> bool:
        """Whether the server still runs."""
        return self._process.poll() is None

    @property
    def failed(self) -> bool:
        """Whether the server ended with an error or by a signal."""
        return self._process.poll() not in (None, 0)

    def start_kernel(self, spec: Spec) -> "Forked":
        """Fork a kernel with its supervisor; the kernel is locked in when this method returns.

        Args:
            spec: what to start, and its limits.

        Raises:
            ForkError: the server could not fork or lock in the kernel; no process is left.
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
        """Fork an examiner; the process is locked in when this method returns.

        Args:
            folder: the working directory.
            env: the process's whole environment.
            entry: name of the module to run. The module's ``lock`` locks the process in, its
                ``serve`` then replies over the socket. The request carries a name, so that this
                package does not import the examiner.
            rules: arguments of the module's ``lock``.
            threads: threads of one operation of TensorFlow or torch; 0: one a core.
            descriptor: the examiner's end of the socket to the coordinator.

        Raises:
            ForkError: the server could not fork or lock in the examiner; no process is left.
        """
        settings = {
            "folder": str(folder), "env": env, "entry": entry, "rules": rules, "threads": threads
        }  # fmt: skip
        return self._fork("examiner", settings, [descriptor])

    def _fork(
        self, kind: str, settings: dict[str, Any], descriptors: Iterable[int] = ()
    ) -> "Forked":
        """Request a fork and wait for the reply.

        Args:
            kind: "kernel" or "examiner".
            settings: settings of that kind.
            descriptors: descriptors that the fork gets besides its channel.
        """
        channel = self.send(kind, settings, descriptors)
        return _forked(channel, kind, FORK_TIMEOUT)

    def send(
        self, kind: str, settings: dict[str, Any], descriptors: Iterable[int]
    ) -> socket.socket:
        """Queue a request; the server may reply much later.

        Args:
            kind: "kernel", "examiner" or "server".
            settings: settings of that kind.
            descriptors: descriptors that the fork gets besides its channel.

        Returns:
            The channel, on which the reply comes.

        Raises:
            ForkError: the server has ended.
        """
        request = json.dumps({"kind": kind, "settings": settings}).encode("utf-8")
        channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with theirs, self._lock:
                socket.send_fds(self._control, [request], [theirs.fileno(), *descriptors])
        except OSError as error:
            channel.close()
            raise ForkError(f"The fork server does not answer: {error}") from error
        return channel

    def close(self) -> None:
        """End the server; the processes that it forked live on until their owner ends them."""
        self._control.close()
        if not self.serves:  # during its imports a server does not look at the socket
            self._process.kill()
            shutil.rmtree(self._folder, ignore_errors=True)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class LibraryServer(Server):
    """A fork of the base server that has imported heavy libraries and serves by itself.

    Args:
        base: the base server, which need not serve yet.
        modules: modules to import besides the base server's.
        idle: seconds without a request after which the server ends.

    Raises:
        ForkError: the base server has ended.
    """

    def __init__(self, base: Server, modules: list[str], *, idle: float = IDLE) -> None:
        self._lock = threading.Lock()
        self._base = base
        self._folder = folder = Path(tempfile.mkdtemp(prefix=owned("fork")))
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        own = ("HOME", "IPYTHONDIR", "MPLCONFIGDIR")
        env = {name: value for name, value in _environment(folder).items() if name in own}
        settings = {"modules": modules, "folder": str(folder), "idle": idle, "env": env}
        with theirs:
            self._channel = base.send("server", settings, [theirs.fileno()])
        self._forked = False
        self.missing = []
        self.serves = False

    def wait(self) -> None:
        """Wait until both servers have imported their modules, and this server serves.

        Raises:
            ForkError: one of the servers could not start, or refuses to serve; the message says
                why.
        """
        self._base.wait()
        self._take_process(FORK_TIMEOUT)
        super().wait()
        self.missing = [*self._base.missing, *self.missing]

    def _take_process(self, timeout: float) -> None:
        if not self._forked:
            self._process = _forked(self._channel, "server", timeout)
            self._forked = True

    @property
    def alive(self) -> bool:
        """Whether the server runs, or the base server runs and has yet to fork it."""
        return self._process.poll() is None if self._forked else self._base.alive

    @property
    def failed(self) -> bool:
        """Whether the server, or the base server before the fork, ended by an error or signal."""
        return self._process.poll() not in (None, 0) if self._forked else self._base.failed

    def close(self) -> None:
        """End the server.

        Its process is known only after the base server has replied, so this waits for the reply,
        or for the base server's end.
        """
        try:
            self._take_process(FORK_TIMEOUT)
        except ForkError:  # the base server never forked it
            self._control.close()
            shutil.rmtree(self._folder, ignore_errors=True)
        else:
            super().close()


class Forked:
    """A process that the server forked, with the interface of ``subprocess.Popen``.

    The process is a child of the server, not of this process, so ``os.waitpid`` does not work for
    it. A pidfd does: it becomes readable when the process ends. Unlike a process id, it can never
    refer to a later process. The exit code comes over the channel.

    Args:
        channel: socket to the process. The system closes this end when the owner ends, and the
            process notices.
        handle: pidfd of the process.
    """

    stdin = stdout = stderr = None  # ``LocalProvisioner`` reads these attributes of Popen

    def __init__(self, channel: socket.socket, handle: int) -> None:
        self._channel = channel
        self._handle = handle
        self.pid = _pid_of(handle)
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit code; None while the process runs."""
        return self._wait(0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait until the process has ended.

        Args:
            timeout: seconds; None: without a limit.

        Returns:
            The exit code; -9 if the process ended without reporting one.

        Raises:
            TimeoutExpired: the process still runs.
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
                self.returncode = self._reported_code()
                self._channel.close()
                os.close(self._handle)
        return self.returncode

    def _reported_code(self) -> int:
        with contextlib.suppress(OSError, ValueError, KeyError):
            self._channel.setblocking(False)
            return int(json.loads(self._channel.recv(1024))["exit"])
        return -signal.SIGKILL

    def send_signal(self, number: int) -> None:
        """Send a signal to the process; without effect after its end."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, number)

    def kill(self) -> None:
        """End the process at once (SIGKILL)."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Request the end of the process (SIGTERM)."""
        self.send_signal(signal.SIGTERM)


def _forked(channel: socket.socket, kind: str, timeout: float) -> Forked:
    """Read a server's reply to a request for a fork.

    Args:
        channel: socket on which the fork replies.
        kind: kind of the request.
        timeout: seconds to wait.

    Raises:
        ForkError: no reply came, or the reply reports an error.
    """
    try:
        channel.settimeout(timeout)
        text, handles, _, _ = socket.recv_fds(channel, 64 << 10, 1)
    except OSError as error:
        channel.close()
        raise ForkError(f"The fork server does not answer: {error}") from error
    if not handles:
        channel.close()
        reason = json.loads(text)["error"] if text else "the server is gone"
        raise ForkError(f"No {kind} could be forked: {reason}")
    return Forked(channel, handles[0])


def _pid_of(handle: int) -> int:
    for line in Path(f"/proc/self/fdinfo/{handle}").read_text().splitlines():
        if line.startswith("Pid:"):
            return int(line.split()[1])
    return -1


def _environment(folder: Path) -> dict[str, str]:
    """The server's whole environment, without any variable of the grader's that may be secret.

    ``/proc/PID/environ`` of every fork, kernels included, shows this environment: a change of
    ``os.environ`` does not change that file.
    """
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
            # The C library then asks for huge pages when it allocates memory, and ``huge_pages``
            # has few pages left to convert.
            "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
            # ``session.start`` sets these too. In a fork that is too late: TensorFlow reads them
            # while it is imported.
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "TF_ENABLE_ONEDNN_OPTS": "0",
        }
    )
    return env | HASHING | {k: os.environ[k] for k in ("LD_LIBRARY_PATH",) if k in os.environ}


# -- the servers of this process ---------------------------------------------------------------


class _Shared:
    """The servers that all threads of this process share.

    Units without a heavy library use the base server, all others a ``LibraryServer``. After
    ``MAX_FAILURES`` failures, or after a server that refuses to serve, there is no server any more.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._base: Server | None = None
        self._others: dict[tuple[str, ...], Server] = {}
        self._failures = 0
        self._owner = 0

    def begin(self, libraries: Iterable[str] | None = None) -> None:
        with self._lock:
            self._have(_names(libraries))

    def get(self, libraries: Iterable[str] | None = None) -> Server | None:
        with self._lock:
            server = self._have(_names(libraries))
            return server if server is not None and self._wait_for(server) else None

    def _have(self, libraries: tuple[str, ...]) -> Server | None:
        """The server for these libraries, started if it does not run; None if none can run."""
        if sys.platform != "linux":
            return None
        if self._owner != os.getpid():  # a fork of the owner must not use its parent's sockets
            self._base, self._others = None, {}
            self._failures, self._owner = 0, os.getpid()
        self._drop_ended()
        if self._failures >= MAX_FAILURES:
            return None
        try:
            if self._base is None:
                self._base = Server(preload.light_modules(), wait=False)
            if libraries and libraries not in self._others:
                modules = preload.heavy_modules(libraries)
                self._others[libraries] = LibraryServer(self._base, modules)
        except (OSError, ForkError) as error:
            self._give_up(error)
            return None
        return self._others[libraries] if libraries else self._base

    def _drop_ended(self) -> None:
        """Forget the servers that have ended."""
        ended = {name: server for name, server in self._others.items() if not server.alive}
        for name in ended:
            del self._others[name]
        if self._base is not None and not self._base.alive:
            ended |= {(): self._base} | self._others  # these end when the base server ends
            self._base, self._others = None, {}
        if any(server.failed for server in ended.values()):
            self._failures += 1
            get_logger().warning("The fork server died; kernels start cold until it is back")
        for server in ended.values():
            server.close()

    def _wait_for(self, server: Server) -> bool:
        """Wait for a server's imports, and return whether the server serves."""
        if server.serves:
            return True
        log, started = get_logger(), time.monotonic()
        try:
            server.wait()
        except ForkError as error:
            self._give_up(error)
            return False
        log.info("Fork server ready after %.1f s more", time.monotonic() - started)
        for name in server.missing:
            log.info("Not in the fork server: %s", name)
        return True

    def _give_up(self, error: Exception) -> None:
        self._failures = MAX_FAILURES  # another server would fail in the same way
        self._end()
        get_logger().warning("%s Kernels start cold, which takes longer.", error)

    def close(self) -> None:
        with self._lock:
            if self._owner == os.getpid():
                self._end()

    def _end(self) -> None:
        servers = [self._base, *self._others.values()]
        self._base, self._others = None, {}
        for server in servers:
            if server is not None:
                server.close()


def _names(libraries: Iterable[str] | None) -> tuple[str, ...]:
    return tuple(sorted(preload.HEAVY if libraries is None else libraries))


_shared = _Shared()
shared, begin = _shared.get, _shared.begin
atexit.register(_shared.close)
