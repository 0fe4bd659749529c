"""What a program in the sandbox can reach, and what is left of it.

For each level that there is, and for each way to start: cold, and as a fork.
"""

import os
import resource
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from textwrap import dedent

import pytest
from nbgrader.converters.base import NbGraderException

from course_utils.grading import trees
from course_utils.grading.forkserver.client import Server
from course_utils.grading.sandbox import levels, shared_memory
from course_utils.grading.sandbox.supervisor import OVER_LIMIT
from tests.grading.forks import SECRET, inside

OFFERED = [level for level in levels.LEVELS if levels.works(level)]
pytestmark = pytest.mark.xdist_group("landlock")
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
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a short name: paths of UNIX sockets are."""
    folder = tmp_path_factory.mktemp("s")
    yield folder
    assert trees.remove(folder)  # pytest fails at what some programs leave


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


@each_level
def test_nested_folders_end_neither_the_supervisor_nor_a_later_run(level, folder, start):
    code = f"""
    import os, subprocess, time
    subprocess.Popen(["setsid", "sleep", {own_duration(level)!r}])
    for _ in range(1500):  # short names: os.walk by path ends where a path does, at 4,096 bytes
        os.mkdir("d"); os.chdir("d")
    time.sleep(3)  # until the supervisor has had its look at the disk
    print("done")
    """
    done = inside(level, folder, code, start)
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr
    assert sleeping(own_duration(level)) == 0


FLOODS = {
    "deleted files": "held = open(path, 'r+b')",
    "deleted files that are only mapped": "held = mmap.mmap(os.open(path, os.O_RDWR), 20 << 20)",
    "files": "held = None",
    "memory that is shared": "held = mmap.mmap(-1, 20 << 20); held.write(bytes(20 << 20))",
}


@each_level
@pytest.mark.parametrize("flood", FLOODS)
def test_memory_that_is_in_no_process_counts(level, folder, flood):
    """All of it in pieces of 20 MB, 3 GB in all, under a limit of 1 GB."""
    code = f"""
    import mmap, os, time
    keep, path = [], "/dev/shm/{own_duration(level)}-"
    for number in range(150):
        path = path.rpartition("-")[0] + f"-{{number}}"
        with open(path, "wb") as file:
            file.write(bytes(20 << 20))
        {FLOODS[flood]}
        if held: os.unlink(path); keep.append(held)
        time.sleep(0.01)
    names = [f"{{path.rpartition('-')[0]}}-{{number}}" for number in range(150)]
    until = time.monotonic() + 30
    while (left := sum(map(os.path.exists, names))) > 51 or keep:
        if time.monotonic() > until: break
        time.sleep(0.5)
    print("left", left <= 51)
    """
    done = inside(level, folder, code, memory=1 << 30)
    if level == "landlock" and flood == "files":  # no process has them, so none is ended
        assert done.stdout == "left True\n", done.stderr
    else:
        assert done.returncode == OVER_LIMIT or "No space left" in done.stderr, done.stderr
    assert left_in_shared_memory(level) == []


@each_level
def test_modes_times_and_limits_of_others_stay(level, folder, start):
    """Landlock does not ask about them; what a program makes itself it copies and unpacks."""
    canary = folder / "canary.txt"
    canary.write_text("canary", encoding="utf-8")
    before = canary.stat()
    limits = resource.prlimit(os.getpid(), resource.RLIMIT_CORE)
    done = inside(
        level,
        folder,
        server=start,
        code=f"""
        import ctypes, os, resource, shutil
        path, parent = {str(canary)!r}, {os.getpid()}
        handle = None
        for attempt in (
            lambda: os.chmod(path, 0), lambda: os.utime(path, (1, 1)),
            lambda: os.utime(path, ns=(1, 1)), lambda: os.setxattr(path, "user.x", b"1"),
            lambda: os.chmod(os.path.dirname(path), 0o777),
            lambda: os.chmod(f"/proc/self/fd/{{os.open(path, os.O_PATH)}}", 0),
            lambda: resource.prlimit(parent, resource.RLIMIT_CORE, (1, 1)),
            lambda: resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (1, 1)),
        ):
            try: attempt()
            except OSError: pass
        assert ctypes.CDLL(None).prctl(4, 0, 0, 0, 0) == -1
        open("a", "w").write("mine"); shutil.copy2("a", "b"); shutil.copytree(".", "c")
        shutil.make_archive("d", "zip", "c"); shutil.unpack_archive("d.zip", "e")
        os.fchmod(os.open("a", os.O_RDONLY), 0o700)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        print(open("e/b").read(), oct(os.stat("a").st_mode & 0o777))
        """,
    )
    assert done.stdout == "mine 0o700\n", done.stderr
    after = canary.stat()
    assert (after.st_mode, after.st_mtime_ns) == (before.st_mode, before.st_mtime_ns)
    assert os.listxattr(canary) == []
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert resource.prlimit(os.getpid(), resource.RLIMIT_CORE) == limits


@each_level
def test_what_would_outlive_a_notebook_is_missing_and_programs_do_without(level, folder, start):
    done = inside(
        level,
        folder,
        server=start,
        code="""
        import ctypes, errno, os, platform
        from course_utils.grading.sandbox.seccomp import _MISSING
        libc = ctypes.CDLL(None, use_errno=True)
        for name, number in _MISSING[platform.machine()].items():
            assert libc.syscall(number, 0, 0, 0, 0, 0) == -1, name
            assert ctypes.get_errno() == errno.ENOSYS, name
        try: os.memfd_create("x")
        except OSError: print("done")
        """,
    )
    assert done.stdout == "done\n", done.stderr


@each_level
def test_shared_memory_of_libraries_works(level, folder, servers):
    done = inside(
        level,
        folder,
        server=servers["forked"],
        code="""
        import multiprocessing, torch
        from multiprocessing import shared_memory
        context = multiprocessing.get_context("fork")
        with context.Pool(2) as pool: assert pool.map(abs, [-1, 2]) == [1, 2]
        part = shared_memory.SharedMemory(create=True, size=1000)
        part.buf[0] = 7
        again = shared_memory.SharedMemory(part.name)
        assert again.buf[0] == 7
        part.close(); part.unlink()
        assert multiprocessing.RawArray("d", [1, 2])[1] == 2
        shared = torch.ones(3).share_memory_()
        worker = context.Process(target=shared.add_, args=(1,))
        worker.start(); worker.join()
        print(shared.sum().item())
        """,
    )
    assert done.stdout == "6.0\n", done.stderr


@each_level
def test_files_and_folders_are_counted(level, folder, start):
    code = """
    import os, time
    for number in range(250):
        os.mkdir(str(number))
        for name in range(10): open(f"{number}/{name}", "w").close()
    for number in range(1000): os.mkdir("nested"); os.chdir("nested")
    time.sleep(10)
    """
    done = inside(level, folder, code, start, files=2000)
    assert done.returncode == OVER_LIMIT or "No space left" in done.stderr, done.stderr


@each_level
def test_files_without_a_name_take_room_too(level, folder):
    code = """
    import time
    keep = []
    for number in range(30):
        keep.append(open("large", "wb")); keep[-1].write(bytes(10 << 20))
        __import__("os").unlink("large")
    time.sleep(10)
    """
    done = inside(level, folder, code, scratch=100 << 20)
    assert done.returncode == OVER_LIMIT or "No space left" in done.stderr, done.stderr


@each_level
def test_the_next_program_finds_nothing_of_the_first(level, folder):
    """Also where another notebook of this account begins before and ends after the first."""
    places = ("/dev/shm", "/tmp", "/var/tmp", "/dev/mqueue", "/run", "~", "$TMPDIR", ".")
    own = own_duration(level)
    code = f"""
    import os, subprocess, sys, time
    paths = [os.path.expanduser(os.path.expandvars(place)) + "/{own}" for place in {places}]
    found = list(filter(os.path.exists, paths))
    for path in paths:
        try: open(path, "w").write("secret")
        except OSError: pass
    subprocess.Popen(["setsid", "sleep", {own!r}])
    time.sleep(SECONDS)
    print(found)
    """
    with ThreadPoolExecutor(1) as worker:
        longer = code.replace("SECONDS", "6").replace(own, own + "0")
        other = worker.submit(inside, level, folder, longer)
        time.sleep(1)
        for _ in range(2):
            done = inside(level, folder, code.replace("SECONDS", "0.5"))
        assert other.result().stdout == "[]\n", other.result().stderr
    assert left_in_shared_memory(level) == []
    assert sleeping(own_duration(level)) == 0
    done = inside(level, folder, code.replace("SECONDS", "0"))
    assert done.stdout == "[]\n", done.stderr


def test_shared_memory_of_others_stays(folder):
    """What another program of this account uses, or made before."""
    with tempfile.NamedTemporaryFile(dir="/dev/shm") as before:
        time.sleep(1.5)
        since = shared_memory.begin()
        with (
            tempfile.NamedTemporaryFile(dir="/dev/shm") as used,
            tempfile.NamedTemporaryFile(dir="/dev/shm", delete=False) as left,
        ):
            left.close()
            hold = "import sys; file = open(sys.argv[1]); print(flush=True); sys.stdin.read()"
            with subprocess.Popen(
                [sys.executable, "-c", hold, used.name],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            ) as holder:
                assert holder.stdout is not None
                holder.stdout.readline()
                shared_memory.clear(since)
                shared_memory.forget()
                assert Path(used.name).exists()
                holder.communicate()
        assert not Path(left.name).exists()
        assert Path(before.name).exists()


def left_in_shared_memory(level: str) -> list[str]:
    """Files that a program of this test run has left."""
    return [path.name for path in Path("/dev/shm").iterdir() if own_duration(level) in path.name]


def test_the_systems_lists_of_children_name_whom_the_search_names():
    # A family says a word when it is complete; the thread lives on, since a list belongs to one
    # thread and children of one that ends are on nobody's list for a moment.
    code = """
    import queue, subprocess, threading
    from course_utils.grading.sandbox import supervisor
    family = "import subprocess; subprocess.run(['sh', '-c', 'sleep 60 & echo; wait'])"
    started, over = queue.SimpleQueue(), threading.Event()
    begin = lambda: started.put(subprocess.Popen(
        ["python", "-c", family], stdout=subprocess.PIPE))
    begin()
    threading.Thread(target=lambda: (begin(), over.wait())).start()
    for process in started.get(), started.get():
        process.stdout.readline()
    quick, search = supervisor._descendants(quick=True), supervisor._descendants()
    over.set()
    supervisor._sweep()
    print(sorted(quick) == sorted(search), len(search), supervisor._descendants())
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
    """The grader was killed while the supervisor started: another process is its parent by now."""
    gone = subprocess.Popen(["true"])
    gone.wait()
    done = inside(level, folder, "import time; time.sleep(1000)", wall_time=60, owner=gone.pid)
    assert done.returncode != OVER_LIMIT, "it ran until its time was up"
