"""``course grade --scheduler``: a real Dask scheduler, which may die, and real workers."""

import shutil
from pathlib import Path

import psutil
import pytest

from course_utils.grading.autograde.versions import differences, versions
from course_utils.grading.pipeline import Pipeline
from tests.grading.clusters import cluster, wait_for
from tests.grading.courses import ROOT
from tests.grading.runs import FULL, UNIT, course, give, grade, lines, marks, start, states

pytestmark = pytest.mark.xdist_group("cluster")


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    return course(tmp_path / "course")


def test_a_scheduler_that_goes_away_is_one_sentence_and_loses_nothing(pipeline, tmp_path):
    students = ["ana", "bruno", "carla"]
    give(pipeline, "ana")
    give(pipeline, "bruno", seconds=60)
    give(pipeline, "carla", seconds=60)
    with cluster(tmp_path / "cluster", 1) as dask:
        with start(pipeline, "--scheduler", dask.address) as process:
            for line in lines(process):
                if line["event"] == "hand-in":
                    dask.scheduler.kill()
                    break
            _, errors = process.communicate(timeout=60)
        assert process.returncode == 2
        assert errors.strip().splitlines()[-1].startswith("course: The Dask scheduler at tcp://")
        assert "Traceback" not in errors
    assert marks(pipeline, students) == {"ana": FULL, "bruno": None, "carla": None}
    give(pipeline, "bruno")
    give(pipeline, "carla")
    assert states(grade(pipeline))["ana"] == "unchanged"
    assert set(marks(pipeline, students).values()) == {FULL}


def test_after_a_run_its_workers_hold_no_examiner(pipeline, tmp_path):
    for student in ("ana", "bruno"):
        give(pipeline, student)
    with cluster(tmp_path / "cluster", 1) as dask:
        assert set(states(grade(pipeline, "--scheduler", dask.address)).values()) == {"graded"}
        worker = dask.workers[0].pid
        wait_for(lambda: not psutil.Process(worker).children(recursive=True))


def test_a_worker_with_another_version_is_refused_by_name(pipeline, tmp_path):
    give(pipeline, "ana")
    other = tmp_path / "other"
    shutil.copytree(ROOT / "course_utils", other / "course_utils")
    with (other / "course_utils" / "session.py").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    with cluster(tmp_path / "cluster", 0) as dask:
        with start(pipeline, "--scheduler", dask.address) as process:
            _, errors = process.communicate(timeout=120)
        assert process.returncode == 2
        assert "has no worker" in errors
        dask.add_worker(other)
        with start(pipeline, "--scheduler", dask.address) as process:
            _, errors = process.communicate(timeout=120)
    assert process.returncode == 2
    assert "has course_utils 1.0.0+" in errors
    assert "instead of 1.0.0+" in errors
    assert not (pipeline.course.root / "autograded" / "ana" / UNIT).exists()


def test_differences_name_every_package_that_could_change_a_mark():
    here = versions()
    assert {"python", "course_utils", "nbgrader", "numpy", "tensorflow", "torch"} <= set(here)
    assert differences(here, here) == []
    there = here | {"numpy": "1.0"}
    del there["torch"]
    assert differences(here, there) == [
        f"numpy 1.0 instead of {here['numpy']}",
        f"torch not installed instead of {here['torch']}",
    ]
