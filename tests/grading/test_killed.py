"""``kill -9`` in the middle of a run of forty: the same command again, and every mark is there."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import nullcontext, suppress
from pathlib import Path

import psutil
import pytest

from course_utils.grading.pipeline import Pipeline
from tests.grading.clusters import Cluster, cluster, wait_for
from tests.grading.runs import WRONG, course, give, grade, lines, rows, start, states

pytestmark = pytest.mark.xdist_group("killed")
CLASS = [f"s{number:02d}" for number in range(40)]
MIDDLE = 15  # hand-ins that are through when something is killed
ONLY_VISIBLE = "def centrar(x):\n    return x - 2"
# Answer to the first exercise → points of its visible and its hidden test.
ANSWERS = {"": (2.0, 3.0), WRONG: (0.0, 0.0), ONLY_VISIBLE: (2.0, 0.0)}


@pytest.fixture
def temporary(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The runs' own folder for temporary files, with a short name: paths of sockets are."""
    folder = tmp_path_factory.mktemp("t")
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


@pytest.mark.parametrize("victim", ["coordinator", "fork server", "kernel", "Dask worker"])
def test_after_a_second_run_every_mark_is_there_once_and_right(victim, tmp_path, temporary):
    pipeline = course(tmp_path / "course", fork_server=True)
    wanted = hand_ins(pipeline)
    with cluster(tmp_path / "cluster", 2) if victim == "Dask worker" else nullcontext() as dask:
        options = ["--scheduler", dask.address] if dask else ["--workers", "2"]
        first = disturbed(pipeline, options, victim, dask)
        second = states(grade(pipeline, *options))
        kept = {student for student, state in first.items() if state == "graded"}
        assert len(kept) >= MIDDLE
        assert {second[student] for student in kept} == {"unchanged"}
        assert set(second) == set(CLASS)
        assert sorted(rows(pipeline.course.root)) == wanted
        owners = [worker.pid for worker in dask.workers[1:]] if dask else []
        assert list(left_files(temporary, owners)) == []
    assert at_last_none(left_processes, temporary) == []


def hand_ins(pipeline: Pipeline) -> list[tuple[str, str, float | None]]:
    """Hand in for the class; returns the rows that the gradebook must have in the end."""
    wanted: list[tuple[str, str, float | None]] = []
    for number, student in enumerate(CLASS):
        answer, (visible, hidden) = list(ANSWERS.items())[number % len(ANSWERS)]
        give(pipeline, student, first=answer)
        wanted += [
            (student, "u1-ej1-oculto", hidden),
            (student, "u1-ej1-visible", visible),
            (student, "u1-ej2-visible", 4.0),
            (student, "u1-reflexion", None),
        ]
    return wanted


def disturbed(
    pipeline: Pipeline, options: list[str], victim: str, dask: Cluster | None
) -> dict[str, str]:
    """A run in whose middle something is killed; returns how its hand-ins ended."""
    said = []
    with start(pipeline, *options) as process:
        for line in lines(process):
            said.append(line)
            if len(said) == 1 + MIDDLE:
                os.kill(find(victim, process.pid, dask), signal.SIGKILL)
                if dask:
                    dask.workers[0].wait()
                if victim == "coordinator":
                    return states(said)
    assert set(states(said)) == set(CLASS), "the run did not go on"
    return states(said)


def find(victim: str, coordinator: int, dask: Cluster | None) -> int:
    """The process to kill."""
    if victim == "coordinator":
        return coordinator
    if dask:
        return dask.workers[0].pid
    (server,) = psutil.Process(coordinator).children()
    if victim == "fork server":
        return server.pid
    found: list[int] = []
    wait_for(lambda: bool(found.extend(kernels(server)) or found))
    return found[-1]


def kernels(server: psutil.Process) -> Iterator[int]:
    """Processes below the fork server with a thread of ZeroMQ's, which only kernels have."""
    for process in server.children(recursive=True):
        for name in Path(f"/proc/{process.pid}/task").glob("*/comm"):
            try:
                if name.read_text(encoding="utf-8").startswith("ZMQ"):
                    yield process.pid
            except OSError:  # it has ended meanwhile
                continue


def at_last_none(find: Callable[[Path], Iterator[Path]], folder: Path) -> list[Path]:
    """What is found in the end; waits a minute for nothing."""
    with suppress(AssertionError):
        wait_for(lambda: not list(find(folder)))
    return list(find(folder))


def left_files(temporary: Path, owners: list[int]) -> Iterator[Path]:
    """Files that belong to none of these processes."""
    for path in temporary.iterdir():
        if not any(f"-{owner}-" in path.name for owner in owners):
            yield path


def left_processes(temporary: Path) -> Iterator[Path]:
    """Processes that a run has started: their environment names its temporary folder."""
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if os.fsencode(temporary) in path.read_bytes():
                yield path
        except OSError:
            continue
