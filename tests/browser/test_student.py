"""A student's afternoon in the course's own JupyterLab, from the first error to the hand-in."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from course_utils.grading.commands import student_lab
from course_utils.grading.course import CONFIG, Course, cells_by_grade_id, read_notebook, unit_id
from course_utils.grading.pipeline import Pipeline
from course_utils.grading.release.bank import Answer, load
from course_utils.grading.release.submissions import solutions
from tests.browser.lab import SHOTS, open_notebook, served
from tests.browser.test_lab import ROOT, save
from tests.grading.courses import COURSE, UNITS, exercise_names

WAIT = 120_000  # ms; TensorFlow may have to start, and the machine may be busy
CLEAN_RUN = 300_000  # ms
WRONG = {
    "u1": "mean of the whole matrix",
    "u2": "missing brackets",
    "u3": "no scaling",
    "u4": "greater or equal",
    "u5": "matmul for star",
}


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The exchange folder of nbgrader."""
    folder = tmp_path_factory.mktemp("exchange")
    folder.chmod(0o777)
    return folder


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory, exchange: Path) -> Course:
    """A course with all units, released to an exchange folder of its own."""
    root = tmp_path_factory.mktemp("course")
    for folder in ("source", "release", "lab"):
        shutil.copytree(ROOT / folder, root / folder)
    shutil.copy(ROOT / CONFIG, root / CONFIG)
    own = {"Exchange": {"root": str(exchange)}, "CourseDirectory": {"course_id": "curso"}}
    profile = root / "lab" / "student" / "nbgrader_config.json"
    profile.write_text(json.dumps(json.loads(profile.read_text()) | own))
    with (root / CONFIG).open("a") as config:
        config.write(f'\nc.Exchange.root = "{exchange}"\nc.CourseDirectory.course_id = "curso"\n')
    pipeline = Pipeline(Course(root))
    for unit in UNITS:
        released = pipeline.api.release_assignment(unit)
        assert released["success"], released
    return pipeline.course


@pytest.fixture(scope="module")
def address(course: Course) -> Iterator[str]:
    """The course's own JupyterLab, as ``course lab`` starts it."""
    session = student_lab.student(course)
    with served(session.command, session.environment, session.folder) as address:
        yield address


@pytest.fixture
def page(unit: str, address: str, chromium: Browser) -> Iterator[Page]:
    opened = chromium.new_page(viewport={"width": 1200, "height": 1000}, locale="es-ES")
    open_notebook(opened, address, f"{unit}/{unit}.ipynb")
    yield opened
    opened.close()


class Notebook:
    """The open notebook: cells by name, written and run as with hands."""

    def __init__(self, page: Page, course: Course, unit: str) -> None:
        self.page, self.id = page, unit_id(unit)
        cells = read_notebook(course.root / "work" / unit / f"{unit}.ipynb").cells
        self.places = {cell.id: index for index, cell in enumerate(cells)}

    def cell(self, name: str) -> Locator:
        """A cell by its name."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(self.places[name])

    def run(self, name: str) -> Locator:
        """Run a cell; returns its output area."""
        cell = self.cell(name)
        cell.scroll_into_view_if_needed()
        cell.locator(".jp-InputPrompt").click()
        self.page.keyboard.press("Control+Enter")
        return cell.locator(".jp-OutputArea")

    def write(self, name: str, text: str) -> None:
        """Replace a cell's text."""
        self.cell(name).locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def run_new(self, text: str) -> Locator:
        """Run a line in a new cell at the end; returns its output area."""
        self.page.keyboard.press("Escape")
        self.page.locator(".jp-Notebook .jp-Cell").last.locator(".jp-InputPrompt").click()
        self.page.keyboard.press("b")
        cell = self.page.locator(".jp-Notebook .jp-Cell").last
        cell.locator(".cm-content").click()
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Control+Enter")
        return cell.locator(".jp-OutputArea")

    def shot(self, name: str, shown: Locator | None = None) -> None:
        """Keep a picture of the window, scrolled to what it is about."""
        if shown:
            shown.scroll_into_view_if_needed()
        self.page.screenshot(path=SHOTS / f"student-{self.id}-{name}.png")


def wrong_answer(unit: str) -> Answer:
    """An answer of the bank to the first exercise: one that its visible test recognises."""
    answers = load(COURSE, unit)
    return next(
        a for a in answers if a.exercise.endswith("-ej1") and a.name == WRONG[unit_id(unit)]
    )


@pytest.mark.parametrize("unit", UNITS)
def test_from_the_first_error_to_the_hand_in(unit: str, page: Page, course: Course, exchange: Path):
    notebook = Notebook(page, course, unit)
    u, total = unit_id(unit), len(exercise_names(unit))
    right = solutions(read_notebook(course.master(unit)))[f"{u}-ej1"]
    stub = cells_by_grade_id(read_notebook(course.release(unit)))[f"{u}-ej1"].source
    broken = stub.replace("raise NotImplementedError()", "1 / 0")
    wrong = wrong_answer(unit)

    # Nothing that is the instructor's, and the menus in Spanish.
    expect(page.get_by_role("menuitem", name="Archivo", exact=True)).to_be_visible()
    page.get_by_role("menuitem", name="Nbgrader", exact=True).click()
    menu = page.locator(".lm-Menu-content").last
    expect(menu.get_by_text("Assignment List")).to_be_visible()
    for others in ("Formgrader", "Course List"):
        expect(menu.get_by_text(others)).to_have_count(0)
    notebook.shot("1-menu")
    page.keyboard.press("Escape")

    notebook.run(f"{u}-instalacion")
    expect(notebook.run(f"{u}-preparacion")).to_contain_text("todo listo", timeout=WAIT)

    # Wrong, broken, right.
    test = f"{u}-ej1-visible"
    expect(notebook.run(test)).to_contain_text("No existe `", timeout=WAIT)
    notebook.run(f"{u}-ej1")
    expect(notebook.run(test)).to_contain_text("sin empezar", timeout=WAIT)
    for answer, state, sentence, shot in (
        (wrong.source, "incorrecto", wrong.says, "2-wrong"),
        (broken, "error de ejecución", ": 1 / 0", "3-broken"),
        (right, "superadas", "Quedan pruebas ocultas", "4-right"),
    ):
        notebook.write(f"{u}-ej1", answer)
        notebook.run(f"{u}-ej1")
        output = notebook.run(test)
        expect(output).to_contain_text(state, timeout=WAIT)
        expect(output).to_contain_text(sentence)
        expect(output).not_to_contain_text("Traceback")
        notebook.shot(shot)

    hint = notebook.run_new(f'pista("{u}-ej2")')
    expect(hint).to_contain_text("pista 1 de 3", timeout=WAIT)
    notebook.shot("5-hint", hint)

    panel = notebook.run(f"{u}-progreso")
    caption = f"Tu progreso en la unidad {u.removeprefix('u')}"
    expect(panel.locator("caption")).to_contain_text(caption, timeout=WAIT)
    expect(panel).to_contain_text(f"Superaste 1 de {total} pruebas visibles")
    expect(panel).to_contain_text("sin comprobar")
    notebook.shot("6-panel")

    save(page)
    review = notebook.run_new("revisar()")
    expect(review).to_contain_text(f"RECIBO · unidad {u.removeprefix('u')}", timeout=CLEAN_RUN)
    expect(review).to_contain_text(f"Superaste 1 de {total} pruebas visibles")
    expect(review).to_contain_text("El archivo se guardó hace")
    notebook.shot("7-review", review.locator("pre").last)
    receipt = course.root / "work" / unit / f"recibo-{u}.txt"
    assert "SHA-256" in receipt.read_text(encoding="utf-8")

    save(page)
    page.locator(".jp-NotebookPanel-toolbar").get_by_text("Validate", exact=False).first.click()
    dialog = page.locator(".jp-Dialog")
    expect(dialog).to_contain_text("ejercicio", ignore_case=True, timeout=CLEAN_RUN)
    notebook.shot("8-validate")
    dialog.get_by_role("button").last.click()

    page.get_by_role("menuitem", name="Nbgrader", exact=True).click()
    page.get_by_text("Assignment List", exact=True).click()
    mine = page.locator(".list_item").filter(has_text=unit)
    mine.get_by_role("button", name="Submit").click(timeout=WAIT)
    handed = page.locator("#submitted_assignments_list, .submitted_assignments_list").last
    expect(handed).to_contain_text(unit, timeout=WAIT)
    notebook.shot("9-submit")
    (inbound,) = (exchange / "curso" / "inbound").glob(f"*+{unit}+*/{unit}.ipynb")
    handed_in = cells_by_grade_id(read_notebook(inbound))
    assert handed_in[f"{u}-ej1"].source.strip() == right.strip()
