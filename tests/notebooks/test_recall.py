"""The recall questions of a unit: their form, and that a grader's page shows them folded too."""

import re

import pytest

from course_utils.grading.course import read_notebook
from course_utils.grading.feedback.markdown import safe_markdown
from tests.grading.courses import COURSE, UNITS

HEADING = "## Preguntas para repasar\n"
QUESTION = re.compile(
    r"^<details><summary>(\d+)\. ([^\n]*¿[^\n]+\?)</summary>\n\n(.+?)\n\n</details>$", re.M | re.S
)


def recall(unit: str) -> str:
    """The text from a unit's recall questions to the next heading; empty where it has none."""
    cells = read_notebook(COURSE.master(unit)).cells
    text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return text.partition(HEADING)[2].partition("\n## ")[0]


WITH = [unit for unit in UNITS if recall(unit)]


def test_the_first_unit_has_recall_questions():
    assert UNITS[0] in WITH


@pytest.mark.parametrize("unit", WITH)
def test_there_are_eight_each_folded_with_its_answer_below_an_empty_line(unit: str):
    text = recall(unit)
    found = QUESTION.findall(text)
    assert [int(number) for number, _, _ in found] == list(range(1, 9))
    assert text.count("<details") == len(found)
    for _, question, answer in found:
        assert "$" not in question  # a summary's formula stays as it is written
        assert "`" not in question
        assert len(answer.split()) > 3


@pytest.mark.parametrize("unit", WITH)
def test_a_graders_page_keeps_them_folded(unit: str):
    page = safe_markdown(recall(unit))
    assert page.count("<details>") == page.count("</details>") == page.count("<summary>") == 8
    assert "$" not in page  # each formula in an answer is rendered
