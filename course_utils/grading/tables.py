"""CSV files that spreadsheets open as they should, and that they wrote."""

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from course_utils.grading.course import CourseError


def write_rows(
    target: Path, columns: Iterable[str], rows: Iterable[Mapping[str, Any]], *, delimiter: str = ","
) -> None:
    """Write a table; an empty cell is a value that there is none of.

    Text that a spreadsheet would calculate is made text.
    """
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(columns), delimiter=delimiter)
        writer.writeheader()
        writer.writerows({key: harmless(value) for key, value in row.items()} for row in rows)


def harmless(value: Any) -> Any:
    """A value that no spreadsheet takes for a formula."""
    risky = isinstance(value, str) and value != "-" and value.startswith(tuple("=+-@\t"))
    return f"'{value}" if risky else value


def read_rows(path: Path) -> list[dict[str, str]]:
    """Read a table as LMSs and spreadsheets write it: BOM, UTF-16, Latin-1; comma, semicolon, tab.

    Returns:
        A row each, by column name; names and values without spaces around them.

    Raises:
        CourseError: there is no such file, or it is no table.
    """
    try:
        text = _decode(path.read_bytes())
    except OSError as error:
        raise CourseError(f"The file {path} can't be read: {error.strerror}.") from error
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    if delimiter not in header or "\0" in text:
        raise CourseError(f"{path} is no CSV: its first line needs column names between commas.")
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restval="")
    return [
        {str(key).strip(): value.strip() for key, value in row.items() if isinstance(value, str)}
        for row in reader
    ]


def _decode(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
