"""nbgrader's steps on one course folder: release, grade, write feedback, export marks."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import NbGraderAPI
from nbgrader.converters import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import temp_attrs

from course_utils.grading.autograde.converter import REPORTS, CourseAutograde, Incomplete
from course_utils.grading.autograde.events import Watch
from course_utils.grading.course import Course, CourseError, load_config
from course_utils.grading.gradebook import revision
from course_utils.grading.gradebook.export import MarksExportPlugin
from course_utils.grading.gradebook.marks import Mark, mark_of
from course_utils.grading.intake import UNREADABLE, Record, Records
from course_utils.grading.release import helpers


class Pipeline:
    """nbgrader for one course folder, configured by the folder's ``nbgrader_config.py``.

    Args:
        course: the course folder.
        db_url: address of a gradebook that replaces the configured one.
    """

    def __init__(self, course: Course, db_url: str | None = None) -> None:
        config = load_config(course)
        if db_url:
            config.CourseDirectory.db_url = db_url
        self.course = course
        self.config = config
        self.records = Records(course.root)
        coursedir = CourseDirectory(config=config)
        revision.check(coursedir.db_url)
        self.api = NbGraderAPI(coursedir, config=config)

    def gradebook(self) -> Gradebook:
        """The course's gradebook, to be used as a context manager."""
        coursedir = self.api.coursedir
        return Gradebook(coursedir.db_url, coursedir.course_id)

    def generate(self, unit: str) -> None:
        """Generate ``release/`` for a unit.

        Raises:
            CourseError: a file beside the master has a library's name, or nbgrader failed; the
                message then ends with the last line of nbgrader's log.
        """
        if found := list(helpers.faults(self.course.master(unit).parent)):
            raise CourseError(f"'{unit}' could not be released: {' '.join(found)}")
        self._check_success(self.api.generate_assignment(unit), f"'{unit}' could not be released")

    def forget(self, unit: str) -> int:
        """Remove a unit that is no longer in the course from the gradebook.

        Returns:
            How many submissions of the unit the gradebook has. If it has any, the unit and the
            marks stay.
        """
        with self.gradebook() as gradebook:
            try:
                submissions = len(gradebook.find_assignment(unit).submissions)
            except MissingEntry:
                return 0
            if not submissions:
                gradebook.remove_assignment(unit)
            return submissions

    def students(self, unit: str) -> list[str]:
        """Students who handed something in for a unit."""
        return sorted(self.api.get_submitted_students(unit))

    def grade(self, unit: str, students: str = "*", *, watch: Watch, **settings: Any) -> bool:
        """Grade the submissions of a unit that are new or have changed.

        Args:
            unit: name of the unit.
            students: id of a student, or a shell pattern.
            watch: listener to the run.
            settings: traits of ``CourseAutograde``, such as ``workers``; 0 and "" stand for the
                configured values.

        Returns:
            Whether every submission was graded, or refused for a reason that is the student's.

        Raises:
            CourseError: nothing can be graded.
        """
        coursedir = self.api.coursedir
        given = {name: value for name, value in settings.items() if value}
        with (
            temp_attrs(coursedir, assignment_id=unit, student_id=students),
            self._log(unit) as log,
        ):
            converter = CourseAutograde(coursedir, parent=self.api, log=log, watch=watch, **given)
            try:
                converter.start()
            except Incomplete:
                return False
            except NbGraderException as error:
                raise CourseError(str(error)) from error
        return True

    @contextmanager
    def _log(self, unit: str) -> Iterator[logging.Logger]:
        """Open a log file for one run, in ``reports/``."""
        path = self.course.root / REPORTS / f"{unit}.log"
        path.parent.mkdir(exist_ok=True)
        log = logging.Logger("course grade", logging.INFO)
        handler = logging.FileHandler(path, mode="w", encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        log.addHandler(handler)
        try:
            yield log
        finally:
            handler.close()

    def autograde(self, unit: str, student: str) -> Record:
        """Grade one submission; a failure leaves no mark, neither 0 nor an old one.

        Raises:
            CourseError: nbgrader failed for a reason that is not the submission's.
        """
        result = self.api.autograde(unit, student)
        record = self.records.get(unit, student)
        if record is None or (record.state != UNREADABLE and not result["success"]):
            raise CourseError(f"'{student}' in '{unit}' was not graded: {_last_error(result)}")
        return self.result(unit, student)

    def result(self, unit: str, student: str) -> Record:
        """The record of a submission that was graded or refused.

        Raises:
            CourseError: the submission has no record.
        """
        record = self.records.get(unit, student)
        if record is None:
            raise CourseError(f"'{student}' in '{unit}' was not graded.")
        return record

    def feedback(self, unit: str, student: str) -> Path:
        """Write a student's feedback page; returns its path.

        Raises:
            CourseError: nbgrader failed.
        """
        result = self.api.generate_feedback(unit, student)
        self._check_success(result, f"no feedback for '{student}' in '{unit}'")
        return self.course.root / "feedback" / student / unit / f"{unit}.html"

    def export(self, target: Path) -> None:
        """Write all marks as CSV."""
        with self.gradebook() as gradebook:
            MarksExportPlugin(config=self.config, to=str(target)).export(gradebook)

    def mark(self, unit: str, student: str) -> Mark:
        """Read a student's mark from the gradebook."""
        with self.gradebook() as gradebook:
            return mark_of(gradebook, unit, student)

    @staticmethod
    def _check_success(result: dict[str, str], sentence: str) -> None:
        if not result["success"]:
            raise CourseError(f"{sentence}: {_last_error(result)}")


def released(course: Course) -> Pipeline:
    """Release every unit of a course; returns the pipeline that did it."""
    pipeline = Pipeline(course)
    for unit in course.units():
        pipeline.generate(unit)
    return pipeline


def _last_error(result: dict[str, str]) -> str:
    text = (result.get("error") or result.get("log") or "").strip()
    return text.splitlines()[-1] if text else "no reason given"
