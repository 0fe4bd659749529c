"""Find the owner of a file in the gradebook's roster."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from course_utils.grading.intake.names import Owner, slug


@dataclass(frozen=True)
class Student:
    """A student of the gradebook.

    Attributes:
        id: the gradebook's id.
        first: given names.
        last: family names.
        email: address, or login.
        number: the LMS's number of the student.
    """

    id: str
    first: str
    last: str
    email: str
    number: str

    @property
    def named(self) -> bool:
        """Whether a roster named the student; one known from grading alone has only an id."""
        return bool(self.first or self.last or self.email or self.number)


@dataclass
class Known:
    """The roster, indexed by the names and numbers that a class's ZIP may use for a student.

    Args:
        students: the gradebook's students; those without name, e-mail and number are left out.
        participants: Moodle's numbers in an assignment → ids.
    """

    students: Iterable[Student] = ()
    participants: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.students = [student for student in self.students if student.named]
        self.ids = {student.id for student in self.students}
        self._number_of = {student.id: student.number for student in self.students}
        self._names: dict[str, set[str]] = {}
        self._numbers: dict[str, set[str]] = {}
        for student in self.students:
            for name in _names(student):
                self._names.setdefault(name, set()).add(student.id)
            login = student.email.lower()
            for number in {student.number.lower(), login, login.partition("@")[0]} - {""}:
                self._numbers.setdefault(number, set()).add(student.id)

    def knows(self, name: str) -> bool:
        """Whether a student has this name."""
        return slug(name) in self._names

    def find(self, owner: Owner) -> str:
        """Find the id of an owner's student; empty where no student or several students match.

        A system's number may belong to another student of the roster by chance. So where number
        and name match two students, neither is taken.
        """
        numbered = self._numbered(owner)
        names = (self._named(name, owner) for name in (owner.name, *owner.also))
        named = next(filter(None, names), "")
        if numbered or named:
            return _only({numbered, named} - {""})
        return self._behind_a_group(owner) if owner.system == "Moodle" else ""

    def _numbered(self, owner: Owner) -> str:
        if owner.system == "Moodle":
            found = self.participants.get(owner.number, "")
            return found if found in self.ids else ""
        return _only(self._numbers.get(owner.number.lower(), set()))

    def _named(self, name: str, owner: Owner) -> str:
        by_name = self._names.get(slug(name), set())
        by_number = self._numbers.get(name.lower(), set())
        found = _only(by_name & by_number or by_name | by_number)
        # Canvas writes the user's number into file names: another number means another student.
        theirs = self._number_of.get(found, "")
        other = owner.system.startswith("Canvas") and theirs and owner.number not in ("", theirs)
        return "" if other else found

    def _behind_a_group(self, owner: Owner) -> str:
        """The student of "Grupo A-Ana Núñez": up to Moodle 4.0 the group stands before the name."""
        parts = owner.name.split("-")
        names = ["-".join(parts[at:]) for at in range(1, len(parts))]
        found = {_only(self._names.get(slug(name), set())) for name in names if slug(name)}
        return _only(found - {""})


def _names(student: Student) -> set[str]:
    """The ways in which systems write a student's name: in both orders, and as one word."""
    first, last = student.first, student.last
    both = {slug(f"{first} {last}"), slug(f"{last} {first}"), student.id}
    return {name for name in both | {slug(f"{last}{first}")} | _one_word(first, last) if name}


def _one_word(first: str, last: str) -> set[str]:
    """The name as Canvas writes it: only letters and digits, family names first."""
    return {slug("".join(sign for sign in f"{last}{first}" if sign.isalnum()))}


def _only(found: set[str]) -> str:
    return next(iter(found)) if len(found) == 1 else ""
