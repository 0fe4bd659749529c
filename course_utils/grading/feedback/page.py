"""The feedback page: what one student reads about one unit."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from typing import Any, Final

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.api import Grade, Gradebook, SubmittedNotebook
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from traitlets import List

from course_utils.checks import hints
from course_utils.checks.outcomes import ExecutionError, Incorrect, NotStarted, exercise_title
from course_utils.grading import scheme
from course_utils.grading.course import unit_id
from course_utils.grading.feedback.markdown import safe_markdown
from course_utils.grading.feedback.sentences import MOST_LINES, told
from course_utils.grading.gradebook.marks import Mark, mark_of
from course_utils.grading.scheme import exercise_of

PASSED: Final = "superado"
WRONG: Final = Incorrect.state
BLANK: Final = NotStarted.state
ERROR: Final = ExecutionError.state
UNGRADED: Final = "sin calificar"
PARTIAL: Final = "en parte"  # by hand only: a test is all or nothing
_STATES: Final = {"NotStarted": BLANK, "Incorrect": WRONG}
_SYMBOLS: Final = {
    PASSED: "✔", WRONG: Incorrect.symbol, BLANK: NotStarted.symbol, ERROR: ExecutionError.symbol,
    UNGRADED: "…", PARTIAL: "◐",
}  # fmt: skip
_NO_RESPONSE: Final = "No response."  # nbgrader's own comment on an answer that was left as it was
_LONGEST_CODE: Final = 20_000  # characters
_LINE = re.compile(r"línea ([0-9]{1,4}): (.*)")
_HEADING = re.compile(r"^#+ +(?:\d+\s?[.·] )?(.+?)(?: \([\d.]+ puntos?\))?\s*$", re.MULTILINE)
_FORMATTER = HtmlFormatter(nowrap=True)


SAME_REASON: Final = "Falla por lo mismo."
VISIBLE_FIRST: Final = "Tampoco pasa. Arregla primero lo que dice la prueba visible."


@dataclass(frozen=True)
class Test:
    """One test cell of an exercise.

    Attributes:
        name: "Prueba visible" or "Prueba oculta".
        state: one of the five states.
        score: points earned.
        points: points possible.
        sentence: why it failed, as clean HTML; empty where it passed.
        line: line of the student's own code at which it failed, such as "3: return x".
    """

    name: str
    state: str
    score: float
    points: float
    sentence: str = ""
    line: str = ""


@dataclass(frozen=True)
class Part:
    """An exercise or a reflection.

    Attributes:
        anchor: id of its section.
        title: such as "Ejercicio 1.2 · Datos nuevos, la misma vara", as clean HTML.
        state: one of the five states.
        score: points earned; None where nobody gave any yet.
        points: points possible.
        tests: its test cells, in order; none in a reflection.
        hints: its hints as clean HTML, where it is not passed.
        comment: the teacher's comment, as clean HTML.
        answer: what the student wrote, as clean HTML.
        code: whether the answer is code.
    """

    anchor: str
    title: str
    state: str
    score: float | None
    points: float
    tests: tuple[Test, ...] = ()
    hints: tuple[str, ...] = ()
    comment: str = ""
    answer: str = ""
    code: bool = True

    @property
    def symbol(self) -> str:
        """A sign that tells the state without colour."""
        return _SYMBOLS[self.state]


@dataclass(frozen=True)
class Page:
    """All that the template writes.

    Attributes:
        number: of the unit.
        title: of the unit.
        student: the student's name.
        mark: the mark as it stands in the gradebook.
        notes: what was put right in the hand-in, one sentence each.
        parts: exercises and reflections, in the order of the notebook.
        code_style: CSS of highlighted code.
    """

    number: int
    title: str
    student: str
    mark: Mark
    notes: list[str]
    parts: list[Part]
    code_style: str = _FORMATTER.get_style_defs(".code")


class FeedbackPage(NbGraderPreprocessor):
    """The only step of ``GenerateFeedback``: reads notebook and gradebook for the template.

    The page holds no output of a student's cell and no text of a test. What the student's code
    was called with can therefore not come back by what it prints, shows or raises; see ``told``.
    """

    # The HTML exporter configures it for every step; nbconvert warns where it is missing.
    display_data_priority = List(config=True)

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Put the page into the resources; the notebook stays as it is."""
        place = resources["nbgrader"]
        with Gradebook(place["db_url"]) as gradebook:
            mark = mark_of(gradebook, place["assignment"], place["student"])
            book = gradebook.find_submission_notebook(
                place["notebook"], place["assignment"], place["student"]
            )
            reader = _Reader(nb, book)
            resources["page"] = Page(
                number=int(unit_id(place["assignment"])[1:]),
                title=_title(nb) or place["assignment"],
                student=_name(book),
                mark=mark,
                notes=[note["text"] for note in nb.metadata.get("course", {}).get("notes", [])],
                parts=list(reader.parts()),
            )
        return nb, resources


class _Reader:
    """Puts together what notebook and gradebook know of each exercise."""

    def __init__(self, nb: NotebookNode, book: SubmittedNotebook) -> None:
        self.cells = [cell for cell in nb.cells if "nbgrader" in cell.metadata]
        self.grades = {grade.name: grade for grade in book.grades}
        self.comments = {comment.name: comment.comment or "" for comment in book.comments}
        self.titles = {
            exercise: _heading(cell.source)
            for cell in self.cells
            if (exercise := scheme.stated_by(cell.metadata.nbgrader.grade_id))
        }

    def parts(self) -> Iterator[Part]:
        for cell in self.cells:
            if is_solution(cell):
                yield self._reflection(cell) if is_grade(cell) else self._exercise(cell)

    def _reflection(self, cell: NotebookNode) -> Part:
        name = cell.metadata.nbgrader.grade_id
        grade = self.grades[name]
        open_ = grade.needs_manual_grade or _given(grade) is None
        blank = self.comments.get(name) == _NO_RESPONSE
        state = UNGRADED if open_ else BLANK if blank else _by_points(grade.score, grade.max_score)
        return Part(
            anchor=name,
            title=_reflection_title(self.titles.get(name, "")),
            state=state,
            score=None if open_ else grade.score,
            points=grade.max_score,
            comment=self._comment(name),
            answer=safe_markdown(cell.source),
            code=False,
        )

    def _exercise(self, cell: NotebookNode) -> Part:
        name = cell.metadata.nbgrader.grade_id
        tests = tuple(
            self._test(test, cell)
            for test in self.cells
            if is_grade(test) and not is_solution(test)
            if exercise_of(test.metadata.nbgrader.grade_id) == name
        )
        state = _state(tests)
        known = all(test.state != UNGRADED for test in tests)
        return Part(
            anchor=name,
            title=self.titles.get(name) or exercise_title(name),
            state=state,
            score=sum(test.score for test in tests) if known else None,
            points=sum(test.points for test in tests),
            tests=_said_once(tests),
            hints=tuple(map(_prose, hints.steps(name))) if state != PASSED else (),
            comment=self._comment(name),
            answer=_code(cell.source),
        )

    def _comment(self, name: str) -> str:
        comment = self.comments.get(name, "")
        return safe_markdown(comment) if comment and comment != _NO_RESPONSE else ""

    def _test(self, test: NotebookNode, answer: NotebookNode) -> Test:
        name = test.metadata.nbgrader.grade_id
        grade = self.grades[name]
        hidden = scheme.is_hidden(name)
        label = "Prueba oculta" if hidden else "Prueba visible"
        error = next((o for o in test.outputs if o.output_type == "error"), None)
        if _given(grade) is None:
            return Test(label, UNGRADED, 0.0, grade.max_score)
        if error is None or grade.score >= grade.max_score:
            state = _by_points(grade.score, grade.max_score)
            return Test(label, state, grade.score, grade.max_score)
        return Test(
            label,
            _STATES.get(error.ename, ERROR),
            grade.score,
            grade.max_score,
            _prose(told(error.ename, error.evalue, test.source, answer.source, hidden=hidden)),
            _line("\n".join(error.traceback), answer.source),
        )


def _said_once(tests: tuple[Test, ...]) -> tuple[Test, ...]:
    """The tests of an exercise; once one has failed, a wrong result says no more why.

    The visible test knows the mistakes; the hidden one judges, and would say less of them. A test
    that ended in an error still says so: it may not have run at all.
    """
    failed = [test for test in tests if test.sentence]
    first = failed[0] if failed else None
    return tuple(_after(first, test) if test in failed[1:] and first else test for test in tests)


def _after(first: Test, test: Test) -> Test:
    """A test that failed after another one of its exercise."""
    again = test.sentence == first.sentence
    if not again and test.state != WRONG:
        return test
    line = "" if not again or test.line == first.line else test.line
    return replace(test, sentence=SAME_REASON if again else VISIBLE_FIRST, line=line)


def _reflection_title(heading: str) -> str:
    if not heading or heading.startswith("Reflexión"):
        return heading or "Reflexión"
    return f"Reflexión · {heading}"


def _given(grade: Grade) -> float | None:
    given: float | None = grade.manual_score
    return given if given is not None else grade.auto_score


def _by_points(score: float, points: float) -> str:
    return PASSED if score >= points else PARTIAL if score > 0 else WRONG


def _state(tests: tuple[Test, ...]) -> str:
    """State of an exercise: that of the tests it did not pass, the gravest first."""
    states = {test.state for test in tests}
    gravest = (UNGRADED, ERROR, WRONG, BLANK, PARTIAL)
    return next((state for state in gravest if state in states), PASSED)


def _line(traceback: str, answer: str) -> str:
    """The line of the answer that a test names; nothing that is not in the answer.

    The traceback's text comes from the student's process, which can put a hidden test's inputs
    into it. So number and text are those of the answer, once both are found to be the same there.
    """
    named = _LINE.search(traceback)
    lines = answer.splitlines()
    number = int(named[1]) if named else 0
    if named is None or not 0 < number <= len(lines) <= MOST_LINES:
        return ""
    line = lines[number - 1].strip()
    return f"{number}: {line}" if line and line == named[2].strip() else ""


def _prose(text: str) -> str:
    """A sentence as HTML; what stands between backticks is code, and nothing else is Markdown."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _code(source: str) -> str:
    cut = source if len(source) <= _LONGEST_CODE else source[:_LONGEST_CODE] + "\n# … recortado"
    html: str = highlight(cut, PythonLexer(), _FORMATTER)
    return html


def _heading(source: str) -> str:
    """First heading of a cell, without its number and its points, as HTML within a line."""
    match = re.search(
        r"^#+ +(?:\d+\s?[.·] )?(.+?)(?: \([\d.]+ puntos?\))?\s*$", source, re.MULTILINE
    )
    html = safe_markdown(match[1]) if match else ""
    return html.strip().removeprefix("<p>").removesuffix("</p>")


def _title(nb: NotebookNode) -> str:
    heading = _heading(nb.cells[0].source) if nb.cells else ""
    return re.sub(r"^Unidad \d+ · ", "", heading)


def _name(book: SubmittedNotebook) -> str:
    student: Any = book.student
    names = [name for name in (student.first_name, student.last_name) if name]
    return " ".join(names) or str(student.id)
