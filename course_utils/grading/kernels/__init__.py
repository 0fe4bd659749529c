"""How a grading kernel differs from a student's own kernel.

A cell that works on a student's machine must work here: ``!`` without a terminal, figures without
a display, TensorBoard without a browser, ``/tmp`` without other people's files. Every grading
kernel, cold or forked, at every level, loads ``EXTENSION`` before its first cell.

``endings`` is no part of the extension: the coordinator installs it by a request (``questions``),
whose reply shows that the kernel answers.
"""

from typing import Final

EXTENSION: Final = "course_utils.grading.kernels.extension"
ARGUMENTS: Final = (f"--IPKernelApp.extra_extensions={EXTENSION}",)
"""What the kernel's command line ends with."""
