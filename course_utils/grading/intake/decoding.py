"""Decode a notebook file to JSON, whatever editor, encoding or merge the file went through."""

import codecs
import json
import re
from typing import Any

from course_utils.grading.intake.encodings import old_text
from course_utils.grading.intake.limits import DEFAULT, Limits
from course_utils.grading.rebuild.notes import Note, Refusal

EMPTY = "El archivo está vacío (0 bytes): vuelve a guardarlo y a entregarlo."
CUT = (
    "El archivo no es un notebook que se pueda leer: está cortado o dañado. "
    "Descárgalo otra vez como .ipynb y entrégalo de nuevo."
)
PAGE = "El archivo es una página web y no el notebook: descárgalo como .ipynb y entrégalo de nuevo."
SCRIPT = (
    "El archivo es un programa de Python y no el notebook: "
    "descárgalo como .ipynb y entrégalo de nuevo."
)
POINTER = (
    "El archivo es un puntero de Git LFS: dice dónde está guardado el notebook y no lo contiene. "
    "Trae el archivo verdadero (git lfs pull) y entrega ese .ipynb."
)
OTHER = "El archivo es {} y no el notebook: descárgalo como .ipynb y entrégalo de nuevo."
PACKED = "El archivo está comprimido ({}) y no se puede abrir: descomprímelo y entrega el .ipynb."
TOO_COMPLEX = (
    "El archivo tiene demasiados datos para ser un notebook del curso: "
    "borra las salidas, guárdalo y entrégalo de nuevo."
)
ENCODING = Note("El archivo no estaba guardado en UTF-8; se leyó igual, con sus tildes y eñes.")
GUESSED = Note(
    "El archivo no estaba guardado en UTF-8 y no se pudo saber en qué codificación: puede haber "
    "letras cambiadas. Alguien del equipo docente lo va a revisar.",
    review=True,
)
CONFLICT = Note(
    "El archivo tenía las marcas de un conflicto de Git (<<<<<<<, >>>>>>>); se usó una sola "
    "versión de las partes en conflicto. Alguien del equipo docente lo va a revisar.",
    review=True,
)
REST = Note(
    "Detrás del final del notebook había otros datos, que no se leyeron. "
    "Alguien del equipo docente lo va a revisar.",
    review=True,
)
# First bytes of other kinds of files that students rename to .ipynb.
_BEGINNINGS = {
    b"version https://git-lfs.github.com/": POINTER,
    b"%PDF-": OTHER.format("un PDF"),
    b"\x89PNG": OTHER.format("una imagen"),
    b"\xff\xd8\xff": OTHER.format("una imagen"),
    b"GIF8": OTHER.format("una imagen"),
    b"{\\rtf": OTHER.format("un documento de texto (RTF)"),
    b"\xd0\xcf\x11\xe0": OTHER.format("un documento de Office"),
    b"\x89HDF": OTHER.format("un archivo de datos (HDF5)"),
    b"SQLite format 3": OTHER.format("una base de datos (SQLite)"),
    b"\x1f\x8b": PACKED.format("gzip"),
    b"BZh": PACKED.format("bzip2"),
    b"\xfd7zXZ": PACKED.format("xz"),
    b"\x28\xb5\x2f\xfd": PACKED.format("zstd"),
    b"7z\xbc\xaf": PACKED.format("7z"),
    b"Rar!": PACKED.format("RAR"),
}
# UTF-32 comes before UTF-16: the BOM of UTF-32-LE begins with the BOM of UTF-16-LE.
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LOOKED_AT = 4000  # characters
_PAGE = re.compile(r"<(?:!doctype html|!--|\?xml|[a-z])", re.IGNORECASE)
# A script may begin with a comment. Markdown, too, may begin with "# Título", but has no import.
_SCRIPT = re.compile(
    r"(?:(?:from [\w.]+ )?import |def |class |%)"
    r"|# ?%%|(?:#|\"\"\")(?s:.*?)^(?:(?:from [\w.]+ )?import |def |# ?%%|# In\[)",
    re.MULTILINE,
)
_MARKS = re.compile(r"^(<{7}|={7}|>{7}|\|{7})(?: .*)?$")


def load(content: bytes, limits: Limits = DEFAULT) -> tuple[dict[str, Any], list[Note]]:
    """Read the JSON object of a notebook.

    Args:
        content: the file.
        limits: bounds of what the JSON may hold.

    Returns:
        data: the object, with unchecked content.
        notes: what was corrected.

    Raises:
        Refusal: the file is empty, cut off, too complex or no notebook.
    """
    if not content.strip(b" \t\r\n\0"):
        raise Refusal(EMPTY)
    for beginning, reason in _BEGINNINGS.items():
        if content[:200].lstrip().startswith(beginning):
            raise Refusal(reason)
    text, notes = decode(content)
    _check_size(text, limits)
    data = _parse(text)
    if data is None:
        data, note = _repaired(text, limits)
        notes.append(note)
    if data is None:
        raise Refusal(_what_it_is(text))
    if not isinstance(data, dict):
        raise Refusal(CUT)
    return data, notes


def decode(content: bytes) -> tuple[str, list[Note]]:
    """Decode UTF-8 and UTF-16 with or without a BOM, UTF-32 with a BOM, and older encodings.

    Returns:
        text: without BOM, with the line ends of the file.
        notes: one note if the content was not UTF-8.
    """
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            text = content[len(bom) :].decode(encoding, "replace")
            return text, [] if encoding == "utf-8" else [ENCODING]
    # JSON begins with an ASCII character, which UTF-16 writes as the character and a NUL.
    start = content[:4]
    for pattern, encoding in ((b"\0", "utf-16-be"), (start[:1] + b"\0", "utf-16-le")):
        if start.startswith(pattern):
            return content.decode(encoding, "replace"), [ENCODING]
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError:
        text, sure = old_text(content)
        return text, [ENCODING if sure else GUESSED]


def _check_size(text: str, limits: Limits) -> None:
    """Refuse a text before it is parsed if its lists and objects would take too much memory."""
    counts = (
        (text.count("[") + text.count("{"), limits.brackets),
        (text.count('":'), limits.keys),
        (text.count(","), limits.commas),
    )
    if any(count > limit for count, limit in counts):
        raise Refusal(TOO_COMPLEX)


def _parse(text: str) -> Any:
    """Parse a text as JSON; None where the text is not JSON."""
    try:
        return json.loads(text, strict=False)
    except RecursionError as error:
        raise Refusal(TOO_COMPLEX) from error
    except ValueError:
        return None


def _repaired(text: str, limits: Limits) -> tuple[Any, Note]:
    """The JSON of a damaged text (None if it can't be repaired), and a note on the repair."""
    data = _parse(_one_side(text, "<>", limits)) or _parse(_one_side(text, "=>", limits))
    return (data, CONFLICT) if data else (_first(text), REST)


def _first(text: str) -> Any:
    """The notebook at the head of a text with other data behind it; None if there is no notebook.

    A shorter file written over a longer one keeps the tail of the longer one, and a full disk or a
    power cut leaves NULs: a whole notebook at the head is the newest version.
    """
    start = len(text) - len(text.lstrip())
    try:
        data, _ = json.JSONDecoder(strict=False).raw_decode(text, start)
    except RecursionError as error:
        raise Refusal(TOO_COMPLEX) from error
    except ValueError:
        return None
    return data if isinstance(data, dict) and {"cells", "worksheets"} & set(data) else None


def _one_side(text: str, kept_after: str, limits: Limits) -> str:
    """Resolve Git's conflicts in a text by keeping one side; empty where the text has none.

    Args:
        text: the text.
        kept_after: marks after which lines are kept: "<>" keeps HEAD's side, "=>" the other side.
        limits: bounds; conflicts in a text with too many lines are not resolved.
    """
    if "<<<<<<< " not in text or text.count("\n") > limits.json_lines:
        return ""
    kept, keep = [], True
    for line in text.splitlines():
        if mark := _MARKS.match(line):
            keep = mark[1][0] in kept_after
        elif keep:
            kept.append(line)
    return "\n".join(kept)


def _what_it_is(text: str) -> str:
    start = text.lstrip()[:_LOOKED_AT]
    if _PAGE.match(start):
        return PAGE
    return SCRIPT if _SCRIPT.match(start) else CUT
