"""A long run, looked at on its way: does anything grow that should not?"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import psutil
from rich.console import Console
from rich.table import Table

LOOKS = 10
_PREFIXES = ("cu-*", "k????????")  # of jobs, examiners and fork server; of kernels


def watch_leaks(root: Path, unit: str, count: int, workers: int, env: Mapping[str, str]) -> None:
    """Grade all hand-ins of a course and print what the coordinator holds, ten times.

    Args:
        root: folder of the course.
        unit: name of the unit.
        count: how many hand-ins there are.
        workers: how many run at once.
        env: environment of the run.
    """
    table = Table(title=f"{count} hand-ins, {workers} workers", title_justify="left")
    for name in (
        "graded",
        "coordinator MB",
        "threads",
        "descriptors",
        "processes",
        "folders in tmp",
    ):
        table.add_column(name, justify="right")
    before = _folders()
    command = [sys.executable, "-m", "course_utils.grading.cli", "grade", unit]
    with subprocess.Popen(
        [*command, "--json", "--workers", str(workers)],
        cwd=root,
        env=env,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        done = 0
        for line in process.stdout:
            if json.loads(line)["event"] != "hand-in":
                continue
            done += 1
            if done % max(1, count // LOOKS) == 0:
                table.add_row(str(done), *_look(process.pid, before))
    Console(width=110).print(table)
    print(f"exit {process.returncode}; left in tmp: {len(_folders() - before)}; {_rows(root)}")


def _look(pid: int, before: set[Path]) -> list[str]:
    process = psutil.Process(pid)
    values = (
        process.memory_info().rss // 10**6,
        process.num_threads(),
        process.num_fds(),
        len(process.children(recursive=True)),
        len(_folders() - before),
    )
    return [str(value) for value in values]


def _folders() -> set[Path]:
    tmp = Path(tempfile.gettempdir())
    return {path for prefix in _PREFIXES for path in tmp.glob(prefix)}


def _rows(root: Path) -> str:
    with closing(connect(root / "gradebook.db")) as database:
        tables = ("student", "submitted_assignment", "submitted_notebook", "grade")
        counts = (database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables)
        return ", ".join(f"{number} {name}" for name, number in zip(tables, counts, strict=True))
