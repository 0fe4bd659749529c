"""The released notebooks in a real JupyterLab, as a student opens them."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Page

from course_utils.grading.course import read_notebook, unit_id
from course_utils.grading.release.submissions import fill, solutions
from tests.browser.lab import SHOTS, jupyterlab, open_notebook, run_all, whole_notebook
from tests.grading.courses import COURSE, ROOT, UNITS, exercise_names

RUN_ALL = int(os.environ.get("RUN_ALL", "600"))  # seconds; more on a busy machine


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    opened = chromium.new_page(viewport={"width": 1100, "height": 1400})
    yield opened
    opened.close()


def save(page: Page) -> None:
    """Save the open notebook and wait until JupyterLab shows no unsaved change."""
    page.keyboard.press("Control+s")
    page.wait_for_selector(".jp-mod-dirty", state="detached", timeout=10_000)


def saved_outputs(path: Path) -> str:
    """Text of all outputs that a saved notebook holds."""
    found = []
    for cell in read_notebook(path).cells:
        for output in cell.get("outputs", []):
            found += [output.get("text", ""), *output.get("traceback", [])]
    return "\n".join(found)


def run(page: Page, folder: Path, notebook: nbformat.NotebookNode, unit: str, shot: str) -> str:
    """Run a notebook whole in JupyterLab, keep its picture, return the text of its outputs."""
    path = folder / f"{unit}.ipynb"
    nbformat.write(notebook, path)
    with jupyterlab(folder) as address:
        open_notebook(page, address, path.name)
        run_all(page, RUN_ALL)
        save(page)
        whole_notebook(page, SHOTS / f"{unit_id(unit)}-{shot}.png")
    return saved_outputs(path)


@pytest.mark.parametrize("unit", UNITS)
def test_run_all_on_the_blank_release_goes_to_the_end_without_a_traceback(
    unit: str, page: Page, tmp_path: Path
):
    shutil.copytree(ROOT / "release" / unit, tmp_path, dirs_exist_ok=True)
    text = run(page, tmp_path, read_notebook(COURSE.release(unit)), unit, "blank")
    assert text.count("· sin empezar") == len(exercise_names(unit))
    assert "Traceback" not in text
    assert "incorrecto" not in text


@pytest.mark.parametrize("unit", UNITS)
def test_run_all_with_every_answer_right_passes_every_visible_test(
    unit: str, page: Page, tmp_path: Path
):
    shutil.copytree(ROOT / "release" / unit, tmp_path, dirs_exist_ok=True)
    answers = solutions(read_notebook(COURSE.master(unit)))
    notebook = fill(read_notebook(COURSE.release(unit)), answers)
    text = run(page, tmp_path, notebook, unit, "solved")
    assert text.count("pruebas visibles superadas") == len(exercise_names(unit))
    assert "Traceback" not in text
