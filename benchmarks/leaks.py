"""Grades a large class and looks at what the coordinator holds on its way: nothing may grow.

Usage: python -m benchmarks.leaks [2000] [--unit u4] [--workers 2]

Without a unit, the class hands in the one that ``course new-unit`` writes. A few hand-ins are
graded first, so that every import is through; from there on the coordinator's memory may grow by
``MEGABYTES``, and when the class is graded there must be no descriptor, thread, process or
temporary file more than at the start, no row in the gradebook and no file in the course that a
hand-in does not have by right.
Exit code 1 where there is.
"""

import argparse
import gc
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import connect
from typing import TextIO

import psutil

from course_utils.grading.autograde.events import GRADED, KEPT, Outcome
from course_utils.grading.commands.progress import JsonLines
from course_utils.grading.course import Course, read_notebook
from course_utils.grading.pipeline import Pipeline, released
from course_utils.grading.release import new_unit
from course_utils.grading.release.submissions import fill, hand_in, solutions

ROOT = Path(__file__).resolve().parents[1]
SMALL = "06-distancias"
LOOKS = 10
WARM = 10  # hand-ins before the first look
MEGABYTES = 50
COLUMNS = ("MB", "threads", "descriptors", "sockets", "processes", "temporary files")
# Table of the gradebook → what it holds for each hand-in: 1, or a row for each of these cells.
ROWS = {
    "student": "1",
    "submitted_assignment": "1",
    "submitted_notebook": "1",
    "grade": "(SELECT count(*) FROM grade_cells)",
    "comment": "(SELECT count(*) FROM solution_cells)",
}


def main() -> int:
    """Grade, look and print; returns an exit code."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="leaks-") as folder:
        root, temporary = Path(folder, "course"), Path(folder, "tmp")
        temporary.mkdir()
        # Whatever lies there was left by this run: the machine's own folder is everybody's.
        os.environ["TMPDIR"] = tempfile.tempdir = str(temporary)
        pipeline, unit = _course(root, arguments.unit, arguments.hand_ins)
        faults = _grade(pipeline, unit, arguments.hand_ins, arguments.workers, temporary)
    for fault in faults:
        print(fault)
    return 1 if faults else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("hand_ins", type=int, nargs="?", default=2000)
    parser.add_argument("--unit", default="", help="of the course; without it, a small one")
    parser.add_argument("--workers", type=int, default=2)
    return parser.parse_args()


def _course(root: Path, name: str, count: int) -> tuple[Pipeline, str]:
    """A course with one unit that everybody has handed in."""
    whole = Course(ROOT)
    units = [whole.unit(name)] if name else []
    course = whole.copy(root, *units)
    if not name:
        new_unit.create(course, SMALL, "Distancias")
    [unit] = course.units()
    pipeline = released(course)
    right = solutions(read_notebook(pipeline.course.master(unit)))
    notebook = fill(read_notebook(pipeline.course.release(unit)), right)
    for number in range(count):
        hand_in(notebook, root / "submitted", f"student-{number:05d}", unit)
    return pipeline, unit


def _grade(pipeline: Pipeline, unit: str, count: int, workers: int, temporary: Path) -> list[str]:
    """Grade the class; returns what is too much."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        for number in range(WARM):
            name = f"student-{number:05d}"
            pipeline.grade(unit, name, watch=JsonLines(nowhere), workers=workers)
        watch = _Looks(nowhere, max(1, count // LOOKS), temporary)
        watch.look("start")
        pipeline.grade(unit, watch=watch, workers=workers)
        watch.look("end")
    print(f"{count} hand-ins, {workers} workers, {watch.seconds:.0f} s")
    return [
        *watch.faults(),
        *_row_faults(pipeline, count),
        *_file_faults(pipeline.course.root, count),
    ]


class _Looks(JsonLines):
    """Prints what this process, the coordinator, holds after every so many hand-ins."""

    def __init__(self, stream: TextIO, every: int, temporary: Path) -> None:
        super().__init__(stream)
        self._every = every
        self._temporary = temporary
        self._looks: list[dict[str, int]] = []
        print(f"{'graded':>15}", *(f"{name:>15}" for name in COLUMNS))

    def ended(self, outcome: Outcome) -> None:
        """Look, if it is time."""
        super().ended(outcome)
        if len(self.outcomes) % self._every == 0:
            self.look(str(len(self.outcomes)))

    def look(self, when: str) -> None:
        """Look and print."""
        gc.collect()  # a loop of asyncio is a circle, which holds its sockets until then
        found = _held(self._temporary)
        self._looks.append(found)
        print(f"{when:>15}", *(f"{number:15d}" for number in found.values()), flush=True)

    def faults(self) -> Iterator[str]:
        """What went wrong or grew."""
        for outcome in self.outcomes:
            if outcome.kind not in (GRADED, KEPT):
                yield f"{outcome.student}: {outcome.kind}"
        first, last = self._looks[0], self._looks[-1]
        grown = max(look["MB"] for look in self._looks) - first["MB"]
        if grown >= MEGABYTES:
            yield f"the coordinator's memory grew by {grown} MB"
        for name in COLUMNS[1:]:
            if last[name] > first[name]:
                yield f"{last[name]} {name} at the end, {first[name]} at the start"


def _held(temporary: Path) -> dict[str, int]:
    process = psutil.Process()
    values = (
        process.memory_info().rss // 10**6,
        process.num_threads(),
        process.num_fds(),
        sum(map(_is_socket, Path("/proc/self/fd").iterdir())),
        len(process.children(recursive=True)),
        sum(1 for _ in temporary.iterdir()),
    )
    return dict(zip(COLUMNS, values, strict=True))


def _is_socket(descriptor: Path) -> bool:
    try:
        return str(descriptor.readlink()).startswith("socket:")
    except OSError:  # that of the listing itself
        return False


def _row_faults(pipeline: Pipeline, count: int) -> Iterator[str]:
    with closing(connect(pipeline.course.root / "gradebook.db")) as database:
        for name, each in ROWS.items():
            query = f"SELECT count(*), {each} * {count} FROM {name}"
            found, wanted = database.execute(query).fetchone()
            if found != wanted:
                yield f"{found} rows in the table {name}, not {wanted}"


def _file_faults(root: Path, count: int) -> Iterator[str]:
    """Files of which not every student has one, where some student has."""
    students = [f"student-{number:05d}" for number in range(count)]
    found: Counter[str] = Counter()
    for path in root.rglob("*"):
        name = path.relative_to(root).as_posix()
        at = name.find("student-")
        if at >= 0:
            found[name.replace(name[at : at + len(students[0])], "STUDENT")] += 1
    for name, number in found.items():
        if number != count:
            yield f"{number} files {name}, not {count}"


if __name__ == "__main__":
    sys.exit(main())
