"""Examiners that are through with one hand-in and wait for the next one of the same unit.

An examiner never runs a line of a student's, so it may judge one hand-in after the other; each
begins with a new set-up and fresh random numbers (``process``). A process for each would pay for
forks, and for the first steps of TensorFlow and Keras, every time.
"""

import atexit
import os
import threading
from typing import Final

import psutil

from course_utils.grading.examiner.host import ExaminerHost
from course_utils.grading.examiner.master import Master
from course_utils.grading.forkserver.client import Server

HAND_INS: Final = 100  # that one process judges
RESIDENT: Final = 1 << 30  # bytes; what a large answer has bloated is let go


class Examiners:
    """The idle examiners of a process; any thread may use it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[ExaminerHost] = []
        self._owner = os.getpid()

    def take(
        self, master: Master, *, locked: bool, server: Server | None, threads: int
    ) -> ExaminerHost:
        """An examiner at work on the set-up: an idle one if there is one, else a new one.

        Args:
            master: the master notebook.
            locked: whether the process locks itself in.
            server: forks a new process; None starts it cold.
            threads: of one operation of TensorFlow's or torch's; 0 is one a core.
        """
        wanted = (master.folder, master.setup, locked, server, threads)
        while idle := self._find(wanted):
            if idle.begin():
                return idle
            idle.close()
        return ExaminerHost(master, locked=locked, server=server, threads=threads)

    def _find(self, wanted: tuple[object, ...]) -> ExaminerHost | None:
        with self._lock:
            if self._owner != os.getpid():  # in a fork: they answer to its parent
                self._idle, self._owner = [], os.getpid()
            found = next((idle for idle in self._idle if idle.kind == wanted), None)
            if found:
                self._idle.remove(found)
        return found

    def give_back(self, examiner: ExaminerHost) -> None:
        """Keep an examiner for the next hand-in, or end it where it would be of no use."""
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
    """End this process's idle examiners; a coordinator has the workers of a cluster do so, too."""
    _shared.end()


atexit.register(end)
