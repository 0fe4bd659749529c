"""``course``: the commands that nbgrader does not have."""

import argparse
import sys
import warnings
from collections.abc import Sequence

from course_utils.grading.commands import add_all
from course_utils.grading.course import CourseError, find_course

CODES = "exit codes: 0 done, 1 something was found, 2 the course folder or the call is wrong"


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code (2: the course folder or the call is wrong)."""
    arguments = _parser().parse_args(argv)
    # Warnings about nbgrader's and nbconvert's own code, which an instructor can't change.
    warnings.filterwarnings("ignore", module="nbgrader")
    warnings.filterwarnings("ignore", message="Your element with mimetype")
    try:
        course = find_course()
        result: int = arguments.run(course, arguments)
    except CourseError as error:
        print(f"course: {error}", file=sys.stderr)
        return 2
    return result


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="course", description=__doc__, epilog=CODES)
    add_all(parser.add_subparsers(required=True, metavar="COMMAND"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
