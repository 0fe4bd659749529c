"""Commands on a graded class: ``report``."""

import argparse

from course_utils.grading.commands.base import (
    Commands,
    command,
    print_json,
    units_of,
    with_json,
    with_units,
)
from course_utils.grading.course import Course


def add(commands: Commands) -> None:
    """Add the commands."""
    report = command(
        commands,
        "report",
        _report,
        "write reports/UNIT.html and its CSVs: marks, exercises, mistakes, hand-ins to look at",
        "course report u1",
        "course report u1 --json",
    )
    with_units(report)
    with_json(report)


def _report(course: Course, arguments: argparse.Namespace) -> int:
    from dataclasses import asdict

    from course_utils.grading import class_report
    from course_utils.grading.pipeline import Pipeline

    pipeline = Pipeline(course)
    written = {unit: class_report.make(pipeline, unit) for unit in units_of(course, arguments)}
    shown = {
        unit: {kind: str(path.relative_to(course.root)) for kind, path in asdict(paths).items()}
        for unit, paths in written.items()
    }
    if arguments.json:
        print_json(shown)
    else:
        for paths in shown.values():
            print(*paths.values(), sep="\n")
    return 0
