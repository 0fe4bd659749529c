"""The bank's file format: right answers in full, wrong ones as a right one with its mistake."""

from pathlib import Path

import pytest

from course_utils.grading.course import CourseError
from course_utils.grading.release import bank

RIGHT = """\
# %% right: loops
def suma(x):
    total = 0.0

    for value in x:
        total += value
    return total

# %% right: twice
def suma(x):
    y = x + x
    return y.sum() / 2
"""
HEAD = "# %% wrong: bad\n# points: 0+0\n# says: algo\n"


def parsed(tmp_path: Path, wrong: str) -> str:
    """The text of the wrong answer of a file."""
    path = tmp_path / "06-sumas" / "bank" / "ej1.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{RIGHT}\n{wrong}", encoding="utf-8")
    loops, twice, bad = bank.parse(path)
    assert (loops.right, twice.right, bad.right) == (True, True, False)
    assert (bad.exercise, bad.points, bad.says) == ("u6-ej1", (0, 0), "algo")
    return bad.source


def test_an_answer_may_be_written_in_full(tmp_path):
    text = "# no directive: this comment is the answer's\ndef suma(x):\n    return 0\n"
    assert parsed(tmp_path, HEAD + text) == text


def test_a_wrong_answer_shows_its_mistake_and_nothing_else(tmp_path):
    directives = "# from: twice\n# replace: / 2 → / 3\n# replace: y.sum() → abs(y).sum()\n"
    assert parsed(tmp_path, HEAD + directives) == (
        "def suma(x):\n    y = x + x\n    return abs(y).sum() / 3\n"
    )


def test_a_text_may_be_taken_out(tmp_path):
    directives = "# from: twice\n# replace: / 2 →\n"
    assert parsed(tmp_path, HEAD + directives).endswith("    return y.sum() \n")


def test_whole_lines_are_replaced_as_an_editor_comments_them_out(tmp_path):
    directives = (
        "# from: loops\n"
        "# replace:\n#     total = 0.0\n#\n#     for value in x:\n"
        "# with:\n#     total = 1.0\n#     for value in x:\n"
        "# replace: total += → total -=\n"
    )
    assert parsed(tmp_path, HEAD + directives) == (
        "def suma(x):\n    total = 1.0\n    for value in x:\n        total -= value\n"
        "    return total\n"
    )


def test_whole_lines_are_taken_out_first_and_last_ones_too(tmp_path):
    last = "# from: loops\n# replace:\n#     return total\n# with:\n"
    assert parsed(tmp_path, HEAD + last).endswith("        total += value\n")
    first = "# from: twice\n# replace:\n# def suma(x):\n# with:\n# def suma(x, y):\n"
    assert parsed(tmp_path, HEAD + first).startswith("def suma(x, y):\n    y = x + x\n")


def test_a_directive_of_another_answer_may_stand_anywhere(tmp_path):
    path = tmp_path / "06-sumas" / "bank" / "ej1.py"
    path.parent.mkdir(parents=True)
    path.write_text(f"{HEAD}# from: loops\n# replace: 0.0 → 1.0\n\n{RIGHT}", encoding="utf-8")
    assert "total = 1.0" in bank.parse(path)[0].source


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("# from: loops\n# replace: total → sum\n", "'total' occurs 3 times, not once"),
        ("# from: loops\n# replace: 2 → 3\n", "'2' occurs 0 times, not once"),
        ("# from: loops\n# replace: 0.0 → 0.0\n", "'0.0' is replaced by itself"),
        ("# from: loops\n# replace: 0.0\n", "must have one text, one →, one text"),
        ("# from: loops\n# replace: 0.0 → 1 → 2\n", "must have one text, one →, one text"),
        ("# from: loops\n# replace: → 2\n", "must have one text, one →, one text"),
        ("# from: loops\n# replace:\n# with:\n#     x\n", "needs lines below it, then '# with:'"),
        ("# from: loops\n# replace:\n#     return total\n", "needs lines below it, then"),
        (
            "# from: loops\n# replace:\n# return total\n# with:\n#     return 0\n",
            "'return total' occurs 0 times",
        ),
        ("# from: bad\n# replace: 0.0 → 1.0\n", "must name a right answer of the file: loops, tw"),
        ("# from: other\n# replace: 0.0 → 1.0\n", "must name a right answer of the file"),
        ("# from: loops\n", "'# from:' and '# replace:' go together"),
        ("# replace: 0.0 → 1.0\n", "'# from:' and '# replace:' go together"),
        ("# from: loops\n# replace: 0.0 → 1.0\npass\n", "with no text below them"),
        ("# from: loops\n# from: twice\n# replace: 0.0 → 1.0\n", "'# from:' stands there twice"),
        ("# points: 1+0\npass\n", "'# points:' stands there twice"),
        (
            "# %% right: derived\n# from: loops\n# replace: 0.0 → 1\n",
            "a right answer is written",
        ),
        ("# %% wrong: loops\n", "two answers are called 'loops'"),
    ],
)
def test_what_can_not_be_read_says_which_answer_and_why(tmp_path, wrong, says):
    with pytest.raises(CourseError) as raised:
        parsed(tmp_path, HEAD + wrong)
    assert says in str(raised.value)
    assert "ej1.py" in str(raised.value)


def test_points_that_are_no_numbers_are_said(tmp_path):
    with pytest.raises(CourseError, match="is not written as"):
        parsed(tmp_path, "# %% wrong: bad\n# points: 0+x\n# says: algo\npass\n")
