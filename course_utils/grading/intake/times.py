"""Read the time of a submission from ``timestamp.txt``.

nbgrader's own ``parse_utc`` reads "2026-03-07 23:59 ART" as UTC, since it does not know that zone,
and "-0300" as 300 seconds, so that a submission may be taken for three hours later or earlier than
it was. This module gives no time where the text is uncertain, and a person has to look.
"""

import re
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from dateutil import parser, tz

from course_utils.grading.rebuild.notes import Note

LONGEST_TIME = 100  # bytes of a timestamp.txt
UNKNOWN = Note(
    "No pudimos leer con certeza la hora de tu entrega (`timestamp.txt`): "
    "el equipo docente la comprueba antes de decidir si llegó tarde.",
    review=True,
)
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d\d?):?(\d\d)?")
# dateutil takes missing parts from a default: two defaults give two times if a part is missing.
_FILLINGS = (datetime(2001, 1, 1, hour=1), datetime(2002, 2, 2, hour=2))
_DATE = re.compile(r"\d{4}-?(?:\d\d-?\d\d|W\d\d-?\d)")  # ``fromisoformat`` adds midnight
_LARGEST_OFFSET = 15 * 60  # minutes: +14:00 is the largest that is in use


def time_of(content: bytes) -> datetime | None:
    """The time that a ``timestamp.txt`` holds, in UTC without a zone; None where it is uncertain.

    A text without a zone is in UTC, as nbgrader writes it.
    """
    with suppress(ValueError, OverflowError, TypeError, AttributeError):
        text = content[:LONGEST_TIME].decode("utf-8-sig").strip()
        time, zone = _parts(text)
        local = _complete(time)
        if zone is None:
            return local if local.tzinfo is None else _in_utc(local)
        # A time in the hour that the clocks skip or repeat is uncertain.
        first, second = (_in_utc(local.replace(tzinfo=zone, fold=fold)) for fold in (0, 1))
        return first if first == second else None
    return None


def notes_on(content: bytes) -> list[Note]:
    """A note where a ``timestamp.txt`` is neither empty nor holds a certain time."""
    return [UNKNOWN] if content.strip() and time_of(content) is None else []


def _parts(text: str) -> tuple[str, tzinfo | None]:
    """Split a text into time and zone; the zone is None if no separate zone stands at the end.

    Raises:
        ValueError: the zone is unknown, or its offset is too large.
    """
    before, _, last = text.rpartition(" ")
    if not before:
        return text, None
    if offset := _OFFSET.fullmatch(last):
        minutes = 60 * int(offset[2]) + int(offset[3] or 0)
        if minutes >= _LARGEST_OFFSET:
            raise ValueError(last)
        return before, tz.tzoffset(None, (-60 if offset[1] == "-" else 60) * minutes)
    if re.fullmatch(r"[A-Za-z][\w/+-]*", last) and last.upper() not in ("AM", "PM"):
        if last not in _zones():
            raise ValueError(last)
        return before, UTC if last == "Z" else ZoneInfo(last)
    return text, None


@cache
def _zones() -> frozenset[str]:
    """The allowed names of zones: a student's text must not choose the file ``ZoneInfo`` opens."""
    return frozenset((available_timezones() | {"Z"}) - {"localtime", "posixrules"})


def _complete(text: str) -> datetime:
    """Parse a time that has year, month, day and hour; dateutil alone would fill in missing parts.

    Raises:
        ValueError: a part is missing, the text can be read in two ways, or its zone is unknown.
    """
    if _DATE.fullmatch(text):
        raise ValueError(text)
    with suppress(ValueError):
        return datetime.fromisoformat(text)
    ways = [(day, False, False) for day in _FILLINGS]
    if not re.match(r"\d{4}\b", text):
        # 7/3/2026 may be in March or in July, and 26-03-07 in 2026 or in 2007.
        ways += [(_FILLINGS[0], True, False), (_FILLINGS[0], False, True)]
    found = [
        parser.parse(text, default=day, dayfirst=day_first, yearfirst=year, tzinfos=_zone_of)
        for day, day_first, year in ways
    ]
    if any(time != found[0] for time in found):
        raise ValueError(text)
    time: datetime = found[0]
    return time


def _zone_of(name: str | None, offset: int | None) -> tzinfo | None:
    if name is None:  # dateutil asks for times without a zone, too
        return None if offset is None else tz.tzoffset(None, offset)
    if name in ("UTC", "GMT", "Z"):
        return UTC
    raise ValueError(name)


def _in_utc(time: datetime) -> datetime:
    return time.astimezone(UTC).replace(tzinfo=None)
