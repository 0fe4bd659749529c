"""``course grade``: the stock converter's marks, side by side; stopped, it goes on."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from course_utils.grading.autograde import pools
from course_utils.grading.autograde.events import Outcome
from course_utils.grading.commands.cli import main
from course_utils.grading.commands.grade import INTERRUPTED
from course_utils.grading.commands.progress import JsonLines
from course_utils.grading.course import CONFIG, read_notebook
from course_utils.grading.pipeline import Pipeline
from course_utils.grading.release.submissions import hand_in
from tests.grading.intake import fixture
from tests.grading.runs import (
    FULL,
    PART,
    UNIT,
    WRONG,
    children,
    course,
    environment,
    give,
    grade,
    lines,
    marks,
    rows,
    start,
    states,
)

pytestmark = pytest.mark.xdist_group("grade")
# nbgrader as it is installed; only the stubs are those of the released notebooks.
STOCK = """
c = get_config()
c.CourseDirectory.course_id = "aprendizaje-profundo"
c.ClearSolutions.code_stub = {"python": "# TU CÓDIGO AQUÍ\\nraise NotImplementedError()"}
c.ClearSolutions.text_stub = "TU RESPUESTA AQUÍ"
"""


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    return course(tmp_path / "course")


def test_marks_are_those_of_the_stock_converter(pipeline, tmp_path):
    give(pipeline, "right")
    give(pipeline, "wrong", first=WRONG)
    give(pipeline, "raises", first="def centrar(x):\n    raise ValueError('no')")
    give(pipeline, "talks", first=f"import sys\nprint('hola', file=sys.stderr)\n{WRONG}")
    hand_in(fixture.released(pipeline), pipeline.course.root / "submitted", "blank", UNIT)
    stock = tmp_path / "stock"
    shutil.copytree(pipeline.course.root, stock)
    (stock / CONFIG).write_text(STOCK, encoding="utf-8")
    (stock / "gradebook.db").unlink()
    for command in ("generate_assignment", "autograde"):
        subprocess.run(
            ["nbgrader", command, UNIT, "--force"],
            cwd=stock,
            env=environment(),
            check=True,
            capture_output=True,
        )
    said = grade(pipeline, "--workers", "2")
    assert set(states(said).values()) == {"graded"}
    ours, theirs = points(pipeline.course.root), points(stock)
    assert ours == theirs
    assert ours["right", "u1-ej1-oculto"] == 3.0
    assert ours["wrong", "u1-ej1-oculto"] == 0.0
    assert len(ours) == 5 * 4


def points(root: Path) -> dict[tuple[str, str], float | None]:
    """Student and cell → automatic points."""
    return {(student, cell): earned for student, cell, earned in rows(root)}


def test_a_killed_run_goes_on_without_grading_twice_or_half(pipeline):
    students = [f"s{number}" for number in range(6)]
    for student in students:
        give(pipeline, student, seconds=0.5, first=WRONG if student == "s3" else "")
    expected = {student: PART if student == "s3" else FULL for student in students}
    with start(pipeline, "--workers", "2") as process:
        first = []
        for line in lines(process):
            first.append(line)
            if len(states(first)) == 2:
                break
        below = psutil.Process(process.pid).children(recursive=True)
        process.kill()
    for student, mark in marks(pipeline, students).items():
        assert mark in (None, expected[student])
    before = states(first)
    second = states(grade(pipeline, "--workers", "2"))
    assert {second[student] for student in before} == {"unchanged"}
    # The kill may come between a record and its line: at most the two that were under way.
    unsaid = {student for student, state in second.items() if state == "unchanged"} - set(before)
    assert len(unsaid) <= 2
    assert marks(pipeline, students) == expected
    assert psutil.wait_procs(below, timeout=20)[1] == [], "processes outlive their run"


def test_the_gradebook_never_holds_a_part_of_a_mark(pipeline, monkeypatch):
    """Stopped while the second cell is saved, the first one's points are not there either."""
    from course_utils.grading.gradebook.save import SaveMarks

    give(pipeline, "ana")
    add = SaveMarks._add_score

    def stop(self, cell, resources):
        if cell.metadata.nbgrader.grade_id == "u1-ej1-oculto":
            raise KeyboardInterrupt
        add(self, cell, resources)

    monkeypatch.setattr(SaveMarks, "_add_score", stop)
    assert not pipeline.api.autograde(UNIT, "ana")["success"]
    found = points(pipeline.course.root)
    assert len(found) == 4
    assert set(found.values()) == {None}


def test_a_killed_kernel_costs_no_point(pipeline):
    for student in ("ana", "bruno"):
        give(pipeline, student, seconds=3)
    with start(pipeline, "--workers", "2") as process:
        until = time.monotonic() + 60
        while not children(process, "ipykernel_launcher"):
            assert time.monotonic() < until
            time.sleep(0.1)
        time.sleep(2)
        children(process, "ipykernel_launcher")[-1].kill()  # those that started it may be gone
        said = list(lines(process))
    assert process.returncode == 0
    assert set(states(said)) == {"ana", "bruno"}
    assert marks(pipeline, ["ana", "bruno"]) == {"ana": FULL, "bruno": FULL}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_the_kernels_and_the_next_run_goes_on(pipeline, number):
    students = ["ana", "bruno", "carla"]
    give(pipeline, "ana")
    give(pipeline, "bruno", seconds=100)
    give(pipeline, "carla", seconds=100)
    # A worker for each: with two, the slow ones may get their turns before ana does.
    with start(pipeline, "--workers", "3") as process:
        for line in lines(process):
            if line["event"] == "hand-in":
                break
        until = time.monotonic() + 60
        while len(children(process, "ipykernel_launcher")) < 2:
            assert time.monotonic() < until
            time.sleep(0.1)
        below = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(number)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "The same command goes on" in errors
    assert "Traceback" not in errors
    assert psutil.wait_procs(below, timeout=20)[1] == []
    assert marks(pipeline, students) == {"ana": FULL, "bruno": None, "carla": None}
    give(pipeline, "bruno")
    give(pipeline, "carla")
    said = states(grade(pipeline))
    assert said == {"ana": "unchanged", "bruno": "graded", "carla": "graded"}


class Swallower:
    """Interrupts this process where Python drops the exception of it."""

    def __del__(self) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.01)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interrupt_that_a_destructor_swallows_ends_the_run_too(pipeline, monkeypatch):
    give(pipeline, "ana")
    give(pipeline, "bruno", seconds=100)
    ended = JsonLines.ended

    def ended_with_interrupt(watch: JsonLines, outcome: Outcome) -> None:
        ended(watch, outcome)
        Swallower()

    monkeypatch.setattr(JsonLines, "ended", ended_with_interrupt)
    monkeypatch.chdir(pipeline.course.root)
    assert main(["grade", "1", "--json", "--workers", "2"]) == INTERRUPTED
    assert marks(pipeline, ["ana", "bruno"]) == {"ana": FULL, "bruno": None}


def test_a_notebook_over_its_limit_has_no_mark_and_is_taken_up_again(pipeline):
    give(pipeline, "endless", seconds=100)
    give(pipeline, "quick")
    said = grade(pipeline, "--limit-per-notebook", "12", code=1)
    assert states(said) == {"endless": "too long", "quick": "graded"}
    note = next(line["notes"] for line in said if line.get("student") == "endless")
    assert "tardó más de 12 segundos" in note
    assert marks(pipeline, ["endless", "quick"]) == {"endless": None, "quick": FULL}
    give(pipeline, "endless")
    assert states(grade(pipeline)) == {"endless": "graded", "quick": "unchanged"}


def test_what_the_runs_limit_leaves_is_said_and_graded_by_the_next(pipeline):
    students = [f"s{number}" for number in range(5)]
    for student in students:
        give(pipeline, student, seconds=100 if student in ("s1", "s3") else 0)
    said = grade(pipeline, "--workers", "2", "--limit-run", "15", code=1)
    assert set(states(said)) == set(students)
    left = {student for student, state in states(said).items() if state == "left"}
    assert {"s1", "s3"} <= left
    assert said[-1]["event"] == "end"
    assert said[-1]["left"] == len(left)
    for student, mark in marks(pipeline, students).items():
        assert mark == (None if student in left else FULL)
    for student in ("s1", "s3"):
        give(pipeline, student)
    grade(pipeline)
    assert set(marks(pipeline, students).values()) == {FULL}


def test_json_lines_say_begin_every_hand_in_and_end(pipeline):
    give(pipeline, "ana")
    give(pipeline, "bruno")
    path = pipeline.course.root / "submitted" / "bruno" / UNIT / f"{UNIT}.ipynb"
    path.write_bytes(b"")
    said = grade(pipeline, "--workers", "1")
    assert said[0] == {"event": "begin", "unit": UNIT, "hand_ins": 2, "workers": 1}
    assert states(said) == {"ana": "graded", "bruno": "unreadable"}
    assert [line["left"] for line in said[1:-1]] == [1, 0]
    assert "vacío" in next(line["notes"] for line in said if line.get("student") == "bruno")
    end = said[-1]
    assert (end["event"], end["graded"], end["unreadable"]) == ("end", 1, 1)


def test_the_bar_and_the_profile_name_the_slow_exercise(pipeline, monkeypatch, capsys):
    slow = "import time\ndef centrar(x):\n    time.sleep(1)\n    return x - np.mean(x)"
    give(pipeline, "ana", first=slow)
    monkeypatch.chdir(pipeline.course.root)
    monkeypatch.setenv("COLUMNS", "120")
    assert main(["grade", "1", "--profile", "--workers", "1"]) == 0
    shown = capsys.readouterr().out
    assert "1/1 0 to review · 0 unreadable · 0 left" in shown
    assert "1 graded" in shown
    rows = {words[0]: words for words in map(str.split, shown.splitlines()) if len(words) == 5}
    assert float(rows["u1-ej1"][2]) > 2 > float(rows["u1-ej2"][2])
    assert {"prepare", "execute", "save", "kernel", "u1-preparacion"} <= set(rows)


def test_notebooks_side_by_side_get_their_share_of_the_cores(pipeline):
    give(pipeline, "ana", first="import os\nprint(os.environ['OMP_NUM_THREADS'])")
    cores = pools.cores()
    grade(pipeline, "--workers", str(cores))
    graded = pipeline.course.root / "autograded" / "ana" / UNIT / f"{UNIT}.ipynb"
    cell = next(cell for cell in read_notebook(graded).cells if cell.id == "u1-ej1")
    assert cell.outputs[0].text.strip() == "1"


@pytest.mark.parametrize(("free", "workers"), [(40, 9), (11, 4), (1, 1)])
def test_workers_fill_the_cores_as_far_as_memory_goes(monkeypatch, free, workers):
    monkeypatch.setattr(pools, "cores", lambda: 8)
    monkeypatch.setattr(pools, "_free_memory", lambda: free * 10**9)
    assert pools.default_workers() == workers


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--workers", "0"], "must be more than 0"),
        (["--limit-run", "soon"], "invalid number value"),
        (["--student", "nobody"], "no submission"),
        (["--scheduler", "tcp://127.0.0.1:1"], "no Dask scheduler at tcp://127.0.0.1:1"),
    ],
)
def test_a_wrong_call_is_one_sentence(pipeline, options, says):
    give(pipeline, "ana")
    with start(pipeline, *options) as process:
        _, errors = process.communicate(timeout=120)
    assert process.returncode == 2
    assert says in errors.strip().splitlines()[-1]
    assert "Traceback" not in errors
