"""``course grade``: grade a class, many notebooks at once; a stopped run can be continued."""

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from rich.console import Console
from rich.markup import escape

from course_utils.grading.autograde.events import FAILED, GRADED, KEPT, LEFT, TOO_LONG, Watch
from course_utils.grading.commands import profile
from course_utils.grading.commands.progress import Bar, JsonLines, Tally
from course_utils.grading.course import Course
from course_utils.grading.pipeline import Pipeline

INTERRUPTED = 130  # exit code that shells use after Ctrl-C: 128 + SIGINT


def run(course: Course, units: list[str], arguments: argparse.Namespace) -> int:
    """Grade units; returns 0, 1 if a submission has to wait for another run, or 130 after Ctrl-C.

    Args:
        course: the course.
        units: full names of the units, graded in this order.
        arguments: arguments of the command.

    Raises:
        CourseError: nothing can be graded.
    """
    codes = [0]
    for unit in units:
        codes.append(_grade(course, unit, arguments))
        if codes[-1] == INTERRUPTED:
            break
    return max(codes)


def _grade(course: Course, unit: str, arguments: argparse.Namespace) -> int:
    console = Console(stderr=arguments.json, soft_wrap=False)
    watch = JsonLines(sys.stdout) if arguments.json else Bar(console)
    settings = {
        "workers": arguments.workers,
        "scheduler": arguments.scheduler,
        "notebook_limit": arguments.notebook_limit,
        "run_limit": arguments.run_limit,
    }
    try:
        with _interruptible(watch):
            complete = Pipeline(course).grade(unit, arguments.student, watch=watch, **settings)
    except KeyboardInterrupt:
        _print_result(console, watch)
        console.print("Stopped. The same command goes on where this run was.")
        return INTERRUPTED
    _print_result(console, watch)
    if arguments.profile:
        console.print(profile.table("phases", profile.phases(watch.outcomes)))
        console.print(profile.table("parts of a notebook", profile.exercises(watch.outcomes)))
    return 0 if complete else 1


@contextmanager
def _interruptible(watch: Watch) -> Iterator[None]:
    """Treat SIGTERM like Ctrl-C, and lose neither signal.

    Python drops an exception that a signal handler raises while a destructor or a weak reference's
    callback runs. So the handler also sets ``watch.interrupted``, which the run checks.
    """

    def stop(*_: object) -> NoReturn:
        watch.interrupted = True
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _print_result(console: Console, watch: Tally) -> None:
    """Print the students without a clean mark and the reasons, then the counts."""
    for outcome in sorted(watch.outcomes, key=lambda outcome: outcome.student):
        if outcome.kind in (GRADED, KEPT, LEFT):
            continue
        line = f"  {outcome.kind} · {outcome.student}: {outcome.reason}"
        console.print(escape(line), highlight=False)
    console.print(watch.sentence(), highlight=False)
    waiting = sum(watch.counts.get(kind, 0) for kind in (TOO_LONG, FAILED, LEFT))
    if waiting:
        console.print(f"{waiting} wait for another run: the same command takes them up again.")
