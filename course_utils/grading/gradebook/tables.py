"""CSV files, written for spreadsheets and importers and read from them: the one place for both."""

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

# A spreadsheet looks for a formula after spaces, line ends, zero-width signs and quotation marks.
# It looks at the beginning of a cell, and Excel with a comma for decimals begins a cell after each
# semicolon, whatever the file's separator is.
_BEGIN = r"(?:^|(?<=[;\t\r\n]))"
_PASSED_OVER = r"[\s\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2060\ufeff\"'`´‘’“”]*"
_FORMULA = re.compile(_BEGIN + rf"(?={_PASSED_OVER}[=+\-@\uff1d\uff0b\uff0d\uff20])|^(?=[\t\r\n])")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)")
_ID = re.compile(r"[\w.@+-]+")  # holds no call and no link, however a spreadsheet reads it
NO_MARK = "-"  # Moodle's sign for no mark
_SEPARATORS = ",;\t|"
_SAMPLE = 200  # rows


def write_rows(
    target: Path,
    columns: Iterable[str],
    rows: Iterable[Mapping[str, Any]],
    *,
    for_people: bool = True,
    ids: Collection[str] = (),
) -> None:
    """Write a table; an empty cell stands for an unknown value.

    Text that a spreadsheet would calculate is made text; numbers stay numbers.

    Args:
        target: the file.
        columns: names of the columns, in order.
        rows: a row each, by column name.
        for_people: whether people open the file: a BOM then tells Excel that it is UTF-8. The
            importers of Moodle and Canvas get none: it would be part of the first column's name.
        ids: columns by which an importer finds a student. ``-ana@uni.es`` stays as it is there:
            with a quotation mark before it the importer would find nobody.
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
    """A value that no spreadsheet takes for a formula.

    A quotation mark before the text is what spreadsheets themselves write for "this is text".
    Numbers, also those written as text, and Moodle's ``-`` stay as they are.
    """
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if not isinstance(value, str) or value == NO_MARK or _NUMBER.fullmatch(value):
        return value
    return _FORMULA.sub("'", value)


def read_rows(path: Path) -> list[dict[str, str]]:
    """Read a table as LMSs and spreadsheets write it.

    A BOM, UTF-16 and the old encodings are read; so are commas, semicolons, tabs and bars between
    cells, and Excel's first line ``sep=;``.

    Returns:
        A row each, by column name; names and values without spaces around them.

    Raises:
        CourseError: there is no such file, or it is no table.
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
    """A row without what lies beyond the last named column."""
    return {str(key).strip(): value.strip() for key, value in row.items() if isinstance(value, str)}


def _separator(text: str) -> tuple[str, str]:
    """What stands between the cells, and the text without Excel's ``sep=`` line.

    Commas in the titles of Canvas's assignments may outnumber the semicolons, and csv.Sniffer,
    which counts signs, finds none in a table of one row. So each separator splits the table as the
    reader will: the one with which most rows are as long as the first is it, then the one that
    gives most columns.
    """
    declared = re.match(r"\"?sep=(.)\"?;*\r?\n", text, re.IGNORECASE)
    if declared:
        return declared[1], text[declared.end() :]
    return max(_SEPARATORS, key=lambda sign: _fit(text, sign)), text


def _fit(text: str, delimiter: str) -> tuple[float, int]:
    """How well a separator fits: the share of rows as long as the first, and the columns."""
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
