"""``nbgrader zip_collect``: a class's ZIP from Moodle, Canvas or Drive, or single downloads."""

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from nbgrader.plugins import ExtractorPlugin, FileNameCollectorPlugin
from traitlets import List, Unicode

from course_utils.grading.intake import archives, names
from course_utils.grading.intake.candidates import TIMESTAMP
from course_utils.grading.intake.files import LEFT_BY_PROGRAMS, read_regular
from course_utils.grading.intake.limits import DEFAULT, MEGABYTE
from course_utils.grading.intake.notes import Refusal

CLASS_ZIP = 2048 * MEGABYTE  # bytes of a ZIP of a class, and of what it unpacks to
CLASS_FILES = 20_000
CLASS_DIRECTORY = 16 * MEGABYTE
REFUSED = "entrega-rechazada.txt"


class ClassExtractor(ExtractorPlugin):
    """Unpacks the ZIPs of ``downloaded/UNIT/archive/``; a bad member costs only its student.

    What a student packed stays packed: the intake looks into it when grading. In place of a
    member that is refused stands a text with the reason, so that the student is on the list.
    """

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Unpack every ZIP and copy every other file.

        Args:
            archive_path: folder of the downloads.
            extracted_path: empty folder.
        """
        source, target = Path(archive_path), Path(extracted_path)
        for path in sorted(source.rglob("*")):
            if path.is_dir() and not path.is_symlink():
                continue
            relative = PurePosixPath(path.relative_to(source).as_posix())
            if not LEFT_BY_PROGRAMS & set(relative.parts):
                self._extract_one(path, relative, target)

    def _extract_one(self, path: Path, relative: PurePosixPath, target: Path) -> None:
        try:
            if self._is_class_zip(path, relative):
                self._unpack(path, target / relative.with_suffix(""))
            else:
                content = read_regular(path, DEFAULT.notebook)
                _write(target / relative, content)
        except Refusal as refusal:
            self.log.warning("%s: %s", relative, refusal)
            _write(target / relative.with_name(f"{relative.stem}-{REFUSED}"), str(refusal).encode())

    @staticmethod
    def _is_class_zip(path: Path, relative: PurePosixPath) -> bool:
        """A student's own ZIP in a folder of downloads is named for the student: left alone."""
        if path.suffix.lower() not in archives.SUFFIXES or path.is_symlink():
            return False
        return not any(mark in relative.name for mark in ("_assignsubmission_",))

    def _unpack(self, path: Path, folder: Path) -> None:
        used = 0
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:  # noqa: PTH123
            for count, (archive, info) in enumerate(
                archives.members(file, path.name, CLASS_DIRECTORY)
            ):
                if count >= CLASS_FILES or used > CLASS_ZIP:
                    self.log.warning("%s holds too much: the rest is left out", path.name)
                    return
                try:
                    destination = folder / archives.check_name(info.filename)
                except Refusal as refusal:
                    self.log.warning("%s: %s", path.name, refusal)
                    continue
                used += self._unpack_one(archive, info, destination)

    def _unpack_one(self, archive: Any, info: Any, destination: Path) -> int:
        if info.is_dir() or LEFT_BY_PROGRAMS & set(destination.parts):
            return 0
        try:
            content = archives.read(archive, info, DEFAULT.notebook)
        except Refusal as refusal:
            self.log.warning("%s: %s", info.filename, refusal)
            destination = destination.with_name(f"{destination.stem}-{REFUSED}")
            content = str(refusal).encode()
        while destination.exists():
            destination = destination.with_name(f"otra-{destination.name}")
        _write(destination, content)
        return len(content)


class ClassCollector(FileNameCollectorPlugin):
    """Finds each file's student by the path that the LMS gave it; ids are the names' slugs."""

    patterns = List(
        Unicode(),
        default_value=list(names.PATTERNS),
        help="Regular expressions for a file's whole path below the unpacked folder, with the "
        "groups `file`, `name` or `student_id`, and optionally `number`; the first match counts.",
    ).tag(config=True)

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        """Whose a file is, and what it is called in ``submitted/``.

        Args:
            submitted_file: absolute path of an unpacked file.

        Returns:
            ``student_id`` and ``file_id``; None where the path names no student.
        """
        if not hasattr(self, "_found"):
            self._found = self._assign()
        return self._found.get(str(submitted_file))

    def _assign(self) -> dict[str, dict[str, str]]:
        """All files at once: two students of one name are told apart, no two files collide."""
        unit = self.parent.coursedir.assignment_id
        folder = Path(self.parent._format_collect_path(self.parent.extracted_directory))
        owners = {
            path: owner
            for path in _files(folder)
            if (owner := names.owner(path.relative_to(folder).as_posix(), unit, self.patterns))
        }
        ids = names.student_ids(owners.values())
        assigned: dict[str, dict[str, str]] = {}
        used: set[tuple[str, str]] = set()
        for path, owner in owners.items():
            student = ids[owner.name, owner.number]
            file = owner.file
            while (student, _key(file)) in used or file == TIMESTAMP.name:
                file = str(PurePosixPath(file).with_name(f"otra-{PurePosixPath(file).name}"))
            used.add((student, _key(file)))
            assigned[str(path)] = {"student_id": student, "file_id": file}
        return assigned


def _key(file: str) -> str:
    """zip_collect takes the extension off and puts it on again, and must not see two alike."""
    return file.lower()


def _files(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.rglob("*") if path.is_file())


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
