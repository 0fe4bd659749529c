"""Takes students from an export of Moodle or Canvas into nbgrader's gradebook.

Moodle: Participants → Download table data as CSV, or an assignment's grading worksheet. Canvas:
Gradebook → Export. Column names may be English or Spanish; the file may have a BOM, semicolons or a
spreadsheet's encoding.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry, Student

from course_utils.grading.course import CourseError
from course_utils.grading.gradebook.tables import read_rows
from course_utils.grading.intake.names import slug

# Slug of a column's name → kind of value in the column.
MOODLE = {
    "first-name": "first", "firstname": "first", "nombre": "first", "nombre-s": "first",
    "last-name": "last", "surname": "last", "lastname": "last", "apellido-s": "last",
    "apellidos": "last", "apellido": "last",
    "email-address": "email", "email": "email", "direccion-de-correo": "email",
    "direccion-email": "email", "correo-electronico": "email", "correo": "email",
    "id-number": "number", "idnumber": "number", "numero-de-id": "number",
    "numero-de-identificacion": "number",
    "full-name": "name", "fullname": "name", "name": "name", "nombre-completo": "name",
    "apellido-s-nombre": "name", "apellidos-nombre": "name", "nombre-apellido-s": "name",
    "apellido-s-nombre-s": "name", "nombre-y-apellido-s": "name", "nombre-y-apellidos": "name",
    "first-name-last-name": "name", "first-name-surname": "name", "last-name-first-name": "name",
    "surname-first-name": "name", "surname-name": "name", "nombre-apellidos": "name",
    "identifier": "participant", "identificador": "participant",
    "role": "role", "roles": "role", "rol": "role",
}  # fmt: skip
CANVAS = {
    "student": "name", "estudiante": "name", "lastname": "last", "firstname": "first",
    "id": "number", "sis-user-id": "sis", "sis-login-id": "email", "section": "section",
    "role": "role", "rol": "role",
}  # fmt: skip

# Canvas's own test student, family name first or last; this student has no ID of the school.
TEST_STUDENTS = {"student-test", "test-student", "estudiante-de-prueba", "de-prueba-estudiante"}
_STUDENT_ROLE = re.compile(r"student|estudiant|alumn|learner|aprendiz|cursante", re.IGNORECASE)
_PARTICIPANT = re.compile(r"\D*?(\d+)")  # "Participant 1327627", "Participante 1327627"


@dataclass(frozen=True)
class Person:
    """A student as the LMS knows them.

    Attributes:
        first: given names.
        last: family names.
        email: address, or Canvas's login.
        number: Moodle's ID number, or Canvas's ID; empty if there is none.
        folder: the student's name as the LMS writes it in file names; the id is made of it.
        participant: number of the student in a Moodle assignment; empty if the file has none.
    """

    first: str
    last: str
    email: str
    number: str
    folder: str
    participant: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """Name, number and e-mail: the values that identify a person."""
        return (slug(f"{self.last} {self.first}"), self.number, self.email.lower())


@dataclass(frozen=True)
class Roster:
    """The people of an export.

    Attributes:
        people: the students, in the order of the export; a person listed twice counts once.
        others: names of the people with another role, such as teachers.
    """

    people: list[Person]
    others: list[str]


def load(path: Path) -> Roster:
    """Read an export of Moodle or Canvas.

    Args:
        path: the file.

    Raises:
        CourseError: the file is not an export of either system, or a row has no name.
    """
    rows = read_rows(path)
    columns = {slug(name): name for row in rows[:1] for name in row}
    kinds = {MOODLE.get(name) for name in columns}
    if "sis-login-id" in columns or ("student" in columns and "id" in columns):
        kinds, make = {CANVAS.get(name) for name in columns}, _canvas
        rows = [_by_kind(row, CANVAS) for row in rows]
    elif {"first", "last"} <= kinds or "name" in kinds:
        make = _moodle
        rows = [_by_kind(row, MOODLE) for row in rows]
    else:
        raise CourseError(_no_roster(path, columns.values(), kinds))
    found = [(number, row, make(row)) for number, row in enumerate(rows, 2)]
    known = [(number, row, person) for number, row, person in found if person]
    for number, _, person in known:
        if not slug(person.folder):
            raise CourseError(f"{path}: the student in line {number} has no name.")
    # If no role looks like a student's, this module does not know the roles' names: keep all rows.
    students = [p for _, row, p in known if _STUDENT_ROLE.search(row.get("role", ""))]
    if "role" not in kinds or not students:
        students = [person for _, _, person in known]
    others = [f"{p.first} {p.last}".strip() for _, _, p in known if p not in students]
    return Roster(list(dict.fromkeys(students)), others)


def _no_roster(path: Path, columns: Iterable[str], kinds: Collection[str | None]) -> str:
    if "participant" in kinds:
        return (
            f"{path} is a grading worksheet without names: marking is blind. Reveal the students' "
            "identities in Moodle and download it again, or take in the participants' export."
        )
    return (
        f"{path} is no participants' export of Moodle (columns First name, Last name, Email "
        f"address, or Full name), no grading worksheet of Moodle (Identifier, Full name) nor a "
        f"gradebook export of Canvas (Student, ID, SIS Login ID); it has: "
        f"{', '.join(columns) or 'no rows'}."
    )


def _moodle(cell: Mapping[str, str]) -> Person:
    first, last = cell.get("first", ""), cell.get("last", "")
    if "name" in cell and not (first or last):
        # "Núñez, Ana" tells the family name from the given name; "Ana Núñez" stays one name.
        before, comma, after = cell["name"].partition(",")
        first, last = (after.strip(), before.strip()) if comma else (cell["name"], "")
    number = _PARTICIPANT.fullmatch(cell.get("participant", ""))
    return Person(
        first,
        last,
        cell.get("email", ""),
        cell.get("number", ""),
        f"{first} {last}".strip(),
        number[1] if number else "",
    )


def _canvas(cell: Mapping[str, str]) -> Person | None:
    """A row's student; None for "Points Possible", remarks on assignments, the test student."""
    last, comma, first = cell.get("name", "").partition(",")
    if not comma:
        last, first = cell.get("last", last), cell.get("first", "")
    first = first.strip()
    known = any(cell.get(kind) for kind in ("number", "sis", "email"))
    test = slug(f"{last} {first}") in TEST_STUDENTS and not cell.get("sis")
    if not known or test:
        return None
    # Canvas joins family and given names without a space in file names.
    folder = re.sub(r"\W", "", f"{last}{first}")
    return Person(first, last.strip(), cell.get("email", ""), cell.get("number", ""), folder)


def _by_kind(row: Mapping[str, str], kinds: Mapping[str, str]) -> dict[str, str]:
    return {kinds[slug(name)]: value for name, value in row.items() if slug(name) in kinds}


def take_in(gradebook: Gradebook, people: Iterable[Person]) -> dict[str, Person]:
    """Add students to the gradebook, or update their names.

    A student whom the gradebook knows by number or e-mail keeps the id. No student is removed.

    Args:
        gradebook: the gradebook.
        people: students of a roster.

    Returns:
        Student id → student.

    Raises:
        CourseError: nothing tells two students apart; then no student is written.
    """
    people = list(people)
    ids = student_ids(people, gradebook.students)
    for student, person in ids.items():
        values = {
            "first_name": person.first,
            "last_name": person.last,
            "email": person.email,
            "lms_user_id": person.number,
        }
        if not person.last and _known_by_two_names(gradebook, student):
            del values["first_name"]
        given = {name: value for name, value in values.items() if value}
        gradebook.update_or_create_student(student, **given)
    return ids


def _known_by_two_names(gradebook: Gradebook, student: str) -> bool:
    """Whether the gradebook has a student's family name.

    If so, both names are known, and a full name from a single column must replace neither.
    """
    try:
        return bool(gradebook.find_student(student).last_name)
    except MissingEntry:
        return False


def student_ids(people: list[Person], known: Iterable[Student] = ()) -> dict[str, Person]:
    """Choose the ids of a class.

    An id is the slug of the name, which ``zip_collect`` also makes from the LMS's file names. A
    student whom the gradebook knows keeps the id.

    Args:
        people: the students of the class.
        known: students in the gradebook.

    Returns:
        Student id → student.

    Raises:
        CourseError: two students have the same name, and nothing else tells them apart.
    """
    known = list(known)
    by_number = {student.lms_user_id: student.id for student in known if student.lms_user_id}
    by_email = {student.email.lower(): student.id for student in known if student.email}
    names = Counter(slug(person.folder) for person in people)
    ids: dict[str, Person] = {}
    for person in people:
        new = slug(person.folder)
        if names[new] > 1 or _someone_elses(new, person, known):
            apart = slug(person.number) or slug(person.email.partition("@")[0])
            new = f"{new}-{apart}" if apart else new
        found = by_number.get(person.number) or by_email.get(person.email.lower())
        found = found or _by_name(person, known) or new
        if found in ids:
            raise CourseError(
                f"Two students are called '{person.first} {person.last}', and neither an ID number "
                "nor an e-mail address tells them apart: add one of them to the export."
            )
        ids[found] = person
    return ids


def _by_name(person: Person, known: Iterable[Student]) -> str:
    """Id of the student in the gradebook whose two names, in either order, are a person's one name.

    Empty if the person has two names, or if there is not exactly one such student.
    """
    if person.last:
        return ""
    name = slug(person.first)
    both = [(student.first_name or "", student.last_name or "", student.id) for student in known]
    found = [
        student
        for first, last, student in both
        if last and name in (slug(f"{first} {last}"), slug(f"{last} {first}"))
        if not _someone_elses(student, person, known)
    ]
    return found[0] if len(found) == 1 else ""


def _someone_elses(student: str, person: Person, known: Iterable[Student]) -> bool:
    """Whether an id in the gradebook belongs to another person.

    It does if the gradebook's number or e-mail for the id differs from the person's.
    """
    return any(
        found.id == student
        and any(
            theirs and own and theirs.lower() != own.lower()
            for theirs, own in ((found.lms_user_id, person.number), (found.email, person.email))
        )
        for found in known
    )
