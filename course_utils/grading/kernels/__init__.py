"""What a kernel that is graded does otherwise than a student's own.

A cell that works on a student's machine must work here: ``!`` without a terminal, figures without
a display, TensorBoard without a browser, ``/tmp`` without other people's files. Every grading
kernel, cold or forked, at every level, loads ``EXTENSION`` before its first cell.
"""

from typing import Final

EXTENSION: Final = "course_utils.grading.kernels.extension"
ARGUMENTS: Final = (f"--IPKernelApp.extra_extensions={EXTENSION}",)
"""What the kernel's command line ends with."""
