"""Recorded mistakes at release: what is written, what is refused, what a file gives away."""

import ast
import json
import math
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from course_utils.checks.readings import Reading, fits
from course_utils.grading.course import CONFIG, Course, CourseError, read_notebook
from course_utils.grading.feedback.sentences import told
from course_utils.grading.release import new_unit, recording
from course_utils.grading.release.bank import load
from tests.grading.courses import COURSE, ROOT
from tests.grading.small import UNIT

EXERCISE = "u6-ej1"
OUTSIDE = """
# %% wrong: {name}
#    points: {points}
#    says: {says}
def distancia(a, b):
    {body}
"""


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A course of one quick unit, with a place for what the package keeps."""
    shutil.copy(ROOT / CONFIG, tmp_path / CONFIG)
    (tmp_path / "source").mkdir()
    (tmp_path / "course_utils" / "checks").mkdir(parents=True)
    new_unit.create(Course(tmp_path), UNIT, "Distancias")
    return Course(tmp_path)


def add(course: Course, name: str, body: str, says: str, points: str = "0+0") -> None:
    with (course.bank(UNIT) / "ej1.py").open("a", encoding="utf-8") as file:
        file.write(OUTSIDE.format(name=name, points=points, says=says, body=body))


def recorded(course: Course) -> list[dict[str, Any]]:
    data = json.loads(recording.path_of(course, UNIT).read_text(encoding="utf-8"))
    mistakes: list[dict[str, Any]] = data[EXERCISE]["mistakes"]
    return mistakes


def test_a_wrong_answer_and_its_sentence_are_all_that_a_teacher_adds(course: Course):
    add(course, "largest", "return abs(a - b).max()", "Tomaste la diferencia mayor: van todas.")
    recording.write(course, UNIT)
    assert "Tomaste la diferencia mayor: van todas." in [one["says"] for one in recorded(course)]


def test_the_tests_whole_sentence_is_recorded_for_a_fragment_of_it(course: Course):
    recording.write(course, UNIT)
    says = [one["says"] for one in recorded(course)]
    assert "Falta la raíz cuadrada: eso es la distancia al cuadrado." in says  # the visible test's
    assert "Promediaste los cuadrados: la distancia los suma." in says  # the hidden test's


def test_the_end_of_a_question_is_no_whole_sentence(course: Course):
    add(course, "tail", "return 3.21 * a[0] + b[1] ** 2", "¿y la raíz?")
    recording.write(course, UNIT)
    assert "¿y la raíz?" not in [one["says"] for one in recorded(course)]


def test_that_a_value_is_not_the_expected_one_is_no_sentence_to_record(course: Course):
    add(
        course, "odd", "return 5.0 if len(a) == 2 else 1.7 * (a * b).sum()", "no vale lo que", "6+0"
    )
    add(course, "odder", "return 3.21 * a[0] + b[1] ** 2", "no vale lo que debe con otros datos")
    recording.write(course, UNIT)
    assert not any("no vale" in one["says"] for one in recorded(course))


def test_what_python_says_of_an_error_is_not_recorded(course: Course):
    add(course, "crash", "return a.nada", "no tiene `nada`")
    recording.write(course, UNIT)
    assert not any("nada" in one["says"] or "escribiste" in one["says"] for one in recorded(course))


def test_a_mistake_with_the_values_of_a_right_answer_is_refused(course: Course):
    add(course, "first two", "return np.hypot(*(a - b)[:2])", "Solo miras dos componentes.")
    with pytest.raises(CourseError, match=r"u6-ej1 wrong: first two: .* right answer\. Sharpen"):
        recording.write(course, UNIT)
    assert not recording.path_of(course, UNIT).exists()


def test_its_points_may_leave_it_to_the_hidden_test(course: Course):
    add(course, "first two", "return np.hypot(*(a - b)[:2])", "Solo miras dos componentes.", "6+0")
    recording.write(course, UNIT)
    assert "Solo miras dos componentes." not in [one["says"] for one in recorded(course)]


def test_two_mistakes_with_the_same_values_and_other_sentences_are_refused(course: Course):
    add(course, "square", "return (a - b) @ (a - b)", "Elevaste al cuadrado la distancia.")
    with pytest.raises(CourseError, match=r"square: .* 'no root', which has another sentence"):
        recording.write(course, UNIT)


def test_an_author_may_say_that_no_data_tells_them_apart(course: Course):
    says = "Elevaste al cuadrado la distancia.\n#    like: no root"
    add(course, "square", "return (a - b) @ (a - b)", says)
    recording.write(course, UNIT)
    said = " ".join(one["says"] for one in recorded(course))
    assert "al cuadrado la distancia" not in said
    assert "Falta la raíz" not in said  # it would be untrue of the other one


def test_what_chance_decides_is_not_recorded(course: Course):
    add(course, "dice", "return 9 + np.random.rand()", "Devuelves un número al azar.")
    recording.write(course, UNIT)
    assert "Devuelves un número al azar." not in [one["says"] for one in recorded(course)]


def test_a_release_runs_only_what_changed_and_a_check_says_what_did(
    course: Course, monkeypatch: Any
):
    recording.write(course, UNIT)
    before = recording.path_of(course, UNIT).read_bytes()
    assert recording.stale(course, UNIT) == []
    with monkeypatch.context() as patch:
        patch.setattr(recording, "run_answers", lambda *_: pytest.fail("it ran again"))
        recording.write(course, UNIT)
    assert recording.path_of(course, UNIT).read_bytes() == before
    add(course, "largest", "return abs(a - b).max()", "Tomaste la diferencia mayor: van todas.")
    assert recording.stale(course, UNIT) == [EXERCISE]


# -- the files of the real units -------------------------------------------------------------------

UNITS = sorted((ROOT / "course_utils" / "checks" / "mistakes").glob("*.json"))


def _inside(reading: Reading) -> Iterator[Reading]:
    yield reading
    if isinstance(reading, dict):
        for item in (*reading.get("items", ()), *reading.get("keys", {}).values()):
            yield from _inside(item)


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_a_file_holds_neither_code_nor_a_whole_array(path: Path):
    data = json.loads(path.read_text(encoding="utf-8"))
    answers = {line.strip() for a in load(COURSE, COURSE.unit(path.stem))
               for line in a.source.splitlines() if len(line.strip()) > 25}  # fmt: skip
    for exercise in data.values():
        for mistake in exercise["mistakes"]:
            assert set(mistake) == {"says", "readings"}
            assert not any(line in mistake["says"] for line in answers)
            with pytest.raises(SyntaxError):  # a sentence is no program
                ast.parse(mistake["says"])
            for reading in (r for one in mistake["readings"] for r in _inside(one)):
                numbers = reading.get("sums", ()) if isinstance(reading, dict) else ()
                count = math.prod(reading["shape"]) if numbers else 2
                assert len(numbers) < count or count == 1
                assert isinstance(reading, (bool, dict)) or reading is None


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_every_recorded_sentence_may_stand_on_a_page_exactly(path: Path):
    for exercise in json.loads(path.read_text(encoding="utf-8")).values():
        for mistake in exercise["mistakes"]:
            says = mistake["says"]
            assert told("Incorrect", says, "pass", "", hidden=False) == says
            assert told("Incorrect", says + " 17.25", "pass", "", hidden=False) != says + " 17.25"


def _shown(source: str) -> set[float]:
    """The numbers that a visible cell shows, and those that a student finds in its arrays."""
    return {abs(float(text)) for text in re.findall(r"\d+\.?\d*", source)}


@pytest.mark.parametrize("unit", ["06-distancias", "04-superficie-bce-pytorch"])
def test_a_file_gives_no_right_value_away_that_the_cell_does_not_show(unit: str, course: Course):
    course = course if unit == UNIT else Course(ROOT)
    found = recording.run(course, unit, list(recording.fingerprints(course, unit)))
    cells = {c.id: c.source for c in read_notebook(course.master(unit)).cells}
    for name, exercise in found.items():
        shown = _shown(cells[f"{name}-visible"])
        right = [
            r for run in exercise.right for one in run for r in _inside(one) if _secret(r, shown)
        ]
        for one in exercise.kept():
            for at, reading in enumerate(one.readings or ()):
                same_place = [run[at] for run in exercise.right if at < len(run)]
                assert not any(_tells(reading, known) for known in same_place), one.answer.label
                single = [r for r in _inside(reading) if _single(r) is not None]
                assert not any(fits(s, r) for s in single for r in right), one.answer.label


def _single(reading: Reading) -> float | None:
    alone = isinstance(reading, dict) and len(reading.get("sums", ())) == 1
    return reading["sums"][0] if alone and math.prod(reading["shape"]) == 1 else None


def _secret(reading: Reading, shown: set[float]) -> bool:
    """Whether it is one number that the cell does not show, and not one that anybody guesses."""
    number = _single(reading)
    if number is None or float(number).is_integer():
        return False
    return not any(math.isclose(abs(number), one, rel_tol=1e-4) for one in shown)


def _tells(reading: Reading, right: Reading) -> bool:
    numbers = isinstance(reading, dict) and "sums" in reading
    return numbers and isinstance(right, dict) and fits(right, reading)
