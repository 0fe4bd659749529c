"""The examiner pool: examiners that have judged one submission and wait for the next.

An examiner never runs a line of a student's code, so the same process may judge many submissions
of one unit. For each submission the process runs the set-up cell anew and draws fresh random
numbers (``process``). A new process for each submission would repeat the fork, and the slow first
steps of TensorFlow and Keras, every time.
"""

import atexit
import os
import threading
from typing import Final

import psutil

from course_utils.grading.examiner.host import ExaminerHost
from course_utils.grading.examiner.master import Master
from course_utils.grading.forkserver.client import Server

HAND_INS: Final = 100  # submissions that one process judges
RESIDENT: Final = 1 << 30  # bytes; a process that a large reply has made larger is ended


class Examiners:
    """The idle examiners of the coordinator or of a worker; any thread may call the methods."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[ExaminerHost] = []
        self._owner = os.getpid()

    def take(
        self, master: Master, *, locked: bool, server: Server | None, threads: int
    ) -> ExaminerHost:
        """Take an idle examiner out of the pool, or start a new one.

        The examiner that is returned has begun to run the set-up cell.

        Args:
            master: the master notebook.
            locked: whether the process locks itself in.
            server: fork server that forks a new process; None starts a cold process.
            threads: threads of one operation of TensorFlow or torch; 0: one a core.
        """
        wanted = (master.folder, master.setup, locked, server, threads)
        while idle := self._find(wanted):
            if idle.begin():
                return idle
            idle.close()
        return ExaminerHost(master, locked=locked, server=server, threads=threads)

    def _find(self, wanted: tuple[object, ...]) -> ExaminerHost | None:
        with self._lock:
            # In a fork of this process the list is inherited, but its examiners are the parent's:
            # two processes that write to one examiner would mix up their requests.
            if self._owner != os.getpid():
                self._idle, self._owner = [], os.getpid()
            found = next((idle for idle in self._idle if idle.kind == wanted), None)
            if found:
                self._idle.remove(found)
        return found

    def give_back(self, examiner: ExaminerHost) -> None:
        """Keep an examiner for the next submission, or end an examiner that can't be reused."""
        if examiner.idle and examiner.judged < HAND_INS and _resident(examiner) < RESIDENT:
            with self._lock:
                self._idle.append(examiner)
        else:
            examiner.close()

    def end(self) -> None:
        """End the idle examiners."""
        with self._lock:
            ended, self._idle = self._idle, []
        if self._owner == os.getpid():
            for examiner in ended:
                examiner.close()


def _resident(examiner: ExaminerHost) -> int:
    try:
        return int(psutil.Process(examiner.pid).memory_info().rss)
    except psutil.Error:
        return RESIDENT


_shared = Examiners()
take, give_back = _shared.take, _shared.give_back


def end() -> None:
    """End this process's idle examiners; a coordinator makes the workers of a cluster call this."""
    _shared.end()


atexit.register(end)
