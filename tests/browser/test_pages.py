"""Feedback page and formgrader in a real browser, with a hand-in that attacks them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from course_utils.grading.course import read_notebook
from course_utils.grading.gradebook.marks import GRADED
from course_utils.grading.pipeline import Pipeline
from course_utils.grading.release.submissions import fill, hand_in, solutions
from tests.browser import planted
from tests.browser.lab import SHOTS, jupyterlab
from tests.grading.courses import course_with

UNIT = "04-superficie-bce-pytorch"
REFLECTION = "Con $y = 1$ la **derivada** de la BCE no se anula en la meseta."
COMMENT = "Bien explicado; falta el caso de MSE: $\\sigma'(z) \\to 0$."
AUTOGRADE = 240_000  # ms
HOSTILE_NAME = "<img src=planted onerror=window.planted=1>"


@dataclass
class Watch:
    """What a page did that it must not do."""

    seen: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def on(self, page: Page, own: str) -> "Watch":
        """Watch a page that may only ask ``own`` for things."""

        def dialog(opened: Dialog) -> None:
            self.seen.append("dialog")
            opened.dismiss()

        def request(url: str) -> None:
            self.requests.append(url)
            if "planted" in url or not url.startswith((own, "data:")):
                self.seen.append(f"request {url[:80]}")

        page.on("dialog", dialog)
        page.on("request", lambda made: request(made.url))
        page.on("popup", lambda _: self.seen.append("popup"))
        # What only the page's policy stops got through the cleaning.
        page.on(
            "console",
            lambda said: (
                self.seen.append(said.text) if "Content Security Policy" in said.text else None
            ),
        )
        return self

    def done(self, page: Page) -> list[str]:
        """What was seen, after every link of a student's was clicked."""
        page.wait_for_timeout(1_500)
        return self.seen + (["probe"] if page.evaluate(planted.PROBE) else [])


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    opened = chromium.new_page(viewport={"width": 1200, "height": 900})
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """A course with a hostile hand-in, graded, and an honest one that only lies there."""
    pipeline = course_with(tmp_path_factory.mktemp("pages") / "course", UNIT)
    submitted = pipeline.course.root / "submitted"
    released = read_notebook(pipeline.course.release(UNIT))
    answers = solutions(read_notebook(pipeline.course.master(UNIT)))
    honest = fill(released, answers | {"u4-reflexion": REFLECTION})
    hand_in(honest, submitted, "ana", UNIT)
    hand_in(planted.plant(released, "u4"), submitted, "mallory", UNIT)
    assert pipeline.autograde(UNIT, "mallory").graded
    with pipeline.gradebook() as gradebook:
        gradebook.update_or_create_student("ana", first_name="Ana", last_name="Núñez")
        gradebook.update_or_create_student(
            "mallory", first_name=HOSTILE_NAME, last_name="<script>window.planted=1</script>"
        )
    return pipeline


@pytest.fixture(scope="module")
def server(course: Pipeline) -> Iterator[str]:
    with jupyterlab(course.course.root) as address:
        yield address


def submission_id(course: Pipeline, student: str) -> str:
    with course.gradebook() as gradebook:
        book = gradebook.find_submission_notebook(UNIT, UNIT, student)
        return str(book.id)


def narrow_and_wide(page: Page, name: str) -> None:
    """Screenshots on a wide and a narrow screen; the page itself must not scroll sideways."""
    for width in (1200, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(300)
        page.screenshot(path=SHOTS / f"{name}-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width


@pytest.mark.parametrize("name", ["script", "onerror", "remote picture", "style", "refresh"])
def test_the_watch_sees_what_an_unclean_page_does(name: str, page: Page, tmp_path: Path):
    unclean = tmp_path / "page.html"
    unclean.write_text(f"<!DOCTYPE html><p>{planted.MARKUP[name]}</p>", encoding="utf-8")
    watch = Watch().on(page, unclean.as_uri())
    page.goto(unclean.as_uri())
    assert watch.done(page)


def test_a_feedback_page_runs_nothing_and_asks_nobody(course: Pipeline, page: Page):
    path = course.feedback(UNIT, "mallory")
    watch = Watch().on(page, path.as_uri())
    page.goto(path.as_uri())
    for link in page.locator(".answer a").all():
        link.dispatch_event("click")
    assert watch.done(page) == []
    assert watch.requests[0] == path.as_uri()
    assert page.locator("script, iframe, object, form, input, link, style ~ style").count() == 0
    assert HOSTILE_NAME in page.locator("header").inner_text()
    narrow_and_wide(page, "feedback-planted")


def test_the_grading_view_runs_nothing_of_a_hand_in(course: Pipeline, server: str, page: Page):
    watch = Watch().on(page, server)
    page.goto(f"{server}/formgrader/submissions/{submission_id(course, 'mallory')}/")
    expect(page.locator(".score").first).to_be_visible()
    for link in page.locator("#notebook .rendered_html a").all():
        if not (link.get_attribute("href") or "").startswith("http"):
            link.dispatch_event("click")
    assert watch.done(page) == []
    assert page.locator(".output_area").count() > 50  # the hand-in's outputs are there
    notebook = page.locator("#notebook")
    assert notebook.locator("script, iframe, object, form, style, svg").count() == 0
    assert page.locator("a.name-shown").inner_text() == (
        f"<script>window.planted=1</script>, {HOSTILE_NAME}"
    )
    narrow_and_wide(page, "formgrader-planted")


def press(page: Page, cell: str) -> None:
    """Press a button of the formgrader's tables, and wait until nbgrader says that it is done."""
    page.locator(f"{cell} a").first.click()
    expect(page.locator("#success-modal")).to_be_visible(timeout=AUTOGRADE)
    page.locator("#success-modal .close").first.click()
    expect(page.locator(".modal-backdrop")).to_have_count(0)


def test_a_teacher_grades_a_reflection_in_the_formgrader(course: Pipeline, server: str, page: Page):
    watch = Watch().on(page, server)
    page.goto(f"{server}/formgrader/manage_assignments")
    press(page, "td.assign")
    page.goto(f"{server}/formgrader/manage_submissions/{UNIT}")
    row = "tr:has(td.student-id:text-is('ana'))"
    press(page, f"{row} td.autograde")
    address = f"{server}/formgrader/submissions/{submission_id(course, 'ana')}/"

    page.goto(address)
    expect(page.locator("a.name-shown")).to_have_text("Núñez, Ana")
    answer = page.locator(".nbgrader_cell:has(#u4-reflexion)")
    expect(answer.locator(".rubric")).to_contain_text("Derivadas (1 punto)")
    assert answer.locator("math").count() >= 1
    with page.expect_response(lambda got: "/api/grade/" in got.url):
        answer.locator(".score").fill("0.5")
        answer.locator(".score").press("Escape")
    with page.expect_response(lambda got: "/api/comment/" in got.url):
        answer.locator(".comment").fill(COMMENT)
        answer.locator(".comment").press("Escape")

    page.goto(address)
    expect(answer.locator(".score")).to_have_value("0.5")
    expect(answer.locator(".comment")).to_have_value(COMMENT)
    narrow_and_wide(page, "formgrader")
    page.set_viewport_size({"width": 1200, "height": 900})
    page.locator(".help").click()
    expect(page.locator("#help-dialog")).to_contain_text("Atajos de teclado")

    page.goto(f"{server}/formgrader/manage_submissions/{UNIT}")
    press(page, f"{row} td.generate-feedback")
    assert watch.seen == []
    mark = course.mark(UNIT, "ana")
    assert (mark.automatic, mark.manual, mark.state) == (18, 0.5, GRADED)
    feedback = course.course.root / "feedback" / "ana" / UNIT / f"{UNIT}.html"
    page.goto(feedback.as_uri())
    expect(page.locator(".total")).to_have_text("18.5 de 20 puntos")
    expect(page.locator("#u4-reflexion .state")).to_contain_text("en parte")
    expect(page.locator("#u4-reflexion .comment")).to_contain_text("Bien explicado")
    assert page.locator("#u4-reflexion .comment math").count() == 1
    narrow_and_wide(page, "feedback")
