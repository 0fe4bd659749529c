"""``nbgrader zip_collect`` for a class's ZIP from an LMS or a drive, and for single downloads."""

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.apps.zipcollectapp import ZipCollectApp
from nbgrader.plugins import ExtractorPlugin, FileNameCollectorPlugin
from sqlalchemy.engine import make_url
from traitlets import Bool, List, Unicode

from course_utils.grading.intake import archives, layouts, names, participants
from course_utils.grading.intake.beside import TIMESTAMP
from course_utils.grading.intake.encodings import old_text
from course_utils.grading.intake.files import LEFT_BY_PROGRAMS, read_regular
from course_utils.grading.intake.limits import DEFAULT, MEGABYTE
from course_utils.grading.intake.names import Owner
from course_utils.grading.intake.people import Known, Student
from course_utils.grading.rebuild.notes import Refusal, shown

CLASS_ZIP = 2048 * MEGABYTE  # bytes of a ZIP of a class, and of what it unpacks to
CLASS_FILES = 20_000
CLASS_DIRECTORY = 16 * MEGABYTE
NO_ID = "is of a student whose name ('{}') makes no id, or another student's"
REFUSED = "entrega-rechazada.txt"
_LONGEST = 180  # bytes of a name: file systems allow 255, and "otra-" or REFUSED may be added
_DEEPEST = DEFAULT.depth + 1  # parts of a path: grading refuses deeper paths
_SYSTEM_TEXT = MEGABYTE  # bytes read of a text in which a system names the students


def install() -> None:
    """Have ``nbgrader zip_collect`` end with exit code 1 where a file or a student is unknown."""
    ZipCollectApp.process_extracted_files = _process


_own_process = ZipCollectApp.process_extracted_files


def _process(app: ZipCollectApp) -> None:
    """Collect the files with an owner and log the others; with ``dry_run``, only list all files."""
    collector = app.collector_plugin_inst
    if not isinstance(collector, ClassCollector):
        _own_process(app)
        return
    if collector.dry_run:
        print("\n".join(collector.plan.listing()))
    else:
        _own_process(app)
    faults = [*getattr(app.extractor_plugin_inst, "faults", ()), *collector.plan.faults()]
    for line in collector.plan.remarks():
        app.log.warning(line)
    for line in faults:
        app.log.error(line)
    if faults:
        app.log.error(
            "%d files were not collected, or are of students who are in no roster: see above, and "
            "docs/intake.md, 'From the LMS'. No file was given to another student.",
            len(faults),
        )
        app.exit(1)


class ClassExtractor(ExtractorPlugin):
    """Unpacks the ZIPs of ``downloaded/UNIT/archive/``; a bad member costs only its student.

    A ZIP that a student made stays packed: the intake opens it when it grades. A member that is
    refused becomes a text file with the reason, so that the student still appears in every list.

    Attributes:
        faults: one sentence for each part of a download that was neither unpacked nor replaced by
            such a text file.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.faults: list[str] = []

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
        if is_class_zip(path, relative):
            try:
                self._unpack(path, target / relative.with_suffix(""))
            except (Refusal, OSError) as error:
                self.faults.append(f"{relative}: {error}")
            return
        try:
            content = read_regular(path, DEFAULT.notebook)
        except Refusal as refusal:
            self.log.warning("%s: %s", relative, refusal)
            relative = relative.with_name(f"{relative.stem}-{REFUSED}")
            content = str(refusal).encode()
        _write(target / _fitting(relative), content)

    def _unpack(self, path: Path, folder: Path) -> None:
        used = 0
        # A link is refused, and a pipe does not block.
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:  # noqa: PTH123
            folders = _folders(archives.members(file, path.name, CLASS_DIRECTORY))
            for count, (archive, info) in enumerate(
                archives.members(file, path.name, CLASS_DIRECTORY)
            ):
                if count >= CLASS_FILES or used > CLASS_ZIP:
                    self.faults.append(f"{path.name} holds too much: the rest is left out")
                    return
                try:
                    inside = archives.check_name(info.filename)
                    if not info.is_dir() and str(inside) in folders:
                        inside /= inside.name  # the ZIP has a folder of the same name
                    used += self._unpack_one(archive, info, folder / _fitting(inside))
                except (Refusal, OSError) as error:
                    self.faults.append(f"{path.name}: {shown(info.filename)}: {error}")

    def _unpack_one(self, archive: Any, info: Any, destination: Path) -> int:
        if info.is_dir() or LEFT_BY_PROGRAMS & set(destination.parts):
            return 0
        try:
            content = archives.read(archive, info, DEFAULT.notebook)
        except Refusal as refusal:
            self.log.warning("%s: %s", info.filename, refusal)
            destination = destination.with_name(f"{destination.stem}-{REFUSED}")
            content = str(refusal).encode()
        _write(destination, content)
        return len(content)


@dataclass
class Plan:
    """The student of each file of a unit's downloads.

    Attributes:
        files: path → id of the student and name of the file in ``submitted/``.
        unowned: path → why its student is not known.
        unknown: ids that the roster does not know → how the files call the student.
        missing: students of the roster without a file.
    """

    files: dict[str, tuple[str, str]] = field(default_factory=dict)
    unowned: dict[str, str] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)
    missing: list[Student] = field(default_factory=list)

    def listing(self) -> Iterator[str]:
        """Yield one line for each file, with the file's student."""
        for path, (student, file) in self.files.items():
            note = " (not in the roster)" if student in self.unknown else ""
            yield f"{student}{note} <- {path} as {file}"
        for path, reason in self.unowned.items():
            yield f"no student <- {path}: it {reason}"

    def faults(self) -> Iterator[str]:
        """Yield one sentence for each file and student whose marks would not reach the LMS."""
        for path, reason in self.unowned.items():
            yield f"{path} {reason}: it was not collected"
        for student, name in self.unknown.items():
            yield f"'{name}' is in no roster: collected as '{student}', no LMS takes marks for it"

    def remarks(self) -> Iterator[str]:
        """Yield what a teacher should know although nothing is wrong: students without a file."""
        if self.missing:
            names = ", ".join(student.id for student in self.missing)
            yield f"{len(self.missing)} students of the roster have no file here: {names}"


class ClassCollector(FileNameCollectorPlugin):
    """Finds each file's student by the layout of its ZIP, and by the roster in the gradebook."""

    patterns = List(
        Unicode(),
        help="Regular expressions for a file's whole path below the unpacked folder, with the "
        "groups `file`, `name` or `student_id`, and optionally `number`; the first match counts. "
        "They come before the layouts that are known.",
    ).tag(config=True)
    dry_run = Bool(
        False, help="Only list which file would be taken as whose; submitted/ stays as it is."
    ).tag(config=True)

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        """Find the student of a file, and the file's name in ``submitted/``.

        Args:
            submitted_file: absolute path of an unpacked file.

        Returns:
            ``student_id`` and ``file_id``; None where the file has no known student.
        """
        path = Path(submitted_file).relative_to(self._folder()).as_posix()
        if path not in self.plan.files:
            return None
        student, file = self.plan.files[path]
        return {"student_id": student, "file_id": file}

    @property
    def plan(self) -> Plan:
        """The plan of all files; one file alone would not show namesakes and equal file names."""
        if not hasattr(self, "_plan"):
            self._plan = self._make_plan()
        return self._plan

    def _folder(self) -> Path:
        return Path(self.parent._format_collect_path(self.parent.extracted_directory))

    def _make_plan(self) -> Plan:
        coursedir = self.parent.coursedir
        known = Known(
            _students(coursedir.db_url, coursedir.course_id),
            participants.load(Path(coursedir.root)),
        )
        plan = Plan()
        owners: dict[str, tuple[str, Owner]] = {}  # path → ZIP and owner
        for archive, paths in self._by_archive().items():
            for path, found in self._owners(archive, paths, known, plan).items():
                owners[path] = archive, found
        ids = _ids(owners.values(), known)
        used: dict[str, set[str]] = {}
        for path, (archive, found) in owners.items():
            student = ids[archive, found.name, found.number]
            if not student:
                plan.unowned[path] = NO_ID.format(found.name)
                continue
            if known.students and student not in known.ids:
                plan.unknown[student] = found.name
            file = _free(found.file, used.setdefault(student, {TIMESTAMP.name}))
            plan.files[path] = student, file
        students = {student for student, _ in plan.files.values()}
        plan.missing = [student for student in known.students if student.id not in students]
        return plan

    def _owners(self, archive: str, paths: list[str], known: Known, plan: Plan) -> dict[str, Owner]:
        """The owners of a ZIP's files, by the teacher's patterns, then by the ZIP's layout."""
        unit = self.parent.coursedir.assignment_id
        found = {path: names.matched(path, unit, self.patterns) for path in paths}
        owners = {path: who for path, who in found.items() if who}
        inside = f"{archive}/" if archive else ""
        rest = [path.removeprefix(inside) for path in paths if path not in owners]
        folder = self._folder() / archive
        reading = layouts.read(
            rest,
            unit,
            archive=PurePosixPath(archive).name,
            known=known.knows,
            text_of=lambda path: _text(folder / path),
        )
        self.log.info("%s: %s", archive or "single files", reading.system)
        for path, reason in reading.left_out.items():
            self.log.info("%s is left out: it %s", inside + path, reason)
        plan.unowned |= {inside + path: reason for path, reason in reading.unowned.items()}
        return owners | {inside + path: who for path, who in reading.owners.items()}

    def _by_archive(self) -> dict[str, list[str]]:
        """Map each ZIP's folder to the unpacked files; "" stands for the single downloads."""
        downloads = Path(self.parent._format_collect_path(self.parent.archive_directory))
        zips = sorted(
            relative.with_suffix("").as_posix()
            for path in downloads.rglob("*")
            if is_class_zip(path, relative := PurePosixPath(path.relative_to(downloads).as_posix()))
        )
        found: dict[str, list[str]] = {}
        folder = self._folder()
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                relative_path = path.relative_to(folder).as_posix()
                archive = next((z for z in zips if relative_path.startswith(f"{z}/")), "")
                found.setdefault(archive, []).append(relative_path)
        return found


def is_class_zip(path: Path, relative: PurePosixPath) -> bool:
    """Whether a download is the ZIP of a class; a student's own ZIP stays packed.

    The ZIP of a class lies directly in the folder of the downloads, and does not have the name that
    a system gives to a student's file. ZIPs in subfolders are the students': somebody has already
    unpacked the ZIP of the class.
    """
    if path.suffix.lower() not in archives.SUFFIXES or path.is_symlink() or not path.is_file():
        return False
    return len(relative.parts) == 1 and layouts.owner(relative.name) is None


def _students(db_url: str, course_id: str) -> list[Student]:
    """The gradebook's students; empty where there is no gradebook yet."""
    url = make_url(db_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return []
    with Gradebook(db_url, course_id) as gradebook:
        return [
            Student(
                id=student.id,
                first=student.first_name or "",
                last=student.last_name or "",
                email=student.email or "",
                number=student.lms_user_id or "",
            )
            for student in gradebook.students
        ]


def _ids(owners: Iterable[tuple[str, Owner]], known: Known) -> dict[tuple[str, str, str], str]:
    """Map ZIP, name and number to an id: the roster's id, else an id made of the name.

    Where two owners in one ZIP match the same student of the roster, neither gets that id. An
    owner for whom no free id can be made gets an empty one.
    """
    people = {(archive, found.name, found.number): found for archive, found in owners}
    ids = {key: known.find(found) for key, found in people.items()}
    counts = Counter((key[0], student) for key, student in ids.items() if student)
    ids = {k: student if counts[k[0], student] == 1 else "" for k, student in ids.items()}
    strangers = [found for key, found in people.items() if not ids[key]]
    made = names.student_ids(strangers)
    taken = known.ids | set(ids.values())
    lacking = [key for key, student in ids.items() if not student]
    new = {key: _new_id(made[key[1:]], key[2], taken) for key in lacking}
    whose: dict[str, set[tuple[str, str]]] = {}  # "Ana", number 1, and "Ana 1" share one
    for key, student in new.items():
        whose.setdefault(student, set()).add((names.slug(key[1]), key[2]))
    return ids | {key: student if len(whose[student]) == 1 else "" for key, student in new.items()}


def _new_id(made: str, number: str, taken: set[str]) -> str:
    """An id for a student who is in no roster; empty where every possible id is taken."""
    longer = f"{made}-{names.slug(number)}".rstrip("-")
    return next((name for name in (made, longer) if name not in taken), "")


def _free(file: str, used: set[str]) -> str:
    """Reserve a path that no file or folder of the student has; case makes no difference."""
    path = PurePosixPath(file)
    while _is_taken(path, used):
        path = PurePosixPath(f"otra-{path.parts[0]}", *path.parts[1:])
    used.add(str(path).lower())
    used.update(f"{part}/".lower() for part in path.parents)
    return str(path)


def _is_taken(path: PurePosixPath, used: set[str]) -> bool:
    name = str(path).lower()
    inside = (str(folder).lower() for folder in path.parents)
    return name in used or f"{name}/" in used or any(folder in used for folder in inside)


def _folders(members: Iterable[tuple[Any, Any]]) -> set[str]:
    """The folders of a ZIP, as paths."""
    found: set[str] = set()
    for _, info in members:
        with suppress(Refusal):
            found.update(map(str, archives.check_name(info.filename).parents))
    return found


def _fitting(path: PurePosixPath) -> PurePosixPath:
    """Fit a path into what file systems accept: cut long names, leave out the deepest folders."""
    parts = path.parts
    if len(parts) > _DEEPEST:
        parts = (*parts[: _DEEPEST - 1], parts[-1])
    return PurePosixPath(*map(_short, parts))


def _short(name: str) -> str:
    content = os.fsencode(name)
    if len(content) <= _LONGEST:
        return name
    ending = PurePosixPath(name).suffix
    ending = ending if len(os.fsencode(ending)) <= 20 else ""
    mark = hashlib.sha256(content).hexdigest()[:8]  # keeps names that begin alike apart
    kept = content[: _LONGEST - len(mark) - len(os.fsencode(ending)) - 1].decode("utf-8", "ignore")
    return f"{kept}-{mark}{ending}"


def _text(path: Path) -> str:
    """Read a text file that the system wrote; empty where the file can't be read."""
    try:
        with path.open("rb") as file:
            content = file.read(_SYSTEM_TEXT)
    except OSError:
        return ""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return old_text(content)[0]


def _write(path: Path, content: bytes) -> None:
    """Write a file; if the name is taken, change the name instead of overwriting."""
    while path.exists():
        path = path.with_name(f"otra-{path.name}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
