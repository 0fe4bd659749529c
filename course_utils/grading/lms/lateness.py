"""What a late hand-in costs."""

import math

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Float

DAY = 24 * 60 * 60  # seconds


class LatePenalty(LateSubmissionPlugin):
    """A share of the points for every day begun; set it as ``AssignLatePenalties.plugin_class``.

    nbgrader asks when it grades: after points given by hand, ``nbgrader autograde`` again takes
    them into account.
    """

    percent_a_day = Float(
        0.0, min=0.0, max=100.0, help="Percent of the points earned, for each day begun; 0: none."
    ).tag(config=True)
    at_most = Float(
        100.0, min=0.0, max=100.0, help="Percent of the points earned, however late."
    ).tag(config=True)
    grace_minutes = Float(0.0, min=0.0, help="Minutes that cost nothing.").tag(config=True)

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """Points to take off.

        Args:
            student_id: id of the student.
            score: points earned.
            total_seconds_late: time since the unit was due.

        Returns:
            Points; None where nothing is taken off.
        """
        late = total_seconds_late - 60 * self.grace_minutes
        percent = min(self.at_most, self.percent_a_day * math.ceil(late / DAY)) if late > 0 else 0.0
        return score * percent / 100 if percent else None
