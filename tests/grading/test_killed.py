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
# Hand-ins that are through → what is killed then.
HERE = {8: "kernel", 16: "fork server", 24: "coordinator"}
ON_A_CLUSTER = {15: "Dask worker"}
ONLY_VISIBLE = "def centrar(x):\n    return x - 2"
# Answer to the first exercise → points of its visible and its hidden test.
ANSWERS = {"": (2.0, 3.0), WRONG: (0.0, 0.0), ONLY_VISIBLE: (2.0, 0.0)}


@pytest.fixture
def temporary(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The runs' own folder for temporary files, with a short name: paths of sockets are."""
    folder = tmp_path_factory.mktemp("t")
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


@pytest.mark.parametrize("victims", [HERE, ON_A_CLUSTER], ids=["here", "cluster"])
def test_after_a_second_run_every_mark_is_there_once_and_right(victims, tmp_path, temporary):
    pipeline = course(tmp_path / "course", fork_server=True)
    wanted = hand_ins(pipeline)
    with cluster(tmp_path / "cluster", 2) if victims == ON_A_CLUSTER else nullcontext() as dask:
        options = ["--scheduler", dask.address] if dask else ["--workers", "2"]
        first = disturbed(pipeline, options, victims, dask)
        second = states(grade(pipeline, *options))
        kept = {student for student, state in first.items() if state == "graded"}
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
    pipeline: Pipeline, options: list[str], victims: dict[int, str], dask: Cluster | None
) -> dict[str, str]:
    """A run in whose middle something is killed; returns how its hand-ins ended."""
    said = []
    with start(pipeline, *options) as process:
        for line in lines(process):
            said.append(line)
            victim = victims.get(len(said) - 1)  # the first line says that the run begins
            if victim:
                kill(victim, process.pid, dask)
            if victim == "coordinator":
                break
        else:
            assert set(states(said)) == set(CLASS), "the run did not go on"
    assert len(said) > max(victims)
    return states(said)


def kill(victim: str, coordinator: int, dask: Cluster | None) -> None:
    """Kill what has this name."""
    if dask:
        dask.workers[0].kill()
        dask.workers[0].wait()
    elif victim == "coordinator":
        os.kill(coordinator, signal.SIGKILL)
    else:
        server = fork_server(coordinator)
        if victim == "fork server":
            server.kill()
        else:  # one may end before it is killed
            wait_for(lambda: any(killed(kernel) for kernel in kernels(server)))


def fork_server(coordinator: int) -> psutil.Process:
    """The coordinator's; a kernel killed while it started has a cold successor beside it."""
    for child in psutil.Process(coordinator).children():
        with suppress(psutil.Error):
            if "course_utils.grading.forkserver.server" in child.cmdline():
                return child
    raise AssertionError("there is no fork server")


def killed(process: psutil.Process) -> bool:
    """Kill a process, if it is still there."""
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return False
    return True


def kernels(server: psutil.Process) -> Iterator[psutil.Process]:
    """Processes below the fork server with a thread of ZeroMQ's, which only kernels have."""
    for process in server.children(recursive=True):
        names = Path(f"/proc/{process.pid}/task").glob("*/comm")
        with suppress(OSError):  # it has ended meanwhile
            if any(name.read_text(encoding="utf-8").startswith("ZMQ") for name in names):
                yield process


def at_last_none(find: Callable[[Path], Iterator[Path]], folder: Path) -> list[Path]:
    """What is found in the end; waits a minute for nothing."""
    with suppress(AssertionError):
        wait_for(lambda: not list(find(folder)))
    return list(find(folder))


def left_files(temporary: Path, owners: list[int]) -> Iterator[Path]:
    """Files that belong to none of these processes, nor to Dask."""
    for path in temporary.iterdir():
        owned = any(f"-{owner}-" in path.name for owner in owners)
        if not owned and path.name != "dask-scratch-space":
            yield path


def left_processes(temporary: Path) -> Iterator[Path]:
    """Processes that a run has started: their environment names its temporary folder."""
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if os.fsencode(temporary) in path.read_bytes():
                yield path
        except OSError:
            continue
