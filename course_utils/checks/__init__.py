"""What the course's test cells use to compare answers and to say what is wrong, in Spanish.

A test cell is a function that ``check`` runs at once::

    @check("u1-ej1")
    def _visible(c):
        x_norm, mu, sigma = c.call(normalizar, [[1.0, 10.0], [3.0, 30.0]], returns=3)
        c.equal(mu, [2.0, 20.0], "mu")

It ends in one of four outcomes: not started, execution error, incorrect (each an exception that
shows one sentence instead of a traceback), or passed.
"""

from course_utils.checks.check import Check, check
from course_utils.checks.compare import plain, same
from course_utils.checks.hints import pista
from course_utils.checks.outcomes import ExecutionError, Incorrect, NotStarted, Outcome
from course_utils.checks.predictions import predice
from course_utils.checks.probes import warnings_of
from course_utils.checks.progress import progreso

__all__ = [
    "Check",
    "ExecutionError",
    "Incorrect",
    "NotStarted",
    "Outcome",
    "check",
    "pista",
    "plain",
    "predice",
    "progreso",
    "same",
    "warnings_of",
]
