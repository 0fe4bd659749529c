"""Finds the sandbox that works on this machine: it locks a small program in, once a process."""

import subprocess
import sys
import threading
from functools import cache
from pathlib import Path

from nbgrader.converters.base import NbGraderException

import course_utils
from course_utils.grading.sandbox import bubblewrap, landlock, seccomp
from course_utils.grading.sandbox.private import make_private
from course_utils.grading.sandbox.supervisor import Spec
from course_utils.grading.scratch import scratch

NONE = "none"
LEVELS = ("bubblewrap", "landlock")  # the better level first
_trying = threading.Lock()  # workers begin at the same time; one of them tries for all
# The program must start with its libraries (else another exit code), and must fail to open a file
# that the sandbox does not show (exit code 40).
_PROBE = """
import sys, numpy, course_utils
try:
    open(sys.argv[1]).close()
except OSError:
    sys.exit(40)
"""


def choose_level(wanted: str, unsafe: bool) -> str:
    """Choose the level of a run.

    Args:
        wanted: a level, ``none``, or ``auto`` for the best level that works on this machine.
        unsafe: whether to grade without a sandbox if no level works, or with ``none``.

    Returns:
        The level, or ``none``.

    Raises:
        NbGraderException: the wanted level does not work on this machine; or no level is left and
            ``unsafe`` is false.
    """
    if wanted in LEVELS:
        if works(wanted):
            return wanted
        raise NbGraderException(f"The sandbox '{wanted}' does not work on this machine.")
    level = next(filter(works, LEVELS), NONE) if wanted == "auto" else NONE
    if level == NONE and not unsafe:
        raise NbGraderException(
            "No sandbox: a submission could do whatever your account may do. Install bubblewrap, "
            "or grade in a container that holds nothing else, with --Examine.unsafe=True."
        )
    return level


def works(level: str) -> bool:
    """Whether a level locks a program in on this machine."""
    with _trying:
        return _try(level)


@cache
def _try(level: str) -> bool:
    if sys.platform != "linux" or not seccomp.supported():
        return False
    if level == "bubblewrap" and bubblewrap.executable() is None:
        return False
    if level == "landlock" and not landlock.usable():
        return False
    with scratch("probe") as folder:
        secret = Path(folder) / "secret"
        secret.touch()
        private = make_private(Path(folder))
        command = [sys.executable, "-c", _PROBE, str(secret)]
        spec = Spec(level, command, str(private), landlock.python_paths(), wall_time=60)
        spec.write(private / "spec.json")
        done = subprocess.run(
            supervisor_command(private / "spec.json"),
            env=supervisor_environment(),
            cwd=private,
            capture_output=True,
            timeout=90,
            check=False,
        )
    return done.returncode == 40


def supervisor_command(spec: Path) -> list[str]:
    """Command line of the supervisor.

    With ``-P``, Python does not import modules from the working directory, which may hold files of
    a student; ``-S`` leaves out installed packages, which the supervisor does not need.

    Args:
        spec: path of the ``Spec``.
    """
    return [sys.executable, "-S", "-P", "-m", "course_utils.grading.sandbox.supervisor", str(spec)]


def supervisor_environment() -> dict[str, str]:
    """Environment of the supervisor: the path of this package, and of the system's programs."""
    package = Path(course_utils.__file__).resolve().parents[1]
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "PYTHONPATH": str(package)}
