"""One writer and one reader of CSV files: no formula gets out, no number changes."""

import ast
import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import course_utils
from course_utils.grading.autograde.report import write_csv
from course_utils.grading.course import CourseError
from course_utils.grading.gradebook.tables import harmless, read_rows, write_rows
from course_utils.grading.intake.records import Record

FORMULAS = [
    "=1+1", "+1+1", "-1+1", "@SUM(1)", '=HYPERLINK("http://x","y")', "  =1", "\t=1", "\rx", "\nx",
    "\tx", '"=1', "'=1", "\u200b=1", "\ufeff=1", "\u00a0=1", "＝1", "＋1", "－1a", "＠x", "“=1",
    "Ana;=1", "Ana; =1", "Ana\t=1", "Ana\n=1", "=cmd|' /C calc'!A0", "+34 600 123 456",
]  # fmt: skip
PLAIN = [
    "Ana",
    "O'Brian",
    "a-b",
    "x@y.z",
    "    Points Possible",
    "-",
    "3 = 3",
    "",
    "¿=?",
    "Ana; Luis",
]
NUMBERS = ["-1", "+1.5", "0", "17,5", "-.5", 3, -2.5, 0.0, True]


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_a_spreadsheet_would_calculate_is_made_text(text):
    for cell in _as_spreadsheets_cut(harmless(text)):
        assert (
            cell.startswith("'")
            or cell.strip("\t\r\n '\"\u200b\ufeff\u00a0“")[:1] not in "=+-@＝＋－＠"
        )


def _as_spreadsheets_cut(text: str) -> list[str]:
    """The cells that Excel with a decimal comma makes of one."""
    return text.replace("\t", ";").replace("\n", ";").replace("\r", ";").split(";")


@pytest.mark.parametrize("value", [*PLAIN, *NUMBERS])
def test_names_and_numbers_stay(value):
    assert harmless(value) == value
    assert type(harmless(value)) is type(value)


def test_a_number_that_is_none_is_an_empty_cell(tmp_path):
    write_rows(tmp_path / "t.csv", ("a", "b"), [{"a": float("nan"), "b": None}, {"a": 1.5}])
    assert (tmp_path / "t.csv").read_text(encoding="utf-8-sig").splitlines() == ["a,b", ",", "1.5,"]


def test_people_get_a_bom_and_importers_none_and_their_ids(tmp_path):
    row = {"ID": "-7", "mail": "+ana@x.org", "name": "-ana@x.org", "evil": "=A1()"}
    write_rows(tmp_path / "p.csv", row, [row])
    write_rows(tmp_path / "i.csv", row, [row], for_people=False, ids=("ID", "mail", "evil"))
    assert (tmp_path / "p.csv").read_bytes().startswith(b"\xef\xbb\xbfID,mail")
    assert (tmp_path / "i.csv").read_text(encoding="utf-8").splitlines() == [
        "ID,mail,name,evil",
        "-7,+ana@x.org,'-ana@x.org,'=A1()",
    ]


def test_the_states_of_a_class_hold_no_formula(tmp_path):
    write_csv([Record("-ana", "u1", "\t=1+1")], tmp_path / "r.csv")
    (row,) = read_rows(tmp_path / "r.csv")
    assert row["student_id"] == "'-ana"
    assert row["state"] == "'\t'=1+1"


def test_nothing_else_writes_csv():
    """A second writer would have a second rule."""
    root = Path(course_utils.__file__).parent
    found = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("writer", "DictWriter", "to_csv")
    }
    assert found == {"grading/gradebook/tables.py"}


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@settings(deadline=None)
@given(st.lists(TEXTS, min_size=2, max_size=4), st.sampled_from(",;\t|"))
def test_what_was_written_is_read(tmp_path_factory, cells, delimiter):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    names = [f"c{n}" for n in range(len(cells))]
    writer.writerows([names, cells, names])
    path = tmp_path_factory.mktemp("t") / "t.csv"
    path.write_bytes(text.getvalue().encode("utf-8"))
    rows = read_rows(path)
    assert rows[-1] == dict(zip(names, names, strict=True))
    assert list(rows[0].values()) == [cell.strip() for cell in cells]


@pytest.mark.parametrize(
    "content",
    [b"", b"a\nb\n", b"\0\0\0", b"sep=;\n", b"a,b\n" + b'"' + b"x" * 200_000, b"\xff\xfea"],
)
def test_what_is_no_table_is_said(tmp_path, content):
    (tmp_path / "t.csv").write_bytes(content)
    with pytest.raises(CourseError, match=r"t\.csv"):
        read_rows(tmp_path / "t.csv")
