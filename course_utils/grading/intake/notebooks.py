"""Read the student's cells, and nothing else, from the JSON of a notebook."""

import re
from dataclasses import replace
from typing import Any

from course_utils.grading.intake import decoding
from course_utils.grading.intake.limits import DEFAULT, Limits
from course_utils.grading.rebuild.cells import StudentCell
from course_utils.grading.rebuild.notes import Note, Refusal

NO_CELLS = "El archivo no es un notebook: no tiene celdas. ¿Es el archivo que querías entregar?"
TOO_MUCH = (
    "El notebook tiene demasiado texto: ¿se pegaron datos en sus celdas? "
    "Entrégalo de nuevo sin lo que sobra."
)
OLD_FORMAT = Note("El notebook estaba guardado en un formato viejo (nbformat 3); se leyó igual.")
BAD_CELLS = Note("Algunas celdas estaban dañadas y no se pudieron leer.", review=True)
TOO_LONG = Note(
    "Una celda tenía más texto del que se acepta (¿pegaste datos en ella?) y se dejó de lado. "
    "Alguien del equipo docente la va a revisar.",
    review=True,
)
INVISIBLE = Note(
    "Había espacios invisibles en el código (pegado desde una página o un teléfono); se quitaron."
)
JOINED = Note(
    "El archivo había perdido los finales de línea de sus celdas; se volvió a separar cada línea."
)
_LINE_ENDS = tuple("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")  # those of ``str.splitlines``
# Databricks begins a text cell with "%md"; a notebook saved as a script adds "# MAGIC ".
_DATABRICKS = re.compile(r"(# MAGIC )?%md(?:-sandbox)?(?![\w-])[ \t]*\n?")
_MAGIC = re.compile(r"^# MAGIC ?", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
_NO_BREAK = "\u00a0\u2007\u202f"
_ID = re.compile(r"[\w-]{1,64}", re.ASCII)
KINDS = ("code", "markdown", "raw")


def read(content: bytes, limits: Limits = DEFAULT) -> tuple[list[StudentCell], list[Note]]:
    """Read the cells of a notebook file.

    Args:
        content: the file.
        limits: bounds.

    Returns:
        cells: in their order.
        notes: what was corrected.

    Raises:
        Refusal: the file is no notebook, has no text in its cells, or exceeds the limits.
    """
    data, notes = decoding.load(content, limits)
    found, old = _cells(data)
    if len(found) > limits.cells:
        raise Refusal(
            f"El notebook tiene {len(found)} celdas y se aceptan {limits.cells}: "
            "¿se pegó algo muchas veces? Entrégalo de nuevo sin las que sobran."
        )
    cells = [cell for cell in map(_cell, found) if cell]
    _check_size(cells, limits)
    notes += [JOINED] * any(_lost_line_ends(_lines(raw)) for raw in found)
    notes += [OLD_FORMAT] * old + [BAD_CELLS] * (len(cells) < len(found))
    clean = [cell for cell in map(_visible, cells) if _fits(cell, limits)]
    notes += [TOO_LONG] * (len(clean) < len(cells))
    notes += [INVISIBLE] * any(map(_has_invisible, cells))
    if not any(cell.source.strip() for cell in clean):
        raise Refusal(NO_CELLS)
    return clean, notes


def _check_size(cells: list[StudentCell], limits: Limits) -> None:
    characters = sum(len(cell.source) for cell in cells)
    lines = sum(cell.source.count("\n") for cell in cells)
    if characters > limits.characters or lines > limits.lines:
        raise Refusal(TOO_MUCH)


def _fits(cell: StudentCell, limits: Limits) -> bool:
    return len(cell.source) <= (limits.source if cell.kind == "code" else limits.text)


def _cells(data: dict[str, Any]) -> tuple[list[Any], bool]:
    """The raw cells, and whether the notebook is in nbformat 3 or older."""
    if isinstance(data.get("cells"), list):
        return data["cells"], data.get("nbformat") in (1, 2, 3)
    sheets = data.get("worksheets")
    if not isinstance(sheets, list):
        raise Refusal(NO_CELLS)
    lists = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
    return [cell for cells in lists if isinstance(cells, list) for cell in cells], True


def _cell(raw: Any) -> StudentCell | None:
    if not isinstance(raw, dict):
        return None
    kind, source = raw.get("cell_type"), _text(_lines(raw))
    if source is None:
        return None
    if databricks := _DATABRICKS.match(source):
        kind, source = "markdown", source[databricks.end() :]
        source = _MAGIC.sub("", source) if databricks[1] else source
    if kind == "heading":
        kind, source = "markdown", f"{'#' * _level(raw.get('level'))} {source}"
    metadata = _object(raw.get("metadata"))
    nbgrader = _object(metadata.get("nbgrader"))
    return StudentCell(
        kind=kind if kind in KINDS else "raw",
        source=source,
        grade_id=_name(nbgrader.get("grade_id")),
        cell_id=_name(raw.get("id")) or _name(metadata.get("id")),
        points=_number(nbgrader.get("points")),
        tags=_tags(metadata.get("tags")),
    )


def _lines(raw: Any) -> Any:
    """A raw cell's text, unchecked (in nbformat 3, ``input``); None if the cell is no object."""
    return raw.get("source", raw.get("input", "")) if isinstance(raw, dict) else None


def _lost_line_ends(lines: Any) -> bool:
    """Whether a text is a list of lines without line ends; the last line may have one or not."""
    if not isinstance(lines, list) or len(lines) < 2:
        return False
    return all(isinstance(line, str) and not line.endswith(_LINE_ENDS) for line in lines[:-1])


def _text(value: Any) -> str | None:
    """Convert a cell's text, a string or a list of lines, to a string; None where it is neither."""
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        value = ("\n" if _lost_line_ends(value) else "").join(value)
    if not isinstance(value, str):
        return None
    return _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))


def _has_invisible(cell: StudentCell) -> bool:
    return cell.kind == "code" and _visible(cell) != cell


def _visible(cell: StudentCell) -> StudentCell:
    """Remove invisible characters from a code cell, and make no-break spaces ordinary."""
    if cell.kind != "code" or cell.source.isascii():
        return cell
    source = cell.source
    for characters, instead in ((_INVISIBLE, ""), (_NO_BREAK, " ")):
        for character in characters:
            source = source.replace(character, instead)
    return replace(cell, source=source)


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _name(value: Any) -> str:
    return value if isinstance(value, str) and _ID.fullmatch(value) else ""


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) and abs(value) < 1e6 else None


def _tags(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        return ()
    return tuple(tag for tag in value if isinstance(tag, str))[:20]


def _level(value: Any) -> int:
    return value if isinstance(value, int) and 1 <= value <= 6 else 1
