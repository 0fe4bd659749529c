"""Runs answers of a bank against their tests, in a process of its own: ``course release`` calls it.

Bank answers are the teacher's own code, so no sandbox is needed; but they change the settings of
libraries, and the working directory must be the master's.
"""

import contextlib
import io
import json
import linecache
import os
import random
import subprocess
import sys
import warnings
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np

from course_utils.checks.check import draw_from
from course_utils.checks.recorded import Run, observed
from course_utils.grading.course import CourseError
from course_utils.grading.release.bank import Answer

RUNS: Final = 2  # what differs between them is left to chance
ENVIRONMENT: Final = {"MPLBACKEND": "agg", "TF_CPP_MIN_LOG_LEVEL": "3"}


def run_answers(
    master: Path, setup: str, tests: dict[str, tuple[str, str]], answers: list[Answer]
) -> list[tuple[list[Run], list[str]]]:
    """Run answers, each ``RUNS`` times with other random numbers.

    Args:
        master: the notebook; its folder becomes the working directory.
        setup: text of its set-up cell.
        tests: exercise → texts of its visible and its hidden test.
        answers: the answers.

    Returns:
        For each answer, run by run, what the visible test read; and what the hidden test said,
        where that is asked for: of a wrong answer whose sentence the visible test does not say.

    Raises:
        CourseError: the set-up cell failed, or an answer ended the process.
    """
    orders = [
        {"source": a.source, "tests": tests[a.exercise], "says": "" if a.right else a.says}
        for a in answers
    ]
    done = subprocess.run(
        [sys.executable, "-m", "course_utils.grading.release.answer_runs"],
        cwd=master.parent,
        env=os.environ | ENVIRONMENT,
        input=json.dumps({"setup": setup, "orders": orders}),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = done.stderr.strip().rpartition("\n")[2]
        raise CourseError(f"The bank's answers to {master.stem} could not be run: {last}")
    found = json.loads(done.stdout.strip().rpartition("\n")[2])
    return [([Run(**run) for run in runs], said) for runs, said in found]


def _main() -> None:
    work, out = json.load(sys.stdin), sys.stdout
    warnings.simplefilter("ignore")
    with _quiet():
        namespace: dict[str, Any] = {"__name__": "__main__"}
        execute(work["setup"], "<setup>", namespace)
        found = [_of_answer(order, namespace) for order in work["orders"]]
    print(json.dumps(found), file=out)


def _of_answer(order: dict[str, Any], setup: dict[str, Any]) -> tuple[list[Any], list[str]]:
    runs, said = [], []
    visible, hidden = order["tests"]
    for seed in range(RUNS):
        namespace = dict(setup)
        seed_all(seed)
        with contextlib.suppress(Exception, SystemExit):
            execute(order["source"], "<answer>", namespace)
        with observed() as run:
            _outcome(visible, namespace)
        runs.append(asdict(run))
        if order["says"] and hidden and order["says"] not in run.sentence:
            said.append(_outcome(hidden, namespace))
    return runs, said


def _outcome(test: str, namespace: dict[str, Any]) -> str:
    try:
        execute(test, "<test>", namespace)
    except (Exception, SystemExit) as error:
        return str(error) if getattr(error, "own", True) else ""  # not "no vale lo que debe"
    return ""


def seed_all(seed: int) -> None:
    """Have all libraries draw other numbers in each run, and the same in each release."""
    draw_from(seed)
    random.seed(seed)
    np.random.seed(seed)
    if "keras" in sys.modules:
        sys.modules["keras"].utils.set_random_seed(seed)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(seed)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    quiet = io.StringIO()
    with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
        yield


def execute(source: str, name: str, namespace: dict[str, Any]) -> None:
    """Run a cell's text; tracebacks and the checks find its lines by its name."""
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    exec(compile(source, name, "exec"), namespace)


if __name__ == "__main__":
    _main()
