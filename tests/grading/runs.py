"""``course grade`` as an instructor runs it, on the small course, and what it left behind."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
from nbformat.v4 import new_code_cell
from nbgrader.api import Gradebook

from course_utils.grading.course import CONFIG
from course_utils.grading.pipeline import Pipeline
from course_utils.grading.release.submissions import fill, hand_in
from tests.grading.courses import ROOT
from tests.grading.intake import fixture

UNIT = fixture.UNIT
WRONG = "def centrar(x):\n    return x"
FULL, PART = 9.0, 4.0  # points of all answers, and with WRONG


def environment() -> dict[str, str]:
    """As if the course's environment were active."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return os.environ | {"PATH": path, "PYTHONPATH": str(ROOT)}


def course(folder: Path, *, fork_server: bool = False) -> Pipeline:
    """The small course, with more time for a cell than any limit of a run.

    Args:
        folder: where it goes.
        fork_server: whether kernels are forks; few and light ones are quicker started cold.
    """
    pipeline = fixture.make(folder)
    with (folder / CONFIG).open("a", encoding="utf-8") as config:
        config.write(f"c.Execute.timeout = 120\nc.Examine.fork_server = {fork_server}\n")
    return Pipeline(pipeline.course)


def give(
    pipeline: Pipeline, student: str, *, seconds: float = 0, first: str = "", second: str = ""
) -> None:
    """Hand in right answers.

    Args:
        pipeline: of the course.
        student: id.
        seconds: how long a cell of the student's own sleeps.
        first: another answer to the first exercise.
        second: another answer to the second exercise.
    """
    others = {"u1-ej1": first, "u1-ej2": second}
    answers = fixture.ANSWERS | {name: answer for name, answer in others.items() if answer}
    notebook = fill(fixture.released(pipeline), answers)
    if seconds:
        notebook.cells.insert(2, new_code_cell(f"import time\ntime.sleep({seconds})", id="slow"))
    hand_in(notebook, pipeline.course.root / "submitted", student, UNIT)


def start(pipeline: Pipeline, *options: str) -> "subprocess.Popen[str]":
    """Start ``course grade`` with JSON lines."""
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "course_utils.grading.commands.cli",
            "grade",
            UNIT,
            "--json",
            *options,
        ],
        cwd=pipeline.course.root,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def lines(process: "subprocess.Popen[str]") -> Iterator[dict[str, Any]]:
    """What it says, as it says it."""
    assert process.stdout is not None
    yield from map(json.loads, process.stdout)


def grade(pipeline: Pipeline, *options: str, code: int = 0) -> list[dict[str, Any]]:
    """Run it to its end, and return what it said."""
    with start(pipeline, *options) as process:
        output, errors = process.communicate(timeout=300)
    assert process.returncode == code, errors[-3000:]
    return [json.loads(line) for line in output.splitlines()]


def states(said: list[dict[str, Any]]) -> dict[str, str]:
    """Student → how the hand-in ended."""
    return {line["student"]: line["state"] for line in said if line["event"] == "hand-in"}


def marks(pipeline: Pipeline, students: list[str]) -> dict[str, float | None]:
    """Student → points of the tests."""
    return {student: pipeline.mark(UNIT, student).automatic for student in students}


def rows(root: Path) -> list[tuple[str, str, float | None]]:
    """Student, cell and automatic points of every row that a course's gradebook has."""
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}", "aprendizaje-profundo") as gradebook:
        return [
            (submission.student.id, cell.name, cell.auto_score)
            for submission in gradebook.assignment_submissions(UNIT)
            for notebook in submission.notebooks
            for cell in notebook.grades
        ]


def children(process: "subprocess.Popen[str]", word: str) -> list[psutil.Process]:
    """Processes that a run has started, by a word of their command line."""
    found = []
    for child in psutil.Process(process.pid).children(recursive=True):
        try:
            if word in " ".join(child.cmdline()):
                found.append(child)
        except psutil.Error:
            continue
    return found
