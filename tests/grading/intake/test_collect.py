"""``nbgrader zip_collect``: a class of 200 from each LMS, and what must not come in."""

import contextlib
import io
import itertools
import json
import logging
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from nbgrader.apps import ZipCollectApp

from course_utils.grading.intake import GRADED, UNREADABLE, names
from course_utils.grading.intake.collect import ClassExtractor
from course_utils.grading.pipeline import Pipeline
from course_utils.grading.release.submissions import fill
from tests.grading.intake import fixture
from tests.grading.intake.damage import zip_of

UNIT = fixture.UNIT
pytestmark = pytest.mark.xdist_group("intake-collect")
FIRST = ("Ana", "José Luis", "Núria", "Íñigo", "Zoë", "M.ª Ángeles", "D'Angelo", "Łukasz")
LAST = ("Núñez", "García-Márquez", "O'Higgins", "de la Peña", "Ibáñez Ü.")
NAMES = [f"{first} {last} {number}" for first, last, number in
         itertools.product(FIRST, LAST, ("Uno", "Dos", "Tres", "Cuatro", "Cinco"))]  # fmt: skip

Naming = Callable[[int, str], str]
LMS: dict[str, Naming] = {
    "moodle": lambda i, name: f"{name}_{4000 + i}_assignsubmission_file_{UNIT}.ipynb",
    "moodle-folders": lambda i, name: f"{name}_{4000 + i}_assignsubmission_file/{UNIT}.ipynb",
    "moodle-old-folders": lambda i, name: f"{name}_{4000 + i}_assignsubmission_file_/{UNIT}.ipynb",
    "canvas": lambda i, name: (
        f"{canvas(name)}_{'LATE_' * (i % 2)}{70 + i}_{90000 + i}_{UNIT}{'-1' * (i % 3 == 0)}.ipynb"
    ),
    "classroom": lambda i, name: f"Tarea 1/{name} - {UNIT}.ipynb",
    "classroom-title-first": lambda i, name: f"Tarea 1/{UNIT} - {name}.ipynb",
    "drive-folders": lambda i, name: f"Entregas/{name}/Copia de {UNIT}.ipynb",
}


def canvas(name: str) -> str:
    """Canvas writes last name and first name as one word."""
    return "".join(sign for sign in name.lower() if sign.isalnum())


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    return fixture.make(tmp_path_factory.mktemp("collect") / "course")


@pytest.fixture(scope="module")
def right(pipeline: Pipeline) -> bytes:
    return json.dumps(fill(fixture.released(pipeline), fixture.ANSWERS)).encode()


@pytest.fixture
def downloads(pipeline: Pipeline) -> Path:
    """An empty ``downloaded/UNIT/archive``, and nothing handed in."""
    root = pipeline.course.root
    for folder in ("downloaded", "submitted"):
        subprocess.run(["rm", "-rf", root / folder], check=True)
    archive = root / "downloaded" / UNIT / "archive"
    archive.mkdir(parents=True)
    return archive


def run(pipeline: Pipeline, *options: str, code: int = 0) -> str:
    """Run the command as an instructor would; returns what it says."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["nbgrader", "zip_collect", UNIT, *options],
        cwd=pipeline.course.root,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr[-3000:]
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def collect(pipeline: Pipeline, *options: str, code: int = 0) -> str:
    """The same within this process, which takes a tenth of the time."""
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    with contextlib.chdir(pipeline.course.root), contextlib.redirect_stdout(said):
        app = ZipCollectApp()
        app.initialize([UNIT, *options])
        app.log.addHandler(handler)
        ended = 0
        try:
            app.start()
        except SystemExit as error:
            ended = error.code
        finally:
            app.log.removeHandler(handler)
    assert ended == code, said.getvalue()[-3000:]
    return said.getvalue()


def states(pipeline: Pipeline) -> dict[str, str]:
    """State of every student after intake."""
    intake = fixture.intake_of(pipeline)
    return {student: intake.take(student).record.state for student in pipeline.students(UNIT)}


def students(pipeline: Pipeline) -> list[str]:
    return sorted(path.name for path in (pipeline.course.root / "submitted").iterdir())


@pytest.mark.parametrize("lms", LMS)
def test_a_class_of_200_comes_in_with_no_name_lost(pipeline, right, downloads, lms):
    assert len(NAMES) == len(set(map(names.slug, NAMES))) == 200
    members = [(LMS[lms](i, name), right) for i, name in enumerate(NAMES)]
    (downloads / "clase.zip").write_bytes(zip_of(*members))
    collect(pipeline)
    wanted = map(canvas, NAMES) if lms == "canvas" else NAMES
    assert students(pipeline) == sorted(map(names.slug, wanted))
    assert set(states(pipeline).values()) == {GRADED}


def test_names_without_the_utf_8_flag_are_read_as_utf_8(pipeline, right, downloads):
    content = bytearray(zip_of((LMS["moodle"](1, "Íñigo Núñez"), right)))
    for mark, offset in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        content[content.index(mark) + offset] &= ~8
    (downloads / "clase.zip").write_bytes(bytes(content))
    collect(pipeline)
    assert students(pipeline) == ["inigo-nunez"]


def test_a_folder_of_downloads_needs_no_zip(pipeline, right, downloads):
    for i, name in enumerate(NAMES[:20]):
        (downloads / LMS["moodle"](i, name)).write_bytes(right)
    collect(pipeline)
    assert len(students(pipeline)) == 20


def test_a_students_own_zip_in_an_unpacked_folder_stays_theirs(pipeline, right, downloads):
    for name in ("Ana Díaz", "Eva Paz"):
        (downloads / "Entregas" / name).mkdir(parents=True)
        packed = zip_of((f"{UNIT}.ipynb", right))
        (downloads / "Entregas" / name / "tarea.zip").write_bytes(packed)
    collect(pipeline)
    assert states(pipeline) == {"ana-diaz": GRADED, "eva-paz": GRADED}


def test_two_students_of_one_name_stay_two(pipeline, right, downloads):
    members = [(LMS["moodle"](i, "Ana Díaz"), right) for i in (1, 2)]
    (downloads / "clase.zip").write_bytes(zip_of(*members))
    collect(pipeline)
    assert students(pipeline) == ["ana-diaz-4001", "ana-diaz-4002"]


def test_two_files_of_one_student_both_come_in(pipeline, right, downloads):
    folder = "Ana Díaz_7_assignsubmission_file"
    members = [(f"{folder}/{UNIT}.ipynb", b""), (f"{folder}/a/{UNIT}.ipynb", right)]
    members += [(f"{folder}/{UNIT.upper()}.ipynb", right)]
    (downloads / "clase.zip").write_bytes(zip_of(*members))
    collect(pipeline)
    files = list((pipeline.course.root / "submitted" / "ana-diaz").rglob("*.ipynb"))
    assert len(files) == 3
    assert states(pipeline) == {"ana-diaz": GRADED}


def test_the_pattern_can_be_set(pipeline, right, downloads):
    (downloads / f"2026-11-20 legajo 123 {UNIT}.ipynb").write_bytes(right)
    pattern = r"\S+ legajo (?P<student_id>\d+) (?P<file>.+)"
    collect(pipeline, f"--ClassCollector.patterns={pattern}")
    assert students(pipeline) == ["123"]


def test_bombs_traversals_and_nested_zips_are_refused_and_the_rest_goes_on(
    pipeline, right, downloads
):
    nested = zip_of(("x.zip", zip_of((f"{UNIT}.ipynb", right))))
    moodle = LMS["moodle"]
    members = [
        (moodle(1, "Honesta"), right),
        (moodle(2, "Bomba"), b"\0" * (200 * 2**20)),
        (moodle(3, "Anidada").replace(".ipynb", ".zip"), nested),
        (moodle(4, "Comprimida").replace(".ipynb", ".zip"), zip_of((f"{UNIT}.ipynb", right))),
        ("../../../fuera.ipynb", right),
        ("/tmp/fuera-intake.ipynb", right),
        (moodle(5, "Última"), right),
    ]
    (downloads / "clase.zip").write_bytes(zip_of(*members))
    (downloads / "rota.zip").write_bytes(b"PK\x03\x04 nada")
    (downloads / "enlace.zip").symlink_to("/etc/hostname")
    log = collect(pipeline, code=1)
    assert log.count("fuera de la entrega") == 2
    assert "rota.zip: El ZIP «rota.zip» está dañado" in log
    assert "enlace-entrega-rechazada.txt lies directly" in log
    assert states(pipeline) == {
        "honesta": GRADED,
        "bomba": UNREADABLE,
        "anidada": UNREADABLE,
        "comprimida": GRADED,
        "ultima": GRADED,
    }
    root = pipeline.course.root
    outside = [*root.parent.rglob("fuera*"), *Path("/tmp").glob("fuera-intake*")]
    assert outside == []


def test_a_document_keeps_its_student_on_the_list(pipeline, downloads):
    path = LMS["moodle"](1, "Ana Díaz").replace(".ipynb", ".pdf")
    (downloads / "clase.zip").write_bytes(zip_of((path, b"%PDF-1.7")))
    collect(pipeline)
    assert states(pipeline) == {"ana-diaz": UNREADABLE}


def test_collecting_again_takes_the_newer_files(pipeline, right, downloads):
    for content in (b"{}", right):
        (downloads / "clase.zip").write_bytes(zip_of((LMS["moodle"](1, "Ana Díaz"), content)))
        collect(pipeline)
    assert states(pipeline) == {"ana-diaz": GRADED}


def test_a_flat_zip_merges_nobody_and_says_so(pipeline, right, downloads):
    """A file directly in the ZIP's own folder has no owner; the ZIP's name is none."""
    files = ("Ana_u4.ipynb", "Luis_u4.ipynb", "unidad4 Eva.ipynb")
    (downloads / "clase.zip").write_bytes(zip_of(*((file, right) for file in files)))
    for options in ([], ["--ClassCollector.dry_run=True"]):
        log = run(pipeline, *options, code=1)
        for file in files:
            assert f"clase/{file} lies directly in the folder of the ZIP" in log
        assert not (pipeline.course.root / "submitted").exists()


def test_a_dry_run_lists_who_gets_what_and_writes_nothing(pipeline, right, downloads):
    members = [(LMS["moodle"](1, "Ana Díaz"), right), ("suelto.ipynb", right)]
    (downloads / "clase.zip").write_bytes(zip_of(*members, (LMS["moodle"](2, "Eva"), right)))
    log = collect(pipeline, "--ClassCollector.dry_run=True", code=1)
    name = LMS["moodle"](1, "Ana Díaz")
    assert f"ana-diaz <- clase/{name} as {UNIT}.ipynb" in log
    assert "no student <- clase/suelto.ipynb: it is not named as the other files are" in log
    assert not (pipeline.course.root / "submitted").exists()
    collect(pipeline, code=1)
    assert students(pipeline) == ["ana-diaz", "eva"]


def test_long_names_and_a_file_called_like_a_folder_cost_nobody(pipeline, right, downloads):
    folder = "Ana Núñez_1_assignsubmission_file_"
    deep = "/".join(["x"] * 300)
    members = [
        (folder, b"x"),
        (f"{folder}/{UNIT}.ipynb", right),
        (f"Luis Soto_2_assignsubmission_file_/{'ñ' * 140}.ipynb", right),
        (f"Luis Soto_2_assignsubmission_file_/{'ñ' * 139}n.ipynb", b"{}"),
        (f"Eva Paz_3_assignsubmission_file_/{deep}/{UNIT}.ipynb", right),
    ]
    (downloads / "clase.zip").write_bytes(zip_of(*members))
    collect(pipeline)
    assert states(pipeline) == dict.fromkeys(("ana-nunez", "eva-paz", "luis-soto"), GRADED)
    luis = pipeline.course.root / "submitted" / "luis-soto" / UNIT
    assert len(list(luis.iterdir())) == 2


def test_the_roster_names_strangers_and_whoever_is_missing(pipeline, right, downloads):
    with pipeline.gradebook() as gradebook:
        people = [("ana-nunez", "Ana", "Núñez"), ("luis-soto", "Luis", "Soto")]
        for student, first, last in people:
            gradebook.add_student(student, first_name=first, last_name=last)
    try:
        (downloads / "clase.zip").write_bytes(zip_of((LMS["moodle"](1, "Núñez Ana"), right)))
        log = collect(pipeline)
        assert students(pipeline) == ["ana-nunez"]
        assert "1 students of the roster have no file here: luis-soto" in log
        members = [(LMS["moodle"](2, "Eva Paz"), right), (LMS["moodle"](3, "Soto Luis"), right)]
        (downloads / "clase.zip").write_bytes(zip_of(*members))
        log = collect(pipeline, code=1)
        assert "'Eva Paz' is in no roster: collected as 'eva-paz'" in log
        assert "luis-soto" in students(pipeline)
    finally:
        with pipeline.gradebook() as gradebook:
            for student, _, _ in people:
                gradebook.remove_student(student)


def test_a_worksheets_numbers_name_the_students_of_a_blind_zip(pipeline, right, downloads):
    from course_utils.grading.commands.cli import main

    root = pipeline.course.root
    worksheet = "Identificador,Nombre completo,Estado\nParticipante 1327627,Ana Núñez,Enviado\n"
    (root / "hoja.csv").write_text(worksheet, encoding="utf-8-sig")
    before = Path.cwd()
    os.chdir(root)
    try:
        assert main(["roster", "hoja.csv"]) == 0
        member = "Participante_1327627_assignsubmission_file_/x.ipynb"
        (downloads / "clase.zip").write_bytes(zip_of((member, right)))
        collect(pipeline)
        assert students(pipeline) == ["ana-nunez"]
    finally:
        os.chdir(before)
        with pipeline.gradebook() as gradebook:
            gradebook.remove_student("ana-nunez")


def test_a_table_of_contents_of_a_million_files_is_not_read():
    from course_utils.grading.intake import archives
    from course_utils.grading.rebuild.notes import Refusal

    lie = b"PK\x05\x06" + b"\0" * 4 + b"\xff\xff" * 2 + (50 * 2**20).to_bytes(4, "little")
    with pytest.raises(Refusal, match="demasiados archivos"):
        next(archives.members(io.BytesIO(lie + b"\0" * 6), "x.zip", 2**20))


def test_a_link_inside_a_zip_is_refused(tmp_path):
    from course_utils.grading.intake.files import read

    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        info = zipfile.ZipInfo("clave.ipynb")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    found = read([tmp_path])
    assert found.files == {}
    assert "enlace" in found.refused[0]


def test_two_files_that_would_have_one_place_both_stay(tmp_path):
    source, target = tmp_path / "archive", tmp_path / "extracted"
    deep = [source.joinpath("ana", *"abcdefghijklmnop", last, "x.csv") for last in ("y", "z")]
    for path in deep:
        path.parent.mkdir(parents=True)
        path.write_text(path.parent.name)
    ClassExtractor().extract(str(source), str(target))
    assert sorted(path.read_text() for path in target.rglob("*.csv")) == ["y", "z"]
