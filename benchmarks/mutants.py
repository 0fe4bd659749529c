"""Changes the masters' answers one small step at a time: do the tests see it, and name it?

Usage: python -m benchmarks.mutants [u1 …] [--list]

``benchmarks.mutations`` holds the steps. Each mutant runs in a process of its own against its
visible test and, if that passes, against its hidden test. After ``SECONDS`` of the processor's time
a test gets what a student's stop button gives, an interrupt; a process that goes on is killed.

A mutant counts as *named* if the visible test's sentence says what was done: not numbers or shapes
side by side, and not an exception that no meaning was found for. ``SILENT`` has the beginnings of
these sentences, which ``checks.check`` and ``checks.explain`` write; ``Incorrect.own`` says the
same of a test's own sentences, but not of relations between values. ``--list`` shows every mutant
with its fate and what the student reads.
"""

import argparse
import contextlib
import io
import multiprocessing
import os
import re
import resource
import signal
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from benchmarks.mutations import difference, mutants
from course_utils.checks.outcomes import Incorrect, Outcome
from course_utils.grading.course import Course, read_notebook
from course_utils.grading.forkserver.preload import heavy_modules, load, needed
from course_utils.grading.release.answer_runs import ENVIRONMENT, execute, seed_all
from course_utils.grading.release.recording import cells_of
from course_utils.grading.release.submissions import solutions

COURSE: Final = Course(Path(__file__).resolve().parents[1])
FORK: Final = multiprocessing.get_context("fork")
SECONDS: Final = 20  # of the processor's time, for each test
KILLED_AFTER: Final = 120  # seconds by the clock, for a mutant
MEMORY: Final = 4 << 30
NAMED, UNNAMED, HIDDEN, SURVIVES = "named", "not named", "only hidden", "SURVIVES"
SILENT: Final = re.compile(
    r"`[^`]+` (debe ser .* y es |tiene forma .* y debe tener|contiene NaN o infinitos|"
    r"debe tener números y es de tipo)|Tu código terminó con un error de tipo",
    re.DOTALL,
)


@dataclass(frozen=True)
class Fate:
    """How a mutant ended.

    Attributes:
        kind: ``NAMED``, ``UNNAMED`` (both killed by the visible test), ``HIDDEN`` or ``SURVIVES``.
        sentence: what the test that killed it says.
    """

    kind: str
    sentence: str = ""


@dataclass(frozen=True)
class Setting:
    """A unit, ready to run answers.

    Attributes:
        namespace: what the set-up cell leaves.
        tests: exercise → texts of its visible and its hidden test.
        answers: exercise → the master's answer.
    """

    namespace: dict[str, Any]
    tests: dict[str, tuple[str, str]]
    answers: dict[str, str]


def main() -> int:
    """Run the units; returns 1 if a unit could not be run."""
    parser = argparse.ArgumentParser(description="Mutants of the masters' answers.")
    parser.add_argument("units", nargs="*", help="such as u1; all without")
    parser.add_argument("--list", action="store_true", help="show every mutant")
    arguments = parser.parse_args()
    os.environ.update(ENVIRONMENT)
    failed = False
    for unit in map(COURSE.unit, arguments.units or COURSE.units()):
        # A process for each unit: the settings of one must not reach the next.
        process = FORK.Process(target=_unit, args=(unit, arguments.list))
        process.start()
        process.join()
        failed = failed or process.exitcode != 0
    return int(failed)


def _unit(unit: str, everything: bool) -> None:
    setting, count = _ready(unit), Counter[str]()
    for exercise, answer in setting.answers.items():
        if exercise not in setting.tests:
            continue
        control = _fate(setting, exercise, answer)
        if control.kind != SURVIVES:
            sys.exit(f"{exercise}: the master's own answer fails: {control.sentence}")
        for mutant in mutants(answer):
            fate = _fate(setting, exercise, mutant)
            count[fate.kind] += 1
            if everything or fate.kind == SURVIVES:
                print(_line(exercise, answer, mutant, fate), flush=True)
    print(_summary(unit, count), flush=True)


def _line(exercise: str, answer: str, mutant: str, fate: Fate) -> str:
    before, after = difference(answer, mutant)
    said = f" | {fate.sentence}" if fate.sentence else ""
    return f"{exercise} {fate.kind}: {before} → {after}{said}"


def _summary(unit: str, count: Counter[str]) -> str:
    visible = count[NAMED] + count[UNNAMED]
    share = count[NAMED] / visible if visible else 1.0
    return (
        f"{unit}: {count.total()} mutants; {visible} killed by the visible test, of these "
        f"{count[NAMED]} named ({share:.0%}); {count[HIDDEN]} killed only by the hidden test; "
        f"{count[SURVIVES]} survive"
    )


def _ready(unit: str) -> Setting:
    """Run a unit's set-up cell in its master's folder."""
    master = COURSE.master(unit)
    setup, tests = cells_of(COURSE, unit)
    os.chdir(master.parent)
    warnings.simplefilter("ignore")
    namespace: dict[str, Any] = {"__name__": "__main__"}
    with _quiet():
        execute(setup, "<setup>", namespace)
    load(heavy_modules(needed(setup)))  # or each mutant would import what its first step needs
    return Setting(namespace, tests, solutions(read_notebook(master)))


def _fate(setting: Setting, exercise: str, source: str) -> Fate:
    """Run one answer in a process of its own."""
    here, there = FORK.Pipe(duplex=False)
    process = FORK.Process(target=_child, args=(there, setting, exercise, source))
    process.start()
    there.close()
    process.join(KILLED_AFTER)
    if process.is_alive():
        process.kill()
        process.join()
    with here, contextlib.suppress(EOFError):
        if here.poll():
            return here.recv()
    return Fate(UNNAMED, "(the process ended, or had to be killed)")


def _child(pipe: Connection, setting: Setting, exercise: str, source: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGPROF, signal.default_int_handler)
    with _quiet():
        fate = _judge(setting, exercise, source)
    pipe.send(fate)
    pipe.close()
    os._exit(0)  # threads of libraries must not keep the process


def _judge(setting: Setting, exercise: str, source: str) -> Fate:
    namespace, (visible, hidden) = dict(setting.namespace), setting.tests[exercise]
    seed_all(0)
    with contextlib.suppress(Exception):
        execute(source, "<answer>", namespace)
    error = _error_of(visible, namespace)
    if error is not None:
        return Fate(NAMED if _says(error) else UNNAMED, str(error))
    error = _error_of(hidden, namespace)
    return Fate(SURVIVES) if error is None else Fate(HIDDEN, str(error))


def _error_of(test: str, namespace: dict[str, Any]) -> BaseException | None:
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        execute(test, "<test>", namespace)
    except (Exception, KeyboardInterrupt, SystemExit) as error:
        return error
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return None


def _says(error: BaseException) -> bool:
    """Whether an outcome says what was done, or what Python's exception means."""
    if not isinstance(error, Outcome):
        return False
    own = isinstance(error, Incorrect) and error.own
    return own or not SILENT.match(error.sentence)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    quiet = io.StringIO()
    with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
        yield


if __name__ == "__main__":
    sys.exit(main())
