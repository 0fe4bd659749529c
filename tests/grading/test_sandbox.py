"""What a program in the sandbox can reach, and what is left of it.

For each level that there is, and for each way to start: cold, and as a fork.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from textwrap import dedent

import pytest
from nbgrader.converters.base import NbGraderException

from course_utils.grading.forkserver.client import Server
from course_utils.grading.sandbox import levels
from course_utils.grading.sandbox.keeper import OVER_LIMIT
from tests.grading.forks import SECRET, inside

OFFERED = [level for level in levels.LEVELS if levels.works(level)]
pytestmark = pytest.mark.xdist_group("sandbox")
each_level = pytest.mark.parametrize("level", OFFERED)


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, Server | None]]:
    """What starts a program: nothing (cold), and a fork server."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in SECRET.items():
            patch.setenv(name, value)
        server = Server()
        yield {"cold": None, "forked": server}
        server.close()


@pytest.fixture(params=["cold", "forked"])
def start(request: pytest.FixtureRequest, servers: dict[str, Server | None]) -> Server | None:
    return servers[request.param]


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a short name: paths of UNIX sockets are."""
    return tmp_path_factory.mktemp("s")


@each_level
def test_files_of_the_grader_cannot_be_read_or_written(level, folder, start):
    (folder / "canary.txt").write_text("canary", encoding="utf-8")
    done = inside(
        level,
        folder,
        server=start,
        code=f"""
        import os
        def refused(action):
            try:
                action()
            except OSError:
                return True
        package = os.path.dirname(__import__("course_utils").__file__)
        assert refused(lambda: open({str(folder / "canary.txt")!r}))
        assert refused(lambda: open("/etc/shadow"))
        assert refused(lambda: os.listdir({str(Path(__file__).parent)!r}))
        for path in ("/usr/x", package + "/x", {sys.prefix!r} + "/x", "/etc/x", "/x"):
            assert refused(lambda: open(path, "w")), path
        open("mine.txt", "w").write("x")
        print("done")
        """,
    )
    assert done.stdout == "done\n", done.stderr
    assert sorted(p.name for p in folder.glob("*.txt")) == ["canary.txt"]


@each_level
def test_secrets_and_other_processes_are_out_of_reach(level, folder, start):
    done = inside(
        level,
        folder,
        server=start,
        code="""
        import os, signal
        assert "COURSE_SECRET" not in os.environ
        found = ""
        for pid in ("1", "self", str(os.getppid())):
            try:
                found += open(f"/proc/{pid}/environ").read()
            except OSError:
                pass
        assert "COURSE_SECRET" not in found
        try:
            os.kill(GRADER, 0)
        except OSError:
            print("done")
        """.replace("GRADER", str(os.getpid())),
    )
    assert done.stdout == "done\n", done.stderr


@each_level
def test_strings_hash_alike_in_every_kernel(level, folder, start):
    """An answer that walks through a set gives the same in every run."""
    code = "import os; print(hash('media'), os.environ['PYTHONHASHSEED'])"
    alike = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONHASHSEED": "0"}, capture_output=True, text=True
    )
    assert inside(level, folder, code, start).stdout == alike.stdout != ""


@each_level
def test_nobody_makes_namespaces_inside(level, folder, start):
    """In a namespace of its own, a process would have all of root's powers."""
    done = inside(
        level,
        folder,
        server=start,
        code="""
        import ctypes, platform
        libc = ctypes.CDLL(None, use_errno=True)
        clone, clone3, new_users, child = {"x86_64": 56, "aarch64": 220}, 435, 0x10000000, 17
        number = clone[platform.machine()]
        assert libc.syscall(number, new_users | child, None, None, None, None) == -1
        assert libc.syscall(clone3, None, 0) == -1
        assert libc.unshare(new_users) == -1
        print("done")
        """,
    )
    assert done.stdout == "done\n", done.stderr


@each_level
def test_there_is_no_network(level, folder, start):
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        done = inside(
            level,
            folder,
            server=start,
            code=f"""
            import socket
            try:
                socket.create_connection(("127.0.0.1", {server.getsockname()[1]}), 3)
            except OSError:
                print("done")
            """,
        )
    assert done.stdout == "done\n", done.stderr


@each_level
def test_the_courses_libraries_work(level, folder, start):
    done = inside(
        level,
        folder,
        server=start,
        code="""
        import matplotlib.pyplot as plt, torch
        from torch.utils.data import DataLoader, TensorDataset
        data = TensorDataset(torch.arange(100.0))
        loader = DataLoader(data, batch_size=7, num_workers=2)
        plt.plot([1, 2]); plt.savefig("figure.png")
        print(sum(x.sum().item() for x, in loader))
        """,
    )
    assert done.stdout == "4950.0\n", done.stderr


@each_level
@pytest.mark.parametrize(
    ("code", "limits"),
    [
        ("import subprocess\nwhile True: subprocess.Popen(['sleep', LONG])", {"processes": 30}),
        ("x = []\nwhile True: x.append(bytearray(b'x' * (50 << 20)))", {"memory": 1 << 30}),
        ("while True: pass", {"wall_time": 2}),
    ],
    ids=["processes", "memory", "time"],
)
def test_who_takes_too_much_is_ended(level, folder, start, code, limits):
    started = time.monotonic()
    done = inside(level, folder, code.replace("LONG", repr(own_duration(level))), start, **limits)
    assert done.returncode == OVER_LIMIT or "MemoryError" in done.stderr
    assert time.monotonic() - started < 60
    assert sleeping(own_duration(level)) == 0


@each_level
def test_daemons_end_with_the_notebook(level, folder, start):
    code = f"import subprocess; subprocess.Popen(['setsid', 'sleep', {own_duration(level)!r}])"
    inside(level, folder, code + "; import time; time.sleep(1)", start)
    assert sleeping(own_duration(level)) == 0


def test_the_systems_lists_of_children_name_whom_the_search_names():
    # A family says a word when it is complete; the thread lives on, since a list belongs to one
    # thread and children of one that ends are on nobody's list for a moment.
    code = """
    import queue, subprocess, threading
    from course_utils.grading.sandbox import keeper
    family = "import subprocess; subprocess.run(['sh', '-c', 'sleep 60 & echo; wait'])"
    started, over = queue.SimpleQueue(), threading.Event()
    begin = lambda: started.put(subprocess.Popen(
        ["python", "-c", family], stdout=subprocess.PIPE))
    begin()
    threading.Thread(target=lambda: (begin(), over.wait())).start()
    for process in started.get(), started.get():
        process.stdout.readline()
    quick, search = keeper._descendants(quick=True), keeper._descendants()
    over.set()
    keeper._sweep()
    print(sorted(quick) == sorted(search), len(search), keeper._descendants())
    """
    done = subprocess.run(
        [sys.executable, "-c", dedent(code)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "True 6 []\n"


def own_duration(level: str) -> str:
    """Seconds by which this test run's processes are told from those of others."""
    return f"4{levels.LEVELS.index(level)}{os.getpid()}"


def sleeping(seconds: str) -> int:
    """How many processes sleep that long."""
    time.sleep(0.3)
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.append(path.read_bytes())
        except OSError:
            continue
    return sum(line == f"sleep\0{seconds}\0".encode() for line in lines)


def test_without_a_sandbox_grading_has_to_be_told(monkeypatch):
    monkeypatch.setattr(levels, "works", lambda level: False)
    with pytest.raises(NbGraderException, match=r"--Examine.unsafe=True"):
        levels.choose_level("auto", False)
    with pytest.raises(NbGraderException, match="does not work"):
        levels.choose_level("bubblewrap", True)
    with pytest.raises(NbGraderException, match="No sandbox"):
        levels.choose_level("none", False)
    assert levels.choose_level("auto", True) == levels.NONE


def test_workers_that_begin_together_try_a_level_once(monkeypatch):
    trials = []

    def tried(command, **_):
        trials.append(command)
        time.sleep(0.3)
        return subprocess.CompletedProcess(command, 40)

    monkeypatch.setattr(levels.subprocess, "run", tried)
    levels._try.cache_clear()
    try:
        with ThreadPoolExecutor(3) as workers:
            assert list(workers.map(levels.works, OFFERED[:1] * 3)) == [True] * 3
    finally:
        levels._try.cache_clear()
    assert len(trials) == 1


def test_the_best_level_comes_first(monkeypatch):
    monkeypatch.setattr(levels, "works", lambda level: True)
    assert levels.choose_level("auto", False) == "bubblewrap"
    assert levels.choose_level("landlock", False) == "landlock"


@each_level
def test_a_keeper_whose_grader_died_before_it_began_ends_at_once(level, folder):
    """The grader was killed while the keeper started: another process is its parent by now."""
    gone = subprocess.Popen(["true"])
    gone.wait()
    done = inside(level, folder, "import time; time.sleep(1000)", wall_time=60, owner=gone.pid)
    assert done.returncode != OVER_LIMIT, "it ran until its time was up"
