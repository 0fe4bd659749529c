"""Random submissions get the same marks, states, notes and sentences, however they are graded.

Fifty with ``make test``; two thousand in an hour with ``make test-differential``. What differs is
printed with its seed, which repeats it:
``DIFFERENTIAL_SEED=123 DIFFERENTIAL_SUBMISSIONS=1 make test-differential``.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from course_utils.grading.sandbox.levels import NONE
from tests.grading.clusters import cluster
from tests.grading.differential.answers import CHANGES
from tests.grading.differential.comparison import Difference, compare, differing, reduced
from tests.grading.differential.forms import FORMS
from tests.grading.differential.grading import Configuration, Grader, configurations
from tests.grading.differential.ordinary import ORDINARY
from tests.grading.differential.submissions import Edit, Submission, Unit
from tests.grading.engines import COLD, FORK
from tests.grading.intake import fixture

pytestmark = pytest.mark.xdist_group("differential")
FIRST = int(os.environ.get("DIFFERENTIAL_SEED", "0"))
COUNT = int(os.environ.get("DIFFERENTIAL_SUBMISSIONS", "0"))  # 0: as many as stand here
QUICK = 50
SHARES = {
    fixture.UNIT: 1850,
    "04-superficie-bce-pytorch": 120,
    "01-regresion-logistica-keras": 30,
}
CLASS = 50  # submissions that are graded together
FORKED, COLDLY = Configuration(FORK, NONE), Configuration(COLD, NONE)
BREAK = Edit("ordinary", "exception", "u1-ej1", "last cell")
PRINT = Edit("ordinary", "print", "u1-ej2", "cell below")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Of a Dask scheduler with one worker."""
    with cluster(tmp_path_factory.mktemp("dask") / "cluster", 1) as dask:
        yield dask.address


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Unit:
    return Unit(fixture.UNIT, tmp_path_factory.mktemp("small") / "course")


def found_in(unit: Unit, seeds: range, folder: Path, address: str) -> list[Difference]:
    """What differs among the submissions of some seeds."""
    grader = Grader(unit, folder)
    submissions = [unit.draw(seed) for seed in seeds]
    return compare(grader, submissions, configurations(address))


def told(found: list[Difference]) -> str:
    """What differs, as text."""
    return "\n\n".join(["", *map(str, found)])


def test_fifty_submissions(small: Unit, tmp_path: Path, address: str):
    found = found_in(small, range(QUICK), tmp_path, address)
    assert not found, told(found)


@pytest.mark.differential
@pytest.mark.parametrize("name", SHARES)
def test_two_thousand_submissions(
    name: str, tmp_path: Path, address: str, capsys: pytest.CaptureFixture[str]
):
    unit = Unit(name, tmp_path / "course")
    seeds = range(FIRST, FIRST + (COUNT or SHARES[name]))
    found: list[Difference] = []
    for at in range(0, len(seeds), CLASS):
        new = found_in(unit, seeds[at : at + CLASS], tmp_path, address)
        found += new
        with capsys.disabled():
            done = min(at + CLASS, len(seeds))
            print(f"\n{name}: {done} submissions, {len(found)} differ{told(new)}", flush=True)
    assert not found, told(found)


def test_a_seed_draws_one_submission_and_all_edits_are_drawn(small: Unit, tmp_path: Path):
    drawn = [small.draw(seed) for seed in range(SHARES[small.name])]
    assert drawn == [small.draw(seed) for seed in range(SHARES[small.name])]
    edits = {(edit.kind, edit.name) for submission in drawn for edit in submission.edits}
    for kind, names in {"ordinary": ORDINARY, "form": FORMS, "change": CHANGES}.items():
        assert {name for of, name in edits if of == kind} == set(names)
    for submission in drawn[:200]:
        small.write(submission, tmp_path)
    assert len(list(tmp_path.iterdir())) == 200


def test_what_differs_is_made_small():
    """Two edits that must come together, among others."""
    other = Edit("form", "cut-off", "u1-ej2")
    big = Submission(7, (PRINT, BREAK, PRINT, other, PRINT))

    def regrade(parts: list[Submission]) -> list[Difference]:
        return [difference(part) for part in parts if {BREAK, other} <= set(part.edits)]

    def difference(submission: Submission) -> Difference:
        return Difference(fixture.UNIT, submission, (FORKED, COLDLY), {"mark": (9.0, 4.0)})

    small = reduced(difference(big), regrade)
    assert small.submission.edits == (BREAK, other)
    assert str(small) == (
        "seed 7 of 01-practica: u1-ej1: ordinary 'exception' last cell; "
        "u1-ej2: form 'cut-off'\n  fork none | cold none\n  mark: 9.0 | 4.0"
    )


def test_of_long_values_is_shown_where_they_part():
    """Notes begin alike."""
    notes = {"notes": ("a" * 300 + "b", "a" * 300 + "c")}
    difference = Difference(fixture.UNIT, Submission(7, ()), (FORKED, COLDLY), notes)
    aside = "…" + repr("a" * 20)[1:-1]
    assert str(difference).splitlines()[-1] == f"  notes: {aside}b' | {aside}c'"


def test_a_missing_result_differs():
    assert differing({"state": "calificado"}, {}) == {"state": ("calificado", "(nothing)")}
    assert differing({"state": "calificado"}, {"state": "calificado"}) == {}


def test_a_mark_that_depends_on_the_run_before_is_found(
    small: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """An answer that only the first run knows, graded twice without a sandbox."""
    mark = tmp_path / "seen"
    source = f"from pathlib import Path\nif Path({str(mark)!r}).exists():\n    del centrar"
    monkeypatch.setitem(ORDINARY, "unlike", f"{source}\nPath({str(mark)!r}).touch()")
    unlike = Edit("ordinary", "unlike", "u1-ej1", "cell below")
    again = Configuration(COLD, NONE, "again")
    submissions = [Submission(1, (PRINT, unlike, BREAK)), Submission(2, (PRINT, BREAK))]
    found = compare(Grader(small, tmp_path), submissions, [COLDLY, again])
    assert [(one.submission.seed, one.values["mark"]) for one in found] == [(1, (9.0, 4.0))]
