"""A student's afternoon in the course's own JupyterLab, from the first error to the hand-in."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from course_utils.grading import lab
from course_utils.grading.course import CONFIG, Course, cells_by_grade_id, read_notebook
from course_utils.grading.pipeline import Pipeline
from course_utils.grading.submissions import solutions
from tests.browser.lab import browser, open_notebook, served
from tests.browser.test_lab import ROOT, SHOTS, save

UNIT = "01-regresion-logistica-keras"
WRONG = """def normalizar(x):
    mu = x.mean()
    sigma = x.std(axis=0)
    return (x - mu) / sigma, mu, sigma
"""
BROKEN = """def normalizar(x):
    mu = x.mean(axis=0)
    x_norm = x @ np.ones((7, 7))
    return x_norm, mu, mu
"""
STARTED = 120_000  # ms until TensorFlow is there
CLEAN_RUN = 240_000  # ms
QUICK = 30_000  # ms


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A course with one unit, released to an exchange folder of its own."""
    for folder in ("source", "release"):
        shutil.copytree(ROOT / folder / UNIT, tmp_path / "course" / folder / UNIT)
    shutil.copytree(ROOT / "lab", tmp_path / "course" / "lab")
    shutil.copy(ROOT / CONFIG, tmp_path / "course" / CONFIG)
    course = Course(tmp_path / "course")
    exchange = tmp_path / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    own = {"Exchange": {"root": str(exchange)}, "CourseDirectory": {"course_id": "curso"}}
    profile = course.root / "lab" / "student" / "nbgrader_config.json"
    profile.write_text(json.dumps(json.loads(profile.read_text()) | own))
    with (course.root / CONFIG).open("a") as config:
        config.write(f'\nc.Exchange.root = "{exchange}"\nc.CourseDirectory.course_id = "curso"\n')
    pipeline = Pipeline(course)
    pipeline.generate(UNIT)
    released = pipeline.api.release_assignment(UNIT)
    assert released["success"], released
    return course


@pytest.fixture
def page(course: Course) -> Iterator[Page]:
    SHOTS.mkdir(exist_ok=True)
    session = lab.student(course)
    with browser() as chromium, served(session.command, session.environment, session.folder) as at:
        opened = chromium.new_page(viewport={"width": 1200, "height": 1000}, locale="es-ES")
        open_notebook(opened, at, f"{UNIT}/{UNIT}.ipynb")
        yield opened


class Notebook:
    """The open notebook: cells by name, written and run as with hands."""

    def __init__(self, page: Page, course: Course) -> None:
        self.page = page
        cells = read_notebook(course.root / "work" / UNIT / f"{UNIT}.ipynb").cells
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
        self.page.screenshot(path=SHOTS / f"student-{name}.png")


def test_from_the_first_error_to_the_hand_in(page: Page, course: Course, tmp_path: Path):
    notebook = Notebook(page, course)
    right = solutions(read_notebook(course.master(UNIT)))

    # Nothing that is the instructor's, and the menus in Spanish.
    expect(page.get_by_role("menuitem", name="Archivo", exact=True)).to_be_visible()
    page.get_by_role("menuitem", name="Nbgrader", exact=True).click()
    menu = page.locator(".lm-Menu-content").last
    expect(menu.get_by_text("Assignment List")).to_be_visible()
    for others in ("Formgrader", "Course List"):
        expect(menu.get_by_text(others)).to_have_count(0)
    notebook.shot("1-menu")
    page.keyboard.press("Escape")

    notebook.run("u1-instalacion")
    expect(notebook.run("u1-preparacion")).to_contain_text("todo listo", timeout=STARTED)

    # Wrong, broken, right.
    expect(notebook.run("u1-ej1-visible")).to_contain_text("No existe `normalizar`", timeout=QUICK)
    notebook.run("u1-ej1")
    expect(notebook.run("u1-ej1-visible")).to_contain_text("sin empezar", timeout=QUICK)
    for answer, state, sentence, shot in (
        (WRONG, "incorrecto", "usaste la media de toda la matriz", "2-wrong"),
        (BROKEN, "error de ejecución", "En tu código, línea 3: x_norm = x @", "3-broken"),
        (right["u1-ej1"], "superadas", "Quedan pruebas ocultas", "4-right"),
    ):
        notebook.write("u1-ej1", answer)
        notebook.run("u1-ej1")
        output = notebook.run("u1-ej1-visible")
        expect(output).to_contain_text(state, timeout=QUICK)
        expect(output).to_contain_text(sentence)
        expect(output).not_to_contain_text("Traceback")
        notebook.shot(shot)

    hint = notebook.run_new('pista("u1-ej2")')
    expect(hint).to_contain_text("pista 1 de 3", timeout=QUICK)
    notebook.shot("5-hint", hint)

    panel = notebook.run("u1-progreso")
    expect(panel.locator("caption")).to_contain_text("Tu progreso en la unidad 1", timeout=QUICK)
    expect(panel).to_contain_text("Superaste 1 de 5 pruebas visibles")
    expect(panel).to_contain_text("sin comprobar")
    notebook.shot("6-panel")

    save(page)
    review = notebook.run_new("revisar()")
    expect(review).to_contain_text("RECIBO · unidad 1", timeout=CLEAN_RUN)
    expect(review).to_contain_text("Superaste 1 de 5 pruebas visibles")
    expect(review).to_contain_text("El archivo se guardó hace")
    notebook.shot("7-review", review.locator("pre").last)
    assert "SHA-256" in (course.root / "work" / UNIT / "recibo-u1.txt").read_text(encoding="utf-8")

    save(page)
    page.locator(".jp-NotebookPanel-toolbar").get_by_text("Validate", exact=False).first.click()
    dialog = page.locator(".jp-Dialog")
    expect(dialog).to_contain_text("ejercicio", ignore_case=True, timeout=CLEAN_RUN)
    notebook.shot("8-validate")
    dialog.get_by_role("button").last.click()

    page.get_by_role("menuitem", name="Nbgrader", exact=True).click()
    page.get_by_text("Assignment List", exact=True).click()
    page.get_by_role("button", name="Submit").first.click(timeout=QUICK)
    handed = page.locator("#submitted_assignments_list, .submitted_assignments_list").last
    expect(handed).to_contain_text(UNIT, timeout=QUICK)
    notebook.shot("9-submit")
    inbound = list((tmp_path / "exchange" / "curso" / "inbound").glob(f"*/{UNIT}.ipynb"))
    assert len(inbound) == 1
    handed_in = cells_by_grade_id(read_notebook(inbound[0]))
    assert handed_in["u1-ej1"].source.strip() == right["u1-ej1"].strip()
