"""``nbgrader export``: marks as CSV; the mark of an ungraded submission is empty."""

from collections.abc import Iterator
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.plugins import ExportPlugin

from course_utils.grading.gradebook.marks import mark_of, strangers_with_marks, warn_of_strangers
from course_utils.grading.gradebook.tables import write_rows

COLUMNS = (
    "student_id",
    "last_name",
    "first_name",
    "email",
    "unit",
    "state",
    "automatic",
    "manual",
    "late_penalty",
    "score",
    "max_score",
)


class MarksExportPlugin(ExportPlugin):
    """Writes a row for each student and unit; an ungraded submission has an empty mark, not 0."""

    def export(self, gradebook: Gradebook) -> None:
        """Write the CSV to ``--to`` (``grades.csv`` by default)."""
        target = Path(self.to or "grades.csv")
        write_rows(target, COLUMNS, self._rows(gradebook))
        self.log.info("Marks written to %s", target)
        strangers = strangers_with_marks(gradebook, gradebook.assignments, gradebook.students)
        # Without a student in a roster the course uses no roster: no warning.
        if strangers and len(strangers) < len(gradebook.students):
            warn_of_strangers(self, strangers)

    def _rows(self, gradebook: Gradebook) -> Iterator[dict[str, object]]:
        for assignment in gradebook.assignments:
            if self.assignment and assignment.name not in map(str, self.assignment):
                continue
            for student in gradebook.students:
                if self.student and student.id not in map(str, self.student):
                    continue
                mark = mark_of(gradebook, assignment.name, student.id)
                yield {
                    "student_id": student.id,
                    "last_name": student.last_name,
                    "first_name": student.first_name,
                    "email": student.email,
                    "unit": mark.unit,
                    "state": mark.state,
                    "automatic": mark.automatic,
                    "manual": mark.manual,
                    "late_penalty": mark.penalty,
                    "score": mark.total,
                    "max_score": mark.maximum,
                }
