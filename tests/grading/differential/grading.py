"""A class of submissions, graded in one configuration."""

import itertools
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from course_utils.grading.autograde.events import Watch
from course_utils.grading.course import Course, read_notebook
from course_utils.grading.feedback.page import FeedbackPage, Part
from course_utils.grading.pipeline import Pipeline
from course_utils.grading.sandbox import levels
from tests.grading.differential.submissions import Submission, Unit
from tests.grading.engines import COLD, FORK, Engine

WORKERS = 2
TIMEOUT = 60  # seconds a cell: only a kernel that went deaf takes them
Result = dict[str, object]  # what is looked at → its value


@dataclass(frozen=True)
class Configuration:
    """A way to grade.

    Attributes:
        engine: starts kernels and examiners.
        level: of the sandbox.
        again: tells apart two runs in the same way.
    """

    engine: Engine
    level: str
    again: str = ""

    def __str__(self) -> str:
        return f"{self.engine.name} {self.level} {self.again}".rstrip()


def configurations(scheduler: str) -> list[Configuration]:
    """All that this machine offers; the first two are the same.

    Args:
        scheduler: address of a Dask scheduler.
    """
    there = [*filter(levels.works, levels.LEVELS), levels.NONE]
    local = [Configuration(engine, level) for engine in (FORK, COLD) for level in there]
    again = Configuration(FORK, there[0], "again")
    return [local[0], again, *local[1:], Configuration(Engine("dask", scheduler), there[0])]


class Grader:
    """Grades submissions of a unit, each class in a new copy of the unit's course.

    Args:
        unit: the unit.
        folder: where the copies go.
    """

    def __init__(self, unit: Unit, folder: Path) -> None:
        self.unit, self._folder = unit, folder
        self._count = itertools.count()

    def grade(
        self, submissions: Iterable[Submission], configuration: Configuration
    ) -> dict[str, Result]:
        """Student → result."""
        root = self._folder / f"c{next(self._count)}"
        shutil.copytree(self.unit.pipeline.course.root, root)
        for submission in submissions:
            self.unit.write(submission, root / "submitted")
        pipeline = Pipeline(Course(root))
        configuration.engine.use(pipeline)
        examine = pipeline.config.Examine
        examine.sandbox, examine.unsafe = configuration.level, configuration.level == levels.NONE
        pipeline.config.Execute.timeout = TIMEOUT
        assert pipeline.grade(self.unit.name, watch=Watch(), workers=WORKERS)
        results = dict(_results(pipeline, self.unit.name))
        shutil.rmtree(root, ignore_errors=True)
        return results


def _results(pipeline: Pipeline, unit: str) -> Iterator[tuple[str, Result]]:
    for record in pipeline.records.of(unit):
        result: Result = {"state": record.state, "notes": record.reason}
        path = pipeline.course.root / "autograded" / record.student / unit / f"{unit}.ipynb"
        if path.is_file():
            result |= _page(pipeline, unit, record.student, path)
        yield record.student, result


def _page(pipeline: Pipeline, unit: str, student: str, path: Path) -> Result:
    """What the student reads, and the points."""
    place = {"assignment": unit, "student": student, "notebook": unit}
    place["db_url"] = pipeline.api.coursedir.db_url
    _, resources = FeedbackPage().preprocess(read_notebook(path), {"nbgrader": place})
    page = resources["page"]
    said = {"mark": page.mark.total, "notes of the page": " ".join(page.notes)}
    return said | {key: value for part in page.parts for key, value in _part(part)}


def _part(part: Part) -> Iterator[tuple[str, object]]:
    yield f"{part.anchor} points", part.score
    yield f"{part.anchor} answer", part.answer
    for test in part.tests:
        where = f"{part.anchor} {test.name}"
        yield f"{where}: state", test.state
        yield f"{where}: points", test.score
        yield f"{where}: sentence", test.sentence
        yield f"{where}: line", test.line
