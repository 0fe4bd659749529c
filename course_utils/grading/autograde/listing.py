"""The intake's list of submissions for nbgrader's formgrader and feedback.

nbgrader looks for folders of one exact name and stops at a ``timestamp.txt`` that holds no time.
``install`` replaces the methods that do so; without it, the formgrader would show other students
than the intake takes in.
"""

from datetime import datetime
from pathlib import Path

from nbgrader.apps import NbGraderAPI
from nbgrader.converters import GenerateFeedback, NbGraderException
from nbgrader.coursedir import CourseDirectory

from course_utils.grading.course import Course
from course_utils.grading.intake.places import Submitted, chosen
from course_utils.grading.intake.run import handed_in_at


def install() -> None:
    """Make nbgrader list the submissions that the intake takes in."""
    NbGraderAPI.get_submitted_students = submitted_students
    NbGraderAPI.get_submitted_timestamp = submitted_timestamp
    GenerateFeedback.init_notebooks = graded_notebooks


def submitted_of(coursedir: CourseDirectory) -> Submitted:
    """The folder of a course's submissions."""
    root = Path(coursedir.root)
    return Submitted(root / coursedir.submitted_directory, tuple(Course(root).units()))


def submitted_students(api: NbGraderAPI, assignment_id: str) -> set[str]:
    """Ids of the students who handed something in for a unit; for ``*``, for any unit."""
    submitted = submitted_of(api.coursedir)
    units = submitted.units if assignment_id == "*" else [assignment_id]
    return {student for unit in units for student in submitted.students(unit)}


def submitted_timestamp(api: NbGraderAPI, assignment_id: str, student_id: str) -> datetime | None:
    """The time of a submission in UTC, without a zone; None where no file gives it."""
    return handed_in_at(submitted_of(api.coursedir), student_id, assignment_id)


def graded_notebooks(converter: GenerateFeedback) -> None:
    """Find the graded notebooks that feedback is to be generated for.

    nbgrader uses an id as a pattern for paths: the id ``[a]`` would find the student ``a``, and no
    pattern finds an id that begins with a dot.

    Raises:
        NbGraderException: no graded notebook matches.
    """
    coursedir = converter.coursedir
    root, unit = Path(coursedir.root) / coursedir.autograded_directory, coursedir.assignment_id
    folders = sorted(root.iterdir()) if root.is_dir() else []
    graded = {folder.name: folder / unit / f"{unit}.ipynb" for folder in folders}
    ids = [student for student, notebook in graded.items() if notebook.is_file()]
    found = [graded[student] for student in chosen(ids, coursedir.student_id)]
    if not found:
        message = f"No graded notebook of '{unit}' matches '{coursedir.student_id}'."
        converter.log.error(message)
        raise NbGraderException(message)
    converter.assignments = {str(path.parent): [str(path)] for path in found}
    converter.notebooks = []
