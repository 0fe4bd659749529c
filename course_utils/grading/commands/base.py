"""Helpers that the commands share: parsers, units as arguments, JSON."""

import argparse
import json
from collections.abc import Callable
from typing import Any, TypeAlias

from course_utils.grading.course import Course

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
Run = Callable[[Course, argparse.Namespace], int]


def command(
    commands: Commands, name: str, run: Run, summary: str, *examples: str
) -> argparse.ArgumentParser:
    """Add a command.

    Args:
        commands: the parsers to which the command is added.
        name: what the user types.
        run: called with the course and the arguments; returns the exit code.
        summary: what the command does, for ``--help``.
        examples: calls for the ``--help`` of the command itself.
    """
    parser = commands.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.",
        epilog="\n".join(f"example: {example}" for example in examples),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)
    return parser


def with_units(parser: argparse.ArgumentParser) -> None:
    """Let a command take any number of units."""
    parser.add_argument("units", nargs="*", metavar="UNIT", help="u1, 1 or in full; default: all")


def with_unit(parser: argparse.ArgumentParser) -> None:
    """Let a command take exactly one unit."""
    parser.add_argument("unit", metavar="UNIT", help="u1, 1 or in full")


def with_json(parser: argparse.ArgumentParser) -> None:
    """Let a command print JSON."""
    parser.add_argument("--json", action="store_true", help="print JSON, for other programs")


def units_of(course: Course, arguments: argparse.Namespace) -> list[str]:
    """Full names of the requested units; all units if the user names none."""
    return [course.unit(name) for name in arguments.units] or course.units()


def print_json(value: Any) -> None:
    """Print a value as JSON, with accents not escaped."""
    print(json.dumps(value, ensure_ascii=False, indent=1))
