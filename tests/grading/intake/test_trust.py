"""What a submission has no say in: the teacher's process, the run, the time, other students."""

import codecs
import json
import os
import sys
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path, PurePosixPath

import pytest

from course_utils.grading.autograde import job as job_module
from course_utils.grading.autograde.job import Done
from course_utils.grading.autograde.pools import Pool
from course_utils.grading.autograde.scheduler import Scheduler
from course_utils.grading.autograde.search_path import without_course
from course_utils.grading.intake import GRADED, UNREADABLE, modules
from course_utils.grading.intake.decoding import decode
from course_utils.grading.intake.places import chosen, is_id
from course_utils.grading.intake.run import OUR_FAULT, Intake, handed_in_at
from course_utils.grading.pipeline import Pipeline
from course_utils.grading.release.submissions import fill
from tests.grading import runs
from tests.grading.intake import fixture
from tests.grading.intake.damage import zip_of
from tests.grading.test_execution import job as a_job

UNIT = fixture.UNIT
TIME = b"2000-01-02 03:04:05 UTC"
pytestmark = pytest.mark.xdist_group("intake-trust")


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    return fixture.make(tmp_path_factory.mktemp("trust") / "course")


@pytest.fixture(scope="module")
def right(pipeline: Pipeline) -> bytes:
    return json.dumps(fill(fixture.released(pipeline), fixture.ANSWERS)).encode()


@pytest.fixture
def intake(pipeline: Pipeline) -> Intake:
    return fixture.intake_of(pipeline)


def put(intake: Intake, path: str, content: bytes) -> Path:
    file = intake.submitted.root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


# --- no module is imported -----------------------------------------------------------------------


def traps(folder: str, marker: Path) -> dict[str, bytes]:
    """Files whose names, taken for a module's, would import a file or end the process."""
    code = f"open({str(marker)!r}, 'w')".encode()
    dotted = folder.replace("/", ".")
    return {
        f"{folder}/evil.py": code,
        f"{folder}/paquete/__init__.py": code,
        f"{folder}/{dotted}.evil.x.py": b"",
        f"{folder}/{dotted}.paquete.x.py": b"",
        f"{folder}/evil.x.py": b"",
        f"{folder}/venv.__main__.x.py": b"",  # venv's own program ends the process
        f"{folder}/idlelib.__main__.x.py": b"",
    }


def test_a_file_name_is_never_imported(intake, right, tmp_path, monkeypatch):
    root = intake.submitted.root.parent
    monkeypatch.syspath_prepend(str(root))
    marker = tmp_path / "imported"
    for path, content in traps(f"submitted/mala/{UNIT}", marker).items():
        put(intake, f"../{path}", content)
    put(intake, f"mala/{UNIT}/{UNIT}.ipynb", right)
    modules.taken()
    before = set(sys.modules)
    assert intake.take("mala").record.state == GRADED
    assert not marker.exists()
    assert {
        name for name in set(sys.modules) - before if name[:5] in ("submi", "venv.", "idlel")
    } == set()


def test_names_that_are_taken_are_known_without_an_import():
    known = modules.taken()
    assert {"json", "venv", "numpy", "torch", "google", "nbgrader", "course_utils"} <= known
    assert not {"mis_funciones", "evil", "submitted"} & known


@pytest.mark.parametrize(
    ("name", "kept"),
    [("mis_funciones.py", True), ("mio/numpy.py", True), ("numpy.x.py", True), ("numpy.py", False),
     ("torch/__init__.py", False), ("google/x.py", False), ("json.py", False)],
)  # fmt: skip
def test_only_a_module_that_would_hide_a_library_is_left_out(intake, right, name, kept):
    student = name.replace("/", "-")
    put(intake, f"{student}/{UNIT}/{UNIT}.ipynb", right)
    put(intake, f"{student}/{UNIT}/{name}", b"x = 1")
    submission = intake.take(student)
    assert (PurePosixPath(name) in submission.files) is kept
    assert ("se llama como una biblioteca" in submission.record.reason) is not kept


def test_while_grading_the_courses_folder_is_on_no_path(tmp_path, monkeypatch):
    submitted = tmp_path / "submitted"
    packages = tmp_path / ".venv" / "site-packages"
    for folder in (submitted / "ana", packages):
        folder.mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    entries = ["", str(tmp_path), str(submitted / "ana"), str(packages)]
    monkeypatch.setattr(sys, "path", [*entries, *sys.path])
    before = list(sys.path)
    with without_course(tmp_path, submitted):
        assert sys.path[0] == str(packages)
        assert sys.path[1:] == before[4:]
    assert sys.path == before


# --- what ends one submission's work ends nobody else's ------------------------------------------


@pytest.mark.parametrize("error", [SystemExit(0), GeneratorExit(), MemoryError(), RecursionError()])
def test_whatever_ends_one_intake_is_that_submissions(intake, right, monkeypatch, error):
    put(intake, f"ana/{UNIT}/{UNIT}.ipynb", right)

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("course_utils.grading.intake.run.choose", fail)
    record = intake.take("ana").record
    assert (record.state, record.reason) == (UNREADABLE, OUR_FAULT)


def test_ctrl_c_ends_the_run(intake, right, monkeypatch):
    put(intake, f"ana/{UNIT}/{UNIT}.ipynb", right)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("course_utils.grading.intake.run.choose", stop)
    with pytest.raises(KeyboardInterrupt):
        intake.take("ana")


class Grader:
    """Remembers who was saved and who failed."""

    time_is_up = False

    def __init__(self) -> None:
        self.saved, self.failed = [], []

    def check_interrupt(self) -> None:
        """Nobody has asked for an end."""

    def prepare(self, student):
        """A job that is only a name."""
        return type("Job", (), {"student": student})()

    def save(self, job, done, preparing) -> None:
        """Remember."""
        self.saved.append(job.student)

    def fail(self, student, reason) -> None:
        """Remember."""
        self.failed.append(student)


class Executor:
    """Ends each job at once: with an error, if it has one for the student."""

    def __init__(self, errors: dict[str, BaseException]) -> None:
        self.errors = errors

    def submit(self, function, job):
        """End it."""
        future: Future[Done] = Future()
        if job.student in self.errors:
            future.set_exception(self.errors[job.student])
        else:
            future.set_result(Done())
        return future


@pytest.mark.parametrize("error", [SystemExit(0), KeyboardInterrupt(), GeneratorExit(), OSError()])
def test_whatever_comes_back_from_a_worker_is_that_submissions(error):
    grader = Grader()
    Scheduler(grader, Pool(Executor({"mala": error}), print, 1, print)).run(["ana", "mala", "zoe"])
    assert (sorted(grader.saved), grader.failed) == (["ana", "zoe"], ["mala"])


def test_a_job_that_ends_the_process_is_an_error_of_that_job(tmp_path, monkeypatch):
    def leave(*_: object) -> None:
        raise SystemExit(0)

    monkeypatch.setattr(job_module, "_run", leave)
    assert "SystemExit" in job_module.execute(a_job(tmp_path, "1")).error


# --- the time of hand-in -------------------------------------------------------------------------


def test_the_time_that_nbgrader_wrote_is_believed(intake, right):
    put(intake, f"t1/{UNIT}/{UNIT}.ipynb", right)
    put(intake, f"t1/{UNIT}/timestamp.txt", TIME)
    submission = intake.take("t1")
    assert submission.record.notes == []
    assert submission.handed_in == datetime(2000, 1, 2, 3, 4, 5)
    assert handed_in_at(intake.submitted, "t1", UNIT) == datetime(2000, 1, 2, 3, 4, 5)


@pytest.mark.parametrize(
    "place",
    ["zip", f"{UNIT}/x/timestamp.txt", "timestamp.txt", f"{UNIT.upper()}/timestamp.txt",
     f"{UNIT}/TIMESTAMP.TXT", f"{UNIT} (1)/timestamp.txt"],
)  # fmt: skip
def test_a_time_in_any_other_place_is_not_believed(pipeline, intake, right, place):
    student = place.replace("/", "-").replace(" ", "")
    if place == "zip":
        content = zip_of((f"{UNIT}.ipynb", right), ("timestamp.txt", TIME))
        put(intake, f"{student}/{UNIT}/entrega.zip", content)
    else:
        put(intake, f"{student}/{UNIT}/{UNIT}.ipynb", right)
        put(intake, f"{student}/{place}", TIME)
    submission = intake.take(student)
    record = submission.record
    assert record.state == GRADED
    assert submission.handed_in is None
    assert pipeline.api.get_submitted_timestamp(UNIT, student) is None
    read = place != "timestamp.txt"  # what is called like no unit is not looked at
    assert ("timestamp.txt» no se usó" in record.reason.lower()) is read


def test_a_time_outside_the_submission_is_not_read(intake, right, tmp_path):
    (tmp_path / "timestamp.txt").write_bytes(TIME)
    folder = intake.submitted.root / "t2"
    folder.mkdir()
    (folder / UNIT).symlink_to(tmp_path)
    assert handed_in_at(intake.submitted, "t2", UNIT) is None
    put(intake, f"t3/{UNIT}/{UNIT}.ipynb", right)
    (intake.submitted.root / "t3" / UNIT / "timestamp.txt").symlink_to(tmp_path / "timestamp.txt")
    assert intake.take("t3").handed_in is None


def test_a_folder_in_place_of_the_time_says_nothing(intake, right):
    put(intake, f"t4/{UNIT}/{UNIT}.ipynb", right)
    put(intake, f"t4/{UNIT}/timestamp.txt/{UNIT}.ipynb", right)
    open_files = os.listdir("/proc/self/fd")  # noqa: PTH208
    assert intake.take("t4").record.state == GRADED
    assert os.listdir("/proc/self/fd") == open_files  # noqa: PTH208


# --- ids -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["ana", "..ana", ".ana", "[a]", "Núñez, Ana", "a?", "a'\"$(x)", "%s"]
)
def test_names_that_can_be_ids(name):
    assert is_id(name)


@pytest.mark.parametrize(
    "name",
    ["*", " ana", "ana ", "a\nb", "a\tb", "\x1b[31m", os.fsdecode(b"a\xff"), "a" * 129, "ñ" * 101],
)
def test_names_that_can_be_no_ids(name):
    assert not is_id(name)


def test_an_id_is_first_of_all_itself():
    ids = ["a", "ab", "[a]", "a*", "..a"]
    assert chosen(ids, "[a]") == ["[a]"]
    assert chosen(ids, "a*") == ["a*"]
    assert chosen(ids, "[ab]*") == ["a", "ab", "a*"]
    assert chosen(ids, "*") == ids


def test_everybody_is_graded_or_named_and_the_exit_code_says_so(tmp_path):
    pipeline = runs.course(tmp_path / "course")
    submitted = pipeline.course.root / "submitted"
    honest = ["..ana", ".oculta", "[a]", "a", "mala"]
    for student in honest:
        runs.give(pipeline, student, first=runs.WRONG if student == "a" else "")
    marker = tmp_path / "imported"
    for path, content in traps(f"submitted/mala/{UNIT}", marker).items():
        (pipeline.course.root / path).parent.mkdir(exist_ok=True)
        (pipeline.course.root / path).write_bytes(content)
    (submitted / "enlace").symlink_to(tmp_path)
    strange = [b"\xff", b"dos\nlineas", b"*"]
    for name in strange:
        folder = Path(os.fsdecode(os.fsencode(submitted) + b"/" + name)) / UNIT
        folder.mkdir(parents=True)
        (folder / f"{UNIT}.ipynb").write_bytes(b"x")
    (submitted / "suelta.ipynb").write_bytes(b"x")
    os.mkfifo(submitted / "tubo")
    said = runs.grade(pipeline, code=1)
    wanted = dict.fromkeys(honest, "graded") | {"enlace": "unreadable"}
    nobody = [*(repr(os.fsdecode(name)) for name in strange), "'suelta.ipynb'", "'tubo'"]
    assert runs.states(said) == wanted | dict.fromkeys(nobody, "no student")
    wanted_marks = dict.fromkeys(honest, runs.FULL) | {"a": runs.PART}
    assert runs.marks(pipeline, honest) == wanted_marks
    assert not marker.exists()
    for student in ("[a]", "..ana"):
        assert pipeline.feedback(UNIT, student).is_file()
    assert not (pipeline.course.root / "feedback" / "a").exists()


# --- what all the process shares -----------------------------------------------------------------


def test_reading_an_old_encoding_changes_nothing_in_the_process(monkeypatch):
    """A codec's error handler is the whole process's: two threads would mix their encodings."""

    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(codecs, "register_error", never)
    for encoding in ("cp1252", "mac_roman"):
        content = "función ñandú ".encode() + "también".encode(encoding)
        assert decode(content)[0] == "función ñandú también"
