"""Forks, cold kernels and Dask give the same points: bank, damages and attacks through all three.

It takes an hour: ``make test-engines``; a part of it with ``-k "bank and 04"``.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.grading import test_bank, test_hostile
from tests.grading.clusters import cluster
from tests.grading.courses import UNITS, all_points, course_with
from tests.grading.engines import COLD, FORK, Engine
from tests.grading.intake import test_units_graded as damaged

pytestmark = pytest.mark.engines
Points = dict[tuple[str, str], float]
Suite = Callable[[Engine], Points]


@pytest.fixture
def compare(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Any,
) -> Callable[[Suite], None]:
    """Runs a suite with every engine, notes what it took, and looks at what differs."""
    monkeypatch.setenv("COURSE_SECRET", test_hostile.CANARY)  # workers, too, have it to lose

    def run(suite: Suite) -> None:
        found, seconds = {}, {}
        with cluster(tmp_path / "cluster", 1) as dask:
            for engine in (FORK, COLD, Engine("dask", dask.address)):
                started = time.monotonic()
                with monkeypatch.context() as patch:
                    engine.insist(patch)
                    found[engine.name] = suite(engine)
                seconds[engine.name] = time.monotonic() - started
        different = sorted(differing(found))
        students = {student for student, _ in found["fork"]}
        row = [request.node.name, len(students), len(found["fork"]), len(different)]
        record_property("engines", [*row, *(f"{value:.0f}" for value in seconds.values())])
        assert found["fork"]
        assert different == []

    return run


def differing(found: dict[str, Points]) -> Iterator[tuple[str, str, list[float | None]]]:
    """Student, cell and each engine's points, where these are not the same."""
    for student, cell in set().union(*found.values()):
        points = [of_engine.get((student, cell)) for of_engine in found.values()]
        if len(set(points)) > 1:
            yield student, cell, points


@pytest.mark.parametrize("unit", UNITS)
def test_bank_of_answers(unit: str, compare: Callable[[Suite], None], tmp_path: Path):
    def suite(engine: Engine) -> Points:
        pipeline = course_with(tmp_path / engine.name, unit)
        engine.use(pipeline)
        assert list(test_bank.graded(pipeline, unit))
        return all_points(pipeline, unit)

    compare(suite)


@pytest.mark.parametrize("unit", damaged.UNITS)
def test_damages(
    unit: str, compare: Callable[[Suite], None], tmp_path_factory: pytest.TempPathFactory
):
    def suite(engine: Engine) -> Points:
        courses = damaged.Courses(tmp_path_factory, engine)
        for name in damaged.GRADED[unit]:
            damaged.grade_damaged(courses, unit, name)
        return all_points(courses[unit][0], unit)

    compare(suite)


@pytest.mark.parametrize("unit", test_hostile.UNITS)
def test_attacks(
    unit: str, compare: Callable[[Suite], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def suite(engine: Engine) -> Points:
        folder = tmp_path / engine.name
        level = test_hostile.OFFERED[0]
        return all_points(test_hostile.attack(unit, level, engine, "", folder, monkeypatch), unit)

    compare(suite)
