"""Which sandbox this machine offers: tried out once, by locking a small program in."""

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
LEVELS = ("bubblewrap", "landlock")  # the best first
_trying = threading.Lock()  # workers begin together, and one trial is enough for all
# The program must start, and must not read what it may not see.
_PROBE = """
import sys, numpy, course_utils
try:
    open(sys.argv[1]).close()
except OSError:
    sys.exit(40)
"""


def choose_level(wanted: str, unsafe: bool) -> str:
    """The level to grade with.

    Args:
        wanted: a level, ``none``, or ``auto`` for the best that works here.
        unsafe: whether to grade without a sandbox where there is none.

    Raises:
        NbGraderException: the level does not work here, or there is none and nobody said that
            this is all right.
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
    """Whether a level keeps a program in on this machine."""
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
    """How the supervisor is started; -P: the working directory may hold files of a student's."""
    return [sys.executable, "-S", "-P", "-m", "course_utils.grading.sandbox.supervisor", str(spec)]


def supervisor_environment() -> dict[str, str]:
    """What the supervisor needs to find itself."""
    package = Path(course_utils.__file__).resolve().parents[1]
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "PYTHONPATH": str(package)}
