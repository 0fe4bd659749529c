"""No hostile submission earns a point, reads or writes what is not its own, or lives on.

Everything runs through nbgrader itself, under each sandbox that this machine offers.
"""

import hashlib
import os
import re
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from course_utils.grading.course import read_notebook, unit_id
from course_utils.grading.pipeline import Pipeline
from course_utils.grading.release.submissions import fill, hand_in, solutions
from course_utils.grading.sandbox.levels import LEVELS, works
from tests.grading.courses import ROOT, cell_marks, course_with, points_of
from tests.grading.engines import COLD, FORK, Engine
from tests.grading.hostile.attacks import (
    ANSWERS,
    DEADLY,
    FLOODS,
    FORGED,
    LINE,
    MARKER,
    PATCHES,
    READS,
)
from tests.grading.hostile.build import CHANGES, Submission, submissions

UNITS = ("01-regresion-logistica-keras", "04-superficie-bce-pytorch")
OFFERED = [level for level in LEVELS if works(level)]
CORE = {"bubblewrap": "forged-0|line-0|patch-0|read-0", "landlock": "read-0|flood-0|deadly-2"}
CANARY = "CANARY-7f3a91"
# On Landlock notebooks share /dev/shm, which is cleaned when the last one ends: tests that look
# there run in one process with the others that start kernels on that level.
pytestmark = pytest.mark.xdist_group("landlock")


def test_this_machine_offers_a_sandbox(record_property):
    record_property("sandboxes", OFFERED)
    assert OFFERED, "neither bubblewrap nor Landlock works here: grading would need --unsafe"


def test_the_bank_holds_at_least_sixty_attacks():
    listed = [*FORGED, *LINE, *PATCHES, *READS, *ANSWERS, *DEADLY, *FLOODS]
    names = [attack.name for attack in listed] + list(CHANGES)
    assert len(set(names)) == len(names) >= 60


@pytest.fixture(params=[COLD, FORK], ids=["cold", "forked"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """What starts kernels and examiners, and nothing else may."""
    request.param.insist(monkeypatch)
    return request.param


@pytest.mark.parametrize("level", OFFERED)
def test_some_hostile_submissions(level: str, engine: Engine, tmp_path: Path, monkeypatch):
    """The quick part of ``make test``: what forges, reads and floods, on the lighter unit."""
    attack(UNITS[1], level, engine, CORE[level], tmp_path, monkeypatch)


@pytest.mark.hostile
@pytest.mark.parametrize("level", OFFERED)
@pytest.mark.parametrize("unit", UNITS)
def test_all_hostile_submissions(
    unit: str, level: str, engine: Engine, tmp_path: Path, monkeypatch
):
    attack(unit, level, engine, "", tmp_path, monkeypatch)


def attack(
    unit: str,
    level: str,
    engine: Engine,
    kinds: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Pipeline:
    """Grade hostile submissions whose names match, and look at what they achieved."""
    monkeypatch.setenv("COURSE_SECRET", CANARY)
    pipeline = prepared(tmp_path / "course", unit, level, engine)
    course = pipeline.course.root
    assert pipeline.mark(unit, "honest").automatic == sum(points_of(unit).values())
    before = fingerprint(course)
    with listening() as (port, heard):
        words = {"COURSE": str(course), "UNIT": unit, "PORT": str(port)}
        right = solutions(read_notebook(ROOT / "source" / unit / f"{unit}.ipynb"))
        released = read_notebook(pipeline.course.release(unit))
        faults = []
        for submission in submissions(unit_id(unit), released, right, words):
            if not re.match(kinds, submission.name):
                continue
            hand_in(submission.notebook, course / "submitted", submission.name, unit)
            pipeline.autograde(unit, submission.name)
            faults += judged(pipeline, unit, submission)
        assert heard() == []
    assert faults == []
    assert fingerprint(course) == before
    assert pipeline.mark(unit, "honest").automatic == sum(points_of(unit).values())
    assert left_over() == []
    return pipeline


def prepared(folder: Path, unit: str, level: str, engine: Engine) -> Pipeline:
    """A course with an honest classmate, a canary, and limits that make attacks short."""
    assert level in LEVELS, "these submissions may only run in a sandbox"
    pipeline = course_with(folder, unit)
    examine = pipeline.config.Examine
    engine.use(pipeline)
    examine.sandbox, examine.call_timeout, examine.timeout = level, 8, 40
    pipeline.config.SandboxedKernelManager.memory = 3 << 30
    pipeline.config.SandboxedKernelManager.scratch = 256 << 20
    (folder / "canary.txt").write_text(CANARY, encoding="utf-8")
    answers = solutions(read_notebook(ROOT / "source" / unit / f"{unit}.ipynb"))
    notebook = fill(read_notebook(pipeline.course.release(unit)), answers)
    notebook.cells[0].source += f"\n\n{CANARY}"
    hand_in(notebook, folder / "submitted", "honest", unit)
    assert pipeline.autograde(unit, "honest").graded
    return pipeline


def judged(pipeline: Pipeline, unit: str, submission: Submission) -> list[str]:
    """What a hostile submission achieved; empty where it is nothing."""
    path = pipeline.course.root / "autograded" / submission.name / unit / f"{unit}.ipynb"
    if not path.is_file():  # a changed notebook may be refused, an attack in an answer may not
        return [] if submission.name in CHANGES else [f"{submission.name}: was not graded"]
    faults = []
    for name, mark in cell_marks(pipeline, unit, submission.name).items():
        honest = name.rpartition("-")[0] in submission.honest
        wanted = mark.possible if honest else 0
        if not name.endswith("reflexion") and mark.earned != wanted:
            faults.append(f"{submission.name}: {name} gave {mark.earned} ({submission.attacks})")
    text = path.read_text(encoding="utf-8")
    outputs = _outputs(path)
    if CANARY in text or any(line in outputs for line in hidden_lines(unit)):
        faults.append(f"{submission.name}: read a secret ({submission.attacks})")
    if len(text) > 20_000_000:
        faults.append(f"{submission.name}: left {len(text)} characters ({submission.attacks})")
    return faults


@cache
def hidden_lines(unit: str) -> set[str]:
    """Lines of the master's hidden tests, as they would stand in an output."""
    lines, hidden = set(), False
    for cell in read_notebook(ROOT / "source" / unit / f"{unit}.ipynb").cells:
        for line in cell.source.splitlines():
            hidden = "BEGIN HIDDEN TESTS" in line or (hidden and "END HIDDEN TESTS" not in line)
            if hidden and len(line.strip()) > 25 and not set(line) & set("\\'\""):
                lines.add(line.strip())
    return lines - {"### BEGIN HIDDEN TESTS"}


def test_the_hidden_lines_are_looked_for():
    assert all(len(hidden_lines(unit)) > 10 for unit in UNITS)


def _outputs(path: Path) -> str:
    return "\n".join(str(cell.get("outputs", "")) for cell in read_notebook(path).cells)


def fingerprint(course: Path) -> dict[str, str]:
    """What no submission may change: masters, release, settings, the classmate's files."""
    watched = ["source", "release", "submitted/honest", "autograded/honest", "canary.txt",
               "nbgrader_config.py"]  # fmt: skip
    files = [p for w in watched for p in [course / w, *(course / w).rglob("*")] if p.is_file()]
    return {
        str(p.relative_to(course)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in files
        if "__pycache__" not in p.parts
    }


@contextmanager
def listening() -> Iterator[tuple[int, object]]:
    """A server on this machine that nobody may reach from a sandbox."""
    with socket.socket() as tcp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        tcp.bind(("127.0.0.1", 0))
        tcp.listen()
        tcp.setblocking(False)
        port = tcp.getsockname()[1]
        udp.bind(("127.0.0.1", port))
        udp.setblocking(False)

        def heard() -> list[str]:
            found = []
            for name, receive in (("tcp", tcp.accept), ("udp", lambda: udp.recv(10))):
                try:
                    receive()
                except BlockingIOError:
                    continue
                found.append(name)
            return found

        yield port, heard


def left_over() -> list[str]:
    """Processes that an attack started and nobody ended, and what lies about for the next one."""
    time.sleep(0.5)
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes()
        except OSError:
            continue
        if line.split(b"\0")[:2] == [b"sleep", MARKER.encode()]:
            found.append(line.decode())
    left = [*Path("/dev/shm").glob(f"{MARKER}*"), *Path("/var/tmp").glob(f"{MARKER}*")]
    temporary = Path(tempfile.gettempdir())
    left += [*temporary.glob(f"{MARKER}*"), *temporary.glob(f"cu-k-{os.getpid()}-*")]
    for kind in ("shm", "msg", "sem"):  # by its key, the first field
        lines = Path("/proc/sysvipc", kind).read_text(encoding="ascii").splitlines()
        left += [Path(kind) for line in lines if line.split()[0] == MARKER]
    return found + [str(path) for path in left]
