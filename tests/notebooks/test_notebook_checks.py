"""Every notebook check refuses what it is there to refuse."""

import copy
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_output

from course_utils.grading.course import Course, cells_by_grade_id, read_notebook
from course_utils.grading.release import outlines
from course_utils.grading.release.checks import faults

ROOT = Path(__file__).parents[2]
UNIT = "01-regresion-logistica-keras"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    for place in ("source", "release"):
        shutil.copytree(ROOT / place / UNIT, tmp_path / place / UNIT)
    return Course(tmp_path)


def cell(notebook: NotebookNode, grade_id: str) -> NotebookNode:
    return cells_by_grade_id(notebook)[grade_id]


def add_text(notebook: NotebookNode, text: str) -> None:
    notebook.cells.append(new_markdown_cell(text, id="added"))


def demonstration_of(notebook: NotebookNode) -> NotebookNode:
    return next(c for c in notebook.cells if "demostracion" in c.metadata.get("tags", []))


def depend_on(notebook: NotebookNode, source: str, name: str) -> None:
    demonstration_of(notebook).source += source
    test = cell(notebook, "u1-ej1-visible")
    test.source = test.source.replace("def _visible(c):", f"def _visible(c):\n    {name}", 1)


MUTATIONS: dict[str, Callable[[NotebookNode], object]] = {
    "nbformat is 4.4": lambda nb: nb.update(nbformat_minor=4),
    "kernelspec is not": lambda nb: nb.metadata.kernelspec.update(name="conda"),
    "stray metadata: colab": lambda nb: nb.metadata.update(colab={}),
    "u1-ej1: stray metadata: collapsed": lambda nb: cell(nb, "u1-ej1").metadata.update(
        collapsed=True
    ),
    "u1-ej1: id used 2 times": lambda nb: nb.cells.append(copy.deepcopy(cell(nb, "u1-ej1"))),
    "u1-ej1: grade_id used 2 times": lambda nb: nb.cells.append(copy.deepcopy(cell(nb, "u1-ej1"))),
    "cell id and grade_id differ": lambda nb: cell(nb, "u1-ej2").update(id="other"),
    "points are 19 + 2": lambda nb: cell(nb, "u1-ej1-visible").metadata.nbgrader.update(points=2),
    "has no cell 'u1-ej3-enunciado'": lambda nb: nb.cells.remove(cell(nb, "u1-ej3-enunciado")),
    "at most 12 lines": lambda nb: cell(nb, "u1-ej1-visible").update(source="x = 1\n" * 13),
    "more than one line stands outside": lambda nb: cell(nb, "u1-ej1-oculto").update(
        source="x = 1\n" + cell(nb, "u1-ej1-oculto").source
    ),
    "has no reflection": lambda nb: nb.cells.remove(cell(nb, "u1-reflexion")),
    "uses 'only_in_a_demo'": lambda nb: depend_on(nb, "\nonly_in_a_demo = 1", "only_in_a_demo"),
    "uses 'aplicar_normalizacion'": lambda nb: depend_on(nb, "", "aplicar_normalizacion"),
    "a heading of level 6 follows": lambda nb: add_text(nb, "###### Hondo"),
    "has 2 titles": lambda nb: add_text(nb, "# Otro título"),
    "stores an output of type image/png": lambda nb: demonstration_of(nb).outputs.append(
        new_output("display_data", {"image/png": "aGk="})
    ),
    "without execution_count": lambda nb: cell(nb, "u1-ej1").outputs.append(
        new_output("stream", text="hola")
    ),
    "needs the tag nbval-ignore-output": lambda nb: demonstration_of(nb).metadata.update(
        tags=["demostracion"]
    ),
    "has no alt text": lambda nb: add_text(nb, "![](figuras/x.svg)"),
    "there is no picture figuras/none.svg": lambda nb: add_text(nb, "![algo](figuras/none.svg)"),
    "does not say what it shows": lambda nb: add_text(nb, "![misma-vara](figuras/misma-vara.svg)"),
    "does not say where it leads": lambda nb: add_text(nb, "Lo cuenta Nielsen [aquí](#)."),
    "write pictures in Markdown": lambda nb: add_text(nb, '<img src="x.svg">'),
    "the link none.csv leads nowhere": lambda nb: add_text(nb, "[datos](none.csv)"),
}


@pytest.mark.parametrize("fault", MUTATIONS)
def test_a_fault_in_the_master_is_named(fault: str, course: Course):
    notebook = read_notebook(course.master(UNIT))
    MUTATIONS[fault](notebook)
    course.master(UNIT).write_text(json.dumps(notebook), encoding="utf-8")
    assert any(fault in found for found in faults(course, UNIT)), faults(course, UNIT)


@pytest.mark.parametrize("grade_id", ["u1-ej1", "u1-ej1-oculto", "u1-reflexion"])
def test_an_answer_a_hidden_test_or_a_rubric_in_the_release_is_found(grade_id, course: Course):
    secret = cell(read_notebook(course.master(UNIT)), grade_id).source
    released = read_notebook(course.release(UNIT))
    lines = [line for line in secret.splitlines() if not line.startswith("###")]
    add_text(released, "\n".join(lines))
    nbformat.write(released, course.release(UNIT))
    assert any("gives away" in found for found in faults(course, UNIT))


def test_an_address_that_is_not_filled_in_is_found(course: Course):
    released = read_notebook(course.release(UNIT))
    add_text(released, "[el curso]({{repository}})")
    nbformat.write(released, course.release(UNIT))
    assert any("added: an address is not filled in" in found for found in faults(course, UNIT))


def test_a_hint_that_is_the_answer_is_found(course: Course, monkeypatch: pytest.MonkeyPatch):
    secret = cell(read_notebook(course.master(UNIT)), "u1-ej5").source
    line = max(secret.partition("### BEGIN SOLUTION")[2].splitlines(), key=len).strip()
    monkeypatch.setattr(
        "course_utils.grading.release.checks.steps", lambda name: ["a", "b", f"Escribe {line}."]
    )
    assert any("u1-ej5: a hint" in found for found in faults(course, UNIT))


def test_pale_words_in_a_picture_are_found(course: Course):
    picture = course.master(UNIT).parent / "figuras" / "pale.svg"
    picture.write_text('<svg xmlns="http://www.w3.org/2000/svg"><g fill="#999"><text>tenue</text>'
                       '<text fill="#222222">nítida</text></g></svg>')  # fmt: skip
    assert any("contrast of 'tenue' on white is 2.8" in found for found in faults(course, UNIT))
    assert not any("nítida" in found for found in faults(course, UNIT))


def test_an_outline_that_is_not_the_releases_is_found(course: Course):
    outline = course.root / "course_utils" / "checks" / "outlines" / "u1.json"
    outline.parent.mkdir(parents=True)
    outlines.write(course, UNIT)
    assert faults(course, UNIT) == []
    outline.write_text(outline.read_text().replace("u1-ej1-visible", "u1-ej1-otra"))
    assert any("u1.json is not the outline" in found for found in faults(course, UNIT))


def test_a_missing_hint_is_found(course: Course, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("course_utils.grading.release.checks.steps", lambda name: ["una sola"])
    assert any("has 1 hints" in found for found in faults(course, UNIT))
