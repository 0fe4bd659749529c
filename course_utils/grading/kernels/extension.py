"""The IPython extension of a grading kernel; it replaces only what can't work in such a kernel."""

from types import MethodType
from typing import Any

# Imported here, before any cell: a notebook that changes sys.path could hide the agent later.
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
