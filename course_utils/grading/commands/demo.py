"""``course demo``: masters → release → submissions → marks → feedback → CSV, on a sample class."""

import shutil

from rich.box import SIMPLE
from rich.console import Console
from rich.progress import track
from rich.table import Table

from course_utils.grading import class_report, scheme
from course_utils.grading.commands import sample_class
from course_utils.grading.commands.progress import Bar
from course_utils.grading.course import Course, CourseError
from course_utils.grading.gradebook.marks import GRADED, PENDING, UNGRADED, Mark
from course_utils.grading.intake import Record
from course_utils.grading.pipeline import Pipeline

Unit = tuple[str, list[Record]]
STATES = {GRADED: "graded", PENDING: "by hand next", UNGRADED: "no mark"}


def run(course: Course, console: Console) -> None:
    """Run the demo in ``demo/`` below the course's root; an earlier ``demo/`` is removed first.

    Raises:
        CourseError: the course has no unit, or nbgrader fails as a whole.
    """
    units = course.units()
    if not units:
        raise CourseError(f"There is no master notebook below {course.root / 'source'}.")
    root = course.root / "demo"
    shutil.rmtree(root, ignore_errors=True)
    sample = course.copy(root, *units)
    pipeline = Pipeline(sample)
    for unit in units:
        pipeline.generate(unit)
        sample_class.write(sample_class.Material.of(sample, unit), sample.root / "submitted")
    graded = _grade(pipeline, units, console)
    _report(pipeline, graded, console)


def _grade(pipeline: Pipeline, units: list[str], console: Console) -> list[Unit]:
    graded: list[Unit] = []
    for unit in units:
        bar = Bar(console)
        if not pipeline.grade(unit, watch=bar):
            raise CourseError(f"Not everything could be graded: {bar.sentence()}.")
        students = sorted(outcome.student for outcome in bar.outcomes)
        results = [pipeline.result(unit, student) for student in students]
        for result in track(results, f"{unit} · feedback", console=console):
            if result.graded:
                pipeline.feedback(unit, result.student)
        graded.append((unit, results))
    return graded


def _report(pipeline: Pipeline, graded: list[Unit], console: Console) -> None:
    root = pipeline.course.root
    for unit, results in graded:
        marks = [pipeline.mark(unit, result.student) for result in results]
        console.print(_table(unit, marks))
        for result in results:
            if result.reason:
                console.print(
                    f"  {result.state} · {result.student}: {result.reason}", highlight=False
                )
    target = root / "grades.csv"
    pipeline.export(target)
    pages = sorted(root.glob("feedback/*/*/*.html"))
    console.print(f"\n{len(pages)} feedback pages:")
    for page in pages:
        console.print(f"  {page.relative_to(root.parent)}", soft_wrap=True, highlight=False)
    console.print(f"marks of all: {target.relative_to(root.parent)}", highlight=False)
    reports = [class_report.make(pipeline, unit).page for unit, _ in graded]
    console.print("open these two: a class report and a feedback page")
    for page in (*reports[:1], *[page for page in pages if sample_class.WRONG in page.parts][:1]):
        console.print(f"  {page.relative_to(root.parent)}", soft_wrap=True, highlight=False)


def _table(unit: str, marks: list[Mark]) -> Table:
    names = next((list(mark.exercises) for mark in marks if mark.exercises), [])
    maximum = marks[0].maximum if marks else 0.0
    title = f"\n{unit} (of {maximum:g})"
    table = Table(title=title, title_justify="left", box=SIMPLE, padding=(0, 1, 0, 0))
    table.add_column("student", no_wrap=True)
    for name in names:
        numbers = scheme.numbers_of(name)
        table.add_column(str(numbers[1]) if numbers else "hand", justify="right", no_wrap=True)
    table.add_column("tests", justify="right", no_wrap=True)
    table.add_column("state", no_wrap=True)
    for mark in marks:
        cells = [_points(mark.exercises.get(name)) for name in names]
        table.add_row(mark.student, *cells, _points(mark.automatic), STATES[mark.state])
    return table


def _points(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
