"""Mutated notebooks through intake and rebuild: never a crash, never beyond the bounds.

``INTAKE_FUZZ=20000 pytest tests/grading/intake/test_fuzz.py`` runs as many cases as it says.
"""

import copy
import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course_utils.grading.intake import UNREADABLE
from course_utils.grading.intake.run import OUR_FAULT, Intake, Submission
from course_utils.grading.rebuild import Skeleton
from course_utils.grading.release.submissions import fill
from tests.grading.intake import fixture

CASES = int(os.environ.get("INTAKE_FUZZ", "200"))
# Of the processor, a case. An ordinary one takes milliseconds, the heaviest some seconds, most of
# it garbage collection; work that grows as a square of these files takes minutes.
SECONDS = 30.0
MEGABYTE = 2**20
MEGABYTES = 350  # that a case may add to the process
bounded = settings(
    max_examples=CASES,
    deadline=None,
    derandomize="INTAKE_FUZZ" not in os.environ,
    suppress_health_check=list(HealthCheck),
)
STUDENT = "fuzz"
KEYS = st.sampled_from(
    ["cells", "cell_type", "source", "metadata", "nbgrader", "grade_id", "id", "outputs", "points",
     "worksheets", "input", "tags", "nbformat", "level", "course", "notes"]
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8) | KEYS, inner, max_size=4)
    ),
    max_leaves=8,
)


# One process for all of them: each builds files of tens of megabytes.
pytestmark = pytest.mark.xdist_group("fuzz")


def memory(field: str) -> float:
    """What the process has (VmRSS), or had at most since the mark was set back (VmHWM), in MB."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition(f"{field}:")[2].split()[0]) / 1024


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> tuple[Intake, dict[str, Any]]:
    """An intake and the JSON of a right submission."""
    pipeline = fixture.make(tmp_path_factory.mktemp("fuzz") / "course")
    right = fill(fixture.released(pipeline), fixture.ANSWERS)
    return fixture.intake_of(pipeline), json.loads(json.dumps(right))


def take(intake: Intake, content: bytes, name: str = f"{fixture.UNIT}.ipynb") -> None:
    """Take a hand-in in and rebuild it; a failure of the program fails the test."""
    folder = intake.submitted.root / STUDENT / fixture.UNIT
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    (folder / name).write_bytes(content)
    Path("/proc/self/clear_refs").write_text("5")  # sets the mark of the most memory back
    start, before = time.process_time(), memory("VmRSS")
    submission = intake.take(STUDENT)
    record = submission.record
    assert record.reason != OUR_FAULT
    assert record.state != UNREADABLE or record.reason
    check(intake.skeleton, submission)
    assert time.process_time() - start < SECONDS
    assert memory("VmHWM") - before < MEGABYTES


def check(skeleton: Skeleton, submission: Submission) -> None:
    """What comes out has the master's managed cells, whatever went in."""
    if submission.notebook is None:
        assert submission.record.state == UNREADABLE
        return
    assert submission.record.state != UNREADABLE
    cells = submission.notebook["cells"]
    managed = [cell for cell in cells if "nbgrader" in cell["metadata"]]
    wanted = [cell for cell in skeleton.cells if cell.grade_id]
    assert [cell["id"] for cell in managed] == [cell.cell_id for cell in wanted]
    for cell, own in zip(managed, wanted, strict=True):
        assert cell["metadata"] == own.metadata
        assert cell["cell_type"] == own.kind
        assert own.role == "answer" or cell["source"] == own.source
    assert len({cell["id"] for cell in cells}) == len(cells)


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where every value of a JSON lies."""
    found = [path] if path else []
    if isinstance(value, dict):
        found += [p for key in value for p in paths(value[key], (*path, key))]
    elif isinstance(value, list):
        found += [p for index, item in enumerate(value) for p in paths(item, (*path, index))]
    return found


def mutate(notebook: dict[str, Any], data: st.DataObject) -> None:
    """Replace, delete, copy or rename one value somewhere in a notebook."""
    path = data.draw(st.sampled_from(paths(notebook)))
    parent = notebook
    for key in path[:-1]:
        parent = parent[key]
    kind = data.draw(st.sampled_from(["replace", "delete", "swap", "copy", "text"]))
    if kind == "replace":
        parent[path[-1]] = data.draw(JSON)
    elif kind == "delete":
        del parent[path[-1]]
    elif kind == "text" and isinstance(parent[path[-1]], str):
        at = data.draw(st.integers(0, len(parent[path[-1]])))
        parent[path[-1]] = parent[path[-1]][:at] + data.draw(st.text(max_size=5))
    elif isinstance(parent, list):
        parent.insert(data.draw(st.integers(0, len(parent))), copy.deepcopy(parent[path[-1]]))
    elif kind == "swap" and isinstance(parent, dict):
        parent[data.draw(KEYS)] = parent.pop(path[-1])


@bounded
@given(data=st.data())
def test_mutated_notebooks(base, data):
    intake, right = base
    notebook = copy.deepcopy(right)
    for _ in range(data.draw(st.integers(1, 6))):
        if notebook:  # everything may have been deleted
            mutate(notebook, data)
    take(intake, json.dumps(notebook).encode())


@bounded
@given(data=st.data())
def test_mutated_bytes(base, data):
    intake, right = base
    content = bytearray(json.dumps(right, ensure_ascii=False).encode())
    for _ in range(data.draw(st.integers(1, 8))):
        start = data.draw(st.integers(0, len(content)))
        end = data.draw(st.integers(start, min(len(content), start + 50)))
        content[start:end] = data.draw(st.binary(max_size=20))
    take(intake, bytes(content))


@bounded
@given(content=st.binary(max_size=400), name=st.sampled_from(["x.ipynb", "x.zip", "x.json"]))
def test_any_bytes(base, content, name):
    take(base[0], content, name)


@bounded
@given(notebook=JSON)
def test_any_json(base, notebook):
    take(base[0], json.dumps({"cells": notebook, "nbformat": 4}).encode())


@bounded
@given(data=st.data())
def test_mutated_zips(base, data):
    from tests.grading.intake.damage import zip_of

    intake, right = base
    content = bytearray(zip_of((f"{fixture.UNIT}.ipynb", json.dumps(right).encode())))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    take(intake, bytes(content), "entrega.zip")


@pytest.mark.parametrize(
    "source",
    [" " * 190_000, "<<<<<<< a\n" * 19_000, "a" * 190_000 + " =", "\n" * 190_000, "def a(" * 30_000,
     "# " * 90_000, "a:" * 90_000, "\u00a0" * 190_000],
    ids=["blanks", "conflicts", "name", "lines", "defs", "heads", "types", "invisible"],
)  # fmt: skip
def test_a_hostile_text_costs_no_time(base, source):
    intake, right = base
    notebook = copy.deepcopy(right)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"source": source, "metadata": {}, "id": ""}
    notebook["cells"] *= 10
    take(intake, json.dumps(notebook, ensure_ascii=False).encode())


def padded(content: bytes) -> bytes:
    """A notebook without cells that holds so much else."""
    return b'{"cells": [], "x": "' + content + b'"}'


HEAVY = {
    "old encoding": lambda: padded(b"\xf1" * 60 * MEGABYTE),
    "old encoding, here and there": lambda: padded(b"a\xf1" * 30 * MEGABYTE),
    "two encodings": lambda: padded(b"\xc3\xb1\xf1" * 20 * MEGABYTE),
    "a conflict of many lines": lambda: b"<<<<<<< HEAD\n" + b"x\n" * 31 * MEGABYTE,
    "names": lambda: b"{" + b"".join(b'"%d":1,' % n for n in range(4_000_000)) + b'"x": 1}',
    "lists": lambda: b'{"cells": [' + b"[]," * 1_900_000 + b"1]}",
    "lists within the bound": lambda: b'{"cells": [' + b"[]," * 490_000 + b"1]}",
    "numbers": lambda: b'{"cells": [' + b"0.123456789," * 2_990_000 + b"1]}",
    "a number": lambda: b'{"cells": 0.' + b"1" * 60 * MEGABYTE + b"}",
    "junk behind it": lambda: b'{"cells": []}' + b" " * 60 * MEGABYTE + b"x",
}


@pytest.mark.parametrize("name", HEAVY)
def test_a_heavy_file_costs_no_time(base, name):
    take(base[0], HEAVY[name]())


@pytest.mark.parametrize(
    "cell",
    [lambda i: f"def centrar(x):\n    return {i}" + "# x" * 2000,
     lambda i: f"def centrar(x):\n    return {i}\n" + "".join(f"a{j}_{i}=1\n" for j in range(45)),
     lambda i: f"    x = {i}"],
    ids=["long", "names", "indented"],
)  # fmt: skip
def test_two_thousand_answers_to_one_exercise_cost_no_time(base, cell):
    intake, right = base
    named = {"nbgrader": {"grade_id": "u1-ej1"}}
    notebook = copy.deepcopy(right)
    notebook["cells"] += [
        {"cell_type": "code", "source": cell(i), "metadata": named if i % 2 else {}}
        for i in range(1_900)
    ]
    take(intake, json.dumps(notebook).encode())


def test_many_notebooks_in_a_zip_cost_no_time(base):
    from tests.grading.intake.damage import zip_of

    intake, right = base
    notebook = copy.deepcopy(right)
    for cell in notebook["cells"]:
        cell |= {"metadata": {}, "id": "", "source": cell["source"] + "# x\n" * 400}
    notebook["cells"] *= 10
    members = [(f"{number}.ipynb", json.dumps(notebook).encode()) for number in range(290)]
    take(intake, zip_of(*members), "entrega.zip")
