"""The examiner's process: what a test cell leaves, and what the process itself may do."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from course_utils.checks.explain import explain
from course_utils.grading.examiner import wire
from course_utils.grading.examiner.budget import Budget
from course_utils.grading.examiner.errors import student_error
from course_utils.grading.examiner.host import (
    ExaminerDied,
    ExaminerError,
    ExaminerHost,
    SetupError,
    TooMuchWork,
)
from course_utils.grading.examiner.kernel_link import CALL_TIMEOUT, failure
from course_utils.grading.examiner.master import (
    GradedCell,
    Master,
    bound_names,
    python,
    read_master,
)
from course_utils.grading.executor.examine import CLOSED, TOO_MUCH_WORK, UNFINISHED, Examine
from course_utils.grading.sandbox import landlock
from tests.grading.courses import ROOT

SETUP = "from course_utils.checks import check\n"
PASSES = GradedCell(
    "@check('u1-ej1')\ndef _visible(c):\n    c.that(c.call(f, 3) == 9, 'No.')", ("f",), False
)


@contextmanager
def examiner(folder: Path, setup: str = SETUP) -> Iterator[ExaminerHost]:
    host = ExaminerHost(Master(folder, setup, {}), locked=landlock.usable(), setup_timeout=60)
    try:
        yield host
    finally:
        host.close()


def student(value: str) -> object:
    """A student's side whose function ``f`` gives one answer."""

    def ask(question: str) -> str:
        if '"name"' in question:
            return '{"value": {"handle": 1, "type": "function", "call": true}}'
        return value

    return ask


def test_a_test_cell_ends_as_it_does_in_a_kernel(tmp_path):
    with examiner(tmp_path) as host:
        right = host.run("u1-ej1-visible", PASSES, student('{"value": 9}'), 30)
        assert right["stdout"].startswith("✔ Ejercicio 1.1")
        assert (right["error"], right["value"]) == (None, None)
        wrong = host.run("u1-ej1-visible", PASSES, student('{"value": 8}'), 30)["error"]
        assert (wrong["ename"], wrong["evalue"]) == ("Incorrect", "No.")
        assert wrong["traceback"][:2] == ["✘ Ejercicio 1.1 · incorrecto", "No."]
        assert host.run("x", GradedCell("1 + 1", (), False), student(""), 30)["value"] == 2.0
        plain = host.run("x", GradedCell("assert 1 == 2, 'uno'", (), False), student(""), 30)[
            "error"
        ]
        assert plain["traceback"] == ["AssertionError: uno"]


def test_a_name_that_is_missing_says_so(tmp_path):
    with examiner(tmp_path) as host:
        error = host.run("u1-ej1-visible", PASSES, lambda _: '{"missing": true}', 30)["error"]
    assert error["ename"] == "ExecutionError"
    assert "No existe `f`" in error["evalue"]


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [(CALL_TIMEOUT, "tardó demasiado"), ("DeadKernelError", "Se cerró."), ("KeyError", "'k'")],
)
def test_what_the_coordinator_says_is_a_sentence(kind, sentence):
    text = sentence if kind != "KeyError" else "'k'"
    assert sentence in explain(student_error(json.loads(failure(kind, text))["error"]))


def test_a_set_up_cell_that_fails_is_nobodys_zero(tmp_path):
    with (
        examiner(tmp_path, "import no_such_module") as host,
        pytest.raises(SetupError, match="no_such"),
    ):
        host.run("u1-ej1-visible", PASSES, student('{"value": 9}'), 30)


def test_a_test_without_an_end_is_left(tmp_path):
    with examiner(tmp_path) as host:
        host.run("x", GradedCell("1", (), False), student(""), 60)
        started = time.monotonic()
        with pytest.raises(ExaminerError, match="silent"):
            host.run("x", GradedCell("while True: pass", (), False), student(""), 1)
    assert time.monotonic() - started < 60


@pytest.mark.parametrize(
    "forbidden",
    ["open('/tmp/course-canary', 'w')", "open('here', 'w')", "socket.socket()",
     "open('/etc/shadow')", "open(SECRET)"],
)  # fmt: skip
def test_the_examiner_is_locked_in(tmp_path, forbidden):
    assert landlock.usable(), "this machine has no Landlock: the examiner runs unlocked"
    secret, folder = tmp_path / "secret", tmp_path / "unit"
    secret.touch()
    folder.mkdir()
    setup = f"""
import socket
SECRET = {str(secret)!r}
try:
    {forbidden}
except OSError:
    pass
else:
    raise RuntimeError("possible")
"""
    with examiner(folder, setup) as host:
        assert host.run("x", GradedCell("1", (), False), student(""), 60)["value"] == 1.0


def test_a_masters_names_are_read_from_its_answers():
    assert bound_names("import os\ndef f(): g = 1\nclass C: pass\nx, (y, z) = 1, (2, 3)\n") == {
        "f", "C", "x", "y", "z",
    }  # fmt: skip
    assert python("%matplotlib inline\nif x:\n    !ls\n") == "pass\nif x:\n    pass\n"
    unit = "01-regresion-logistica-keras"
    master = read_master(ROOT / "source" / unit / f"{unit}.ipynb")
    assert "session.start" in master.setup
    assert master.tests["u1-ej1-visible"].names == ("normalizar",)
    assert master.tests["u1-ej1-oculto"].hidden


LONG_AND_SHORT = json.dumps({"value": {"list": ["x" * 100_000] + ["a"] * 100_000}})


def run_with(folder: Path, source: str, answer: str, **limits: float) -> dict[str, Any]:
    """What a cell leaves whose function ``f`` gives an answer, and how long it took by itself."""
    with examiner(folder, "import numpy as np\n") as host:
        done = host.run("x", GradedCell(source, ("f",), False), student(answer), 120, **limits)
        return done | {"worked": host.spent}


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ("f()", {"list": [{"handle": 1, "type": f"T{n}", "call": n < 0} for n in range(40_000)]}),
        ("f()", {"set": [n * (2**61 - 1) for n in range(40_000)]}),
        ("f()", {"dict": [[n * (2**61 - 1), 0] for n in range(40_000)]}),
        ("f()", {"list": [10**4298] * 4_000}),
        ("for _ in range(20):\n    f()", {"list": [0] * 60_000}),
    ],
    ids=["types", "set", "dictionary", "integers", "values"],
)
def test_an_answer_that_is_dear_to_read_is_refused_soon(tmp_path, source, answer):
    done = run_with(tmp_path, source, json.dumps({"value": answer}))
    assert done["spent"]
    assert done["error"]["evalue"] == wire.TOO_LARGE
    assert done["worked"] < 20


def test_what_is_refused_does_not_count_for_the_next_test(tmp_path):
    many = json.dumps({"value": {"list": [0] * 600_000}})
    with examiner(tmp_path) as host:
        for _ in range(2):
            done = host.run("x", GradedCell("f()", ("f",), False), student(many), 60)
            assert not done["spent"]
        done = host.run("x", GradedCell("f(); f()", ("f",), False), student(many), 60)
        assert done["spent"]


def test_a_value_that_grows_in_the_examiner_takes_no_more_memory_than_it_has(tmp_path):
    done = run_with(tmp_path, "np.asarray(f())", LONG_AND_SHORT)  # 40 GB
    assert "MemoryError" in done["error"]["ename"]


@pytest.mark.parametrize("source", ["while True: pass", "while True: f()"])
def test_a_test_that_costs_the_examiner_too_much_is_left(tmp_path, source):
    with pytest.raises(TooMuchWork):
        run_with(tmp_path, source, '{"value": 1}', work=0.5)


def test_time_in_which_the_examiner_waits_is_not_its_work(tmp_path):
    def slow(question: str) -> str:
        time.sleep(0.5)
        return str(student('{"value": 1}')(question))

    with examiner(tmp_path) as host:
        done = host.run("x", GradedCell("f(); f(); f()", ("f",), False), slow, 60, 1.5)
        assert done["error"] is None
        assert host.spent < 1.5


@pytest.mark.parametrize(
    "text",
    ["\0" * 3_000_000, "\ud83d", "ñ" * 1_000_000, ""],
    ids=["zeros", "half a sign", "letters", "nothing"],
)
def test_any_text_reaches_the_examiner_as_it_is(tmp_path, text):
    done = run_with(tmp_path, "print(len(f()))", json.dumps({"value": text}))
    assert done["stdout"] == f"{len(text)}\n"
    assert run_with(tmp_path, "f()", text)["error"]["evalue"] == wire.NOT_UNDERSTOOD


class Ends:
    """An examiner whose tests end as they are told to."""

    spent = 1.0

    def __init__(self, *ends: Exception | None) -> None:
        self.ends = list(ends)
        self.seeds = set[object]()

    def wait_for_setup(self) -> None:
        """Its set-up has run."""

    def close(self) -> None:
        """It is ended."""

    def run(self, *order: object) -> dict[str, Any]:
        """End as told."""
        self.seeds.add(order[-1])
        end = self.ends.pop(0)
        if end:
            raise end
        return {"stdout": "", "pictures": [], "value": None, "error": None, "spent": False}


@pytest.mark.parametrize(
    ("ends", "sentence"),
    [
        ([TooMuchWork()], TOO_MUCH_WORK),
        ([ExaminerError()], UNFINISHED),
        ([ExaminerDied(), ExaminerDied()], CLOSED),
        ([ExaminerDied(), TooMuchWork()], TOO_MUCH_WORK),
        ([ExaminerDied(), None], ""),
    ],
)
def test_a_test_that_does_not_end_costs_its_exercise_and_is_looked_at(ends, sentence, monkeypatch):
    examine, host = Examine(), Ends(*ends)
    monkeypatch.setattr(Examine, "_new_host", lambda _: host)
    examine._host, examine._lost, examine.nb = None, {}, new_notebook()
    examine._work = Budget(100, ["u1-ej1", "u1-ej2"])
    examine._seeds = {"u1-ej1-visible": 7}
    cell = new_code_cell(metadata={"nbgrader": {"grade_id": "u1-ej1-visible"}})
    examine._judge(cell, PASSES, SimpleNamespace(ask=None, used_up=False))
    notes = examine.nb.metadata.get("course", {}).get("notes", [])
    assert host.ends == []
    assert host.seeds == {7}
    assert [output.evalue for output in cell.outputs] == [sentence] * bool(sentence)
    assert [note.review for note in notes] == [True] * bool(sentence)
    assert all(note.text.startswith(f"Ejercicio 1.1: {sentence}") for note in notes)
    assert list(examine._lost) == ["u1-ej1"] * bool(sentence)
    assert examine._work.left("u1-ej1") == 75 - len(ends)


def test_an_examiner_that_can_not_be_set_up_is_no_failure_of_the_students(monkeypatch):
    class Lost(Ends):
        def wait_for_setup(self) -> None:
            """It is lost."""
            raise ExaminerDied

    examine = Examine()
    monkeypatch.setattr(Examine, "_new_host", lambda _: Lost())
    examine._host = None
    with pytest.raises(RuntimeError, match="set up"):
        examine._set_up()


def test_no_exercise_takes_another_ones_share_of_a_budget():
    budget = Budget(100, ["a", "b", "c", "d", "e"])
    assert budget.left("a") == 60  # half of all, and its own share
    budget.spend("a", 75)  # it was stopped late
    assert budget.left("a") == 0
    assert [budget.left(other) for other in "bcde"] == [10, 10, 10, 10]
    budget.spend("b", 4)
    assert budget.left("b") == 6
    frugal = Budget(100, ["a", "b"])
    frugal.spend("a", 5)
    assert frugal.left("b") == 75


def test_a_test_that_is_run_once_more_draws_the_same(tmp_path: Path):
    source = "\n".join(
        f"@check('u1-ej1')\ndef _{n}(c):\n    print(c.rng.integers(1 << 40, size=4))"
        for n in range(2)
    )
    with examiner(tmp_path) as host:
        cell = GradedCell(source, (), False)
        runs = [host.run("x", cell, student(""), 60, seed=seed) for seed in (7, 7, 8, None, None)]
    first, again, *others = (run["stdout"] for run in runs)
    assert first == again
    assert len({first, *others}) == 4
    drawn = [line for line in first.splitlines() if line.startswith("[")]
    assert len(set(drawn)) == 2  # each check draws its own
