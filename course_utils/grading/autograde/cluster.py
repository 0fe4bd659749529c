"""Execute jobs on a Dask cluster. Needs the extra ``[cluster]``."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from course_utils.grading.autograde.job import Done, Job, execute
from course_utils.grading.autograde.pools import Pool, PoolError
from course_utils.grading.autograde.versions import differences, versions
from course_utils.grading.examiner import pool
from course_utils.grading.scratch import sweep

CONNECT = 10  # seconds


@contextmanager
def cluster_pool(address: str) -> Iterator[Pool]:
    """Connect to the workers of a Dask scheduler.

    Args:
        address: address of the scheduler, such as ``tcp://10.0.0.1:8786``.

    Raises:
        PoolError: there is no scheduler, the scheduler has no worker, or a machine of the cluster
            has other versions.
    """
    client = _connect(address)
    try:
        workers = _workers(client, address)
        executor = client.get_executor(pure=False)
        yield Pool(
            executor,
            partial(execute_there, expected=versions()),
            workers,
            stop=lambda: executor.shutdown(wait=False),
            check=lambda: _check(client, address),
        )
    finally:
        with suppress(Exception):  # the connection may be broken by now
            if client.status == "running":
                client.run(pool.end, on_error="ignore")
            client.close(timeout=2)


def execute_there(job: Job, expected: dict[str, str]) -> Done:
    """Execute a job on a Dask worker, with its share of the cores.

    Raises:
        PoolError: the worker has other versions; it joined after the others were checked.
    """
    from distributed import get_worker

    wrong = differences(expected, versions())
    if wrong:
        raise PoolError(f"{get_worker().address} has {', '.join(wrong)}.")
    sweep()  # remove what a killed worker has left on this machine
    os.environ["NBGRADER_EXECUTION"] = "autograde"
    return execute(job, workers=get_worker().state.nthreads)


def _connect(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        raise PoolError(
            "Grading on a cluster needs Dask: pip install 'course-utils[cluster]'."
        ) from error
    # Dask reports a lost connection in many messages; ``PoolError`` reports it in one sentence.
    for name in ("distributed", "distributed.client", "distributed.core", "distributed.comm"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        return Client(address, timeout=CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise PoolError(
            f"There is no Dask scheduler at {address}: start it with 'dask scheduler', "
            "or check address and firewall."
        ) from error


def _workers(client: Any, address: str) -> int:
    """Check the workers; returns how many jobs they run at once."""
    threads: dict[str, int] = client.nthreads()
    if not threads:
        raise PoolError(
            f"The scheduler at {address} has no worker: start some with 'dask worker {address}'."
        )
    _demand_same(client, address)
    return sum(threads.values())


def _demand_same(client: Any, address: str) -> None:
    """Refuse machines whose marks could differ, the scheduler's too, since it reads jobs."""
    answers = client.run(versions, on_error="return")
    try:
        answers[address] = client.run_on_scheduler(versions)
    except Exception as error:
        answers[address] = error
    here, wrong = versions(), []
    for machine, answer in sorted(answers.items()):
        if isinstance(answer, dict):
            wrong += [f"{machine} has {phrase}" for phrase in differences(here, answer)]
        else:
            wrong.append(f"{machine} can't import course_utils ({answer})")
    if wrong:
        raise PoolError(
            "The cluster differs from this machine, and so could its marks: "
            f"{'; '.join(wrong)}. Install the same lock there."
        )


def _check(client: Any, address: str) -> None:
    if client.status != "running":
        raise PoolError(
            f"The Dask scheduler at {address} is gone. What was graded is kept: "
            "start it again, and the same command goes on."
        )
