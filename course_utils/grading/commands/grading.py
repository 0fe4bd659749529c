"""Commands on submissions: ``demo``, ``grade``, ``status``."""

import argparse
import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

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
    command(commands, "demo", _demo, "run everything on a sample class, in demo/", "course demo")
    grade = command(
        commands,
        "grade",
        _grade,
        "grade what is new of a unit or several; a run that was stopped goes on",
        "course grade u1",
        "course grade u1 u4",
        "course grade u1 --workers 4 --limit-per-notebook 300 --profile",
        "course grade u1 --scheduler tcp://10.0.0.1:8786",
    )
    _grade_arguments(grade)
    status = command(
        commands,
        "status",
        _status,
        "states and notes of the hand-ins",
        "course status u1",
        "course status u1 --json",
    )
    with_units(status)
    with_json(status)


def _demo(course: Course, arguments: argparse.Namespace) -> int:
    from rich.console import Console

    from course_utils.grading.commands import demo

    demo.run(course, Console(soft_wrap=False))
    return 0


def _grade_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("units", nargs="+", metavar="UNIT", help="u1, 1 or in full")
    with_json(parser)
    parser.add_argument(
        "--workers", type=_positive(int), default=0, help="notebooks at once (default: fit)"
    )
    parser.add_argument(
        "--scheduler", default="", metavar="tcp://…", help="grade on a Dask cluster"
    )
    parser.add_argument("--student", default="*", help="only this one, or a pattern")
    parser.add_argument("--profile", action="store_true", help="print where the time went")
    for name, what in (("notebook", "one notebook"), ("run", "the whole run")):
        parser.add_argument(
            f"--limit-{'per-' if name == 'notebook' else ''}{name}",
            dest=f"{name}_limit",
            type=_positive(float),
            default=0.0,
            metavar="SECONDS",
            help=f"time for {what}; what is not graded then is left for another run",
        )


def _positive(kind: type) -> Any:
    def parse(text: str) -> Any:
        value = kind(text)
        if value <= 0:
            raise argparse.ArgumentTypeError(f"must be more than 0, not {text}")
        return value

    parse.__name__ = "number"  # argparse puts this name into its error message
    return parse


def _grade(course: Course, arguments: argparse.Namespace) -> int:
    units = units_of(course, arguments)
    if not arguments.scheduler:
        _begin_imports(course, units)  # the fork server imports while this process does
    with _without_collection():
        from course_utils.grading.commands import grade

    return grade.run(course, units, arguments)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Keep imported objects out of garbage collection: during the imports, later and at the end.

    Collection takes a tenth of the time of the imports, and a third of a second when the process
    ends.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _begin_imports(course: Course, units: list[str]) -> None:
    from course_utils.grading import forkserver
    from course_utils.grading.forkserver import preload

    for unit in units:
        with suppress(OSError):  # the run reports a master that can't be read
            forkserver.begin(preload.needed(course.master(unit).read_text(encoding="utf-8")))


def _status(course: Course, arguments: argparse.Namespace) -> int:
    from rich.console import Console

    from course_utils.grading.autograde import report
    from course_utils.grading.intake import Records

    console, records = Console(), Records(course.root)
    found = {unit: list(records.of(unit)) for unit in units_of(course, arguments)}
    if arguments.json:
        print_json({unit: [report.row(one) for one in of_unit] for unit, of_unit in found.items()})
        return 0
    for unit, of_unit in found.items():
        console.print(report.table(unit, of_unit))
        console.print(report.summary(of_unit))
    return 0
