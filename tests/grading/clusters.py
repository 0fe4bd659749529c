"""A Dask cluster on this machine, for tests: a real scheduler, real workers."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.grading.courses import ROOT
from tests.grading.runs import environment


class Cluster:
    """A scheduler and its workers, each a process of its own.

    Args:
        folder: for their files.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.workers: list[subprocess.Popen[bytes]] = []
        self._file = folder / "scheduler.json"
        options = ["--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(self._file)]
        self.scheduler = self._start("scheduler", ROOT, *options)
        wait_for(self._file.exists)

    @property
    def address(self) -> str:
        """Of the scheduler."""
        return str(json.loads(self._file.read_text(encoding="utf-8"))["address"])

    def add_worker(self, package: Path = ROOT) -> None:
        """Start a worker, with the course's package from a folder."""
        local = self._folder / f"worker-{len(self.workers)}"
        options = ["--nthreads", "1", "--no-nanny", "--local-directory", str(local)]
        before = self._registered()
        self.workers.append(self._start("worker", package, self.address, *options))
        wait_for(lambda: self._registered() > before)

    def _registered(self) -> int:
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            return len(client.nthreads())

    def _start(self, kind: str, package: Path, *options: str) -> "subprocess.Popen[bytes]":
        with (self._folder / f"{kind}-{len(self.workers)}.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", kind, *options, "--no-dashboard"],
                cwd=self._folder,
                env=environment() | {"PYTHONPATH": str(package)},
                stdout=log,
                stderr=log,
            )

    def close(self) -> None:
        """End all processes."""
        for process in (*self.workers, self.scheduler):
            process.kill()  # a worker that is asked kindly takes up to a minute
        for process in (*self.workers, self.scheduler):
            process.wait(timeout=60)


def wait_for(happens: Callable[[], bool]) -> None:
    """Wait until something happens, for a minute."""
    until = time.monotonic() + 60
    while not happens():
        assert time.monotonic() < until
        time.sleep(0.2)


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    """A cluster for a test."""
    folder.mkdir()
    found = Cluster(folder)
    try:
        for _ in range(workers):
            found.add_worker()
        yield found
    finally:
        found.close()
