"""The time that a run took, by phase and by exercise."""

from collections.abc import Iterable
from statistics import mean

from rich.box import SIMPLE
from rich.table import Table

from course_utils.grading import scheme
from course_utils.grading.autograde.events import Outcome, Times
from course_utils.grading.executor.resilient import KERNEL
from course_utils.grading.scheme import exercise_of

OTHER = "other cells"
REST = "around them"


def phases(outcomes: Iterable[Outcome]) -> dict[str, list[float]]:
    """Phase → seconds of each submission that was executed.

    Phases are ``prepare``, ``execute`` (on a worker) and ``save``.
    """
    times = [outcome.times for outcome in outcomes if outcome.times.cells]
    return {
        "prepare": [each.prepare for each in times],
        "execute": [each.execute for each in times],
        "save": [each.save for each in times],
    }


def exercises(outcomes: Iterable[Outcome]) -> dict[str, list[float]]:
    """Part of a notebook → seconds of each submission, in the notebook's order.

    The parts are the start of the kernel, the set-up cell, each exercise with its tests, all
    other cells together, and the time around them: the wait for the fork server (if it has just
    been started) and the ends of kernel and examiner.
    """
    found: dict[str, list[float]] = {}
    for outcome in outcomes:
        for part, seconds in _parts(outcome.times).items():
            found.setdefault(part, []).append(seconds)
    return found


def _parts(times: Times) -> dict[str, float]:
    if not times.cells:
        return {}
    parts: dict[str, float] = {}
    for name, seconds in times.cells.items():
        exercise = exercise_of(name)
        known = name == KERNEL or scheme.numbers_of(exercise) or scheme.is_setup(exercise)
        part = exercise if known else OTHER
        parts[part] = parts.get(part, 0.0) + seconds
    other = {OTHER: parts.pop(OTHER)} if OTHER in parts else {}
    return parts | other | {REST: max(0.0, times.execute - sum(times.cells.values()))}


def table(title: str, parts: dict[str, list[float]]) -> Table:
    """Make a table: number of submissions, mean, slowest, share of the whole time."""
    whole = sum(map(sum, parts.values())) or 1.0
    result = Table(title=title, title_justify="left", box=SIMPLE, padding=(0, 1, 0, 0))
    result.add_column("")
    for column in ("hand-ins", "mean s", "slowest s", "share"):
        result.add_column(column, justify="right", no_wrap=True)
    for part, seconds in parts.items():
        if seconds:
            share = f"{sum(seconds) / whole:.0%}"
            cells = (str(len(seconds)), f"{mean(seconds):.2f}", f"{max(seconds):.2f}", share)
            result.add_row(part, *cells)
    return result
