"""The way of one submission through the package: files entered, moves between them, copies made.

Usage: python -m benchmarks.way

A submission to the unit that ``course new-unit`` writes is graded in a cold kernel, and the
profiler's hook of the coordinator and of its worker thread looks at every call. A *move* is a call
that goes from one file of the package into another; one of the parses is the master's. What runs
in the kernel's and the examiner's processes is not seen. Exits with 1 where a bound is passed.
"""

import json
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, Final

import nbformat.validator

import course_utils
from course_utils.grading.autograde.events import Watch
from course_utils.grading.course import Course, read_notebook
from course_utils.grading.pipeline import Pipeline, released
from course_utils.grading.rebuild.rebuild import rebuild
from course_utils.grading.release import new_unit
from course_utils.grading.release.submissions import fill, hand_in, solutions

ROOT = Path(__file__).parents[1]
PACKAGE = str(Path(course_utils.__path__[0]))
UNIT = "06-distancias"
BOUNDS: Final = {
    "files": 30, "moves": 350, "rebuilds": 1, "parses": 2, "dumps": 2, "validations": 1
}  # fmt: skip


class Profile:
    """Counts calls, in every thread that it is set in.

    Attributes:
        files: how often a call entered each file of the package.
        moves: between two files, by the pair.
        counts: of what ``BOUNDS`` names besides.
    """

    def __init__(self) -> None:
        self.files: Counter[str] = Counter()
        self.moves: Counter[tuple[str, str]] = Counter()
        self.counts: Counter[str] = Counter()
        self._last = threading.local()

    def __call__(self, frame: FrameType, event: str, _: Any) -> None:
        """Note a call."""
        if event != "call":
            return
        code = frame.f_code
        if code is rebuild.__code__:
            self.counts["rebuilds"] += 1
        elif code is nbformat.validator.validate.__code__:
            self.counts["validations"] += frame.f_locals["ref"] is None  # else of one output
        elif code is json.loads.__code__:
            text = frame.f_locals["s"]
            self.counts["parses"] += isinstance(text, str) and '"cells"' in text
        elif code is json.dumps.__code__:
            value = frame.f_locals["obj"]
            self.counts["dumps"] += isinstance(value, dict) and "cells" in value
        if code.co_filename.startswith(PACKAGE):
            self._enter(code.co_filename[len(PACKAGE) + 1 :])

    def _enter(self, file: str) -> None:
        before = getattr(self._last, "file", None)
        self._last.file = file
        self.files[file] += 1
        if before not in (None, file):
            self.moves[(before, file)] += 1

    def figures(self) -> dict[str, int]:
        """What was counted, in the order of ``BOUNDS``."""
        whole = {"files": len(self.files), "moves": self.moves.total()} | self.counts
        return {name: whole.get(name, 0) for name in BOUNDS}


def profiled(work: Callable[[], object]) -> Profile:
    """Do something, and count what it calls here and in the threads that it starts."""
    profile = Profile()
    threading.setprofile(profile)
    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)  # type: ignore[arg-type]  # the documented way to end it
    return profile


def small_course(folder: Path) -> Pipeline:
    """A course of one small unit, released, which grades in cold kernels."""
    course = Course(ROOT).copy(folder)
    new_unit.create(course, UNIT, "Distancias")
    pipeline = released(course)
    pipeline.config.Examine.fork_server = False
    return pipeline


def main() -> int:
    """Grade one submission and print its way; returns an exit code."""
    with tempfile.TemporaryDirectory(prefix="way-") as folder:
        pipeline = small_course(Path(folder))
        answers = solutions(read_notebook(pipeline.course.master(UNIT)))
        handed_out = read_notebook(pipeline.course.release(UNIT))
        for student in ("ana", "zoe"):  # the first one's run imports what is imported once
            hand_in(fill(handed_out, answers), pipeline.course.root / "submitted", student, UNIT)
        pipeline.grade(UNIT, "ana", watch=Watch())
        profile = profiled(lambda: pipeline.grade(UNIT, "zoe", watch=Watch()))
        assert pipeline.mark(UNIT, "zoe").total
    figures = profile.figures()
    for name, value in figures.items():
        print(f"{name:12s} {value:4d}   (at most {BOUNDS[name]})")
    print("\nmost moves:")
    for (left, right), count in profile.moves.most_common(25):
        print(f"{count:4d}  {left} → {right}")
    print("\nfiles:", *sorted(profile.files), sep="\n  ")
    return int(any(value > BOUNDS[name] for name, value in figures.items()))


if __name__ == "__main__":
    sys.exit(main())
