"""Command for tests that changed after students handed in: ``regrade``."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from course_utils.grading.commands.base import Commands, command, print_json, with_json, with_unit
from course_utils.grading.course import Course

if TYPE_CHECKING:
    from course_utils.grading.commands.regrade import Move


def add(commands: Commands) -> None:
    """Add the command."""
    regrade = command(
        commands,
        "regrade",
        _regrade,
        "grade again with the tests as they are now, and list who moves and why",
        "course regrade u1 --diff",
        "course regrade u1 --apply",
    )
    with_unit(regrade)
    what = regrade.add_mutually_exclusive_group()
    what.add_argument(
        "--diff",
        action="store_true",
        help="only list (the default); nothing is written; exit code 1: somebody moves",
    )
    what.add_argument(
        "--apply", action="store_true", help="list, then release the unit and grade it again"
    )
    with_json(regrade)


def _regrade(course: Course, arguments: argparse.Namespace) -> int:
    from dataclasses import asdict

    from course_utils.grading.commands import regrade
    from course_utils.grading.pipeline import Pipeline

    pipeline, unit = Pipeline(course), course.unit(arguments.unit)
    moves = regrade.preview(pipeline, unit, _progress)
    if arguments.json:
        print_json({"unit": unit, "applied": arguments.apply, "moves": [asdict(m) for m in moves]})
    else:
        print("".join(f"{line}\n" for move in moves for line in _lines(move)), end="")
        print(f"{len(moves)} move")
    if arguments.apply:
        regrade.apply(pipeline, unit, _progress)
        return 0
    return int(bool(moves))


def _progress(students: list[str]) -> Iterator[str]:
    from rich.console import Console
    from rich.progress import track

    yield from track(students, "grading", console=Console(stderr=True), transient=True)


def _lines(move: "Move") -> Iterator[str]:
    yield f"{move.name} ({move.student}): {_points(move.before)} → {_points(move.after)}"
    for change in move.changes:
        yield f"  {change.test}: {_points(change.before)} → {_points(change.after)}  {change.why}"


def _points(value: float | None) -> str:
    return "no mark" if value is None else f"{value:g}"
