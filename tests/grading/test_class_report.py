"""The class report: its figures on a class made up here, its page, its CSVs."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from course_utils.grading.class_report import Paths, measures, similar
from course_utils.grading.class_report.data import ClassData, Failure, GradedCell, HandIn
from course_utils.grading.class_report.files import write
from course_utils.grading.course import CourseError
from course_utils.grading.gradebook.marks import PENDING, UNGRADED, Mark
from course_utils.grading.gradebook.tables import read_rows, write_rows
from course_utils.grading.intake import GRADED, REVIEW, UNREADABLE, Record
from course_utils.grading.rebuild.notes import Note

UNIT = "01-prueba"
TESTS = [
    GradedCell("u1-ej1-visible", "u1-ej1", 1),
    GradedCell("u1-ej1-oculto", "u1-ej1", 3),
    GradedCell("u1-ej2-visible", "u1-ej2", 2),
]
# student → points of the three tests
POINTS = {
    "ana": (1, 3, 2),
    "beto": (1, 0, 2),
    "caro": (0, 0, 0),
    "dani": (1, 3, 2),
    "eva": (0, 0, 2),
}
COPY = """def media(x):
    total = 0
    for i in range(len(x) - 1, -1, -1):
        total = x[i] + total * 1
    if total != total:
        return [total, None]
    return total / max(len(x), 1)
"""
OTHER = "def media(x):\n    return sum(x) / len(x)\n"


def hand_in(student: str, *failures: Failure, answer: str = OTHER, **more: object) -> HandIn:
    points = POINTS[student]
    mark = Mark(student, UNIT, PENDING, float(sum(points)), None, 0.0, 8.0, {})
    by_test = {test.name: float(p) for test, p in zip(TESTS, points, strict=True)}
    record = Record(student, UNIT, GRADED)
    return HandIn(
        student, f"{student.title()}, X", mark, record, by_test, failures,
        answers={"u1-ej1": answer}, **more,
    )  # fmt: skip


def wrong(test: str, sentence: str, kind: str = "Incorrect") -> Failure:
    return Failure(test, kind, sentence)


FEW = "menos de 10 entregas calificadas"


@pytest.fixture
def data() -> ClassData:
    unread = Record("fede", UNIT, UNREADABLE, [Note("El archivo está vacío <script>")])
    none = Mark("fede", UNIT, UNGRADED, None, None, 0.0, 8.0, {})
    return ClassData(
        UNIT,
        TESTS,
        [
            hand_in("ana", seconds={"u1-ej1": 1.0}),
            hand_in("beto", wrong("u1-ej1-oculto", "Restaste 3 de `x`."), seconds={"u1-ej1": 3.0}),
            hand_in(
                "caro",
                wrong("u1-ej1-visible", "sin empezar", "NotStarted"),
                wrong("u1-ej2-visible", "otra cosa", "SyntaxError"),
            ),
            hand_in("dani"),
            hand_in(
                "eva",
                wrong("u1-ej1-visible", "Restaste 12.5 de `y`."),
                wrong("u1-ej1-oculto", "Restaste -7 de `y`."),
                seconds={"u1-ej1": 8.0},
            ),
            HandIn("fede", "Fede, X", none, unread),
        ],
        {"u1-ej1": [OTHER]},
    )


def test_each_exercise_is_measured(data):
    first, second = measures.exercises(data)
    assert (first.visible, first.hidden, first.only_visible) == (0.6, 0.4, 1)
    assert first.ease == pytest.approx((4 + 1 + 0 + 4 + 0) / 20)
    assert (second.visible, second.hidden) == (0.8, None)
    assert (first.not_started, second.not_started) == (1, 0)
    assert (first.seconds, second.seconds) == (3.0, None)
    assert (first.discrimination, first.undiscriminated) == (None, FEW)


def test_discrimination_is_the_correlation_with_the_rest():
    # Pearson of [4, 1, 0, 4, 0] with [2, 2, 0, 2, 2], by hand; twice the same pairs change nothing
    number, reason = measures.discrimination([4, 1, 0, 4, 0] * 2, [2, 2, 0, 2, 2] * 2)
    assert (number, reason) == (pytest.approx(3.6 / (16.8 * 3.2) ** 0.5), "")


@pytest.mark.parametrize(
    ("points", "others", "reason"),
    [
        ([0, 1, 2] * 3, [2, 0, 1] * 3, FEW),
        ([], [], FEW),
        ([2] * 10, list(range(10)), "todas las entregas obtienen lo mismo"),
        ([0.3, 0.1 + 0.2] * 5, list(range(10)), "todas las entregas obtienen lo mismo"),
        (list(range(10)), [0] * 10, "en los demás ejercicios todas obtienen lo mismo"),
    ],
)
def test_where_there_is_no_discrimination_a_reason_stands(points, others, reason):
    assert measures.discrimination(points, others) == (None, reason)


def test_the_summary_counts_what_is_graded(data):
    summary = measures.summary(data)
    assert (summary.hand_ins, summary.points) == (6, [0, 2, 3, 6, 6])
    assert (summary.median, summary.passed, summary.maximum) == (3, 0.6, 6)


def test_a_mistake_of_several_counts_each_student_once(data):
    (mistake,) = measures.mistakes(data)
    assert mistake.students == ["beto", "eva"]
    assert mistake.exercise == "u1-ej1"
    assert re.fullmatch(r"Restaste .* de `[xy]`\.", mistake.sentence)


def test_of_two_tests_that_failed_the_visible_one_says_the_mistake(data):
    failures = wrong("u1-ej1-visible", "Va la media."), wrong("u1-ej1-oculto", "`mu` no vale.")
    both = replace(data, hand_ins=[hand_in("eva", *failures)])
    assert [one.sentence for one in measures.mistakes(both)] == ["Va la media."]


@pytest.mark.parametrize(
    ("left", "right", "alike"),
    [
        ("suma [0.1, 2e-5].", "suma [[3. , -4.], [5., 6.]].", True),
        ("«mi archivo» llegó", "«otro» llegó", True),
        ("Falta el return.", "Falta la media.", False),
    ],
)
def test_a_pattern_leaves_the_students_own_out(left, right, alike):
    assert (measures.pattern(left) == measures.pattern(right)) is alike


def class_of(answers: dict[str, str]) -> ClassData:
    hand_ins = [
        HandIn(s, s, Mark(s, UNIT, PENDING, 1.0, None, 0.0, 8.0, {}), answers={"u1-ej1": text})
        for s, text in answers.items()
    ]
    return ClassData(UNIT, TESTS, hand_ins, {"u1-ej1": [OTHER]})


def test_a_copy_with_other_names_and_comments_is_found():
    renamed = COPY.replace("total", "acumulado").replace("    for", "    # mío\n    for")
    numpy = "def media(x):\n    import numpy as np\n    return float(np.asarray(x).mean())\n"
    (pair,) = similar.pairs(class_of({"ana": COPY, "beto": renamed, "caro": numpy, "dani": OTHER}))
    assert (pair.students, pair.share, pair.exercises) == (("ana", "beto"), 1.0, ["u1-ej1"])


def test_the_courses_own_answer_is_no_copy():
    assert similar.pairs(class_of({"ana": OTHER, "beto": OTHER})) == []
    data = class_of({"ana": COPY, "beto": COPY})
    data.starting["u1-ej1"].append(COPY)
    assert similar.pairs(data) == []


def test_what_much_of_the_class_wrote_is_no_copy():
    assert similar.pairs(class_of(dict.fromkeys("abcd", COPY))) == []


@pytest.fixture
def written(tmp_path: Path, data: ClassData) -> Callable[[], Paths]:
    return lambda: write(data, tmp_path / "reports")


def test_the_page_needs_nothing_else_and_escapes(written):
    page = written().page.read_text(encoding="utf-8")
    assert "&lt;script&gt;" in page
    assert "<script" not in page
    assert re.findall(r"(?:src|href)=\"(?!#|data:image/svg)", page) == []
    assert page.count("<img ") == page.count('alt="') == 3
    assert "Fede, X" in page
    assert page.count(f">{FEW}<") == 2  # in place of a number, in each exercise's row


def test_the_tables_hold_the_same(written):
    paths = written()
    rows = {row["student_id"]: row for row in read_rows(paths.marks)}
    assert (rows["ana"]["automatic"], rows["fede"]["automatic"]) == ("6.0", "")
    assert [row["ease"] for row in read_rows(paths.exercises)] == ["0.45", "0.8"]
    assert [row["discrimination"] for row in read_rows(paths.exercises)] == ["", ""]
    assert read_rows(paths.mistakes)[0]["student_ids"] == "beto eva"


def test_who_moved_is_listed_until_marks_change_again(written, data):
    assert "Ninguno." in section(written())
    eva = data.hand_ins[4]
    data.hand_ins[4] = HandIn(
        "eva", "Eva, X", Mark("eva", UNIT, PENDING, 5.0, None, 0.0, 8.0, {}), eva.record, eva.points
    )
    for _ in range(2):  # writing the report again forgets nothing
        assert re.search(
            r"Eva, X</td>\s*<td class=\"n\">2</td><td class=\"n\">5<", section(written())
        )


def section(paths) -> str:
    page = paths.page.read_text(encoding="utf-8")
    return page.partition('id="cambios"')[2].partition("<h2")[0]


def test_a_hand_in_to_look_at_is_listed_with_its_reason(written, data):
    ana = data.hand_ins[0]
    review = Record("ana", UNIT, REVIEW, [Note("El kernel murió.", review=True)])
    data.hand_ins[0] = HandIn("ana", "Ana, X", ana.mark, review, ana.points)
    page = written().page.read_text(encoding="utf-8")
    looked_at = page.partition('id="mirar"')[2].partition("<h2")[0]
    assert "El kernel murió." in looked_at
    assert "Beto" not in looked_at


def test_a_cell_that_a_spreadsheet_would_calculate_is_text(tmp_path):
    target = tmp_path / "t.csv"
    write_rows(target, ("a", "b"), [{"a": "=1+1", "b": -2.0}])
    assert read_rows(target) == [{"a": "'=1+1", "b": "-2.0"}]


def test_an_id_that_is_written_as_text_has_not_moved(written, data):
    ana = data.hand_ins[0]
    data.hand_ins[0] = HandIn("-ana", "Ana, X", ana.mark, ana.record, ana.points)
    for _ in range(2):
        paths = written()
        assert "Ninguno." in section(paths)
    assert not paths.marks.with_name(f"{UNIT}-marks-before.csv").exists()


def test_a_table_that_a_spreadsheet_saved_is_read_and_another_is_refused(written):
    marks = written().marks
    text = marks.read_text(encoding="utf-8-sig")
    marks.write_text(text.replace(",", ";").replace(".0", ",0"), encoding="cp1252")
    assert "Ninguno." in section(written())
    marks.write_text(text.replace("automatic", "puntos"), encoding="utf-8")
    with pytest.raises(CourseError, match="move it away"):
        written()
