"""Examiners that go from one hand-in to the next: what stays, and who is let go."""

import os
import signal
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from course_utils.grading.examiner import pool
from course_utils.grading.examiner.host import ExaminerError, ExaminerHost
from course_utils.grading.examiner.master import GradedCell, Master
from course_utils.grading.examiner.pool import Examiners
from course_utils.grading.executor.examine import Examine
from course_utils.grading.executor.resilient import ResilientExecute
from course_utils.grading.sandbox import landlock

SETUP = "import random\nimport numpy as np\nseen = []\n"


@pytest.fixture
def examiners() -> Iterator[Examiners]:
    kept = Examiners()
    yield kept
    kept.end()


def take(examiners: Examiners, folder: Path, setup: str = SETUP, threads: int = 0) -> ExaminerHost:
    master = Master(folder, setup, {})
    return examiners.take(master, locked=landlock.usable(), server=None, threads=threads)


def run(examiner: ExaminerHost, source: str) -> str:
    """What a test prints."""
    done = examiner.run("x", GradedCell(source, (), False), lambda _: '{"value": null}', 60)
    assert done["error"] is None, done["error"]
    return str(done["stdout"])


def test_the_next_hand_in_has_the_same_process_and_a_new_set_up(examiners, tmp_path):
    first = take(examiners, tmp_path)
    assert run(first, "seen.append(1); own = 2; print(seen)") == "[1]\n"
    examiners.give_back(first)
    second = take(examiners, tmp_path)
    assert second.pid == first.pid
    assert run(second, "print(seen, 'own' in globals())") == "[] False\n"
    examiners.give_back(second)


@pytest.mark.parametrize("late", [False, True])
def test_an_examiner_that_has_gone_on_is_not_killed_with_its_last_hand_in(late, monkeypatch):
    ended: list[str] = []
    host = SimpleNamespace(kill=lambda: ended.append("killed"))
    monkeypatch.setattr(ResilientExecute, "setup_kernel", lambda _: nullcontext())
    monkeypatch.setattr(Examine, "_new_host", lambda _: host)
    monkeypatch.setattr(pool, "give_back", lambda given: ended.append("given back"))
    examine = Examine()
    examine._host = None
    with examine.setup_kernel():
        if not late:
            examine.stop()
    if late:
        examine.stop()
    assert ended == (["given back"] if late else ["killed", "given back"])


DRAW = {
    "random": "random.random()",
    "numpy": "np.random.rand()",
    "torch": "torch.rand(1).item()",
    "tensorflow": "float(tf.random.uniform((1,))[0])",
    "keras": "float(keras.random.uniform((1,))[0])",
}


def test_no_random_number_follows_from_what_an_earlier_test_drew(examiners, tmp_path):
    setup = f"{SETUP}import keras, tensorflow as tf, torch\n"
    draw = f"print({', '.join(DRAW.values())})"
    seed = "keras.utils.set_random_seed(1); torch.manual_seed(1)"
    rounds, pids = [], set()
    for _ in range(3):
        examiner = take(examiners, tmp_path, setup)
        pids.add(examiner.pid)
        rounds.append(run(examiner, draw).split())
        run(examiner, seed)
        examiners.give_back(examiner)
    assert len(pids) == 1
    for name, drawn in zip(DRAW, zip(*rounds, strict=True), strict=True):
        assert len(set(drawn)) == 3, name


def test_layers_are_named_as_in_a_new_process(examiners, tmp_path):
    setup = f"{SETUP}import keras\n"
    for _ in range(2):
        examiner = take(examiners, tmp_path, setup)
        assert run(examiner, "print(keras.layers.Dense(1).name)") == "dense\n"
        examiners.give_back(examiner)


@pytest.mark.parametrize("different", ["setup", "threads", "folder"])
def test_only_one_of_the_same_kind_takes_its_place(different, examiners, tmp_path):
    first = take(examiners, tmp_path)
    run(first, "pass")
    examiners.give_back(first)
    (tmp_path / "other").mkdir()
    others = {"setup": f"{SETUP}x = 1\n", "threads": 1, "folder": tmp_path / "other"}
    second = take(examiners, **{"folder": tmp_path, different: others[different]})
    assert second.pid != first.pid
    second.close()


def _killed(examiner: ExaminerHost) -> None:
    examiner.kill()


def _dead(examiner: ExaminerHost) -> None:
    os.kill(examiner.pid, signal.SIGKILL)
    examiner._process.wait()


def _in_the_middle(examiner: ExaminerHost) -> None:
    cell = GradedCell("while True: pass", (), False)
    with pytest.raises(ExaminerError):
        examiner.run("x", cell, lambda _: "", 0.2)


def _old(examiner: ExaminerHost) -> None:
    examiner.judged = pool.HAND_INS


def _bloated(examiner: ExaminerHost) -> None:
    run(examiner, "np.big = np.ones(140_000_000)")


@pytest.mark.parametrize("ruin", [_killed, _dead, _in_the_middle, _old, _bloated])
def test_one_that_is_of_no_use_is_let_go(ruin, examiners, tmp_path):
    first = take(examiners, tmp_path)
    run(first, "pass")
    ruin(first)
    examiners.give_back(first)
    assert examiners._idle == []
    assert not psutil.pid_exists(first.pid)


def test_one_that_died_while_it_waited_gives_way_to_a_new_one(examiners, tmp_path):
    first = take(examiners, tmp_path)
    run(first, "pass")
    examiners.give_back(first)
    _dead(first)
    second = take(examiners, tmp_path)
    assert run(second, "print(1)") == "1\n"
    assert second.pid != first.pid
    examiners.give_back(second)


def test_at_the_end_none_is_left(examiners, tmp_path):
    examiner = take(examiners, tmp_path)
    run(examiner, "pass")
    examiners.give_back(examiner)
    examiners.end()
    assert not psutil.pid_exists(examiner.pid)
    assert not Path(examiner._private.name).exists()


# What a test may change for its process, and how the next one sees it.
CHANGES = {
    "np.seterr(all='raise')": "np.geterr()['over']",
    "np.set_printoptions(precision=2)": "np.get_printoptions()['precision']",
    "np.mean = lambda x: 42": "np.mean([1, 3])",
    "warnings.simplefilter('error')": "warnings.filters[0][0]",
    "sys.setrecursionlimit(5000)": "sys.getrecursionlimit()",
    "gc.disable()": "gc.isenabled()",
    "locale.setlocale(locale.LC_ALL, 'C')": "locale.setlocale(locale.LC_ALL)",
    "os.environ['X'] = '1'": "os.environ.get('X')",
    "os.chdir('/usr')": "os.getcwd() == '/usr'",
    "sys.path.insert(0, 'x')": "sys.path[0]",
    "decimal.getcontext().prec = 3": "decimal.getcontext().prec",
    "plt.rcParams['font.size'] = 3": "plt.rcParams['font.size']",
    "plt.figure()": "len(plt.get_fignums())",
    "torch.set_default_dtype(torch.float64)": "torch.get_default_dtype()",
    "torch.set_grad_enabled(False)": "torch.is_grad_enabled()",
    "torch.use_deterministic_algorithms(True)": "torch.are_deterministic_algorithms_enabled()",
    "keras.config.set_floatx('float64')": "keras.ops.ones(1).dtype",
    "keras.config.set_dtype_policy('float16')": "keras.config.dtype_policy().name",
    "tf.config.run_functions_eagerly(True)": "tf.config.functions_run_eagerly()",
    "ayuda.seen.append(1)": "ayuda.seen",
    "seen.append(1)": "seen",
}
MANY = f"""{SETUP}
import decimal, gc, locale, os, sys, warnings
import keras, matplotlib.pyplot as plt, tensorflow as tf, torch
import ayuda
np.seterr(under="warn")
torch.set_default_dtype(torch.float32)
"""


def test_what_a_test_sets_for_its_process_is_gone_with_the_next_notebook(examiners, tmp_path):
    (tmp_path / "ayuda.py").write_text("seen = []\n", encoding="utf-8")
    look = "print([str(x) for x in (" + ", ".join(CHANGES.values()) + ")])"
    first = take(examiners, tmp_path, MANY)
    fresh = run(first, look)  # notebook A
    run(first, "\n".join(CHANGES))
    assert first.idle
    examiners.give_back(first)
    second = take(examiners, tmp_path, MANY)
    assert second.pid == first.pid
    assert run(second, look) == fresh  # notebook B
    run(second, "\n".join(CHANGES))
    examiners.give_back(second)
    third = take(examiners, tmp_path, MANY)
    assert run(third, look) == fresh  # notebook A again
    run(third, "\n".join(CHANGES))
    later = run(third, look)  # what the tests of one notebook share, they share in each run
    assert later == fresh.replace("'[]', '[]'", "'[1]', '[1]'")
    examiners.give_back(third)


def test_an_examiner_in_which_a_test_loads_another_library_judges_no_other_notebook(
    examiners, tmp_path
):
    first = take(examiners, tmp_path)
    run(first, "import pandas")
    examiners.give_back(first)
    assert examiners._idle == []
