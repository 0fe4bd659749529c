"""Schedules a class: few more submissions are under way than there are workers."""

import time
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from typing import Protocol

from course_utils.grading.autograde.job import Done, Job
from course_utils.grading.autograde.pools import Pool, PoolError

RESERVE = 2  # submissions beyond the workers: one starts its kernel, one waits for a thread
LOOK = 1.0  # seconds between checks of the clock and the workers


class Grader(Protocol):
    """Prepares and saves submissions in this process, one after the other."""

    @property
    def time_is_up(self) -> bool:
        """Whether the run has used its time."""

    def check_interrupt(self) -> None:
        """Raise ``KeyboardInterrupt`` if the user asked for an end and Python lost the signal's."""

    def prepare(self, student: str) -> Job | None:
        """Make a job of a submission; None where there is nothing to execute."""

    def save(self, job: Job, done: Done, preparing: float) -> None:
        """Save the result of a job; ``preparing`` is the time of its preparation, in seconds."""

    def leave(self, student: str) -> None:
        """Leave a submission for the next run."""

    def fail(self, student: str, reason: str) -> None:
        """Record a submission that can't be executed, with an English reason for the log."""


class Scheduler:
    """Keeps the workers busy with at most ``RESERVE`` submissions more than there are workers.

    Args:
        grader: prepares and saves submissions.
        pool: executes the jobs.
    """

    def __init__(self, grader: Grader, pool: Pool) -> None:
        self._grader = grader
        self._pool = pool
        self._running: dict[Future[Done], tuple[Job, float]] = {}

    def run(self, students: list[str]) -> None:
        """Grade the submissions of these students, in order."""
        try:
            for student in students:
                while len(self._running) >= self._pool.workers + RESERVE:
                    self._collect()
                self._begin(student)
            while self._running:
                self._collect()
        except BaseException:
            self._stop()
            raise

    def _begin(self, student: str) -> None:
        self._grader.check_interrupt()
        if self._grader.time_is_up:
            self._grader.leave(student)
            return
        started = time.monotonic()
        job = self._grader.prepare(student)
        if job:
            self._running[self._pool.submit(job)] = (job, time.monotonic() - started)

    def _collect(self) -> None:
        """Wait for up to ``LOOK`` seconds, and save the results that have arrived."""
        done, _ = wait(self._running, timeout=LOOK, return_when=FIRST_COMPLETED)
        self._grader.check_interrupt()
        self._pool.check()
        for future in done:
            self._take(future)
        if self._grader.time_is_up:
            self._stop()
            for future in [future for future in self._running if future.cancelled()]:
                self._take(future)

    def _take(self, future: "Future[Done]") -> None:
        job, preparing = self._running.pop(future)
        # ``future.result()`` would raise a worker's SystemExit or KeyboardInterrupt here, where it
        # could not be told from one of this process.
        error = CancelledError() if future.cancelled() else future.exception()
        if isinstance(error, CancelledError):
            self._grader.leave(job.student)
        elif isinstance(error, PoolError):
            raise error
        elif error:  # such as a notebook that kills one worker after the other
            self._grader.fail(job.student, repr(error))
        else:
            self._grader.save(job, future.result(), preparing)

    def _stop(self) -> None:
        """Cancel the jobs that have not begun, and stop the others."""
        for future in self._running:
            future.cancel()
        self._pool.stop()
