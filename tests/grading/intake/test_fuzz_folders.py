"""Whole folders ``submitted/`` that nobody would think of: what was promised holds for them all.

Everybody else is graded, everybody is in the table or named as no student, the exit code says so,
nothing is left behind, nothing outside ``submitted/`` is read, nothing in it is changed, and no
module is imported. ``FOLDER_FUZZ=10000 pytest tests/grading/intake/test_fuzz_folders.py`` (``make
test-fuzz``) tries as many folders as it says; hypothesis prints the smallest that fails.
"""

import contextlib
import csv
import gzip
import io
import json
import os
import shutil
import sys
import time
import warnings
import zipfile
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course_utils.grading.autograde import converter
from course_utils.grading.autograde.events import STRANGER, Outcome, Watch
from course_utils.grading.autograde.job import Done, Job, execute
from course_utils.grading.autograde.pools import Pool
from course_utils.grading.course import CONFIG
from course_utils.grading.intake import GRADED, UNREADABLE, modules
from course_utils.grading.intake.files import left_by_program
from course_utils.grading.intake.limits import Limits
from course_utils.grading.intake.places import is_id
from course_utils.grading.intake.records import Records
from course_utils.grading.intake.run import OUR_FAULT, Intake, Submission
from course_utils.grading.pipeline import Pipeline
from course_utils.grading.release.submissions import fill
from tests.grading.intake import fixture
from tests.grading.intake.damage import zip_of
from tests.grading.intake.test_fuzz import check

CASES = int(os.environ.get("FOLDER_FUZZ", "100"))
RUNS = max(2, CASES // 500)  # whole runs, in which the honest student's notebook is executed
FILES_AT_MOST = 40  # of one submission: a folder with more is quickly made
SECONDS = 30.0  # of the processor, a folder: what grows as a square takes minutes
UNIT, HONEST = fixture.UNIT, "honesta"
CANARY = "el secreto de otra persona"
MEGABYTE = 2**20
pytestmark = pytest.mark.xdist_group("fuzz-folders")


def bounded(cases: int) -> settings:
    """So many folders; the same ones each time, unless somebody asks for more."""
    return settings(
        max_examples=cases,
        deadline=None,
        derandomize="FOLDER_FUZZ" not in os.environ,
        suppress_health_check=list(HealthCheck),
    )


# --- what a folder may hold ----------------------------------------------------------------------


@dataclass(frozen=True)
class Node:
    """What lies under a name: a file, a link, a folder or something else.

    Attributes:
        kind: "file", "link", "hard", "fifo", "sparse", "locked", "deep", "many" or "folder".
        what: a content's name, a link's target, or how many.
        inside: of a folder.
    """

    kind: str
    what: Any = ""
    inside: dict[str, "Node"] = field(default_factory=dict, hash=False)


def _name(raw: bytes) -> str:
    """Any bytes as a name that a folder takes."""
    raw = raw.replace(b"/", b"_").replace(b"\0", b"_")[:255]
    return os.fsdecode(raw if raw.strip(b".") else b"x" + raw)


ODD = [
    "a", "[a]", "a*", "*", "?", "{x}", "{0}", "%s", "%(x)s", "$(touch x)", "`id`", "-rf", "--help",
    "..a", ".a", "...", "a\nb", "a\tb", "\x1b[31m", "a\u202eb", " a", "a ", "jose\u0301", "jos\xe9",
    "A", "x" * 255, "ñ" * 127, "n" * 128, "n" * 129, "=1+1", "O'Brien; drop table student", "\\",
    "a\\b", "C:", "💥", "submitted", "source", ".intake", ".git", "._a", ".DS_Store", "__pycache__",
    UNIT, os.fsdecode(b"\xff\xfe"), os.fsdecode(b"caf\xe9"),
]  # fmt: skip
FILES = [
    f"{UNIT}.ipynb", f"{UNIT.upper()}.IPYNB", f"{UNIT} (1).ipynb", f"{UNIT}-2.ipynb",
    f"{UNIT}_1.ipynb", f"Copia de {UNIT}.ipynb", f"{UNIT}.ipynb.txt", f"{UNIT}.json", f"{UNIT}.zip",
    "01.zip", "..zip", "...zip", "a.zip", "datos.csv", "config.json", "modelo.pkl", "modelo.keras",
    "timestamp.txt", "numpy.py", "mio.py", "venv.__main__.x.py", "antigravity.x.py", "a.tar.gz",
    f"submitted.a.{UNIT}.mio.x.py", ".oculto.csv", "a.docx", "sin_extension",
]  # fmt: skip
MEMBERS = [
    f"{UNIT}.ipynb", f"a/b/{UNIT}.ipynb", f"{UNIT}.ipynb/x.csv", "x.csv", "x.csv/y.csv", ".", "",
    "..", "../x.csv", f"../../{UNIT}.ipynb", "/etc/x.csv", "C:\\x.csv", "a\\..\\..\\x.csv",
    "a//b.csv", "./x.csv", "~/x.csv", "a\nb.csv", "n" * 300 + ".csv", "n" * 210 + ".csv",
    "d/" * 200 + "x.csv", "timestamp.txt", "mio.py", "numpy/__init__.py", "x.zip", "modelo.npz",
    "\u202e.csv", "a\x1b[.csv", "carpeta/", "..csv/x.csv", "é.csv",
]  # fmt: skip
LINKS = ["secret", "secret/x", "/", ".", "..", "nowhere", "/dev/zero", "self", f"../{HONEST}"]
names = st.one_of(
    st.sampled_from(FILES), st.sampled_from(ODD), st.binary(min_size=1, max_size=12).map(_name)
)
tops = st.one_of(st.sampled_from([UNIT, f"{UNIT} (1)", UNIT.upper(), "semana 1"]), names)
members = st.lists(
    st.tuples(st.sampled_from(MEMBERS), st.sampled_from(["right", "blank", "other", "zip", "odd"])),
    max_size=5,
)
CONTENTS = [
    "right", "blank", "empty", "nuls", "tail", "other", "cut", "odd", "utf-16", "latin", "gzip",
    "lfs", "time", "code", "zip", "bomb", "broken zip", "office", "word",
]  # fmt: skip
leaves = st.one_of(
    st.builds(Node, st.just("file"), st.sampled_from(CONTENTS)),
    st.builds(Node, st.just("file"), members.map(tuple)),
    st.builds(Node, st.just("file"), st.binary(max_size=60)),
    st.builds(Node, st.just("link"), st.sampled_from(LINKS)),
    st.sampled_from(
        [Node("hard"), Node("fifo"), Node("sparse"), Node("locked"), Node("deep", 9),
         Node("deep", 60), Node("many", FILES_AT_MOST + 10)]
    ),
)  # fmt: skip


def _folder(inner: st.SearchStrategy[Node], named: st.SearchStrategy[str], size: int) -> Any:
    inside = st.dictionaries(named, inner, max_size=size)
    return st.builds(Node, st.just("folder"), st.just(""), inside)


nodes = st.recursive(leaves, lambda inner: _folder(inner, names, 3), max_leaves=4)
students = st.one_of(_folder(nodes, tops, 3), leaves)
ids = st.one_of(
    st.sampled_from(["ana", "leo"]),
    st.sampled_from(ODD),
    st.binary(min_size=1, max_size=20).map(_name),
)
classes = st.dictionaries(ids.filter(lambda name: name != HONEST), students, max_size=4)

# --- making it -----------------------------------------------------------------------------------


@dataclass(frozen=True, repr=False)
class Course:
    """A course, and what its folders are made of.

    Attributes:
        pipeline: the course's.
        intake: the unit's.
        contents: name → bytes.
        outside: a folder that is nobody's submission.
    """

    pipeline: Pipeline
    intake: Intake
    contents: dict[str, bytes]
    outside: Path

    @property
    def submitted(self) -> Path:
        """Where the students' folders lie."""
        return self.intake.submitted.root

    def make(self, people: dict[str, Node]) -> None:
        """Write ``submitted/`` anew, with the honest student's submission in it."""
        for folder in (self.submitted, self.pipeline.course.root / ".intake"):
            shutil.rmtree(folder, ignore_errors=True)
        (self.submitted / HONEST / UNIT).mkdir(parents=True)
        path = self.submitted / HONEST / UNIT / f"{UNIT}.ipynb"
        path.write_bytes(self.contents["right"])
        for name, node in people.items():
            self._write(self.submitted / name, node)

    def _write(self, path: Path, node: Node) -> None:
        if node.kind == "file":
            path.write_bytes(self._content(node.what))
        elif node.kind == "link":
            targets = {"secret": self.outside, "secret/x": self.outside / "x.ipynb", "self": path}
            path.symlink_to(targets.get(node.what, Path(node.what)))
        elif node.kind == "hard":
            os.link(self.outside / "x.ipynb", path)
        elif node.kind == "fifo":
            os.mkfifo(path)
        elif node.kind == "sparse":
            path.touch()
            os.truncate(path, 100 * MEGABYTE)
        else:
            self._write_folder(path, node)

    def _write_folder(self, path: Path, node: Node) -> None:
        path.mkdir()
        for name, inner in node.inside.items():
            self._write(path / name, inner)
        if node.kind == "deep":
            path = path.joinpath(*["d"] * node.what)
            path.mkdir(parents=True)
        for number in range(node.what if node.kind == "many" else node.kind != "folder"):
            (path / f"{number}.csv").write_bytes(b"1")
        if node.kind == "locked":
            path.chmod(0)

    def _content(self, what: Any) -> bytes:
        if isinstance(what, tuple):
            return zip_of_any(*((name, self.contents[content]) for name, content in what))
        return what if isinstance(what, bytes) else self.contents[what]


def zip_of_any(*members: tuple[str, bytes]) -> bytes:
    """A ZIP with names that ``zipfile`` would not write: empty ones, the same one twice."""
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")
        for name, content in members:
            info = zipfile.ZipInfo()
            info.filename, info.compress_type = name, zipfile.ZIP_DEFLATED
            with archive.open(info, "w") as member:
                member.write(content)
    return buffer.getvalue()


def contents(right: bytes, blank: bytes) -> dict[str, bytes]:
    """Name → bytes of the files that are handed in."""
    inner = zip_of((f"{UNIT}.ipynb", right))
    return {
        "right": right,
        "blank": blank,
        "empty": b"",
        "nuls": right + b"\0" * 999,
        "tail": right + right[-500:],
        "other": b'{"lr": 0.1}',
        "cut": right[:-99],
        "odd": bytes(range(256)),
        "utf-16": right.decode().encode("utf-16"),
        "latin": json.dumps(json.loads(right), ensure_ascii=False).encode("latin-1", "replace"),
        "gzip": gzip.compress(right),
        "lfs": b"version https://git-lfs.github.com/spec/v1\n",
        "time": b"2000-01-01 00:00:00 UTC",
        "code": b"raise SystemExit",
        "zip": inner,
        "bomb": zip_of((f"{UNIT}.ipynb", b"\0" * (70 * MEGABYTE))),
        "broken zip": inner[: len(inner) // 2],
        "office": zip_of(("[Content_Types].xml", b"<x/>")),
        "word": b"\xd0\xcf\x11\xe0",
    }


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    folder = tmp_path_factory.mktemp("folders")
    pipeline = fixture.make(folder / "course")
    with (folder / "course" / CONFIG).open("a", encoding="utf-8") as config:
        config.write("c.Examine.fork_server = False\n")
    released = fixture.released(pipeline)
    right = json.dumps(fill(released, fixture.ANSWERS)).encode()
    outside = folder / "outside"
    outside.mkdir()
    secret = fill(released, fixture.ANSWERS | {"u1-reflexion": CANARY})
    (outside / "x.ipynb").write_text(json.dumps(secret))
    pipeline = Pipeline(pipeline.course)
    blank = json.dumps(released).encode()
    modules.taken()
    intake = fixture.intake_of(pipeline)
    few = replace(intake.submitted, limits=Limits(files=FILES_AT_MOST))
    return Course(pipeline, replace(intake, submitted=few), contents(right, blank), outside)


# --- what must hold ------------------------------------------------------------------------------


def expected(people: dict[str, Node]) -> tuple[set[str], set[str]]:
    """Who must be in the table, and who must be named as no student."""
    table, strangers = {HONEST}, set()
    for name, node in people.items():
        if left_by_program(name):
            continue
        folder = node.kind in ("folder", "locked", "deep", "many", "link")
        if node.kind == "folder" and all(map(left_by_program, node.inside)):
            continue  # nothing was handed in
        (table if folder and is_id(name) else strangers).add(name)
    return table, strangers


def state_of_disk(folder: Path) -> dict[bytes, tuple[int, ...]]:
    """All that a folder holds, with what tells a change."""
    found = {}
    for parent, folders, files in os.walk(os.fsencode(folder)):
        for name in (*folders, *files):
            path = os.path.join(parent, name)  # noqa: PTH118
            status = os.lstat(path)
            found[path] = (status.st_mode, status.st_size, status.st_mtime_ns, status.st_nlink)
    return found


class Eyes:
    """Sees what this process opens, lists and imports while it is watched.

    ``sys.addaudithook`` is for ever: one hook for all tests, which looks on only when it is asked.
    """

    def __init__(self) -> None:
        self.submitted: str = ""
        self.outside: list[str] = []
        self.imported: list[str] = []
        sys.addaudithook(self._see)

    @contextmanager
    def on(self, submitted: Path) -> Iterator[None]:
        """Look on."""
        self.submitted, self.outside, self.imported = str(submitted), [], []
        try:
            yield
        finally:
            self.submitted = ""

    def _see(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.submitted:
            return
        if event == "import":
            self.imported.append(str(arguments[0]))
        elif event in ("open", "os.listdir", "os.scandir"):
            path = arguments[0]
            if isinstance(path, (str, bytes)) and os.fsdecode(path).startswith(self.submitted):
                self._judge(os.fsdecode(path), arguments[-1] if event == "open" else 0)

    def _judge(self, path: str, flags: int) -> None:
        not_followed = bool(flags & os.O_NOFOLLOW)
        seen = os.path.realpath(os.path.dirname(path) if not_followed else path)  # noqa: PTH120
        if not seen.startswith(os.path.realpath(self.submitted)):
            self.outside.append(path)


EYES = Eyes()


def open_below(folder: Path) -> list[str]:
    """Files and folders below a folder that this process has open.

    What earlier tests have left to other threads of this process opens and closes at any moment.
    """
    found = []
    for descriptor in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):  # such as the one that lists them
            found.append(str(descriptor.readlink()))
    return sorted(path for path in found if path.startswith(f"{folder}/"))


@bounded(CASES)
@given(people=classes)
def test_everybody_is_taken_in_or_named(course, people):
    course.make(people)
    root, intake = course.pipeline.course.root, course.intake
    before, entries = state_of_disk(course.submitted), set(root.iterdir())
    open_files, start = open_below(root), time.thread_time()
    records = Records(root)
    with EYES.on(course.submitted):
        listed = intake.submitted.students(UNIT)
        strangers = intake.submitted.strangers(UNIT)
        for student in listed:
            submission = intake.take(student)
            records.put(submission.record)
            check_one(course, submission)
    assert time.thread_time() - start < SECONDS
    assert (set(listed), set(strangers)) == expected(people)
    assert state_of_disk(course.submitted) == before
    assert open_below(root) == open_files
    assert set(root.iterdir()) - entries <= {root / ".intake"}
    assert EYES.outside == []
    stems = {name.partition(".")[0] for name in (*people, *FILES, "submitted")} - {"numpy"}
    assert {name for name in EYES.imported if name.partition(".")[0] in stems} == set()
    assert {record.student for record in records.of(UNIT)} == set(listed)


def check_one(course: Course, submission: Submission) -> None:
    """What one student's intake must have made."""
    record = submission.record
    assert record.reason != OUR_FAULT
    assert record.state != UNREADABLE or record.reason
    assert record.reason.isprintable()
    check(course.intake.skeleton, submission)
    contents = [json.dumps(submission.notebook).encode(), *submission.files.values()]
    assert not any(CANARY.encode() in content for content in contents)
    if record.student == HONEST:
        assert (record.state, record.notes) == (GRADED, [])


class Inline:
    """Executes the honest student's notebook, and gives the others' back as they are."""

    def submit(self, function: Any, job: Job) -> "Future[Done]":
        """Do it at once."""
        future: Future[Done] = Future()
        future.set_result(
            execute(job) if job.student == HONEST else Done(nbformat.from_dict(job.notebook))
        )
        return future


class Listening(Watch):
    """Remembers the outcomes."""

    def __init__(self) -> None:
        self.outcomes: dict[str, Outcome] = {}

    def ended(self, outcome: Outcome) -> None:
        """Remember."""
        assert outcome.student not in self.outcomes
        self.outcomes[outcome.student] = outcome


@contextmanager
def inline(*_: object) -> Iterator[Pool]:
    yield Pool(Inline(), execute, 1, lambda: None)  # type: ignore[arg-type]


@bounded(RUNS)
@given(people=classes)
def test_a_whole_run_grades_the_honest_one_and_says_who_is_left(course, people):
    course.make(people)
    before = state_of_disk(course.submitted)
    for folder in ("autograded", "feedback"):
        shutil.rmtree(course.pipeline.course.root / folder, ignore_errors=True)
    watch = Listening()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(converter, "local_pool", inline)
        complete = course.pipeline.grade(UNIT, watch=watch)
    table, strangers = expected(people)
    kinds = {student: outcome.kind for student, outcome in watch.outcomes.items()}
    assert set(kinds) == table | {repr(name) for name in strangers}
    assert all(kinds[repr(name)] == STRANGER for name in strangers)
    assert kinds[HONEST] == "graded"
    assert course.pipeline.mark(UNIT, HONEST).automatic == 9
    assert complete is (not strangers)
    assert state_of_disk(course.submitted) == before
    path = course.pipeline.course.root / "reports" / f"{UNIT}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == len(table)
