"""``nbgrader export`` plug-ins that write files for Moodle and Canvas to import."""

from collections.abc import Iterator
from pathlib import Path

from nbgrader.api import Assignment, Gradebook, Student
from nbgrader.plugins import ExportPlugin
from traitlets import Bool, Unicode
from traitlets.config import Application

from course_utils.grading.gradebook.marks import (
    PENDING,
    mark_of,
    strangers_with_marks,
    warn_of_strangers,
)
from course_utils.grading.gradebook.tables import NO_MARK, write_rows


class LmsExportPlugin(ExportPlugin):
    """Writes a row for each student and a column for each unit; ungraded submissions have no mark.

    ``--assignment`` and ``--student`` select units and students, as for nbgrader's own exporter.
    """

    unfinished = Bool(
        False, help="Whether hand-ins whose reflection waits for a grader get their points so far."
    ).tag(config=True)
    default_target = "grades.csv"
    ungraded = ""
    ids: tuple[str, ...] = ()  # columns by which the importer finds a student

    def export(self, gradebook: Gradebook) -> None:
        """Write the file to ``--to``.

        If a student with a mark is in no roster, the application ends with exit code 1: the LMS
        can't find that student.

        Args:
            gradebook: the gradebook to read.
        """
        self._waiting = 0
        target = Path(self.to or self.default_target)
        units = self._chosen(gradebook.assignments, self.assignment, "name")
        students = self._chosen(gradebook.students, self.student, "id")
        columns = [*self.identity(None), *(self.column(unit) for unit in units)]
        rows = [*self.heading(units)]
        for student in sorted(students, key=lambda s: (s.last_name or "", s.id)):
            rows.append(
                self.identity(student)
                | {self.column(unit): self._score(gradebook, unit, student) for unit in units}
            )
        write_rows(target, columns, rows, for_people=False, ids=self.ids)
        self.log.info("%d students written to %s", len(students), target)
        if self._waiting:
            self.log.warning(
                "%d hand-ins wait for a mark by hand: their marks are empty. "
                "--%s.unfinished=True writes the points so far.",
                self._waiting,
                type(self).__name__,
            )
        strangers = strangers_with_marks(gradebook, units, students)
        if strangers:
            warn_of_strangers(self, strangers)
            if isinstance(self.parent, Application):
                self.parent.exit(1)

    def identity(self, student: Student | None) -> dict[str, str]:
        """Columns that identify a student.

        Args:
            student: the student; None: only the names of the columns are needed.

        Returns:
            Name of the column → value.
        """
        raise NotImplementedError

    def column(self, unit: Assignment) -> str:
        """Name of a unit's column."""
        name: str = unit.name
        return name

    def heading(self, units: list[Assignment]) -> Iterator[dict[str, str]]:
        """Rows before the students' rows."""
        yield from ()

    def _score(self, gradebook: Gradebook, unit: Assignment, student: Student) -> str:
        mark = mark_of(gradebook, unit.name, student.id)
        if mark.total is None:
            return self.ungraded
        if mark.state == PENDING and not self.unfinished:
            self._waiting += 1
            return self.ungraded
        return number(mark.total)

    @staticmethod
    def _chosen(found: list, wanted: list, attribute: str) -> list:
        names = set(map(str, wanted))
        return [item for item in found if not names or getattr(item, attribute) in names]


class MoodleExportPlugin(LmsExportPlugin):
    """Writes a file for Moodle: Grades → Import → CSV file.

    In Moodle, map from "Email address" or "ID number". The columns are the columns of Moodle's own
    grade export. As in that export, ``-`` stands for a missing mark: Moodle's importer would take
    an empty cell of a new column for a 0.
    Format: https://docs.moodle.org/en/Grade_import; importer: ``grade/import/csv`` in Moodle.
    """

    default_target = "moodle.csv"
    ungraded = NO_MARK
    ids = ("ID number", "Email address")

    def identity(self, student: Student | None) -> dict[str, str]:
        """Columns that identify a student, as in Moodle's grade export."""
        return {
            "First name": getattr(student, "first_name", "") or "",
            "Last name": getattr(student, "last_name", "") or "",
            "ID number": getattr(student, "lms_user_id", "") or "",
            "Email address": getattr(student, "email", "") or "",
        }


class CanvasExportPlugin(LmsExportPlugin):
    """Writes a file for Canvas: Gradebook → Import.

    The first five columns and the second row are Canvas's own. Canvas finds a student by ID, else
    by SIS Login ID, else by name; an empty cell leaves the mark as it is. A unit's column fills an
    existing assignment if ``title`` makes its name the assignment's exact title, or ends the name
    with the assignment's number: ``{unit} (1234)``.
    Format: Instructure's guide "How do I import grades in the Gradebook?"; importer:
    ``lib/gradebook_importer.rb`` in canvas-lms.
    """

    title = Unicode("{unit}", help="Name of a unit's column; {unit} is the unit's.").tag(
        config=True
    )
    section = Unicode("", help="Text of the column Section.").tag(config=True)
    default_target = "canvas.csv"
    ids = ("ID", "SIS Login ID")

    def identity(self, student: Student | None) -> dict[str, str]:
        """Columns that identify a student, as in Canvas's gradebook export."""
        names = (getattr(student, "last_name", ""), getattr(student, "first_name", ""))
        return {
            "Student": ", ".join(name for name in names if name) or getattr(student, "id", ""),
            "ID": getattr(student, "lms_user_id", "") or "",
            "SIS User ID": "",
            "SIS Login ID": getattr(student, "email", "") or "",
            "Section": self.section,
        }

    def column(self, unit: Assignment) -> str:
        """Name of a unit's column, made by ``title``."""
        return str(self.title).format(unit=unit.name)

    def heading(self, units: list[Assignment]) -> Iterator[dict[str, str]]:
        """Canvas's row "Points Possible"."""
        yield {"Student": "    Points Possible"} | {
            self.column(unit): number(unit.max_score) for unit in units
        }


def number(value: float) -> str:
    """Format a mark with at most two decimals, after a decimal point."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
