"""What intake and rebuild add to the grading of an ordinary notebook, in one process.

Usage: python -m benchmarks.intake [hand-ins]

The notebooks are released units with the master's answers, as Colab saves them, each with two
figures of 150 kB among its outputs. Timed are reading, choosing and the rebuild. Exits
with 1 where the median is 50 ms or more.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

import nbformat

from course_utils.grading import scheme
from course_utils.grading.course import Course, read_notebook, unit_id
from course_utils.grading.intake.places import Submitted
from course_utils.grading.intake.run import Intake
from course_utils.grading.pipeline import Pipeline, released
from course_utils.grading.rebuild import load
from course_utils.grading.release.submissions import fill, hand_in, saved_by_colab, solutions

ROOT = Path(__file__).parents[1]
UNITS = ("01-regresion-logistica-keras", "04-superficie-bce-pytorch")
ALLOWED = 0.050  # seconds
FIGURE = "iVBORw0K" * 19_000


def main(count: int) -> int:
    """Print a line for every unit; 1 where one is too slow."""
    worst = 0.0
    for unit in UNITS:
        with tempfile.TemporaryDirectory() as folder:
            times = measure(Path(folder), unit, count)
        median = statistics.median(times)
        worst = max(worst, median)
        slowest = max(times)
        print(f"{unit}: median {median * 1000:.1f} ms, slowest {slowest * 1000:.1f} ms of {count}")
    return int(worst >= ALLOWED)


def measure(folder: Path, unit: str, count: int) -> list[float]:
    """Seconds that each hand-in of a class takes."""
    pipeline = course(folder, unit)
    submitted = folder / "submitted"
    notebook = submission(pipeline, unit)
    for number in range(count):
        hand_in(notebook, submitted, f"student-{number:03d}", unit)
    with pipeline.gradebook() as gradebook:
        regions = scheme.Regions.of(pipeline.config)
        skeleton = load(gradebook, unit, master(pipeline, unit), regions)
    intake = Intake(Submitted(submitted), skeleton)
    return [one(intake, f"student-{number:03d}") for number in range(count)]


def one(intake: Intake, student: str) -> float:
    """Seconds that one hand-in takes."""
    start = time.perf_counter()
    record = intake.take(student).record
    seconds = time.perf_counter() - start
    assert record.notes == [], record.reason
    return seconds


def course(folder: Path, unit: str) -> Pipeline:
    """A course with one unit, released."""
    return released(Course(ROOT).copy(folder, unit))


def submission(pipeline: Pipeline, unit: str) -> nbformat.NotebookNode:
    """A right submission as Colab saves it, with figures."""
    answers = solutions(read_notebook(master(pipeline, unit)))
    answers[scheme.reflection(unit_id(unit))] = "Porque los pesos dependen de las unidades."
    notebook = saved_by_colab(fill(read_notebook(pipeline.course.release(unit)), answers))
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in code[:2]:
        cell.outputs = [nbformat.v4.new_output("display_data", {"image/png": FIGURE})]
    return notebook


def master(pipeline: Pipeline, unit: str) -> Path:
    """The unit's master."""
    return pipeline.course.master(unit)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 200))
