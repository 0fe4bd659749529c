"""Records of how submissions ended: one small file for each student and unit."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path

from course_utils.grading.rebuild.notes import Note, from_json, to_json

FOLDER = ".intake"


class State(StrEnum):
    """How a submission ended; the value is the word that tables and pages show."""

    GRADED = "calificado"
    REVIEW = "revisar"  # graded, and a person should look
    UNREADABLE = "ilegible"  # not graded


GRADED, REVIEW, UNREADABLE = State


@dataclass(frozen=True)
class Record:
    """How one submission ended.

    Attributes:
        student: id of the student.
        unit: name of the unit.
        state: how the submission ended.
        notes: for ``UNREADABLE``, the reason comes first.
        digest: hash of the submitted files.
        finished: whether the marks in the gradebook are this submission's.
    """

    student: str
    unit: str
    state: State
    notes: list[Note] = field(default_factory=list)
    digest: str = ""
    finished: bool = False

    @property
    def graded(self) -> bool:
        """Whether there is a mark."""
        return self.state != UNREADABLE

    @property
    def reason(self) -> str:
        """All notes as one text."""
        return " ".join(note.text for note in self.notes)


def state_of(notes: list[Note]) -> State:
    """The state of a graded submission with these notes."""
    return REVIEW if any(note.review for note in notes) else GRADED


class Records:
    """The records of a course.

    Args:
        root: folder of the course.
    """

    def __init__(self, root: Path) -> None:
        self.folder = root / FOLDER / "records"

    def get(self, unit: str, student: str) -> Record | None:
        """Read the record of a submission; None where it is missing or can't be read."""
        try:
            stored = json.loads(self._path(unit, student).read_text(encoding="utf-8"))
            kept = {"notes": from_json(stored["notes"]), "state": State(stored["state"])}
            return Record(**stored | kept)
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def put(self, record: Record) -> None:
        """Store a record; a run that is killed leaves the old record or the new one, never half."""
        path = self._path(record.unit, record.student)
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f"{path.name}.new")
        stored = asdict(record) | {"notes": to_json(record.notes)}
        new.write_text(json.dumps(stored, ensure_ascii=False, indent=1), encoding="utf-8")
        new.replace(path)

    def remove(self, unit: str, student: str) -> None:
        """Remove the record of a submission, if there is one."""
        self._path(unit, student).unlink(missing_ok=True)

    def of(self, unit: str) -> Iterator[Record]:
        """Yield all readable records of a unit, in the order of the students' ids."""
        for path in sorted((self.folder / unit).glob("*.json")):
            record = self.get(unit, path.stem)
            if record:
                yield record

    def _path(self, unit: str, student: str) -> Path:
        return self.folder / unit / f"{student}.json"
