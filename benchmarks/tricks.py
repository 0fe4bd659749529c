"""The tricks for speed, and what each gains: a copy of the package has it taken out.

Runs with and without a trick follow one another, so that both see the same machine. Printed is the
median of the ratios of neighbours; below 1.03 a trick is not worth its lines.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.classes import ROOT, environment

PACKAGE = "course_utils"


@dataclass(frozen=True)
class Change:
    """A change that takes a trick out.

    Attributes:
        path: the module, below ``course_utils/grading``.
        old: text that stands in it once.
        new: what takes its place.
    """

    path: str
    old: str
    new: str


TRICKS: Mapping[str, tuple[Change, ...]] = {
    "fork server": (
        Change(
            "forkserver/client.py",
            'if sys.platform != "linux":\n            return None',
            "return None",
        ),
    ),
    "a base server and one for each library": (
        Change("forkserver/client.py", "self._have(_names(libraries))\n\n", "self._one()\n\n"),
        Change(
            "forkserver/client.py",
            "server = self._have(_names(libraries))",
            "server = self._one()",
        ),
        Change(
            "forkserver/client.py",
            "    def _drop_ended(self)",
            "    def _one(self):\n"
            "        if self._base is None:\n"
            "            self._owner = os.getpid()\n"
            "            self._base = Server(preload.default_modules(), wait=False)\n"
            "        return self._base\n\n"
            "    def _drop_ended(self)",
        ),
    ),
    "examiners judge one hand-in after the other": (
        Change("examiner/pool.py", "if examiner.idle and ", "if False and "),
    ),
    "models and tensors as numbers": (
        Change("examiner/payload.py", "if torch is not None and ", "if False and "),
        Change("examiner/payload.py", "if keras is not None and ", "if False and "),
    ),
    "one gradebook a run": (
        Change(
            "gradebook/session.py",
            "        module.Gradebook = lambda *_: gradebook\n",
            "        pass\n",
        ),
    ),
    "one copy and one check of a notebook": (
        Change(
            "autograde/converter.py",
            "Type(OneCopyExporter, klass=Exporter)",
            'Type("nbconvert.exporters.NotebookExporter", klass=Exporter)',
        ),
    ),
    "typing compiles a text once": (
        Change("forkserver/preload.py", "with _compiling_once():", "with nullcontext():"),
    ),
    "Keras without scikit-learn": (
        Change(
            "forkserver/preload.py",
            'with _without_sklearn() if name == "tensorflow" else nullcontext():',
            "with nullcontext():",
        ),
    ),
    "no list of modules for a kernel's debugger": (
        Change("forkserver/child.py", "        _spare_the_modules()\n", ""),
    ),
    "huge pages": (
        Change("forkserver/server.py", "tidying = huge_pages.collapse()", "tidying = iter(())"),
        Change("forkserver/client.py", '"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",', ""),
    ),
    "eager operations as such": (
        Change("forkserver/child.py", "    _run_operations_as_such()\n\n", "\n"),
    ),
    "imports without garbage collection": (
        Change("commands/grading.py", "    gc.disable()\n", ""),
        Change(
            "commands/grading.py", "        gc.freeze()\n        gc.enable()\n", "        pass\n"
        ),
        Change("forkserver/server.py", "    gc.disable()", "    pass"),
    ),
    "a fork's memory is not collected": (
        Change("forkserver/server.py", "    gc.freeze()", "    pass"),
    ),
    "imports begin before nbgrader's": (
        Change("commands/grading.py", "        _begin_imports(course, units)", "        pass"),
    ),
    "a kernel's first answer is enough": (
        Change("kernels/manager.py", "    client_factory = Type(klass=PromptKernelClient)\n", ""),
    ),
    "a kernel is asked for every 5 ms": (
        Change(
            "kernels/manager.py",
            "        self.context.setsockopt(zmq.RECONNECT_IVL, RECONNECT)\n",
            "",
        ),
    ),
    "no history in a kernel": (
        Change("kernels/manager.py", ', "--HistoryManager.enabled=False"]', "]"),
    ),
}


def compare(root: Path, units: list[str], names: list[str], rounds: int = 3) -> None:
    """Grade a class with and without each trick, and print how much longer it takes without.

    Args:
        root: folder of the course.
        units: those that are graded.
        names: of the tricks.
        rounds: pairs of runs for each.
    """
    table = Table("without", "times as long", "from", "to")
    with tempfile.TemporaryDirectory(prefix="tricks-") as folder:
        for number, name in enumerate(names):
            without = _copy_without(TRICKS[name], Path(folder) / str(number))
            ratios = sorted(_ratios(root, units, without, rounds))
            shown = (statistics.median(ratios), ratios[0], ratios[-1])
            table.add_row(name, *(f"{ratio:.2f}" for ratio in shown))
            print(name, *(f"{ratio:.3f}" for ratio in ratios), flush=True)
    Console(width=100).print(table)


def _copy_without(changes: tuple[Change, ...], folder: Path) -> Path:
    """A copy of the package in which a trick is taken out; the folder to import it from."""
    shutil.copytree(ROOT / PACKAGE, folder / PACKAGE, ignore=shutil.ignore_patterns("__pycache__"))
    for change in changes:
        path = folder / PACKAGE / "grading" / change.path
        text = path.read_text(encoding="utf-8")
        if text.count(change.old) != 1:
            raise SystemExit(f"{change.path} has {text.count(change.old)} times: {change.old!r}")
        path.write_text(text.replace(change.old, change.new), encoding="utf-8")
    return folder


def _ratios(root: Path, units: list[str], without: Path, rounds: int) -> Iterator[float]:
    """How many times as long a run without the trick takes as the one before it with."""
    for package in (ROOT, without):  # Python compiles the modules
        _seconds(root, [units[0]], package)
    for _ in range(rounds):
        own = _seconds(root, units, ROOT)
        yield _seconds(root, units, without) / own


def _seconds(root: Path, units: list[str], package: Path) -> float:
    for made in ("autograded", ".intake"):
        shutil.rmtree(root / made, ignore_errors=True)
    command = [sys.executable, "-m", "course_utils.grading.commands.cli", "grade", *units]
    started = time.perf_counter()
    done = subprocess.run(
        command, cwd=root, env=environment(package), check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"{package}: {' '.join(command)}\n{done.stderr[-2000:]}")
    return time.perf_counter() - started
