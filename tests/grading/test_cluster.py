"""``course grade --scheduler``: a real Dask scheduler and real workers, some of which die."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from course_utils.grading.execution.versions import differences, versions
from course_utils.grading.pipeline import Pipeline
from tests.grading.courses import ROOT
from tests.grading.runs import (
    FULL,
    PART,
    UNIT,
    WRONG,
    course,
    environment,
    give,
    grade,
    lines,
    marks,
    start,
    states,
)

pytestmark = pytest.mark.xdist_group("cluster")


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
        _wait_for(self._file.exists)

    @property
    def address(self) -> str:
        """Of the scheduler."""
        import json

        return str(json.loads(self._file.read_text(encoding="utf-8"))["address"])

    def add_worker(self, package: Path = ROOT) -> None:
        """Start a worker, with the course's package from a folder."""
        local = self._folder / f"worker-{len(self.workers)}"
        options = ["--nthreads", "1", "--no-nanny", "--local-directory", str(local)]
        before = self._registered()
        self.workers.append(self._start("worker", package, self.address, *options))
        _wait_for(lambda: self._registered() > before)

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


def _wait_for(happens) -> None:
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


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    return course(tmp_path / "course")


def test_a_worker_killed_in_the_middle_costs_nothing_but_time(pipeline, tmp_path):
    students = [f"s{number}" for number in range(5)]
    for student in students:
        give(pipeline, student, seconds=2, first=WRONG if student == "s1" else "")
    with cluster(tmp_path / "cluster", 2) as dask:
        with start(pipeline, "--scheduler", dask.address) as process:
            said = []
            for line in lines(process):
                said.append(line)
                if len(states(said)) == 1:
                    dask.workers[0].kill()
        assert process.returncode == 0
    assert said[0]["workers"] == 2
    assert states(said) == dict.fromkeys(students, "graded")
    assert marks(pipeline, students) == dict.fromkeys(students, FULL) | {"s1": PART}


def test_a_scheduler_that_goes_away_is_one_sentence_and_loses_nothing(pipeline, tmp_path):
    students = ["ana", "bruno", "carla"]
    give(pipeline, "ana")
    give(pipeline, "bruno", seconds=60)
    give(pipeline, "carla", seconds=60)
    with cluster(tmp_path / "cluster", 1) as dask:
        with start(pipeline, "--scheduler", dask.address) as process:
            for line in lines(process):
                if line["event"] == "hand-in":
                    dask.scheduler.kill()
                    break
            _, errors = process.communicate(timeout=60)
        assert process.returncode == 2
        assert errors.strip().splitlines()[-1].startswith("course: The Dask scheduler at tcp://")
        assert "Traceback" not in errors
    assert marks(pipeline, students) == {"ana": FULL, "bruno": None, "carla": None}
    give(pipeline, "bruno")
    give(pipeline, "carla")
    assert states(grade(pipeline))["ana"] == "unchanged"
    assert set(marks(pipeline, students).values()) == {FULL}


def test_a_worker_with_another_version_is_refused_by_name(pipeline, tmp_path):
    give(pipeline, "ana")
    other = tmp_path / "other"
    shutil.copytree(ROOT / "course_utils", other / "course_utils")
    with (other / "course_utils" / "session.py").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    with cluster(tmp_path / "cluster", 0) as dask:
        with start(pipeline, "--scheduler", dask.address) as process:
            _, errors = process.communicate(timeout=120)
        assert process.returncode == 2
        assert "has no worker" in errors
        dask.add_worker(other)
        with start(pipeline, "--scheduler", dask.address) as process:
            _, errors = process.communicate(timeout=120)
    assert process.returncode == 2
    assert "has course_utils 1.0.0+" in errors
    assert "instead of 1.0.0+" in errors
    assert not (pipeline.course.root / "autograded" / "ana" / UNIT).exists()


def test_differences_name_every_package_that_could_change_a_mark():
    here = versions()
    assert {"python", "course_utils", "nbgrader", "numpy", "tensorflow", "torch"} <= set(here)
    assert differences(here, here) == []
    there = here | {"numpy": "1.0"}
    del there["torch"]
    assert differences(here, there) == [
        f"numpy 1.0 instead of {here['numpy']}",
        f"torch not installed instead of {here['torch']}",
    ]
