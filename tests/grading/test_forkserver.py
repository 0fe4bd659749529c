"""The fork server: what it refuses, what its forks are like, what is left of them."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
import typing
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from textwrap import dedent

import psutil
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
from nbclient.util import run_sync
from nbformat.v4 import new_code_cell, new_notebook

from course_utils.grading import forkserver
from course_utils.grading.examiner.host import ExaminerHost
from course_utils.grading.examiner.master import GradedCell, Master
from course_utils.grading.executor.examine import Examine
from course_utils.grading.forkserver import client, preload, provisioner
from course_utils.grading.forkserver.client import Forked, ForkError, Server
from course_utils.grading.kernels.manager import (
    PromptKernelClient,
    SandboxedKernelManager,
    kernel_manager_class,
)
from course_utils.grading.sandbox import levels
from tests.grading import runs
from tests.grading.forks import inside

FORKS = 50
PRELOADS = "tests.grading.preloads"
LIGHT = ["ipykernel_launcher", "ipykernel.kernelapp"]
OFFERED = [level for level in levels.LEVELS if levels.works(level)]
pytestmark = pytest.mark.xdist_group("forkserver")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server that has imported everything."""
    started = Server()
    yield started
    started.close()


@pytest.fixture
def light() -> Iterator[Server]:
    """A server for kernels alone, which a test may kill."""
    started = Server(LIGHT)
    yield started
    started.close()


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a short name: paths of UNIX sockets are."""
    return tmp_path_factory.mktemp("s")


# -- which preload may serve -------------------------------------------------------------------


def test_a_preload_that_runs_an_operation_is_refused():
    with pytest.raises(ForkError, match="operation of TensorFlow's"):
        Server([f"{PRELOADS}.runs_operation"])


def test_a_preload_that_starts_a_thread_is_refused():
    with pytest.raises(ForkError, match="started threads"):
        Server([f"{PRELOADS}.starts_thread"])


def test_a_library_that_is_missing_stops_nothing(folder):
    server = Server([f"{PRELOADS}.fails"])
    assert "RuntimeError: no such library here" in server.missing[0]
    assert inside(OFFERED[0], folder, "print(7)", server).stdout == "7\n"
    server.close()


def test_typing_compiles_a_text_once_during_a_preload_and_as_ever_after_it():
    with preload._compiling_once():
        texts = [typing.ForwardRef("list[int]") for _ in range(3)]
        assert vars(typing)["compile"].cache_info()[:2] == (2, 1)
    assert {text.__forward_code__ for text in texts} == {texts[0].__forward_code__}
    assert "compile" not in vars(typing)


def test_everything_the_course_uses_can_be_preloaded(server):
    assert server.missing == []
    wanted = {"course_utils.checks.compare", "course_utils.plots.surfaces", "course_utils.session"}
    assert wanted < set(preload.default_modules())


def test_keras_is_imported_without_scikit_learn_which_a_fork_can_still_have(folder):
    server = Server([*LIGHT, *preload.heavy_modules(["tensorflow"])])
    code = """
    import sys
    print("keras" in sys.modules, "sklearn" in sys.modules)
    import keras, sklearn.linear_model
    print(keras.Input(shape=(2,)).shape, sklearn.linear_model.LinearRegression())
    """
    said = inside(OFFERED[0], folder, code, server).stdout
    server.close()
    assert said.splitlines() == ["True False", "(None, 2) LinearRegression()"]


@pytest.mark.parametrize(
    ("source", "forked"),
    [
        ("import keras", True),
        ("import os; os.environ['KERAS_BACKEND'] = 'torch'", False),
        ("from keras.wrappers import SKLearnClassifier", False),
        ("from keras import wrappers; wrappers.SKLearnRegressor", False),
    ],
)
def test_what_depends_on_how_libraries_are_imported_starts_cold(source, forked, monkeypatch):
    monkeypatch.setattr(forkserver, "shared", lambda _: "a server")
    examine = Examine()
    examine._master = Master(Path(), "", {})
    found = examine._find_server(new_notebook(cells=[new_code_cell(source)]))
    assert found == ("a server" if forked else None)


# -- what forks are like -----------------------------------------------------------------------

TRAIN = """
import keras, numpy as np, tensorflow as tf, torch
x = np.random.rand(32, 3).astype("float32"); y = x @ np.ones((3, 1), "float32")
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
model.compile("sgd", "mse", jit_compile=False)
history = model.fit(x, y, epochs=2, verbose=0).history["loss"]
assert history[1] < history[0]
layer = torch.nn.Linear(3, 1); optimizer = torch.optim.Adam(layer.parameters())
before = layer.weight.detach().clone()
torch.nn.functional.mse_loss(layer(torch.tensor(x)), torch.tensor(y)).backward()
optimizer.step()
assert not torch.equal(before, layer.weight)
large = torch.rand(400, 400); large @ large; tf.linalg.matmul(large.numpy(), large.numpy())
print("trained")
"""


def test_fifty_forks_train_and_none_hangs(server, folder):
    def train(number: int) -> str:
        level = OFFERED[number % len(OFFERED)]
        return inside(level, folder, TRAIN, server, wall_time=100).stdout

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        assert list(pool.map(train, range(FORKS))) == ["trained\n"] * FORKS


def test_forks_draw_random_numbers_of_their_own(server, folder):
    code = """
    import random, keras, numpy as np, tensorflow as tf, torch
    print(random.random(), np.random.rand(), torch.rand(1).item(),
          float(keras.random.uniform((1,))[0]), float(tf.random.uniform((1,))[0]))
    """
    drawn = [inside(OFFERED[0], folder, code, server).stdout.split() for _ in range(3)]
    for numbers in zip(*drawn, strict=True):
        assert len(set(numbers)) == 3, drawn


@pytest.mark.parametrize("level", OFFERED)
def test_a_fork_holds_no_descriptor_of_the_servers(level, server, folder):
    code = """
    import os
    kinds = []
    for name in os.listdir("/proc/self/fd"):
        try:
            kinds.append(os.readlink(f"/proc/self/fd/{name}").partition(":")[0])
        except OSError:  # the folder's own, closed by now
            pass
    print(sorted({kind for kind in kinds if not kind.endswith("/said")}))
    """
    assert inside(level, folder, code, server).stdout == "['/dev/null']\n"


@pytest.mark.parametrize("level", OFFERED)
def test_the_libraries_use_their_share_of_the_cores(level, server, folder):
    code = """
    import tensorflow as tf, torch
    print(torch.get_num_threads(), tf.config.threading.get_intra_op_parallelism_threads())
    """
    assert inside(level, folder, code, server, threads=1).stdout == "1 1\n"
    assert inside(level, folder, code, server, threads=3).stdout == "3 3\n"


@pytest.mark.parametrize("level", OFFERED)
def test_an_eager_operation_runs_as_such(level, server, folder):
    """TensorFlow names the function that it has made of an operation in the error's text."""
    code = """
    import tensorflow as tf
    try:
        tf.zeros(2) + tf.zeros(3)
    except tf.errors.InvalidArgumentError as error:
        print("function" in error.message, tf.function(lambda x: 2 * x)(tf.ones(2)).numpy())
    """
    assert inside(level, folder, code, server).stdout == "False [2. 2.]\n"
    assert inside(level, folder, code).stdout == "True [2. 2.]\n"


CELLS = (
    "import matplotlib.pyplot as plt\nplt.plot([1, 2]); print(plt.get_backend())",
    "plt.figure(); plt.show(); 7",
    "import sys, os; print(sys.argv[0].rpartition('/')[2], __name__, os.environ['MPLBACKEND'])",
    "!echo from the shell",
    "import course_utils.plots.tensors, inspect; len(inspect.getsource(course_utils)) > 10",
    "1 / 0",
)


@pytest.mark.parametrize("level", OFFERED)
def test_a_forked_kernel_shows_what_a_cold_one_shows(level, server, monkeypatch):
    monkeypatch.setattr(provisioner, "shared", lambda _: server)
    cold, forked = (executed(level, forked) for forked in (False, True))
    assert [kinds(cell) for cell in forked] == [kinds(cell) for cell in cold]
    assert [kind for kind, _ in kinds(forked[0])] == ["stream", "display_data"]


def executed(level: str, forked: bool) -> list:
    """``CELLS`` run in a kernel of the sandbox."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in CELLS])
    manager = kernel_manager_class(level)(kernel_name="python3", forked=forked)
    try:
        NotebookClient(notebook, km=manager, allow_errors=True, timeout=60).execute()
    finally:
        run_sync(manager.shutdown_kernel)(now=True)  # a client ends only a kernel of its own
    return notebook.cells


def kinds(cell) -> list[tuple[str, str]]:
    """What a cell shows, without what differs from run to run."""
    found = []
    for output in cell.outputs:
        shown = output.get("text") or output.get("ename")
        if "data" in output:
            data = output.data
            shown = "image/png" if "image/png" in data else data["text/plain"]
        found.append((output.output_type, shown))
    return found


def test_a_forked_examiner_is_locked_in(server, tmp_path):
    (tmp_path / "secret.txt").write_text("canary", encoding="utf-8")
    elsewhere = tmp_path / "master"
    elsewhere.mkdir()
    setup = f"""
    import socket
    for action in (lambda: open({str(tmp_path / "secret.txt")!r}), socket.socket):
        try:
            action()
        except OSError:
            continue
        raise RuntimeError("not locked in")
    """
    master = Master(elsewhere, dedent(setup), {})
    host = ExaminerHost(master, server=server)
    try:
        assert isinstance(host._process, Forked)
        done = host.run("x", GradedCell("6 * 7", (), False), lambda question: '{"value": null}', 60)
        assert done["error"] is None
        assert done["value"] == 42
    finally:
        host.close()
    assert host._process.poll() is not None


# -- when the server is gone -------------------------------------------------------------------


def test_a_dead_server_means_a_cold_kernel_and_a_warning(light, monkeypatch, caplog):
    monkeypatch.setattr(provisioner, "shared", lambda _: light)
    os.kill(light.pid, signal.SIGKILL)
    assert answer(OFFERED[0]) == ("42", False)
    assert "Starting a cold kernel" in caplog.text


def test_without_a_server_kernels_start_cold(monkeypatch, caplog):
    monkeypatch.setattr(provisioner, "shared", lambda _: None)
    assert answer(OFFERED[0]) == ("42", False)
    assert "There is no fork server" in caplog.text


@pytest.mark.parametrize("forked", [True, False])
def test_a_kernel_that_does_not_answer_gives_way_to_a_cold_one(
    forked, light, tmp_path, monkeypatch
):
    for module in (forkserver, provisioner):
        monkeypatch.setattr(module, "shared", lambda _: light)
    answers, asked = PromptKernelClient._async_wait_for_ready, []

    async def wait_for_ready(self, timeout=None):
        asked.append(self.parent.provisioner.process)
        if len(asked) == 1:
            raise RuntimeError("Kernel didn't respond in 60 seconds")
        await answers(self, timeout)

    monkeypatch.setattr(PromptKernelClient, "wait_for_ready", wait_for_ready)
    pipeline = runs.course(tmp_path / "course", fork_server=forked)
    runs.give(pipeline, "ana")
    result = pipeline.autograde(runs.UNIT, "ana")
    assert result.graded, result.reason
    assert pipeline.mark(runs.UNIT, "ana").automatic == runs.FULL
    first, second = asked
    assert [isinstance(first, Forked), isinstance(second, Forked)] == [forked, False]
    assert first.poll() is not None


def test_a_kernel_outlives_its_server(light, monkeypatch):
    monkeypatch.setattr(provisioner, "shared", lambda _: light)
    kill = lambda: os.kill(light.pid, signal.SIGKILL)  # noqa: E731
    assert answer(OFFERED[0], meanwhile=kill) == ("42", True)


def answer(level: str, meanwhile=lambda: None) -> tuple[str, bool]:
    """What a kernel answers to 6 * 7, and whether it was a fork."""
    manager = kernel_manager_class(level)(kernel_name="python3", forked=True)
    assert isinstance(manager, SandboxedKernelManager)
    notebook = new_notebook(cells=[new_code_cell("6 * 7")])
    runner = NotebookClient(notebook, km=manager, timeout=60)

    async def run() -> bool:
        try:
            async with runner.async_setup_kernel():
                forked = isinstance(manager.provisioner.process, Forked)
                meanwhile()
                await runner.async_execute_cell(notebook.cells[0], 0)
                return forked
        finally:
            await manager.shutdown_kernel(now=True)

    forked = asyncio.run(run())
    return notebook.cells[0].outputs[0].data["text/plain"], forked


def test_a_server_that_nobody_asks_ends(monkeypatch):
    server = Server(["json"], idle=0.5)
    until = time.monotonic() + 20
    while server.alive and time.monotonic() < until:
        time.sleep(0.1)
    assert not server.alive
    assert not server.failed
    server.close()


@pytest.mark.parametrize("seconds", [0, 3, 6])
def test_servers_that_are_not_waited_for_end_at_once(seconds, tmp_path, monkeypatch):
    """Nobody asks a run that finds nothing to grade to wait for the imports."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    shared = client._Shared()
    shared.begin(["tensorflow"])
    shared.begin(["torch"])
    base = shared._base
    assert base is not None
    time.sleep(seconds)  # in the imports of all, or of each one's own
    below = psutil.Process(base.pid).children(recursive=True)
    started = time.monotonic()
    shared.close()
    assert time.monotonic() - started < 5
    assert not base.alive
    assert psutil.wait_procs(below, timeout=5)[1] == []
    assert not any(tmp_path.iterdir())


@pytest.fixture
def quick_imports(monkeypatch) -> None:
    """Servers of light modules."""
    monkeypatch.setattr(client.preload, "light_modules", lambda: ["json"])
    monkeypatch.setattr(client.preload, "HEAVY", {"first": ("colorsys",), "second": ("wave",)})


@pytest.mark.parametrize("libraries", [[], ["first"]])
def test_a_server_that_was_begun_is_the_one_that_serves(libraries, quick_imports):
    shared = client._Shared()
    shared.begin(libraries)
    server = shared.get(libraries)
    assert server is shared.get(libraries)
    assert server.serves
    shared.close()
    assert not server.alive
    assert not server.failed


def test_each_branch_has_what_the_trunk_has_and_its_own(quick_imports, folder):
    shared = client._Shared()
    said = {}
    for libraries in ([], ["first"], ["second"], None):
        server = shared.get(libraries)
        code = "import sys; print([m for m in ('json', 'colorsys', 'wave') if m in sys.modules])"
        said[str(libraries)] = inside(OFFERED[0], folder, code, server).stdout.strip()
    shared.close()
    assert said == {
        "[]": "['json']",
        "['first']": "['json', 'colorsys']",
        "['second']": "['json', 'wave']",
        "None": "['json', 'colorsys', 'wave']",
    }


def test_a_fork_of_a_branch_holds_no_descriptor_of_its_servers(quick_imports, folder):
    shared = client._Shared()
    server = shared.get(["first"])
    code = """
    import os
    kinds = {os.readlink(f"/proc/self/fd/{n}").partition(":")[0] for n in range(40)
             if os.path.lexists(f"/proc/self/fd/{n}")}
    print(sorted(kind for kind in kinds if not kind.endswith("/said")))
    """
    assert inside(OFFERED[0], folder, code, server).stdout == "['/dev/null']\n"
    shared.close()


@pytest.mark.parametrize("libraries", [[], ["first"]])
def test_the_shared_server_comes_back_but_not_for_ever(libraries, quick_imports, caplog):
    shared = client._Shared()
    seen = set()
    for _ in range(client.MAX_FAILURES):
        server = shared.get(libraries)
        assert server is shared.get(libraries)
        seen.add(server.pid)
        os.kill(server.pid, signal.SIGKILL)
        server._process.wait()
    assert len(seen) == client.MAX_FAILURES
    assert shared.get(libraries) is None
    assert "The fork server died" in caplog.text


def test_a_branch_ends_with_its_trunk_and_both_come_back(quick_imports):
    shared = client._Shared()
    first = shared.get(["first"])
    os.kill(shared._base.pid, signal.SIGKILL)
    first._process.wait(20)
    second = shared.get(["first"])
    assert second is not first
    assert second.serves
    shared.close()


@pytest.mark.parametrize("where", ["base", "library"])
def test_a_server_that_cannot_start_is_tried_once(where, quick_imports, monkeypatch, caplog):
    bad = [f"{PRELOADS}.starts_thread"]
    if where == "base":
        monkeypatch.setattr(client.preload, "light_modules", lambda: bad)
    else:
        monkeypatch.setattr(client.preload, "HEAVY", {"first": bad})
    shared = client._Shared()
    assert shared.get(["first"]) is None
    assert "started threads" in caplog.text
    monkeypatch.setattr(client, "Server", None)
    assert shared.get(["first"]) is None


def test_what_a_notebook_needs_is_what_it_imports():
    assert preload.needed("import numpy as np\nfrom pandas import DataFrame") == ()
    assert preload.needed("from sklearn.datasets import make_blobs") == ("sklearn",)
    assert preload.needed('"import keras\\n"') == ("tensorflow",)
    assert preload.needed("import tensorflow as tf\nfrom torch import nn") == (
        "tensorflow",
        "torch",
    )


def test_only_grading_uses_it():
    for found in KernelSpecManager().get_all_specs().values():
        assert provisioner.NAME not in str(found)
    assert forkserver.shared.__module__ == "course_utils.grading.forkserver"


# -- nothing is left ---------------------------------------------------------------------------

OWNER = """
import json, os, sys, time
from pathlib import Path
from course_utils.grading.examiner.host import ExaminerHost
from course_utils.grading.examiner.master import Master
from course_utils.grading.forkserver.client import Server
from course_utils.grading.sandbox.supervisor import Spec
from course_utils.grading.sandbox.landlock import python_paths
from course_utils.grading.sandbox.private import make_private

level, temporary, ending = sys.argv[1:]
server = Server(["json"])
private = make_private(Path(temporary))
code = "import subprocess, time; subprocess.Popen(['setsid', 'sleep', '{sleep}']); time.sleep(300)"
spec = Spec(level, [sys.executable, "-c", code], str(private), python_paths())
kernel = server.start_kernel(spec)
master = Master(Path(temporary), "import time; time.sleep(300)", {{}})
examiner = ExaminerHost(master, server=server)
time.sleep(1)
print(server.pid, kernel.pid, examiner._process.pid, flush=True)
if ending == "killed":
    time.sleep(300)
"""


@pytest.mark.parametrize("level", OFFERED)
@pytest.mark.parametrize("ending", ["killed", "of itself"])
def test_nothing_is_left_after_its_owner(level, ending, folder, monkeypatch):
    sleep = f"39{os.getpid()}"
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER.format(sleep=sleep), level, str(folder), ending],
        env=os.environ | {"TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert owner.stdout is not None
    pids = [int(pid) for pid in owner.stdout.readline().split()]
    assert len(pids) == 3
    if ending == "killed":
        owner.kill()
    owner.wait(30)
    owner.stdout.close()
    until = time.monotonic() + 30
    while (left := leftovers(pids, sleep, folder)) and time.monotonic() < until:
        time.sleep(0.2)
    assert left == []


def leftovers(pids: list[int], sleep: str, folder: Path) -> list[str]:
    """Processes and files that are still there."""
    found = [f"process {pid}" for pid in pids if Path(f"/proc/{pid}").exists()]
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if sleep.encode() in path.read_bytes().split(b"\0"):
                found.append(str(path))
        except OSError:
            continue
    return found + [str(path) for path in folder.iterdir()]
