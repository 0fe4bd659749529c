"""Students from Moodle's and Canvas's exports into nbgrader's gradebook.

Moodle: Participants → Download table data as CSV. Canvas: Gradebook → Export. Column names may be
English or Spanish; the file may have a BOM, semicolons or a spreadsheet's encoding.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook, Student

from course_utils.grading.course import CourseError
from course_utils.grading.intake.names import slug
from course_utils.grading.tables import read_rows

# Slugs of column names → what they hold.
MOODLE = {
    "first-name": "first", "firstname": "first", "nombre": "first", "nombre-s": "first",
    "last-name": "last", "surname": "last", "lastname": "last", "apellido-s": "last",
    "apellidos": "last", "apellido": "last",
    "email-address": "email", "email": "email", "direccion-de-correo": "email",
    "direccion-email": "email", "correo-electronico": "email", "correo": "email",
    "id-number": "number", "idnumber": "number", "numero-de-id": "number",
    "numero-de-identificacion": "number",
}  # fmt: skip
CANVAS = {
    "student": "name", "estudiante": "name", "lastname": "last", "firstname": "first",
    "id": "number", "sis-user-id": "sis", "sis-login-id": "email", "section": "section",
}  # fmt: skip


@dataclass(frozen=True)
class Person:
    """A student as the LMS knows them.

    Attributes:
        first: given names.
        last: family names.
        email: address, or Canvas's login.
        number: Moodle's ID number, or Canvas's ID; empty where there is none.
        folder: how the LMS calls the student's files: what a student's id is made of.
    """

    first: str
    last: str
    email: str
    number: str
    folder: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells two people apart."""
        return (slug(f"{self.last} {self.first}"), self.number, self.email.lower())


def read(path: Path) -> list[Person]:
    """The students of an export, in its order; a person listed twice counts once.

    Raises:
        CourseError: the file is neither system's export, or a row has no name.
    """
    rows = read_rows(path)
    columns = {slug(name): name for row in rows[:1] for name in row}
    if "sis-login-id" in columns or ("student" in columns and "id" in columns):
        people = _canvas(rows)
    elif {"first", "last"} <= {MOODLE.get(name) for name in columns}:
        people = _moodle(rows)
    else:
        raise CourseError(
            f"{path} is no participants' export of Moodle (columns First name, Last name, Email "
            f"address) nor a gradebook export of Canvas (Student, ID, SIS Login ID); it has: "
            f"{', '.join(columns.values()) or 'no rows'}."
        )
    nameless = [number for number, person in enumerate(people, 2) if not slug(person.folder)]
    if nameless:
        raise CourseError(f"{path}: the student in line {nameless[0]} has no name.")
    return list(dict.fromkeys(people))


def _moodle(rows: Iterable[Mapping[str, str]]) -> list[Person]:
    people = []
    for row in rows:
        cell = _by_kind(row, MOODLE)
        first, last = cell.get("first", ""), cell.get("last", "")
        person = Person(
            first, last, cell.get("email", ""), cell.get("number", ""), f"{first} {last}"
        )
        people.append(person)
    return people


def _canvas(rows: Iterable[Mapping[str, str]]) -> list[Person]:
    people = []
    for row in rows:
        cell = _by_kind(row, CANVAS)
        last, comma, first = cell.get("name", "").partition(",")
        if not comma:
            last, first = cell.get("last", last), cell.get("first", "")
        known = any(cell.get(kind) for kind in ("number", "sis", "email"))
        test = (last, first.strip()) == ("Student", "Test") and not cell.get("sis")
        if not known or test:
            continue  # points possible, remarks on assignments, Canvas's test student
        first = first.strip()
        # Canvas's file names run family and given names together.
        folder = re.sub(r"\W", "", f"{last}{first}")
        email, number = cell.get("email", ""), cell.get("number", "")
        people.append(Person(first, last.strip(), email, number, folder))
    return people


def _by_kind(row: Mapping[str, str], kinds: Mapping[str, str]) -> dict[str, str]:
    return {kinds[slug(name)]: value for name, value in row.items() if slug(name) in kinds}


def take_in(gradebook: Gradebook, people: Iterable[Person]) -> dict[str, Person]:
    """Add the students or bring their names up to date.

    Whom the gradebook knows by number or e-mail keeps the id. Nobody is removed.

    Returns:
        id → student.

    Raises:
        CourseError: two students can't be told apart, or an id belongs to someone else; nothing
            is written then.
    """
    people = list(people)
    ids = student_ids(people, gradebook.students)
    for student, person in ids.items():
        gradebook.update_or_create_student(
            student,
            first_name=person.first or None,
            last_name=person.last or None,
            email=person.email or None,
            lms_user_id=person.number or None,
        )
    return ids


def student_ids(people: list[Person], known: Iterable[Student] = ()) -> dict[str, Person]:
    """Ids for a class: the slug of the name, as ``zip_collect`` makes it from the LMS's files.

    Args:
        people: the class.
        known: students that the gradebook has.

    Raises:
        CourseError: two students have the same name and nothing else tells them apart.
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
        found = by_number.get(person.number) or by_email.get(person.email.lower()) or new
        if found in ids:
            raise CourseError(
                f"Two students are called '{person.first} {person.last}', and neither an ID number "
                "nor an e-mail address tells them apart: add one of them to the export."
            )
        ids[found] = person
    return ids


def _someone_elses(student: str, person: Person, known: Iterable[Student]) -> bool:
    """Whether an id is another person's: it has a number or an e-mail, and not this person's."""
    return any(
        found.id == student
        and any(
            theirs and own and theirs.lower() != own.lower()
            for theirs, own in ((found.lms_user_id, person.number), (found.email, person.email))
        )
        for found in known
    )
