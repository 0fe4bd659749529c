"""The layout of a course folder, and errors that say what is missing in it."""

import difflib
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from course_utils.grading import scheme

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from traitlets.config import Config

CONFIG = "nbgrader_config.py"


class CourseError(Exception):
    """The course folder or the call is wrong; the message says what to do, in one sentence."""


@dataclass(frozen=True)
class Course:
    """The folder that holds ``nbgrader_config.py`` and ``source/``.

    Attributes:
        root: absolute path of the folder.
    """

    root: Path

    def units(self) -> list[str]:
        """Names of the units that have a master, in order."""
        masters = sorted(self.root.glob("source/[0-9]*/*.ipynb"))
        return [path.stem for path in masters if path.stem == path.parent.name]

    def unit(self, name: str) -> str:
        """Full name of a unit given as ``u1``, ``1`` or in full.

        Raises:
            CourseError: there is no such unit; the message suggests the nearest name.
        """
        units = self.units()
        number = name.removeprefix("u")
        for unit in units:
            if name == unit or (number.isdigit() and int(unit.partition("-")[0]) == int(number)):
                return unit
        near = difflib.get_close_matches(name, units, 1, 0.3)
        meant = f" Did you mean '{near[0]}'?" if near else f" There are: {', '.join(units)}."
        raise CourseError(f"There is no unit '{name}' in {self.root / 'source'}.{meant}")

    def master(self, unit: str) -> Path:
        """The master notebook of a unit."""
        return self.root / "source" / unit / f"{unit}.ipynb"

    def hints(self, unit: str) -> Path:
        """The file with a unit's hints."""
        return self.master(unit).with_name(scheme.HINTS)

    def predictions(self, unit: str) -> Path:
        """The file with the answers to a unit's predictions."""
        return self.master(unit).with_name(scheme.PREDICTIONS)

    def bank(self, unit: str) -> Path:
        """The folder with a unit's right and wrong answers."""
        return self.master(unit).with_name(scheme.BANK)

    def release(self, unit: str) -> Path:
        """The released notebook of a unit.

        Raises:
            CourseError: the release has not been generated.
        """
        path = self.root / "release" / unit / f"{unit}.ipynb"
        if not path.is_file():
            raise CourseError(
                f"The released notebook of '{unit}' is missing: run 'course release {unit}' first."
            )
        return path

    def copy(self, folder: Path, *units: str) -> "Course":
        """Copy the configuration and the masters of some units to a folder, as a new course."""
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(self.root / CONFIG, folder / CONFIG)
        (folder / "source").mkdir()
        ignore = shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__")
        for unit in units:
            shutil.copytree(self.master(unit).parent, folder / "source" / unit, ignore=ignore)
        return Course(folder)


def find_course(folder: Path | None = None) -> Course:
    """The course in a folder (by default the working directory).

    Raises:
        CourseError: the folder holds no course.
    """
    root = (folder or Path.cwd()).resolve()
    if not (root / CONFIG).is_file() or not (root / "source").is_dir():
        raise CourseError(
            f"There is no course in {root}: go to the folder that holds {CONFIG} and source/."
        )
    return Course(root)


def load_config(course: Course) -> "Config":
    """Read the course's configuration from ``nbgrader_config.py``."""
    from traitlets.config import PyFileConfigLoader

    config: Config = PyFileConfigLoader(CONFIG, path=str(course.root)).load_config()
    return config


def unit_id(unit: str) -> str:
    """Short id of a unit: ``01-regresion-logistica-keras`` is ``u1``."""
    return f"u{int(unit.partition('-')[0])}"


def read_notebook(path: Path) -> "NotebookNode":
    """Read a notebook as nbformat 4."""
    import nbformat  # only here: the import takes longer than all others at a command's start

    return nbformat.read(path, as_version=4)


def cells_by_grade_id(notebook: "NotebookNode") -> dict[str, "NotebookNode"]:
    """The cells that nbgrader manages, by ``grade_id``, in the order of the notebook."""
    return {
        cell.metadata.nbgrader.grade_id: cell
        for cell in notebook.cells
        if "nbgrader" in cell.metadata
    }
