"""The job of executing one notebook, and its result: plain data, sent to a worker and back."""

import copy
import logging
import threading
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from traitlets.config import Config

from course_utils.grading.autograde.bundle import Bundle, unpacked
from course_utils.grading.examiner.host import SetupError
from course_utils.grading.executor.resilient import WAITING, ResilientExecute, Stopped
from course_utils.grading.scratch import scratch

LOOK = 0.2  # seconds between checks whether a waiting notebook was stopped


@dataclass(frozen=True)
class Job:
    """A notebook to execute.

    Executing a job twice does no harm: the execution reads only the job and changes nothing else.

    Attributes:
        student: id of the student.
        unit: name of the unit and of its notebook.
        notebook: the rebuilt notebook, as a JSON object.
        files: the files beside the notebook.
        master: the files of the master's folder.
        steps: nbgrader's preprocessors up to the one that executes, which comes last.
        config: configuration of the steps.
        limit: seconds that the notebook may take; None for no limit.
    """

    student: str
    unit: str
    notebook: Mapping[str, Any]
    files: Bundle
    master: Bundle
    steps: tuple[Any, ...]
    config: Config
    limit: float | None = None


@dataclass(frozen=True)
class Done:
    """How the execution of a job ended.

    Attributes:
        notebook: the executed notebook; None if the execution did not finish.
        error: traceback of a failure of the execution itself.
        unusable: why no submission can be graded with this master; empty if the master is usable.
        stopped: whether the job was stopped from outside, by its limit or by the end of the run.
        seconds: seconds that the execution took, without the wait for its turn.
        cells: seconds of each cell, by ``grade_id`` or cell id, and of the ``kernel``'s start.
        log: level and text of each message.
    """

    notebook: NotebookNode | None = None
    error: str = ""
    unusable: str = ""
    stopped: bool = False
    seconds: float = 0.0
    cells: dict[str, float] = field(default_factory=dict)
    log: list[tuple[int, str]] = field(default_factory=list)


def execute(job: Job, workers: int = 1, running: "Running | None" = None) -> Done:
    """Execute a job.

    Args:
        job: the job.
        workers: how many jobs share this machine's cores.
        running: the notebooks of the run in this process, which this job joins.
    """
    log = _ListLog()
    started = time.monotonic()
    notebook, error, unusable, stopped, cells = None, "", "", False, {}
    master = unpacked(job.master)  # kept in use: the folder ends with this object
    with scratch("job") as folder:
        job.files.unpack(Path(folder))
        resources = _resources(job, folder, master.name)
        try:
            config = _configured(job.config, workers)
            notebook = _run(job, resources, config, log, running or Running())
        except Stopped:
            stopped = True
        except SetupError as failure:
            unusable = str(failure)
        except KeyboardInterrupt:
            raise
        except BaseException:  # SystemExit, too, which would end the whole run
            error = traceback.format_exc()
        cells = dict(resources["course"]["seconds"])
    seconds = time.monotonic() - started - cells.pop(WAITING, 0.0)
    return Done(notebook, error, unusable, stopped, seconds, cells, log.lines)


def _resources(job: Job, folder: str, master: str) -> ResourcesDict:
    resources = ResourcesDict()
    resources["unique_key"] = job.unit
    resources["metadata"] = ResourcesDict(name=job.unit, path=folder)
    ids = {"student": job.student, "assignment": job.unit, "notebook": job.unit}
    resources["nbgrader"] = ids
    resources["course"] = {"master": master, "seconds": {}}
    return resources


def _configured(config: Config, workers: int) -> Config:
    config = copy.deepcopy(config)
    config.Examine.workers = workers
    return config


def _run(
    job: Job, resources: ResourcesDict, config: Config, log: logging.Logger, running: "Running"
) -> NotebookNode:
    # Not validated here: the coordinator built the notebook, and validates the result when saving.
    notebook = nbformat.from_dict(job.notebook)  # a copy
    *before, last = (step(config=config, log=log) for step in job.steps)
    for step in before:
        notebook, resources = step(notebook, resources)
    if isinstance(last, ResilientExecute):
        with running.holding(last, job.limit):
            notebook, _ = last(notebook, resources)
    else:
        notebook, _ = last(notebook, resources)
    return notebook


# -- stopping from outside ---------------------------------------------------------------------


class Running:
    """The notebooks that a run executes in this process: gives them turns, and can stop them.

    Args:
        at_once: how many notebooks may run their cells at the same time.
    """

    def __init__(self, at_once: int = 1) -> None:
        self._steps: set[ResilientExecute] = set()
        self._lock = threading.Lock()
        self._stopped = False
        self._turns = threading.Semaphore(at_once)

    def stop(self) -> None:
        """Stop every notebook, including those that a worker has taken but not yet begun."""
        with self._lock:
            self._stopped = True
            steps = list(self._steps)
        for step in steps:
            step.stop()

    @contextmanager
    def holding(self, step: ResilientExecute, limit: float | None) -> Iterator[None]:
        """Make a step wait for its turn, and stop it at its limit or when ``stop`` is called.

        Raises:
            Stopped: the step was stopped, or the run was stopped before the step began.
        """
        step.turn = lambda: self._turn(step, limit)
        with self._lock:
            if self._stopped:
                raise Stopped
            self._steps.add(step)
        try:
            yield
        except Exception as error:  # such as a kernel that was stopped while it started
            if step.stopped:
                raise Stopped from error
            raise
        finally:
            with self._lock:
                self._steps.discard(step)

    @contextmanager
    def _turn(self, step: ResilientExecute, limit: float | None) -> Iterator[None]:
        while not self._turns.acquire(timeout=LOOK):
            if step.stopped:
                raise Stopped
        try:
            with _limited(step, limit):
                yield
        finally:
            self._turns.release()


@contextmanager
def _limited(step: ResilientExecute, limit: float | None) -> Iterator[None]:
    if limit is None:
        yield
        return
    timer = threading.Timer(limit, step.stop)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


class _ListLog(logging.Logger):
    """Collects messages as plain data.

    ``logging.getLogger`` would keep a logger until the process ends; this one ends with its job.
    """

    def __init__(self) -> None:
        super().__init__("job", logging.INFO)
        self.lines: list[tuple[int, str]] = []

    def handle(self, record: logging.LogRecord) -> None:
        """Keep a message."""
        self.lines.append((record.levelno, record.getMessage()))
