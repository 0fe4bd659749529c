"""Stock ``nbgrader autograde`` against this course's, one after the other in one run.

Usage: python -m benchmarks.autograde [--hand-ins 32] [--units u1 u4] [--workers 1 2 3]
       [--quick] [--figure FILE]
       python -m benchmarks.autograde --without [TRICK …] [--hand-ins 32] [--units u1 u4]

Every hand-in has the master's answers. Timed are whole commands, their start included, with the
demonstrations left out on both sides; and once more with them, as stock nbgrader runs them (not
with ``--quick``: they take minutes). The engine alone is ours without sandbox and examiner. The
limit is the same cells in one process that has imported everything, and nothing else. Memory is
the peak of all processes together, each shared page counted once.

With --without, ours is compared with itself without one of its tricks for speed (all, one after the
other, where none is named): see ``benchmarks/tricks.py``.

Baseline of unit 1 alone: python -m benchmarks.autograde --units u1 --hand-ins 6 --workers 1
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from benchmarks import tricks
from benchmarks.classes import ROOT, course_with, environment
from course_utils.grading.course import CONFIG, Course
from course_utils.grading.sandbox.usage import proportional

# nbgrader as it is installed, but for what the first line names.
STOCK = """
from nbgrader.converters import Autograde
from course_utils.grading.executor.demonstrations import LeaveOutDemonstrations
c = get_config()
c.CourseDirectory.course_id = "aprendizaje-profundo"
c.Execute.timeout = 600
c.Autograde.autograde_preprocessors = [
    *{before}, *Autograde.autograde_preprocessors.default()
]
"""


EXAMINE = "from course_utils.grading.executor.examine import Examine"


@dataclass(frozen=True)
class Run:
    """One timed run: its label, seconds in all, bytes at its peak (0: not measured)."""

    label: str
    seconds: float
    memory: int = 0


def main() -> None:
    """Measure and print."""
    arguments = _arguments()
    units = [Course(ROOT).unit(name) for name in arguments.units]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        root = course_with(Path(folder) / "course", units, arguments.hand_ins)
        if arguments.without is not None:
            tricks.compare(root, units, arguments.without or list(tricks.TRICKS))
            return
        runs = list(_runs(root, units, arguments.workers, quick=arguments.quick))
    _print(runs, arguments.hand_ins)
    if arguments.figure:
        _draw(runs, arguments.hand_ins, arguments.figure)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hand-ins", type=int, default=32, help="of all units together")
    parser.add_argument("--units", nargs="+", default=["u1", "u4"])
    parser.add_argument("--workers", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--quick", action="store_true", help="without stock's demonstrations")
    parser.add_argument("--figure", type=Path, help="write a figure there")
    parser.add_argument("--without", nargs="*", metavar="TRICK", choices=tricks.TRICKS)
    return parser.parse_args()


def _runs(root: Path, units: list[str], workers: list[int], *, quick: bool) -> Iterator[Run]:
    ours = (root / CONFIG).read_text(encoding="utf-8")
    whole = {} if quick else {"stock, with demonstrations": "[]"}
    for label, before in (whole | {"stock": "[LeaveOutDemonstrations]"}).items():
        (root / CONFIG).write_text(STOCK.format(before=before), encoding="utf-8")
        yield _timed(label, root, [["nbgrader", "autograde", unit, "--force"] for unit in units])
    yield _limit(root, units)
    alone = "from benchmarks.engine import Engine as Examine"
    if EXAMINE not in ours:
        raise SystemExit(f"{CONFIG} has no line '{EXAMINE}' to replace")
    engine = ours.replace(EXAMINE, alone)
    for number in workers:
        for label, config in (("ours", ours), ("engine alone", engine)):
            (root / CONFIG).write_text(config, encoding="utf-8")
            for made in ("autograded", ".intake"):
                shutil.rmtree(root / made, ignore_errors=True)
            command = ["course", "grade", *units, "--workers", str(number)]
            yield _timed(f"{label}, {number} worker{'s' * (number > 1)}", root, [command])


def _limit(root: Path, units: list[str]) -> Run:
    """The cells alone: what stock has graded, run in a process that is warm."""
    paths = [
        str(path) for unit in units for path in sorted(root.glob(f"autograded/*/{unit}/*.ipynb"))
    ]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.cells", *paths],
        cwd=root,
        env=environment(ROOT),
        check=True,
        capture_output=True,
        text=True,
    )
    return Run("limit: the cells alone, warm", float(done.stdout.split()[-1]))


def _timed(label: str, root: Path, commands: list[list[str]]) -> Run:
    started = time.perf_counter()
    with _peak_memory() as peak:
        for command in commands:
            done = subprocess.run(
                command,
                cwd=root,
                env=environment(ROOT),
                check=False,
                capture_output=True,
                text=True,
            )
            if done.returncode:
                raise SystemExit(f"{label}: {' '.join(command)}\n{done.stderr[-2000:]}")
    return Run(label, time.perf_counter() - started, max(peak))


@contextmanager
def _peak_memory() -> Iterator[list[int]]:
    """Bytes of all processes below this one, looked at every ten seconds."""
    found, over = [0], threading.Event()

    def look() -> None:
        while not over.wait(10):  # looking costs 20 ms of each process
            total = 0
            for process in psutil.Process().children(recursive=True):
                total += proportional(process.pid)
            found.append(total)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join()


def _print(runs: list[Run], count: int) -> None:
    stock = next(run for run in runs if run.label == "stock")
    limit = next(run for run in runs if run.label.startswith("limit"))
    table = Table(title=f"{count} hand-ins", title_justify="left")
    table.add_column("")
    for name in ("seconds", "a hand-in", "a minute", "× stock", "÷ limit", "peak GB"):
        table.add_column(name, justify="right")
    for run in runs:
        table.add_row(
            run.label,
            f"{run.seconds:.1f}",
            f"{run.seconds / count:.2f}",
            f"{60 * count / run.seconds:.0f}",
            f"{stock.seconds / run.seconds:.1f}",
            f"{run.seconds / limit.seconds:.1f}",
            f"{run.memory / 1e9:.1f}" if run.memory else "",
        )
    Console(width=110).print(table)


def _draw(runs: list[Run], count: int, target: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 0.5 * len(runs) + 1), layout="constrained")
    axes = figure.subplots()
    bars = axes.barh([run.label for run in runs], [60 * count / run.seconds for run in runs])
    axes.bar_label(bars, fmt="%.0f", padding=3)
    axes.invert_yaxis()
    axes.set_xlabel(f"hand-ins a minute ({count} hand-ins, start included)")
    target.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(target, dpi=120)


if __name__ == "__main__":
    main()
