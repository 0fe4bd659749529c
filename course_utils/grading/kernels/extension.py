"""The IPython extension of a grading kernel; it changes only what can't work there."""

from types import MethodType
from typing import Any

# The agent of the tests is imported before a notebook can do anything to sys.path.
from course_utils.grading.examiner import agent as _agent  # noqa: F401
from course_utils.grading.examiner import streams
from course_utils.grading.kernels import figures, private_tmp, randomness, shell, tensorboard


def load_ipython_extension(ipython: Any) -> None:
    """Prepare a kernel for a notebook that is graded.

    Args:
        ipython: the kernel's shell.
    """
    ipython.system = MethodType(shell.run, ipython)
    streams.keep(ipython)
    figures.without_display(ipython)
    tensorboard.without_browser()
    private_tmp.redirect_if_asked()
    randomness.draw_alike(ipython)
