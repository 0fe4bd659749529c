"""A gradebook on PostgreSQL: several graders and an autograde at once lose nothing."""

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from nbgrader.api import Comment, Grade
from sqlalchemy import select

from course_utils.grading import class_report
from course_utils.grading.course import CONFIG, Course
from course_utils.grading.pipeline import Pipeline
from tests.grading.formgrader import WAIT, Formgrader, formgraders
from tests.grading.postgres import server
from tests.grading.runs import environment
from tests.grading.small import RIGHT, UNIT, hand_ins, small_course

pytestmark = pytest.mark.xdist_group("postgres")
MARKS, GRADERS = 300, 3
REFLECTION = "u6-reflexion"
STUDENTS = [f"student-{number:03d}" for number in range(MARKS)]
HANDED_IN = STUDENTS[:GRADERS]  # each grader begins with one of them


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:
    """A course whose nbgrader_config.py names the server, as docs/many-graders.md says."""
    folder = tmp_path_factory.mktemp("postgres") / "course"
    with server() as url:
        root = small_course(folder).course.root
        (root / "gradebook.db").unlink()
        with (root / CONFIG).open("a", encoding="utf-8") as file:
            file.write(f'\nc.CourseDirectory.db_url = "{url}"\n')
            file.write("c.Examine.fork_server = False\n")  # few kernels are quicker started cold
        pipeline = Pipeline(Course(root))
        pipeline.generate(UNIT)
        yield pipeline
        assert not (root / "gradebook.db").exists()


@pytest.fixture(scope="module")
def two(course: Pipeline) -> Iterator[list[Formgrader]]:
    with formgraders(course.course, 2) as started:
        yield started


def hand_in_of(course: Pipeline, *students: str) -> list[str]:
    """Ids, as in the address of the page, of hand-ins that are new in the gradebook."""
    with course.gradebook() as gradebook:
        for student in students:
            gradebook.update_or_create_student(student)
        return [gradebook.add_submission(UNIT, student).notebooks[0].id for student in students]


def autograde(course: Pipeline) -> "subprocess.Popen[bytes]":
    """``nbgrader autograde``, at work: the first hand-in is with the workers."""
    command = [sys.executable, "-m", "nbgrader", "autograde", UNIT]
    process = subprocess.Popen(command, cwd=course.course.root, env=environment())
    first = course.course.root / "autograded" / HANDED_IN[0]
    end = time.monotonic() + WAIT
    while not first.exists() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.05)
    return process


def grade(formgrader: Formgrader, share: dict[str, tuple[float, str]]) -> None:
    """What one person does: page after page, points and a comment for the reflection."""
    for hand_in, (points, text) in share.items():
        mark, comment = formgrader.open(hand_in, REFLECTION)
        formgrader.mark(mark, points)
        formgrader.say(comment, text)


def given(formgrader: Formgrader, hand_in: str) -> tuple[float, str]:
    """Points and comment of the reflection, as the page shows them."""
    mark, comment = formgrader.open(hand_in, REFLECTION)
    return mark["manual_score"], comment["manual_comment"]


def all_given(course: Pipeline) -> dict[str, tuple[float, str]]:
    """Points and comment of each hand-in that has both, as they are stored."""
    query = (
        select(Grade.notebook_id, Grade.manual_score, Comment.manual_comment)
        .join(Comment, Comment.notebook_id == Grade.notebook_id)
        .where(Grade.manual_score.is_not(None), Comment.manual_comment.is_not(None))
    )
    with course.gradebook() as gradebook:
        return {hand_in: (score, text) for hand_in, score, text in gradebook.db.execute(query)}


def test_300_marks_in_two_formgraders_and_an_autograde_at_once_are_all_there(course, two):
    wanted = {
        hand_in: (number / 1000, f"Bien: {number / 1000}.")
        for number, hand_in in enumerate(hand_in_of(course, *STUDENTS))
    }
    hand_ins(course, dict.fromkeys(HANDED_IN, RIGHT), "La de milímetros domina.")
    shares = [dict(list(wanted.items())[person::GRADERS]) for person in range(GRADERS)]
    with autograde(course) as run, ThreadPoolExecutor(GRADERS) as people:
        list(people.map(grade, [two[0], two[1], two[0]], shares))
    assert run.returncode == 0
    assert all_given(course) == wanted
    assert [course.mark(UNIT, student).automatic for student in HANDED_IN] == [18, 18, 18]
    for formgrader, share in zip(reversed(two), shares, strict=False):  # the one they did not use
        for hand_in in list(share)[::5]:
            assert given(formgrader, hand_in) == wanted[hand_in]


def test_a_formgrader_shows_and_overwrites_what_another_wrote_meanwhile(course, two):
    ana, eva = two
    (hand_in,) = hand_in_of(course, "student-of-both")
    mark, comment = ana.open(hand_in, REFLECTION)
    ana.full_credit(mark)
    ana.say(comment, "Bien.")
    ana.open(hand_in, REFLECTION)  # back to the page, which stays open
    eva.mark(mark, 0.5)
    eva.say(comment, "Falta el porqué.")
    assert given(ana, hand_in) == (0.5, "Falta el porqué.")
    ana.full_credit(mark)
    ana.say(comment, "Bien.")
    assert given(eva, hand_in) == (mark["max_score"], "Bien.")


def test_the_class_report_reads_it(course):
    paths = class_report.make(course, UNIT)
    assert "Informe de la clase" in paths.page.read_text(encoding="utf-8")
