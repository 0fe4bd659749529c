"""Writes CSV files for spreadsheets and importers, and reads theirs; no other module does."""

import csv
import io
import itertools
import math
import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from course_utils.grading.course import CourseError
from course_utils.grading.intake.encodings import old_text

# A spreadsheet calculates a cell that begins with a formula. It skips spaces, line ends, zero-width
# characters and quotation marks before the formula. Where the decimal sign is a comma, Excel begins
# a new cell after each semicolon, whatever the file's separator is.
_BEGIN = r"(?:^|(?<=[;\t\r\n]))"
_PASSED_OVER = r"[\s\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2060\ufeff\"'`´‘’“”]*"
_FORMULA = re.compile(_BEGIN + rf"(?={_PASSED_OVER}[=+\-@\uff1d\uff0b\uff0d\uff20])|^(?=[\t\r\n])")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)")
_ID = re.compile(r"[\w.@+-]+")  # can hold no function call and no link, even read as a formula
NO_MARK = "-"  # Moodle's sign for no mark
_SEPARATORS = ",;\t|"
_SAMPLE = 200  # rows that decide on the separator


def write_rows(
    target: Path,
    columns: Iterable[str],
    rows: Iterable[Mapping[str, Any]],
    *,
    for_people: bool = True,
    ids: Collection[str] = (),
) -> None:
    """Write a table; an empty cell stands for an unknown value.

    Text that a spreadsheet would calculate gets a ``'`` before it; numbers stay numbers.

    Args:
        target: the file.
        columns: names of the columns, in order.
        rows: for each row, column name → value.
        for_people: whether people open the file: then a BOM tells Excel that the file is UTF-8.
            The importers of Moodle and Canvas would take a BOM for a part of the first column's
            name.
        ids: columns by which an importer finds a student. In these columns ``-ana@uni.es`` stays
            as it is: with a ``'`` before it the importer would not find the student.
    """
    names = list(columns)
    with target.open("w", encoding="utf-8-sig" if for_people else "utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(map(harmless, names))
        for row in rows:
            writer.writerow([_cell(row.get(name), is_id=name in ids) for name in names])


def _cell(value: Any, *, is_id: bool) -> Any:
    return value if is_id and isinstance(value, str) and _ID.fullmatch(value) else harmless(value)


def harmless(value: Any) -> Any:
    """Make a value that no spreadsheet takes for a formula.

    A ``'`` before a text marks it as text in spreadsheets. Numbers, numbers written as text, and
    Moodle's ``-`` stay as they are.
    """
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if not isinstance(value, str) or value == NO_MARK or _NUMBER.fullmatch(value):
        return value
    return _FORMULA.sub("'", value)


def read_rows(path: Path) -> list[dict[str, str]]:
    """Read a table that an LMS or a spreadsheet wrote.

    The file may have a BOM and be in UTF-8, UTF-16 or an old encoding. Commas, semicolons, tabs or
    bars may separate cells, and the first line may be Excel's ``sep=;``.

    Returns:
        For each row, column name → value; names and values without spaces around them.

    Raises:
        CourseError: the file can't be read, or is not a table.
    """
    try:
        text = _decode(path.read_bytes())
    except OSError as error:
        raise CourseError(f"The file {path} can't be read: {error.strerror}.") from error
    delimiter, text = _separator(text)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restval="")
    try:
        if "\0" in text or len(reader.fieldnames or ()) < 2:
            raise CourseError(
                f"{path} is no CSV: its first line needs column names between commas."
            )
        return [_stripped(row) for row in reader]
    except csv.Error as error:
        raise CourseError(f"{path} can't be read near line {reader.line_num}: {error}.") from error


def _stripped(row: Mapping[Any, Any]) -> dict[str, str]:
    """A row without the cells beyond the last named column."""
    return {str(key).strip(): value.strip() for key, value in row.items() if isinstance(value, str)}


def _separator(text: str) -> tuple[str, str]:
    """Find the separator between cells.

    Titles of Canvas's assignments may hold more commas than the table has semicolons, and
    csv.Sniffer, which counts characters, finds no separator in a table of one row. So the table is
    split by each separator as the reader would split it. The separator with which most rows are as
    long as the first row wins, and among equals the separator that gives most columns.

    Returns:
        The separator, and the text without Excel's ``sep=`` line.
    """
    declared = re.match(r"\"?sep=(.)\"?;*\r?\n", text, re.IGNORECASE)
    if declared:
        return declared[1], text[declared.end() :]
    return max(_SEPARATORS, key=lambda sign: _fit(text, sign)), text


def _fit(text: str, delimiter: str) -> tuple[float, int]:
    """How well a separator fits.

    Returns:
        Share of rows as long as the first row, 0 to 1, and number of columns.
    """
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        lengths = [len(row) for row in itertools.islice(rows, _SAMPLE) if row]
    except csv.Error:
        return 0.0, 0
    columns = lengths[0] if lengths else 0
    return (lengths.count(columns) / len(lengths) if columns > 1 else 0.0), columns


def _decode(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return old_text(content)[0]
