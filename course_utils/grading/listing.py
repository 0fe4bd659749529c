"""Who handed in, for nbgrader's own lists: the formgrader's, and what the converter grades.

nbgrader looks for folders of one exact name and stops at a ``timestamp.txt`` that holds no time.
``install`` gives its API the intake's view, so that the formgrader shows the same students.
"""

from datetime import datetime
from pathlib import Path

from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

from course_utils.grading.course import Course
from course_utils.grading.intake.candidates import TIMESTAMP
from course_utils.grading.intake.files import read_regular
from course_utils.grading.intake.notes import Refusal
from course_utils.grading.intake.places import Submitted
from course_utils.grading.intake.times import LONGEST_TIME, time_of


def install() -> None:
    """Make nbgrader's API list what the intake takes in."""
    NbGraderAPI.get_submitted_students = submitted_students
    NbGraderAPI.get_submitted_timestamp = submitted_timestamp


def submitted_of(coursedir: CourseDirectory) -> Submitted:
    """The hand-ins of a course."""
    root = Path(coursedir.root)
    return Submitted(root / coursedir.submitted_directory, tuple(Course(root).units()))


def submitted_students(api: NbGraderAPI, assignment_id: str) -> set[str]:
    """Ids of the students who handed something in for a unit; ``*``: for any."""
    submitted = submitted_of(api.coursedir)
    units = submitted.units if assignment_id == "*" else [assignment_id]
    return {student for unit in units for student in submitted.students(unit)}


def submitted_timestamp(api: NbGraderAPI, assignment_id: str, student_id: str) -> datetime | None:
    """When a student handed in; None where no file says so."""
    coursedir = api.coursedir
    folder = coursedir.format_path(coursedir.submitted_directory, student_id, assignment_id)
    try:
        return time_of(read_regular(Path(folder) / TIMESTAMP, LONGEST_TIME))
    except Refusal:
        return None
