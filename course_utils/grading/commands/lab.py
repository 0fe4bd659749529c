"""The command that starts JupyterLab: ``lab``."""

import argparse

from course_utils.grading.commands.base import Commands, command
from course_utils.grading.course import Course


def add(commands: Commands) -> None:
    """Add the command."""
    lab = command(
        commands,
        "lab",
        _lab,
        "start JupyterLab on copies of the released notebooks, in work/",
        "course lab",
        "course lab --instructor",
        "course lab -- --no-browser --port=9000",
    )
    lab.add_argument(
        "--instructor",
        action="store_true",
        help="in the course folder, with all of nbgrader's extensions",
    )
    lab.add_argument("options", nargs="*", metavar="OPTION", help="JupyterLab's own, after --")


def _lab(course: Course, arguments: argparse.Namespace) -> int:
    from course_utils.grading.commands import student_lab

    make = student_lab.instructor if arguments.instructor else student_lab.student
    make(course, *arguments.options).start()
    return 0
