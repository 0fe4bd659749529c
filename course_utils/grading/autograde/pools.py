"""Pools of workers that execute notebooks; on this machine, the workers are threads.

The work happens in kernels and examiners, which are processes of their own. A thread that waits for
them costs almost nothing, and all threads share one fork server.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import psutil

from course_utils.grading.autograde.job import Done, Job, Running, execute
from course_utils.grading.examiner import pool
from course_utils.grading.scratch import sweep

MEMORY_EACH = 2_500_000_000  # bytes: kernel and examiner with TensorFlow and torch, training
_GROUP = Path("/sys/fs/cgroup")


class PoolError(Exception):
    """The workers can't be used; the message says why and what to do, in one sentence."""


@dataclass(frozen=True)
class Pool:
    """A pool of workers.

    Attributes:
        executor: runs ``function`` on the workers.
        function: executes one job.
        workers: how many jobs run their cells at once.
        stop: stops the running jobs, if the pool can.
        check: raises ``PoolError`` if the workers are out of reach.
    """

    executor: Executor
    function: Callable[[Job], Done]
    workers: int
    stop: Callable[[], Any]
    check: Callable[[], None] = lambda: None

    def submit(self, job: Job) -> Any:
        """Submit a job; returns its future."""
        return self.executor.submit(self.function, job)


@contextmanager
def local_pool(workers: int = 0) -> Iterator[Pool]:
    """Start workers on this machine; 0 means ``default_workers()``."""
    sweep()
    workers = workers or default_workers()
    # One thread more than ``workers``: it starts its kernel while the others run their cells.
    executor = ThreadPoolExecutor(workers + 1, thread_name_prefix="grade")
    running = Running(at_once=workers)
    function = partial(execute, workers=workers, running=running)
    try:
        yield Pool(executor, function, workers, stop=running.stop)
    finally:
        executor.shutdown(wait=True, cancel_futures=True)
        pool.end()


def default_workers() -> int:
    """One worker more than cores, but no more than the memory has room for, and at least one.

    A notebook in which Keras trains sleeps a tenth of its time: each ``fit`` ends with a wait for
    a thread of TensorFlow's input pipeline, which sleeps. The extra worker uses these gaps.
    """
    return max(1, min(cores() + 1, _free_memory() // MEMORY_EACH))


def cores() -> int:
    """Number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _free_memory() -> int:
    """Bytes of memory that are free on the machine and, if limited, in the container."""
    free = int(psutil.virtual_memory().available)
    try:
        limit = (_GROUP / "memory.max").read_text(encoding="utf-8").strip()
        used = (_GROUP / "memory.current").read_text(encoding="utf-8").strip()
    except OSError:
        return free
    return min(free, int(limit) - int(used)) if limit.isdigit() else free
