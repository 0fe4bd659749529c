"""How a grading kernel differs from a student's own kernel.

A cell that works on a student's machine must work in a grading kernel: ``!`` without a terminal,
figures without a display, TensorBoard without a browser, ``/tmp`` without other people's files.
Every grading kernel, cold or forked, at every level, loads ``EXTENSION`` before its first cell.

``endings`` does not belong to the extension: the coordinator installs it by a request
(``questions``), whose reply also shows that the kernel works.
"""

from typing import Final

EXTENSION: Final = "course_utils.grading.kernels.extension"
ARGUMENTS: Final = (f"--IPKernelApp.extra_extensions={EXTENSION}",)
"""Last arguments of the kernel's command line."""
