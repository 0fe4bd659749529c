"""The commands of ``course``: one module a group; each offers ``add(commands)``."""

from course_utils.grading.commands import grading, lab, masters, regrading, reports, roster
from course_utils.grading.commands.base import Commands

GROUPS = (masters, lab, roster, grading, regrading, reports)


def add_all(commands: Commands) -> None:
    """Give a parser every command."""
    for group in GROUPS:
        group.add(commands)
