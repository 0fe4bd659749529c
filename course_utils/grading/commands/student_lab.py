"""Start JupyterLab for a student or an instructor of the course."""

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from course_utils.grading.course import Course

WORK = "work"  # students write to this git-ignored folder, so that release/ stays as generated


@dataclass(frozen=True)
class Session:
    """How to start JupyterLab.

    Attributes:
        folder: the folder that JupyterLab shows.
        command: program and arguments.
        environment: environment variables of the process.
    """

    folder: Path
    command: list[str]
    environment: dict[str, str]

    def start(self) -> None:
        """Replace this process by JupyterLab."""
        os.chdir(self.folder)
        os.execve(sys.executable, self.command, self.environment)


def student(course: Course, *arguments: str) -> Session:
    """A student's session: copies of the released notebooks, no extensions for instructors."""
    lay_out(course)
    return _session(course, course.root / WORK, ("student", "shared"), arguments)


def instructor(course: Course, *arguments: str) -> Session:
    """An instructor's session: the course folder, with all of nbgrader's extensions."""
    return _session(course, course.root, ("shared",), arguments)


def lay_out(course: Course) -> list[Path]:
    """Copy released units into the folder where students work; existing files stay unchanged.

    Returns:
        The paths of the new copies.

    Raises:
        CourseError: a unit has not been released.
    """
    copied = []
    for unit in course.units():
        released = course.release(unit).parent
        for file in sorted(released.rglob("*")):
            target = course.root / WORK / unit / file.relative_to(released)
            if file.is_file() and ".ipynb_checkpoints" not in file.parts and not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, target)  # without the mode: nbgrader releases read-only files
                copied.append(target)
    return copied


def _session(
    course: Course, folder: Path, profiles: tuple[str, ...], arguments: tuple[str, ...]
) -> Session:
    configurations = [str(course.root / "lab" / profile) for profile in profiles]
    own = os.environ.get("JUPYTER_CONFIG_PATH")
    paths = {
        "JUPYTER_CONFIG_PATH": os.pathsep.join([*configurations, *([own] if own else [])]),
        # nbgrader calls some of its programs by name.
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    }
    command = [sys.executable, "-m", "jupyter", "lab", f"--notebook-dir={folder}", *arguments]
    return Session(folder, command, dict(os.environ) | paths)
