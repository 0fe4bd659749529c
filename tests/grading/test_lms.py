"""Students in from Moodle and Canvas, marks out to them: nobody lost, nobody mixed up."""

import csv
import io
import itertools
import logging
import shutil
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from nbgrader.api import Gradebook
from nbgrader.apps import ExportApp
from traitlets import TraitError
from traitlets.config import Config

from course_utils.grading.commands.cli import main
from course_utils.grading.course import CONFIG, CourseError
from course_utils.grading.gradebook.export import MarksExportPlugin
from course_utils.grading.gradebook.lateness import DAY, LatePenalty
from course_utils.grading.intake.layouts import owner
from course_utils.grading.intake.names import Owner
from course_utils.grading.intake.names import student_ids as ids_of_files
from course_utils.grading.lms import roster
from course_utils.grading.lms.export import CanvasExportPlugin, LmsExportPlugin, MoodleExportPlugin
from tests.grading.courses import ROOT
from tests.grading.small import RIGHT, UNIT, hand_ins, small_course

pytestmark = pytest.mark.xdist_group("lms")
FIRST = [
    "José",
    "Ana María",
    "Zoë",
    "Iñaki",
    "Li",
    "Ángel",
    "María, Inés",
    "O'Brian",
    "Søren",
    "X Æ",
]
LAST = ["Núñez", "García Márquez", "de la Cruz, hijo", "Muñoz-Peña", "Li"]
PEOPLE = [
    # Four of each of 50 names.
    {"first": first, "last": last, "number": str(1000 + n), "login": f"u{n}@uni.example"}
    for n, (_, first, last) in enumerate(itertools.product(range(4), FIRST, LAST))
]


def table(columns: list[str], rows: list[list[str]], delimiter: str = ",") -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def moodle_file(folder: Path) -> Path:
    rows = [[p["first"], p["last"], p["number"], p["login"], "Grupo A"] for p in PEOPLE]
    columns = ["Nombre", "Apellido(s)", "Número de ID", "Dirección de correo", "Grupos"]
    path = folder / "participantes.csv"
    path.write_bytes(table(columns, rows, ";").encode("utf-8-sig"))
    return path


def canvas_file(folder: Path) -> Path:
    rows = [["    Points Possible", "", "", "", "", "20"]]
    rows += [
        [f"{p['last']}, {p['first']}", p["number"], f"S{p['number']}", p["login"], "A", ""]
        for p in PEOPLE
    ]
    rows += [["Student, Test", "99999", "", "abc123", "A", ""]]
    columns = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Unidad 1 (77)"]
    path = folder / "canvas.csv"
    path.write_text(table(columns, rows), encoding="utf-8")
    return path


SYSTEMS = {
    "moodle": (moodle_file, MoodleExportPlugin, "Email address"),
    "canvas": (canvas_file, CanvasExportPlugin, "SIS Login ID"),
}


def graded(gradebook: Gradebook, student: str, points: float | None) -> None:
    """A submission with these points; None: one that could not be graded."""
    submission = gradebook.add_submission(UNIT, student)
    for grade in submission.notebooks[0].grades:
        grade.needs_manual_grade = False
        if grade.cell.cell_type == "markdown":
            grade.manual_score = 0.0
        elif points is not None:
            grade.auto_score = points if grade.name.endswith("visible") else 0.0
    gradebook.db.commit()


@pytest.fixture
def gradebook(tmp_path: Path):
    pipeline = small_course(tmp_path / "course")
    with pipeline.gradebook() as book:
        yield book


@pytest.mark.parametrize("system", SYSTEMS)
def test_200_students_go_in_and_their_marks_come_out_to_them(system, gradebook, tmp_path):
    make, plugin, key = SYSTEMS[system]
    ids = roster.take_in(gradebook, roster.load(make(tmp_path)).people)
    assert len(ids) == len(gradebook.students) == 200
    # A mark of its own for everybody; every tenth can't be graded.
    points = {p["login"]: None if n % 10 == 9 else n / 100 for n, p in enumerate(PEOPLE)}
    for student, person in ids.items():
        graded(gradebook, student, points[person.email])
    target = tmp_path / "marks.csv"
    plugin(to=str(target)).export(gradebook)
    with target.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row[key]]
    empty = plugin.ungraded
    assert {row[key]: row[UNIT] for row in rows} == {
        login: empty if value is None else f"{value:.2f}".rstrip("0").rstrip(".")
        for login, value in points.items()
    }
    names = {p["login"]: (p["first"], p["last"]) for p in PEOPLE}
    if system == "moodle":
        assert {row[key]: (row["First name"], row["Last name"]) for row in rows} == names
    else:
        assert {row[key]: row["Student"] for row in rows} == {
            login: f"{last}, {first}" for login, (first, last) in names.items()
        }


@pytest.mark.parametrize("system", SYSTEMS)
def test_taking_the_same_class_in_again_changes_nobody(system, gradebook, tmp_path):
    path = SYSTEMS[system][0](tmp_path)
    before = roster.take_in(gradebook, roster.load(path).people)
    assert roster.take_in(gradebook, reversed(roster.load(path).people)) == before
    assert len(gradebook.students) == 200


def test_canvas_files_and_roster_give_one_id(tmp_path):
    people = roster.load(canvas_file(tmp_path)).people
    by_number = {person.number: student for student, person in roster.student_ids(people).items()}
    files = [f"{person.folder.lower()}_{person.number}_55_{UNIT}.ipynb" for person in people]
    owners = [found for file in files if (found := owner(file))]
    assert len(owners) == 200
    ids = ids_of_files(owners)
    assert {found.number: ids[found.name, found.number] for found in owners} == by_number


def test_moodle_files_and_roster_give_one_id_where_names_differ():
    person = roster.Person("Ana", "Núñez", "a@b.c", "", "Ana Núñez")
    (student,) = roster.student_ids([person])
    found = owner(f"Ana Núñez_1234_assignsubmission_file_/{UNIT}.ipynb")
    assert isinstance(found, Owner)
    assert list(ids_of_files([found]).values()) == [student] == ["ana-nunez"]


def test_the_canvas_file_has_canvas_own_head(gradebook, tmp_path):
    roster.take_in(gradebook, roster.load(canvas_file(tmp_path)).people)
    CanvasExportPlugin(to=str(tmp_path / "c.csv"), title="{unit} (77)").export(gradebook)
    head, possible, *_ = (tmp_path / "c.csv").read_text(encoding="utf-8").splitlines()
    assert head == f"Student,ID,SIS User ID,SIS Login ID,Section,{UNIT} (77)"
    assert possible == "    Points Possible,,,,,20"


def test_a_reflection_that_waits_leaves_the_mark_empty_unless_asked_for(gradebook, tmp_path):
    roster.take_in(gradebook, [roster.Person("Ana", "Díaz", "a@b.c", "7", "Ana Díaz")])
    graded(gradebook, "ana-diaz", 5.0)
    gradebook.find_grade("u6-reflexion", UNIT, UNIT, "ana-diaz").needs_manual_grade = True
    gradebook.db.commit()
    for unfinished, mark in ((False, "-"), (True, "5")):
        target = tmp_path / "m.csv"
        MoodleExportPlugin(to=str(target), unfinished=unfinished).export(gradebook)
        assert target.read_text(encoding="utf-8").splitlines()[1] == f"Ana,Díaz,7,a@b.c,{mark}"


def test_a_new_student_of_the_same_name_takes_nobodys_marks(gradebook):
    roster.take_in(gradebook, [roster.Person("Ana", "Díaz", "a1@b.c", "7", "Ana Díaz")])
    graded(gradebook, "ana-diaz", 5.0)
    ids = roster.take_in(gradebook, [roster.Person("Ana", "Diaz", "a2@b.c", "8", "Ana Diaz")])
    assert list(ids) == ["ana-diaz-8"]
    assert gradebook.find_student("ana-diaz").email == "a1@b.c"


def test_twins_that_nothing_tells_apart_are_refused_before_anything_is_written(gradebook):
    twins = [roster.Person("Ana", "Díaz", "", "", name) for name in ("Ana Díaz", "Ana Diaz")]
    with pytest.raises(CourseError, match="tells them apart"):
        roster.take_in(gradebook, twins)
    assert gradebook.students == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"one column\nx\n", "is no CSV"),
        (b"a,b\n1,2\n", "is no participants' export"),
        (b"", "is no CSV"),
        (b"First name,Last name,Email address\n,,x@y.z\n", "line 2 has no name"),
        (None, "can't be read"),
    ],
)
def test_a_file_that_is_no_roster_is_said_in_one_sentence(
    content, says, tmp_path, monkeypatch, capsys
):
    shutil.copy(ROOT / CONFIG, tmp_path)
    (tmp_path / "source").mkdir()
    path = tmp_path / "roster.csv"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.chdir(tmp_path)
    assert main(["roster", str(path)]) == 2
    assert says in capsys.readouterr().err


# Files as they come, and the students in them.
ANA = roster.Person("Ana", "Núñez", "ana@x.org", "", "Ana Núñez")
CANVAS_ANA = roster.Person("Ana", "Núñez", "anunez", "42", "NúñezAna")
ROSTERS: dict[str, tuple[bytes, list[roster.Person]]] = {
    "canvas-semicolons-and-commas-in-titles": (
        'Student;ID;SIS User ID;SIS Login ID;Section;"Unidad 1, ejercicios 1, 2, 3, 4, 5, 6 (1)"\n'
        '    Points Possible;;;;;20\n"Núñez, Ana";42;777;anunez;A;17,5\n'.encode(),
        [CANVAS_ANA],
    ),
    "excel-sep": (
        b"sep=;\r\nStudent;ID;SIS User ID;SIS Login ID;Section\r\n"
        b'"N\xc3\xba\xc3\xb1ez, Ana";42;777;anunez;A\r\n',
        [CANVAS_ANA],
    ),
    "worksheet-english": (
        '\ufeffIdentifier,"Full name","ID number","Email address",Status,Grade\n'
        '"Participant 1327627","Ana Núñez",1234,ana@x.org,"Submitted for grading - ",\n'.encode(),
        [roster.Person("Ana Núñez", "", "ana@x.org", "1234", "Ana Núñez", "1327627")],
    ),
    "worksheet-spanish": (
        '\ufeffIdentificador,"Nombre completo","Dirección de correo",Estado\n'
        '"Participante 1327627","Ana Núñez",ana@x.org,"Enviado para calificar"\n'.encode(),
        [roster.Person("Ana Núñez", "", "ana@x.org", "", "Ana Núñez", "1327627")],
    ),
    "mac-roman": (
        "Nombre;Apellido(s);Dirección de correo\nAna;Núñez;ana@x.org\n".encode("mac_roman"),
        [ANA],
    ),
    "code-page-850": (
        "Nombre;Apellido(s);Dirección de correo\nAna;Núñez;ana@x.org\n".encode("cp850"),
        [ANA],
    ),
    "one-name-surname-first": (
        '"Apellido(s), Nombre",Dirección de correo\n"Núñez, Ana",ana@x.org\n'.encode(),
        [ANA],
    ),
    "one-name": (
        "Nombre / Apellido(s),Dirección de correo\nAna Núñez,ana@x.org\n".encode(),
        [roster.Person("Ana Núñez", "", "ana@x.org", "", "Ana Núñez")],
    ),
    "canvas-test-students": (
        'Student,ID,SIS User ID,SIS Login ID\n"Student, Test",1,,abc\nTest Student,2,,abd\n'
        '"Núñez, Ana",42,777,anunez\n'.encode(),
        [CANVAS_ANA],
    ),
    "teachers": (
        "First name,Last name,Email address,Roles\nAna,Núñez,ana@x.org,Estudiante\n"
        "Eva,Paz,eva@x.org,Profesor\nLeo,Gil,leo@x.org,\n".encode(),
        [ANA],
    ),
    "roles-nobody-foresaw": (
        "First name,Last name,Email address,Roles\nAna,Núñez,ana@x.org,Oyente\n".encode(),
        [ANA],
    ),
}


@pytest.mark.parametrize("name", ROSTERS)
def test_each_export_gives_its_students(name, tmp_path):
    content, people = ROSTERS[name]
    (tmp_path / "r.csv").write_bytes(content)
    assert roster.load(tmp_path / "r.csv").people == people


def test_those_without_a_students_role_are_told_and_left_out(gradebook, tmp_path, capsys):
    (tmp_path / "r.csv").write_bytes(ROSTERS["teachers"][0])
    assert roster.load(tmp_path / "r.csv").others == ["Eva Paz", "Leo Gil"]


def test_a_worksheet_of_blind_marking_says_what_to_do(tmp_path):
    (tmp_path / "r.csv").write_text("Identificador,Estado\nParticipante 7,Enviado\n")
    with pytest.raises(CourseError, match="Reveal the students' identities"):
        roster.load(tmp_path / "r.csv")


def test_one_column_of_names_takes_nothing_from_two(gradebook):
    roster.take_in(gradebook, [roster.Person("Ana", "Núñez", "", "", "Ana Núñez")])
    for name in ("Ana Núñez", "Núñez Ana"):
        ids = roster.take_in(gradebook, [roster.Person(name, "", "a@b.c", "", name, "7")])
        assert list(ids) == ["ana-nunez"]
    found = gradebook.find_student("ana-nunez")
    assert (found.first_name, found.last_name, found.email) == ("Ana", "Núñez", "a@b.c")
    roster.take_in(gradebook, [roster.Person("Ana", "Núñez", "", "", "Ana Núñez")])
    assert gradebook.find_student("ana-nunez").email == "a@b.c"  # a file without it takes it not


@pytest.mark.parametrize("plugin", [MoodleExportPlugin, CanvasExportPlugin, MarksExportPlugin])
def test_marks_of_whoever_is_in_no_roster_are_not_silent(plugin, gradebook, tmp_path, caplog):
    roster.take_in(gradebook, [roster.Person("Ana", "Díaz", "a@b.c", "7", "Ana Díaz")])
    gradebook.add_student("nunez-ana")
    graded(gradebook, "ana-diaz", 5.0)
    app = ExportApp()
    exporter = plugin(parent=app, to=str(tmp_path / "m.csv"))
    exporter.log = logging.getLogger("export")
    exporter.export(gradebook)
    assert "in no roster" not in caplog.text
    graded(gradebook, "nunez-ana", 5.0)
    ends = pytest.raises(SystemExit) if plugin is not MarksExportPlugin else nullcontext()
    with ends as ended:
        exporter.export(gradebook)
    assert ended is None or ended.value.code == 1
    assert "1 students with marks are in no roster" in caplog.text
    assert "nunez-ana" in caplog.text


@pytest.mark.parametrize("plugin", [MoodleExportPlugin, CanvasExportPlugin, MarksExportPlugin])
def test_no_exporter_writes_a_formula_and_ids_stay_what_they_are(plugin, gradebook, tmp_path):
    evil = '=HYPERLINK("http://x","y")'
    people = [
        roster.Person("\t=1+1", evil, "-ana@x.org", "+42", "Ana"),
        roster.Person("＝cmd", "@SUM(1)", "=1+cmd|' /C calc'!A0", "=2", "Luis"),
    ]
    roster.take_in(gradebook, people)
    plugin(to=str(tmp_path / "m.csv")).export(gradebook)
    text = (tmp_path / "m.csv").read_text(encoding="utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert not [cell for cell in cells if cell.lstrip('\t" ')[:1] in "=@＝" and cell.strip()]
    if plugin is not MarksExportPlugin:
        assert {"-ana@x.org", "+42"} <= set(cells)
        assert not (tmp_path / "m.csv").read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252", "utf-8-sig"])
def test_a_spreadsheets_encoding_keeps_the_accents(encoding, tmp_path):
    path = tmp_path / "r.csv"
    path.write_bytes("First name\tLast name\tEmail address\nZoë\tNúñez\tz@u.e\n".encode(encoding))
    assert roster.load(path).people == [roster.Person("Zoë", "Núñez", "z@u.e", "", "Zoë Núñez")]


@pytest.mark.parametrize(
    ("seconds", "penalty"),
    [(600, None), (601, 1.0), (600 + DAY, 1.0), (601 + DAY, 2.0), (90 * DAY, 5.0)],
)
def test_lateness_costs_a_share_for_each_day_begun(seconds, penalty):
    policy = LatePenalty(percent_a_day=10.0, at_most=50.0, grace_minutes=10.0)
    assert policy.late_submission_penalty("ana", 10.0, seconds) == penalty


def late(due: str, handed_in: str, **traits: Any) -> float | None:
    """Points of 10 that lateness takes, by the clocks of Madrid."""
    zone = ZoneInfo("Europe/Madrid")
    policy = LatePenalty(percent_a_day=10.0, timezone="Europe/Madrid", **traits)
    times = (datetime.fromisoformat(time).replace(tzinfo=zone) for time in (due, handed_in))
    return policy.penalty(10.0, *(t.astimezone(UTC).replace(tzinfo=None) for t in times))


@pytest.mark.parametrize(
    ("due", "handed_in", "penalty"),
    [
        # Clocks go back on 25 October 2026 (a day of 25 hours), forward on 29 March (23 hours).
        ("2026-10-24 23:59", "2026-10-24 23:59", None),
        ("2026-10-24 23:59", "2026-10-25 00:00", 1.0),
        ("2026-10-24 23:59", "2026-10-25 23:59", 1.0),
        ("2026-10-24 23:59", "2026-10-26 00:00", 2.0),
        ("2026-10-24 23:59", "2026-10-31 23:59", 7.0),
        ("2026-03-28 23:59", "2026-03-29 23:59", 1.0),
        ("2026-03-28 23:59", "2026-03-30 00:00", 2.0),
        ("2026-06-01 12:00", "2026-06-02 12:00", 1.0),
    ],
)
def test_a_late_day_is_one_when_the_clocks_change(due, handed_in, penalty):
    assert late(due, handed_in) == penalty


def test_the_hour_that_comes_twice_is_late_and_one_day():
    policy = LatePenalty(percent_a_day=10.0, timezone="Europe/Madrid")
    due, handed_in = datetime(2026, 10, 25, 0, 30), datetime(2026, 10, 25, 1, 10)  # 2:30, 2:10
    assert policy.penalty(10.0, due, handed_in) == 1.0


def test_the_hour_that_is_left_out_takes_no_grace():
    assert late("2026-03-29 01:55", "2026-03-29 03:05", grace_minutes=15) is None
    assert late("2026-03-29 01:55", "2026-03-29 03:15", grace_minutes=15) == 1.0


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),
    st.integers(1, 30),
    st.sampled_from(["Europe/Madrid", "America/Santiago", "America/Mexico_City", "UTC"]),
)
@settings(deadline=None)
def test_the_same_hour_some_days_later_costs_as_many_days(due, days, name):
    zone = ZoneInfo(name)
    policy = LatePenalty(percent_a_day=1.0, timezone=name)
    both = [(due + timedelta(days=n)).replace(tzinfo=zone) for n in (0, days)]
    utc = [time.astimezone(UTC).replace(tzinfo=None) for time in both]
    wall = [time.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None) for time in utc]
    assume(wall == [time.replace(tzinfo=None) for time in both])  # hours that there are
    assert policy.penalty(100.0, *utc) == days


def test_a_zone_that_is_none_is_said():
    with pytest.raises(TraitError, match="there is no time zone 'Madrid'"):
        LatePenalty(timezone="Madrid")


def test_no_policy_takes_nothing_off():
    assert LatePenalty().late_submission_penalty("ana", 10.0, 30 * DAY) is None


def test_a_late_hand_in_loses_points_when_graded_and_in_the_file(tmp_path):
    pipeline = small_course(tmp_path / "course")
    pipeline.config.merge(Config({"LatePenalty": {"percent_a_day": 10.0}}))
    hand_ins(pipeline, {"ana": RIGHT})
    with pipeline.gradebook() as book:
        book.update_or_create_assignment(UNIT, duedate="2026-03-01 12:00:00 UTC")
    stamp = pipeline.course.root / "submitted" / "ana" / UNIT / "timestamp.txt"
    stamp.write_text("2026-03-02 13:00:00 UTC")
    assert pipeline.autograde(UNIT, "ana").graded
    mark = pipeline.mark(UNIT, "ana")
    assert (mark.automatic, mark.penalty, mark.total) == (
        18,
        pytest.approx(3.6),
        pytest.approx(14.4),
    )
    with pipeline.gradebook() as book:
        MoodleExportPlugin(to=str(tmp_path / "m.csv")).export(book)
    assert (tmp_path / "m.csv").read_text(encoding="utf-8").splitlines()[1].endswith(",14.4")
    stamp.unlink()  # the next hand-in says no time: the earlier one's is not its own
    assert pipeline.autograde(UNIT, "ana").graded
    assert (pipeline.mark(UNIT, "ana").penalty, pipeline.mark(UNIT, "ana").total) == (0, 18)


@pytest.mark.parametrize("plugin", [MoodleExportPlugin, CanvasExportPlugin])
def test_both_are_exporters_of_nbgrader(plugin):
    assert issubclass(plugin, LmsExportPlugin)
    assert plugin().student == plugin().assignment == []
