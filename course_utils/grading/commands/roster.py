"""Command for the students of a course: ``roster``."""

import argparse
import sys
from pathlib import Path

from course_utils.grading.commands.base import Commands, command, print_json, with_json
from course_utils.grading.course import Course


def add(commands: Commands) -> None:
    """Add the command."""
    roster = command(
        commands,
        "roster",
        _roster,
        "take students in from Moodle's participants or grading worksheet, or Canvas's gradebook",
        "course roster participantes.csv",
        "course roster participantes.csv --json",
    )
    roster.add_argument("file", type=Path, metavar="FILE")
    with_json(roster)


def _roster(course: Course, arguments: argparse.Namespace) -> int:
    from course_utils.grading.intake import participants
    from course_utils.grading.lms import roster
    from course_utils.grading.pipeline import Pipeline

    found = roster.load(arguments.file)
    with Pipeline(course).gradebook() as gradebook:
        ids = roster.take_in(gradebook, found.people)
    numbers = {p.participant: student for student, p in ids.items() if p.participant}
    participants.remember(course.root, numbers)
    if found.others:
        names = ", ".join(found.others)
        print(f"left out, no student's role: {len(found.others)} ({names})", file=sys.stderr)
    if arguments.json:
        names_of = {s: f"{p.first} {p.last}".strip() for s, p in ids.items()}
        print_json(names_of)
    else:
        print(f"{len(ids)} students")
    return 0
