"""The commands of ``course``: one module for each group, with a function ``add(commands)``."""

from course_utils.grading.commands import grading, lab, masters, regrading, reports, roster
from course_utils.grading.commands.base import Commands

GROUPS = (masters, lab, roster, grading, regrading, reports)


def add_all(commands: Commands) -> None:
    """Add every command to a parser."""
    for group in GROUPS:
        group.add(commands)
