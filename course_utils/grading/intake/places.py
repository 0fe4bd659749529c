"""Find a student's submission of a unit: in ``submitted/STUDENT/UNIT``, or beside that folder."""

import fnmatch
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from course_utils.grading.course import unit_id
from course_utils.grading.intake import archives, names, notebooks
from course_utils.grading.intake.beside import TIMESTAMP
from course_utils.grading.intake.files import left_by_program, read
from course_utils.grading.intake.limits import DEFAULT, Limits
from course_utils.grading.rebuild.notes import Refusal
from course_utils.grading.rebuild.skeleton import unit_of

LONGEST_ID = 128  # characters: width of the gradebook's column
LONGEST_ID_BYTES = 200  # file systems allow names of 255 bytes; records add an extension to the id


@dataclass(frozen=True)
class Submitted:
    """The folder ``submitted/``, which has a folder for each student.

    Attributes:
        root: path of ``submitted/``.
        units: names of all units of the course.
        limits: bounds of a submission.
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
        ids = [path.name for path in self._folders() if is_id(path.name)]
        return [name for name in chosen(ids, pattern) if self._handed_in(name, unit)]

    def strangers(self, unit: str) -> list[str]:
        """Names of files beside the students' folders, and of folders that can't be a student's id.

        A file counts for every unit, since nothing says to which unit it belongs.
        """
        entries = _entries(self.root)
        odd = [path.name for path in self._folders() if not is_id(path.name)]
        held = {name for name in odd if self._handed_in(name, unit)}
        folders = {path.name for path in self._folders()}
        return [path.name for path in entries if path.name not in folders or path.name in held]

    def timestamp(self, student: str, unit: str) -> Path:
        """Path of the only file that may give the time of a submission; nbgrader writes it."""
        return self.root / student / unit / TIMESTAMP

    def places(self, student: str, unit: str) -> tuple[list[Path], list[Path]]:
        """Find the files and folders that may be a student's submission of a unit.

        Returns:
            named: files and folders with the name of the unit; exact names come first.
            strays: files and folders without the name of any unit.
        """
        folder = self.root / student
        # A link must not be followed, and a folder that can't be listed must not seem empty: both
        # are returned as they are, and reading them gives a refusal with a reason.
        if folder.is_symlink() or not _can_be_listed(folder):
            return [], [folder]
        units = (unit, *(known for known in self.units if known != unit))
        called = {path: names.unit_named(_called(path), units) for path in _entries(folder)}
        named = [path for path, name in called.items() if name == unit]
        strays = [path for path, name in called.items() if not name]
        return sorted(named, key=lambda path: path.name != unit), strays

    def _folders(self) -> list[Path]:
        return [path for path in _entries(self.root) if path.is_dir() or path.is_symlink()]

    def _handed_in(self, student: str, unit: str) -> bool:
        named, strays = self.places(student, unit)
        return bool(named or strays) and not (strays and not named and self._foreign(strays, unit))

    def _foreign(self, strays: list[Path], unit: str) -> bool:
        """Whether the names of cells show that every notebook belongs to another unit."""
        found = {
            _unit(content, self.limits)
            for path, content in read(strays, self.limits).files.items()
            if names.is_notebook(path.name)
        }
        others = {unit_id(name) for name in self.units} - {unit_id(unit)}
        return bool(found) and found <= others


def is_id(name: str) -> bool:
    """Whether a folder's name can be a student's id everywhere: gradebook, files, log, pages.

    nbgrader strips blanks off the id on the command line, takes ``*`` for all students, and its
    pattern for paths stops at the end of a line. A name that is not UTF-8 can't be stored at all.
    """
    whole = name.isprintable() and name == name.strip() and name != "*"
    return whole and len(name) <= LONGEST_ID and len(name.encode()) <= LONGEST_ID_BYTES


def chosen(ids: Iterable[str], pattern: str) -> list[str]:
    """The ids that a pattern selects: the id equal to the pattern or, without one, all matches."""
    ids = list(ids)
    if pattern in ids:
        return [pattern]
    return [name for name in ids if fnmatch.fnmatchcase(name, pattern)]


def _called(path: Path) -> str:
    return path.stem if path.suffix.lower() in archives.SUFFIXES else path.name


def _can_be_listed(folder: Path) -> bool:
    try:
        next(folder.iterdir(), None)
    except OSError:
        return False
    return True


def _entries(folder: Path) -> list[Path]:
    """List a folder, sorted, without the files of programs; empty where it can't be listed."""
    try:
        return sorted(path for path in folder.iterdir() if not left_by_program(path.name))
    except OSError:
        return []


def _unit(content: bytes, limits: Limits) -> str:
    """Short id of a notebook's unit; empty where no cell names a unit."""
    try:
        cells, _ = notebooks.read(content, limits)
    except Refusal:
        return ""
    return unit_of(cell.grade_id or cell.cell_id for cell in cells)
