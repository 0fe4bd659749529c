"""Jobs and the workers that execute them."""

import time
from dataclasses import replace
from pathlib import Path

from nbformat.v4 import new_code_cell, new_notebook
from traitlets.config import Config

from course_utils.grading.autograde.bundle import Bundle
from course_utils.grading.autograde.job import Job
from course_utils.grading.autograde.pools import local_pool
from course_utils.grading.executor import resilient
from course_utils.grading.executor.resilient import ResilientExecute
from tests.grading.intake import fixture


def job(folder: Path, source: str, limit: float | None = None) -> Job:
    """A job of one cell, in a kernel of its own."""
    notebook = new_notebook(cells=[new_code_cell(source)])
    files = Bundle.of(folder)
    return Job("ana", "01-x", notebook, files, files, (ResilientExecute,), Config(), limit)


def test_a_job_gives_back_the_executed_notebook(tmp_path):
    with local_pool(1) as pool:
        done = pool.submit(job(tmp_path, "1 + 1")).result(120)
    assert (done.error, done.stopped) == ("", False)
    cell = done.notebook.cells[0]
    assert cell.outputs[0].data["text/plain"] == "2"


def test_a_job_over_its_limit_is_stopped(tmp_path):
    with local_pool(1) as pool:
        done = pool.submit(job(tmp_path, "import time; time.sleep(300)", limit=8)).result(120)
    assert done.stopped
    assert done.notebook is None


def test_a_job_that_a_worker_takes_up_after_the_end_was_asked_for_does_not_begin(tmp_path):
    """Ctrl-C falls between a worker's taking a job up and the start of its kernel."""
    marker = tmp_path / "it-ran"
    with local_pool(1) as pool:
        pool.stop()
        done = pool.submit(job(tmp_path, f"open({str(marker)!r}, 'w')")).result(120)
    assert (done.stopped, done.error, done.notebook) == (True, "", None)
    assert not marker.exists()


def test_the_end_of_one_run_is_not_the_next_ones(tmp_path):
    with local_pool(1) as pool:
        pool.stop()
    with local_pool(1) as pool:
        assert not pool.submit(job(tmp_path, "1 + 1")).result(120).stopped


def test_those_under_way_end_when_the_run_is_stopped(tmp_path):
    marker = tmp_path / "it-runs"
    source = f"import time; open({str(marker)!r}, 'w'); time.sleep(300)"
    with local_pool(1) as pool:
        future = pool.submit(job(tmp_path, source))
        until = time.monotonic() + 60
        while not marker.exists():
            assert time.monotonic() < until
            time.sleep(0.05)
        pool.stop()
        assert future.result(60).stopped


def test_no_more_notebooks_run_at_once_than_there_are_workers(tmp_path):
    """The next one's kernel starts meanwhile, and its time begins with its turn."""
    times = tmp_path / "times"
    source = f"""
import time
from dataclasses import replace
begun = time.time()
time.sleep(4)
with open({str(times)!r}, "a") as file:
    print(begun, time.time(), file=file)
"""
    with local_pool(1) as pool:
        # A limit that waiting for the first would use up.
        futures = [pool.submit(job(tmp_path, source, limit=7)) for _ in range(2)]
        done = [future.result(120) for future in futures]
    assert [(one.stopped, one.error) for one in done] == [(False, "")] * 2
    (_, first_end), (second_begin, _) = sorted(
        tuple(map(float, line.split())) for line in times.read_text().splitlines()
    )
    assert second_begin >= first_end
    assert all("waiting" not in one.cells for one in done)


def test_one_that_waits_for_its_turn_can_be_stopped(tmp_path):
    marker = tmp_path / "it-runs"
    source = f"import time; open({str(marker)!r}, 'a').write('x'); time.sleep(300)"
    with local_pool(1) as pool:
        futures = [pool.submit(job(tmp_path, source)) for _ in range(2)]
        until = time.monotonic() + 60
        while not marker.exists():
            assert time.monotonic() < until
            time.sleep(0.05)
        pool.stop()
        assert all(future.result(60).stopped for future in futures)
    assert marker.read_text() == "x"


def test_a_kernel_that_waited_too_long_gives_way_to_a_new_one(tmp_path, monkeypatch):
    monkeypatch.setattr(resilient, "STALE", 0.5)
    renewed = []
    renew = ResilientExecute._renew_kernel
    monkeypatch.setattr(
        ResilientExecute, "_renew_kernel", lambda step: renewed.append(step) or renew(step)
    )
    source = "import time; time.sleep(2); print('ran')"
    with local_pool(1) as pool:
        futures = [pool.submit(job(tmp_path, source)) for _ in range(2)]
        done = [future.result(120) for future in futures]
    assert [one.error for one in done] == ["", ""]
    assert len(renewed) == 1
    cells = [one.notebook.cells[0] for one in done]
    assert [cell.outputs[0].text for cell in cells] == ["ran\n"] * 2


def test_a_set_up_that_takes_too_long_is_no_students_fault(tmp_path):
    """With nothing of the student's before it, it is a failure of ours: no mark, and so no 0."""
    config = Config()
    config.ResilientExecute.timeout = 2
    config.ResilientExecute.interrupt_on_timeout = True
    config.ResilientExecute.error_on_timeout = {
        "ename": resilient.TOO_LONG, "evalue": "", "traceback": []
    }  # fmt: skip
    setup = fixture.cell("code", "u1-preparacion", "import time; time.sleep(60)")
    of_the_student = new_code_cell("1 + 1")
    with local_pool(1) as pool:
        ours, theirs = (
            pool.submit(
                replace(
                    job(tmp_path, ""),
                    notebook=new_notebook(cells=cells),
                    config=config,
                )
            )
            for cells in ([setup, of_the_student], [of_the_student, setup])
        )
        assert "u1-preparacion took too long" in ours.result(120).error
        assert theirs.result(120).error == ""
