"""The coordinator's side of the examiner: starts the process, talks to it, ends it."""

import contextlib
import json
import math
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

import psutil
from traitlets.log import get_logger

import course_utils
from course_utils.grading.examiner.master import GradedCell, Master
from course_utils.grading.forkserver.client import Forked, ForkError, Server
from course_utils.grading.sandbox.private import give_fonts
from course_utils.grading.sandbox.supervisor import HASHING, share
from course_utils.grading.scratch import scratch

Ask = Callable[[str], str]
ENTRY: Final = "course_utils.grading.examiner.locked"
LOOK: Final = 0.25  # seconds between two checks of the examiner's processor time

_INHERITED = ("KERAS_BACKEND", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "VIRTUAL_ENV")


class ExaminerError(Exception):
    """The examiner died, stopped replying or could not be set up; the message says which."""


class ExaminerDied(ExaminerError):
    """The examiner's process has ended."""


class TooMuchWork(ExaminerError):
    """A test cost the examiner more processor time than its limit."""


class SetupError(Exception):
    """The master's set-up cell failed in the examiner: no submission can be graded."""


class ExaminerHost:
    """One examiner process, which judges one notebook at a time.

    The constructor starts the process and returns at once. The process runs the set-up cell
    while the coordinator starts the student's kernel.

    Args:
        master: the master notebook.
        locked: whether the process locks itself in.
        setup_timeout: seconds that the set-up cell may take.
        server: fork server that forks the process; None starts a cold process.
        threads: threads of one operation of TensorFlow or torch; 0: one a core.

    Attributes:
        kind: master's folder and set-up, ``locked``, ``server``, ``threads``. Examiners of the
            same kind are interchangeable.
        judged: number of notebooks that the process has begun.
        spent: seconds of the examiner's processor time that the last test took.
    """

    def __init__(
        self,
        master: Master,
        *,
        locked: bool = True,
        setup_timeout: float = 180,
        server: Server | None = None,
        threads: int = 0,
    ) -> None:
        self._master = master
        self._setup_timeout = setup_timeout
        self.kind = (master.folder, master.setup, locked, server, threads)
        self.judged = 0
        self.spent = 0.0
        self._killed = False
        self._reusable = True
        ours, theirs = socket.socketpair()
        self._private = scratch("examiner")
        with theirs:
            start = _Start(master.folder, self._private.name, theirs.fileno(), locked, threads)
            self._process = start.process(server)
        self._connection = Connection(ours.detach())
        self._meter: psutil.Process | None = None
        self._last_worked = self._next_look = 0.0
        self.begin()

    def begin(self) -> bool:
        """Begin with a notebook: have the process run the set-up cell anew.

        Returns:
            Whether the process still takes requests.
        """
        self._setup_until = time.monotonic() + self._setup_timeout
        self._ready = self._running = False
        self.judged += 1
        try:
            self._send({"setup": self._master.setup})
        except ExaminerError:
            return False
        return True

    @property
    def pid(self) -> int:
        """Id of the examiner's process."""
        return self._process.pid

    @property
    def idle(self) -> bool:
        """Whether the process runs, has run the set-up cell, runs no test, and may be reused."""
        at_rest = self._ready and self._reusable and not self._running and not self._killed
        return at_rest and self._process.poll() is None

    def run(
        self,
        name: str,
        test: GradedCell,
        ask: Ask,
        timeout: float,
        work: float = math.inf,
        seed: int | None = None,
    ) -> dict[str, Any]:
        """Run a test cell.

        Args:
            name: ``grade_id`` of the cell.
            test: the cell.
            ask: sends a request to the student's process and returns the text of the reply.
            timeout: seconds that the whole cell may take.
            work: seconds of the examiner's own processor time that the cell may take.
            seed: seed of the random numbers of the test's checks; None: a new seed.

        Returns:
            ``stdout``, ``pictures``, ``value`` and ``error`` of the cell, whether its allowance
            is ``spent`` (``wire.Allowance``), and whether the process is ``reusable``
            (``GlobalState``).

        Raises:
            ExaminerError: the process can't be used any more.
            TooMuchWork: the cell took more processor time than ``work``.
            SetupError: the set-up cell failed.
        """
        self.wait_for_setup()
        until, begun = time.monotonic() + timeout, self._worked()
        self._running, self.spent = True, 0.0
        try:
            seed = secrets.randbits(128) if seed is None else seed
            order = {"test": name, "source": test.source, "names": list(test.names), "seed": seed}
            self._send(order)
            while True:
                message = self._receive(until, begun + work)
                if "done" in message:
                    done: dict[str, Any] = message["done"]
                    self._running = False
                    self._reusable = self._reusable and done["reusable"]
                    return done
                self._answer(ask(message["ask"]))
        finally:
            self.spent = max(0.0, self._worked() - begun)

    def _worked(self) -> float:
        """Measure the seconds of processor time that the process has taken so far.

        Processor time, not wall time: on a busy machine the same test takes a wall time many
        times as long, and the mark would depend on the machine's load.
        """
        with contextlib.suppress(psutil.Error):  # the process has ended: the last value counts
            self._meter = self._meter or psutil.Process(self.pid)
            times = self._meter.cpu_times()
            self._last_worked = times.user + times.system
        self._next_look = time.monotonic() + LOOK
        return self._last_worked

    def wait_for_setup(self) -> None:
        """Wait until the set-up cell has run.

        Raises:
            ExaminerError: the process can't be used any more.
            SetupError: the set-up cell failed.
        """
        if self._ready:
            return
        wrong = self._receive(self._setup_until)["ready"]
        if wrong:
            raise SetupError(wrong)
        self._ready = True

    def _send(self, message: dict[str, Any]) -> None:
        self._answer(json.dumps(message))

    def _answer(self, text: str) -> None:
        """Send a text as it is: encoded in JSON, a text can be six times as long."""
        try:
            self._connection.send_bytes(text.encode("utf-8", "replace"))
        except OSError as error:
            raise ExaminerDied("The examiner died.") from error

    def _receive(self, until: float, worked: float = math.inf) -> dict[str, Any]:
        """Receive the next message.

        Args:
            until: time at which to give up, on the clock of ``time.monotonic``.
            worked: processor time of the process, in seconds, at which to give up.

        Raises:
            ExaminerDied: the process has ended.
            ExaminerError: no message came until then.
            TooMuchWork: the process has used the processor time.
        """
        try:
            while not self._connection.poll(max(0.0, min(LOOK, until - time.monotonic()))):
                if time.monotonic() >= until:
                    raise ExaminerError("The examiner fell silent.")
                self._look(worked)
            message: dict[str, Any] = json.loads(self._connection.recv_bytes())
        except (EOFError, OSError) as error:
            raise ExaminerDied("The examiner died.") from error
        self._look(worked)
        return message

    def _look(self, worked: float) -> None:
        if time.monotonic() >= self._next_look and self._worked() >= worked:
            raise TooMuchWork("A test costs the examiner too much time.")

    def kill(self) -> None:
        """End the process; any thread may call this.

        A thread that waits for a message then gets ``ExaminerDied``.
        """
        self._killed = True
        self._process.kill()

    def close(self) -> None:
        """End the process, and release its socket and its folder."""
        with contextlib.suppress(OSError):
            self._connection.close()
        self._process.kill()
        self._process.wait()
        self._private.cleanup()


@dataclass(frozen=True)
class _Start:
    """How an examiner starts.

    Attributes:
        folder: the working directory: the master's folder.
        private: folder that the examiner may write to.
        descriptor: the examiner's end of the socket.
        locked: whether the examiner locks itself in.
        threads: threads of one operation of TensorFlow or torch; 0: one a core.
    """

    folder: Path
    private: str
    descriptor: int
    locked: bool
    threads: int

    def process(self, server: Server | None) -> "subprocess.Popen[bytes] | Forked":
        """Start the process: a fork of ``server``; a cold process without one, or if it fails."""
        give_fonts(Path(self.private, "matplotlib"))
        package = str(Path(course_utils.__file__).resolve().parents[1])
        env = self._environment(package)
        reads = [package, str(self.folder)]
        rules = {"reads": reads, "writes": [self.private], "locked": self.locked}
        if server is not None:
            try:
                return server.start_examiner(
                    self.folder, env, ENTRY, rules, self.threads, self.descriptor
                )
            except ForkError as error:
                get_logger().warning("%s Starting a cold examiner.", error)
        # Without -P, Python would search the working directory first, and a file of the master's
        # folder could shadow a library's module.
        command = [sys.executable, "-P", "-m", ENTRY]
        return subprocess.Popen(
            [*command, str(self.descriptor), json.dumps(rules)],
            cwd=self.folder,
            env=env,
            pass_fds=[self.descriptor],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _environment(self, package: str) -> dict[str, str]:
        inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        return (
            inherited
            | HASHING
            | share(self.threads)
            | {
                "HOME": self.private,
                "MPLBACKEND": "agg",
                "MPLCONFIGDIR": str(Path(self.private, "matplotlib")),
                "PYTHONDONTWRITEBYTECODE": "1",
                "PYTHONPATH": package,
                "TF_CPP_MIN_LOG_LEVEL": "3",
                "TMPDIR": self.private,
            }
        )
