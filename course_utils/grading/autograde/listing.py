"""Who handed in, for nbgrader's own lists: the formgrader's, and what its converters find.

nbgrader looks for folders of one exact name and stops at a ``timestamp.txt`` that holds no time.
``install`` gives its API the intake's view, so that the formgrader shows the same students.
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
    """Make nbgrader's API list what the intake takes in."""
    NbGraderAPI.get_submitted_students = submitted_students
    NbGraderAPI.get_submitted_timestamp = submitted_timestamp
    GenerateFeedback.init_notebooks = graded_notebooks


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
    return handed_in_at(submitted_of(api.coursedir), student_id, assignment_id)


def graded_notebooks(converter: GenerateFeedback) -> None:
    """Find the graded notebooks that feedback is to be generated for.

    nbgrader takes an id for a pattern of paths: ``[a]`` would be another student's, and an id that
    begins with a dot is in no pattern.

    Raises:
        NbGraderException: there is none.
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
