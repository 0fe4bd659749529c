"""The penalty for a late submission."""

import math
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Float, TraitError, Unicode, validate

DAY = 24 * 60 * 60  # seconds


class LatePenalty(LateSubmissionPlugin):
    """Takes off a share of the points for each day begun.

    To use the plug-in, set it as ``AssignLatePenalties.plugin_class``. A day lasts from the hour of
    the due date to the same hour of the next day, on the clocks of ``timezone``: the day on which
    clocks are set back has 25 hours, and is one day. nbgrader computes the penalty during
    autograding; after marking by hand, run ``nbgrader autograde`` again.
    """

    percent_a_day = Float(
        0.0, min=0.0, max=100.0, help="Percent of the points earned, for each day begun; 0: none."
    ).tag(config=True)
    at_most = Float(
        100.0, min=0.0, max=100.0, help="Percent of the points earned, however late."
    ).tag(config=True)
    grace_minutes = Float(0.0, min=0.0, help="Minutes that cost nothing.").tag(config=True)
    timezone = Unicode(
        "UTC", help="Where the students' clocks are: a name such as 'Europe/Madrid'."
    ).tag(config=True)

    @validate("timezone")
    def _known_zone(self, proposal: dict[str, str]) -> str:
        try:
            ZoneInfo(proposal["value"])
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            message = (
                f"c.LatePenalty.timezone: there is no time zone '{proposal['value']}'; write a "
                "name such as 'Europe/Madrid' or 'America/Argentina/Buenos_Aires'."
            )
            raise TraitError(message) from error
        return proposal["value"]

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """Points to take off, from the seconds alone: the method that nbgrader calls.

        nbgrader passes no dates, so every day has 24 hours here. ``gradebook.save`` calls
        ``penalty`` instead.

        Args:
            student_id: id of the student.
            score: points earned.
            total_seconds_late: seconds between due date and submission.

        Returns:
            Points; None if nothing is taken off.
        """
        return self._points(score, total_seconds_late, total_seconds_late)

    def penalty(self, score: float, due: datetime, handed_in: datetime) -> float | None:
        """Points to take off, by the clocks of ``timezone``.

        Args:
            score: points earned.
            due: due date, the student's extension included, in UTC.
            handed_in: time of the submission, in UTC.

        Returns:
            Points; None if nothing is taken off.
        """
        clock = self._clock(handed_in) - self._clock(due)
        return self._points(score, (handed_in - due).total_seconds(), clock.total_seconds())

    def _clock(self, time: datetime) -> datetime:
        """Convert a time in UTC to the clocks of ``timezone``."""
        local = time.replace(tzinfo=UTC).astimezone(ZoneInfo(self.timezone))
        return local.replace(tzinfo=None)

    def _points(self, score: float, elapsed: float, clock: float) -> float | None:
        """Points to take off.

        Args:
            score: points earned.
            elapsed: seconds between due date and submission; decide whether it is late.
            clock: the same on the students' clocks, in seconds; decides how many days late.

        Returns:
            Points; None if nothing is taken off.
        """
        grace = 60 * self.grace_minutes
        if elapsed <= grace:
            return None
        days = max(1, math.ceil((clock - grace) / DAY))
        return score * min(self.at_most, self.percent_a_day * days) / 100 or None
