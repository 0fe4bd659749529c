"""A gradebook on PostgreSQL: several graders and an autograde at once lose nothing."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from course_utils.grading import class_report
from course_utils.grading.course import CONFIG, Course
from course_utils.grading.pipeline import Pipeline
from tests.grading.courses import ROOT
from tests.grading.postgres import server
from tests.grading.small import RIGHT, UNIT, hand_ins, small_course

pytestmark = pytest.mark.xdist_group("postgres")
MARKS, GRADERS = 300, 3


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:
    """A course whose nbgrader_config.py names the server, as docs/many-graders.md says."""
    folder = tmp_path_factory.mktemp("postgres") / "course"
    with server() as url:
        root = small_course(folder).course.root
        (root / "gradebook.db").unlink()
        with (root / CONFIG).open("a", encoding="utf-8") as file:
            file.write(f'\nc.CourseDirectory.db_url = "{url}"\n')
        pipeline = Pipeline(Course(root))
        pipeline.generate(UNIT)
        yield pipeline
        assert not (root / "gradebook.db").exists()


def reflections(pipeline: Pipeline) -> list[str]:
    """Hand-ins of a class: for each its reflection's grade, its comment, points of its own."""
    lines = []
    with pipeline.gradebook() as gradebook:
        for number in range(MARKS):
            student = f"student-{number:03d}"
            gradebook.update_or_create_student(student)
            notebook = gradebook.add_submission(UNIT, student).notebooks[0]
            (grade,) = [grade for grade in notebook.grades if grade.name == "u6-reflexion"]
            (comment,) = [c for c in notebook.comments if c.name == "u6-reflexion"]
            lines.append(f"{grade.id} {comment.id} {number / 1000}\n")
    return lines


def test_300_marks_of_three_graders_and_an_autograde_at_once_are_all_there(course):
    lines = reflections(course)
    graded = [f"student-{number:03d}" for number in (0, 1, 2)]
    hand_ins(course, dict.fromkeys(graded, RIGHT), "La de milímetros domina.")
    address = [course.config.CourseDirectory.db_url, course.config.CourseDirectory.course_id]
    command = [sys.executable, "-m", "tests.grading.marker", *address]
    graders = [
        subprocess.Popen(command, stdin=subprocess.PIPE, cwd=ROOT, text=True)
        for _ in range(GRADERS)
    ]
    for number, grader in enumerate(graders):
        grader.stdin.write("".join(lines[number::GRADERS]))
        grader.stdin.close()
    for student in graded:  # meanwhile, in this process; their reflections are being graded too
        assert course.autograde(UNIT, student).graded
    assert [grader.wait() for grader in graders] == [0] * GRADERS
    with course.gradebook() as gradebook:
        for number in range(MARKS):
            student = f"student-{number:03d}"
            grade = gradebook.find_grade("u6-reflexion", UNIT, UNIT, student)
            comment = gradebook.find_comment("u6-reflexion", UNIT, UNIT, student)
            assert (grade.manual_score, comment.comment) == (
                number / 1000,
                f"Bien: {number / 1000}.",
            )
    assert [course.mark(UNIT, student).automatic for student in graded] == [18, 18, 18]


def test_the_class_report_reads_it(course):
    paths = class_report.make(course, UNIT)
    assert "Informe de la clase" in paths.page.read_text(encoding="utf-8")
