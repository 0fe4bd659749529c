"""Command for the students of a course: ``roster``."""

import argparse
from pathlib import Path

from course_utils.grading.commands.base import Commands, command, print_json, with_json
from course_utils.grading.course import Course


def add(commands: Commands) -> None:
    """Add the command."""
    roster = command(
        commands,
        "roster",
        _roster,
        "take students in from Moodle's participants' or Canvas's gradebook export (CSV)",
        "course roster participantes.csv",
        "course roster participantes.csv --json",
    )
    roster.add_argument("file", type=Path, metavar="FILE")
    with_json(roster)


def _roster(course: Course, arguments: argparse.Namespace) -> int:
    from course_utils.grading.lms import roster
    from course_utils.grading.pipeline import Pipeline

    people = roster.read(arguments.file)
    with Pipeline(course).gradebook() as gradebook:
        ids = roster.take_in(gradebook, people)
    if arguments.json:
        print_json({student: f"{person.first} {person.last}" for student, person in ids.items()})
    else:
        print(f"{len(ids)} students")
    return 0
