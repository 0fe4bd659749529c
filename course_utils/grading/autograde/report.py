"""Report the states of a class: a CSV after every run, and a table on request."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from rich.table import Table
from rich.text import Text

from course_utils.grading.gradebook.tables import write_rows
from course_utils.grading.intake.records import GRADED, REVIEW, UNREADABLE, Record

COLUMNS = ("student_id", "unit", "state", "notes")
STYLES = {GRADED: "green", REVIEW: "yellow", UNREADABLE: "red"}


def write_csv(records: Iterable[Record], target: Path) -> None:
    """Write states and notes as a CSV that people open in a spreadsheet."""
    target.parent.mkdir(parents=True, exist_ok=True)
    write_rows(target, COLUMNS, map(row, records))


def row(record: Record) -> dict[str, str]:
    """Convert a record to a row: name in ``COLUMNS`` → value."""
    values = (record.student, record.unit, record.state, record.reason)
    return dict(zip(COLUMNS, values, strict=True))


def table(unit: str, records: Iterable[Record]) -> Table:
    """Make a table of states and notes for the terminal."""
    result = Table(title=f"{unit}", title_justify="left")
    for column in ("student", "state", "notes"):
        result.add_column(column)
    for record in records:
        style = STYLES.get(record.state, "")
        result.add_row(Text(record.student), Text(record.state, style), Text(record.reason))
    return result


def summary(records: Iterable[Record]) -> str:
    """How many submissions ended in each state."""
    counts = Counter(record.state for record in records)
    return ", ".join(f"{counts[state]} {state}" for state in (GRADED, REVIEW, UNREADABLE))
