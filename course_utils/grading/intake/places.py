"""Where a student's hand-in of a unit lies: ``submitted/STUDENT/UNIT``, or wherever it landed."""

import fnmatch
from dataclasses import dataclass
from pathlib import Path

from course_utils.grading.course import unit_id
from course_utils.grading.intake import archives, names, notebooks
from course_utils.grading.intake.files import LEFT_BY_PROGRAMS, read
from course_utils.grading.intake.limits import DEFAULT, Limits
from course_utils.grading.intake.notes import Refusal
from course_utils.grading.rebuild.skeleton import unit_of


@dataclass(frozen=True)
class Submitted:
    """The folder that has a folder for every student.

    Attributes:
        root: the folder.
        units: names of all units of the course.
        limits: bounds of a hand-in.
    """

    root: Path
    units: tuple[str, ...] = ()
    limits: Limits = DEFAULT

    def students(self, unit: str, pattern: str = "*") -> list[str]:
        """Ids of the students who handed something in for a unit, in order.

        Args:
            unit: name of the unit.
            pattern: an id, or a shell pattern of ids.
        """
        return [
            path.name
            for path in _entries(self.root)
            if (path.is_dir() or path.is_symlink())
            and (path.name == pattern or fnmatch.fnmatchcase(path.name, pattern))
            and self._handed_in(path.name, unit)
        ]

    def loose(self) -> list[str]:
        """Names of files beside the students' folders: nobody can say whose they are."""
        return [path.name for path in _entries(self.root) if path.is_file()]

    def places(self, student: str, unit: str) -> tuple[list[Path], list[Path]]:
        """What may be a student's hand-in of a unit.

        Returns:
            named: files and folders that are called like the unit, the exactly named first.
            strays: those that are called like no unit.
        """
        folder = self.root / student
        if folder.is_symlink():  # not followed, and refused when it is read
            return [], [folder]
        entries = _entries(folder)
        named = [path for path in entries if names.same(_called(path), unit)]
        known = {names.slug(name) for name in (unit, *self.units)}
        strays = [path for path in entries if names.slug(_called(path)) not in known]
        return sorted(named, key=lambda path: path.name != unit), strays

    def _handed_in(self, student: str, unit: str) -> bool:
        named, strays = self.places(student, unit)
        return bool(named or strays) and not (strays and not named and self._foreign(strays, unit))

    def _foreign(self, strays: list[Path], unit: str) -> bool:
        """Whether all notebooks say by their cells' names that they are of other units."""
        found = {
            _unit(content, self.limits)
            for path, content in read(strays, self.limits).files.items()
            if names.is_notebook(path.name)
        }
        return bool(found) and found.isdisjoint({"", unit_id(unit)})


def _called(path: Path) -> str:
    packed = path.suffix.lower() in archives.SUFFIXES
    return names.stem(path.stem if packed else path.name)


def _entries(folder: Path) -> list[Path]:
    """What lies in a folder, in order, without what programs leave there."""
    try:
        found = sorted(folder.iterdir())
    except OSError:
        return []
    return [p for p in found if not p.name.startswith(".") and p.name not in LEFT_BY_PROGRAMS]


def _unit(content: bytes, limits: Limits) -> str:
    """Short id of a notebook's unit; empty where nothing says it."""
    try:
        cells, _ = notebooks.read(content, limits)
    except Refusal:
        return ""
    return unit_of(cell.grade_id or cell.cell_id for cell in cells)
