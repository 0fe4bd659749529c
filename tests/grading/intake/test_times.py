"""The time of a hand-in: what is not certain is no time, and somebody looks."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.grading.intake.times import notes_on, time_of

TIMES = {
    "2026-03-07 23:59:00 UTC": "2026-03-07 23:59",
    "2026-03-07 23:59:00": "2026-03-07 23:59",
    "2026-03-07T23:59:00Z": "2026-03-07 23:59",
    "2026-03-07T23:59:00+02:00": "2026-03-07 21:59",
    "2026-03-07 23:59:00 -0300": "2026-03-08 02:59",  # nbgrader's own reading: 300 seconds
    "2026-03-07 23:59:00 -03": "2026-03-08 02:59",
    "2026-03-07 23:59:00 Europe/Madrid": "2026-03-07 22:59",
    "2026-07-07 23:59:00 Europe/Madrid": "2026-07-07 21:59",
    "2026-03-07 23:59:00 America/Argentina/Buenos_Aires": "2026-03-08 02:59",
    "2026-03-07 11:59 PM": "2026-03-07 23:59",
    "Sat, 07 Mar 2026 23:59:00 GMT": "2026-03-07 23:59",
}
NO_TIMES = [
    "2026-03-07 23:59 ART", "2026-03-07 23:59 CEST", "2026-03-07 23:59ART", "ayer a la tarde",
    "12", "March 2026", "7/3/2026 10:00", "2026-03-07 23:59 ../../etc/passwd",
    "2026-03-07 23:59 localtime", "2026-03-07 23:59:00 +9999", "0001-01-01 00:00 +14",
    "\0", "x" * 200, "2026-03-07", "20260307", "2026-W10-6", "7 March 2026", "2026-03-07 UTC",
    "26-03-07 23:59", "2026-03-29 02:30 Europe/Madrid", "2026-10-25 02:30 Europe/Madrid",
]  # fmt: skip


@pytest.mark.parametrize("text", TIMES)
def test_a_time_is_read_in_its_zone(text):
    assert time_of(text.encode("utf-8-sig")) == datetime.fromisoformat(TIMES[text])
    assert notes_on(text.encode()) == []


@pytest.mark.parametrize("text", NO_TIMES)
def test_a_time_that_is_not_certain_is_none_and_somebody_looks(text):
    assert time_of(text.encode()) is None
    (note,) = notes_on(text.encode())
    assert note.review


def test_an_empty_file_says_nothing():
    assert time_of(b" \n") is None
    assert notes_on(b" \n") == []


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_no_bytes_stop_the_class(content):
    time = time_of(content)
    assert time is None or time.tzinfo is None


@settings(deadline=None)
@given(st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_every_offset_comes_back(time, minutes):
    sign, hours, rest = "-" if minutes < 0 else "+", abs(minutes) // 60, abs(minutes) % 60
    local = time.replace(tzinfo=UTC).astimezone(UTC) + timedelta(minutes=minutes)
    text = f"{local:%Y-%m-%d %H:%M:%S.%f} {sign}{hours:02}{rest:02}"
    assert time_of(text.encode()) == time
