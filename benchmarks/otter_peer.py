"""``otter run`` of Otter-Grader against this course's grading, one after the other in one run.

Usage: python -m benchmarks.otter_peer [--hand-ins 4] [--units u1 u4]

``make bench-otter`` makes the environment that Otter runs in, then runs this.

Every hand-in has the master's answers. Otter judges them by the very text of the master's test
cells, visible and hidden, at the end of a notebook that has neither these cells nor the
demonstrations, without a sandbox; ours is ``course grade UNIT --workers 1``. Timed are whole
commands, their start included: Otter's is a process for each hand-in. Both must give every
hand-in all its points.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.utils import is_grade, is_solution
from rich.console import Console
from rich.table import Table

from benchmarks.autograde import Run, _timed
from benchmarks.classes import ROOT, course_with, environment
from course_utils.grading.course import Course, cells_by_grade_id, read_notebook
from course_utils.grading.examiner.master import read_master
from course_utils.grading.executor.demonstrations import is_demonstration
from course_utils.grading.pipeline import Pipeline
from course_utils.grading.release.outlines import exercises
from course_utils.grading.scheme import exercise_of

OTTER = ROOT / ".venv-otter" / "bin" / "otter"
# A cell's text runs among the notebook's own names, as under nbgrader. In Otter's other format,
# doctest, it would fail by what a passed check prints.
TEST_FILE = """\
from otter.test_files import test_case

OK_FORMAT = False
name = {exercise!r}
"""
TEST_CASE = """
source_{number} = {source!r}


@test_case(name={name!r}, points={points!r}, hidden={hidden!r})
def case_{number}(env):
    exec(compile(source_{number}, {name!r}, "exec"), env)
"""


@dataclass(frozen=True)
class HandIn:
    """A hand-in as Otter gets it.

    Attributes:
        notebook: the student's notebook without tests and demonstrations.
        autograder: Otter's configuration of the unit.
        results: folder for what Otter writes.
        points: what the tests of its unit give.
    """

    notebook: Path
    autograder: Path
    results: Path
    points: int

    def command(self) -> list[str]:
        """What grades it."""
        where = ["-a", str(self.autograder), "-o", str(self.results)]
        return [str(OTTER), "run", *where, "--no-logo", str(self.notebook)]


def main() -> None:
    """Measure, check the points and print."""
    arguments = _arguments()
    if not OTTER.is_file():
        sys.exit("Otter-Grader's environment is not there: run 'make bench-otter'.")
    units = [Course(ROOT).unit(name) for name in arguments.units]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        root = course_with(Path(folder) / "course", units, arguments.hand_ins)
        hand_ins = list(_for_otter(Course(root), units, Path(folder) / "otter"))
        # Ours goes first: whoever does reads TensorFlow and torch from a disk that may be cold.
        ours = _timed("ours, 1 worker", root, [["course", "grade", *units, "--workers", "1"]])
        _check_ours(Pipeline(Course(root)), units, arguments.hand_ins)
        otter = _timed("otter run", root, [hand_in.command() for hand_in in hand_ins])
        _check_otter(hand_ins, arguments.hand_ins)
    _print(otter, ours, arguments.hand_ins)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hand-ins", type=int, default=4, help="of all units together")
    parser.add_argument("--units", nargs="+", default=["u1", "u4"])
    return parser.parse_args()


def _for_otter(course: Course, units: list[str], target: Path) -> Iterator[HandIn]:
    """The course's hand-ins, made ready for Otter in ``target``."""
    for unit in units:
        autograder = _autograder(course, unit, target / unit)
        for path in sorted(course.root.glob(f"submitted/*/{unit}/{unit}.ipynb")):
            results = target / unit / path.parts[-3]
            results.mkdir()
            notebook = read_notebook(path)
            notebook.cells = [cell for cell in notebook.cells if not _left_out(cell)]
            nbformat.write(notebook, results / path.name)
            yield HandIn(results / path.name, autograder, results, _points(course, unit))


def _points(course: Course, unit: str) -> int:
    """What the tests of a unit give, as its master says."""
    found = exercises(read_notebook(course.master(unit)))
    return sum(exercise.visible + exercise.hidden for exercise in found)


def _left_out(cell: nbformat.NotebookNode) -> bool:
    return is_demonstration(cell) or (is_grade(cell) and not is_solution(cell))


def _autograder(course: Course, unit: str, target: Path) -> Path:
    """Otter's configuration of a unit, with the unit's data, as ``otter generate`` packs it."""
    tests, archive = target / "tests", target / "autograder.zip"
    _write_tests(course.master(unit), tests)
    release = course.release(unit)
    data = [path.name for path in release.parent.iterdir() if path != release]
    command = [str(OTTER), "generate", "-t", str(tests), "-o", str(archive), *data]
    done = subprocess.run(
        command,
        cwd=release.parent,  # Otter takes data from there only
        env=environment(ROOT),
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        sys.exit(f"otter generate: {unit}\n{done.stderr[-2000:]}")
    return archive


def _write_tests(master: Path, folder: Path) -> None:
    """A test file for each exercise of a master, a test case for each test cell."""
    cells = cells_by_grade_id(read_notebook(master))
    files: dict[str, str] = {}
    for number, (name, test) in enumerate(read_master(master).tests.items()):
        exercise = exercise_of(name)
        case = TEST_CASE.format(
            name=name,
            points=cells[name].metadata.nbgrader.points,
            hidden=test.hidden,
            number=number,
            source=test.source,
        )
        files[exercise] = files.get(exercise, TEST_FILE.format(exercise=exercise)) + case
    folder.mkdir(parents=True)
    for exercise, text in files.items():
        (folder / f"{exercise}.py").write_text(text, encoding="utf-8")


def _check_ours(pipeline: Pipeline, units: list[str], count: int) -> None:
    """Stop unless each hand-in has all its points in the gradebook."""
    found, expected = [], []
    for unit in units:
        marks = [pipeline.mark(unit, student) for student in pipeline.students(unit)]
        found += [mark.automatic or 0.0 for mark in marks]
        expected += [_points(pipeline.course, unit)] * len(marks)
    _check("ours", found, expected, count)


def _check_otter(hand_ins: list[HandIn], count: int) -> None:
    """Stop unless each hand-in has all its points, with Otter's words on those that lack any."""
    found, said = [], ""
    for hand_in in hand_ins:
        text = (hand_in.results / "results.json").read_text(encoding="utf-8")
        tests = json.loads(text)["tests"]
        found.append(sum(test.get("score", 0) for test in tests))
        if found[-1] != hand_in.points:
            said += "".join(f"\n{test['name']}: {test.get('output', '')}" for test in tests)
    _check("otter", found, [hand_in.points for hand_in in hand_ins], count, said)


def _check(label: str, found: list[float], expected: list[int], count: int, said: str = "") -> None:
    if found != expected or len(found) != count:
        sys.exit(f"{label}: {count} hand-ins should have {expected} points, not {found}{said}")


def _print(otter: Run, ours: Run, count: int) -> None:
    table = Table(title=f"{count} hand-ins", title_justify="left")
    table.add_column("")
    for name in ("seconds", "a hand-in", "÷ ours"):
        table.add_column(name, justify="right")
    for run in (ours, otter):
        table.add_row(
            run.label,
            f"{run.seconds:.1f}",
            f"{run.seconds / count:.2f}",
            f"{run.seconds / ours.seconds:.1f}",
        )
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
