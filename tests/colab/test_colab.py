"""The released notebooks in an environment like Colab's, which the set-up cell leaves as it is."""

import json
import os
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

import course_utils
from course_utils.grading.course import cells_by_grade_id, read_notebook, unit_id
from course_utils.grading.release.bank import load
from course_utils.grading.release.submissions import fill, saved_by_colab, solutions
from tests.bank import verdicts
from tests.grading.courses import COURSE, ROOT, UNITS, exercise_names
from tests.interpreters import executed, run

pytestmark = pytest.mark.colab

PYTHON = Path(os.environ.get("COLAB_PYTHON", ROOT / ".venv-colab" / "bin" / "python"))
TORCH = ROOT / ".venv-colab-torch" / "bin" / "python"  # see requirements-torch.txt
FIRST = "01-regresion-logistica-keras"
ADDRESS = "https://github.com/aprendizaje-profundo/curso"
IN_COLAB = "import sys, types; sys.modules['google.colab'] = types.ModuleType('google.colab')"
ALONE = {"JPY_SESSION_NAME", "PYTHONPATH", "VIRTUAL_ENV"}  # of our own environment


def python_for(unit: str) -> Path:
    """The interpreter of the environment that has what a unit uses."""
    return TORCH if "pytorch" in unit else PYTHON


def libraries() -> dict[str, str]:
    """Name and version of everything that is installed there."""
    listed = json.loads(run(PYTHON, PYTHON, "-m", "pip", "list", "--format=json", folder=ROOT))
    return {package["name"]: package["version"] for package in listed}


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The course's repository under the tag that set-up cells ask for; course_utils comes off."""
    place = tmp_path_factory.mktemp("repository") / "curso.git"
    here = Path(sys.executable)
    run(here, "git", "clone", "-q", "--bare", ROOT, place, folder=ROOT)
    tag = f"v{course_utils.__version__}"
    run(here, "git", "-C", place, "tag", "-f", tag, folder=ROOT)
    run(here, "git", "-C", place, "config", "uploadpack.allowFilter", "true", folder=ROOT)
    for python in (PYTHON, TORCH):
        run(python, python, "-m", "pip", "uninstall", "-q", "-y", "course-utils", folder=ROOT)
    return f"file://{place}"


def in_colab(notebook: NotebookNode, repository: str) -> NotebookNode:
    """A notebook as Colab opens it, with our copy of the repository as its address."""
    notebook = saved_by_colab(notebook)
    setup = cells_by_grade_id(notebook)[next(iter(_names(notebook)))]
    assert ADDRESS in setup.source
    setup.source = setup.source.replace(ADDRESS, repository)
    first = new_code_cell(IN_COLAB)
    first.pop("id")  # as all cells of nbformat 4.0
    notebook.cells.insert(0, first)
    return notebook


def _names(notebook: NotebookNode) -> list[str]:
    return [name for name in cells_by_grade_id(notebook) if name.endswith("-instalacion")]


def text_of(notebook: NotebookNode) -> str:
    """Everything that the cells of a notebook put out."""
    parts = []
    for output in (output for cell in notebook.cells for output in cell.get("outputs", [])):
        parts += [output.get("text", ""), *output.get("traceback", [])]
        parts.append(str(output.get("data", {}).get("text/html", "")))
    return "\n".join(parts)


def test_the_set_up_cell_brings_the_course_and_moves_no_version(repository: str, tmp_path: Path):
    notebook = in_colab(read_notebook(COURSE.release(FIRST)), repository)
    notebook.cells = notebook.cells[:6]
    again = [cell for cell in notebook.cells if cell.cell_type == "code"][1:]
    notebook.cells += again  # the set-up cells once more
    before = libraries()
    before.pop("course-utils", None)
    done = executed(PYTHON, notebook, tmp_path)
    after = libraries()
    assert after.pop("course-utils", None) or after.pop("course_utils")
    assert after == before
    text = text_of(done)
    assert text.count("Unidad 1: todo listo.") == 2
    assert "Traceback" not in text
    assert "<summary>Las figuras de los textos" in text
    assert (tmp_path / "study_logistic_2d.csv").is_file()
    assert not (tmp_path / "curso" / "source").exists()  # no answers on the student's disk
    assert not (tmp_path / "curso" / "tests").exists()


def test_without_the_network_the_set_up_cell_says_what_to_do(tmp_path: Path):
    notebook = read_notebook(COURSE.release(FIRST))
    notebook = in_colab(notebook, f"file://{tmp_path}/nowhere.git")
    notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "code"][:2]
    text = text_of(executed(PYTHON, notebook, tmp_path))
    assert "No se pudo traer el curso: revisa tu conexión y ejecuta esta celda otra vez." in text


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("solved", [False, True], ids=["blank", "solved"])
def test_a_released_notebook_runs_to_its_end(
    unit: str, solved: bool, repository: str, tmp_path: Path
):
    answers = solutions(read_notebook(COURSE.master(unit))) if solved else {}
    notebook = in_colab(fill(read_notebook(COURSE.release(unit)), answers), repository)
    text = text_of(executed(python_for(unit), notebook, tmp_path))
    assert "Traceback" not in text
    passed = len(exercise_names(unit)) if solved else 0
    assert text.count("pruebas visibles superadas") == passed
    assert text.count("· sin empezar") == len(exercise_names(unit)) - passed


@pytest.mark.parametrize("unit", UNITS)
def test_every_answer_of_the_bank_gets_the_same_verdict_as_here(unit: str, tmp_path: Path):
    answers = load(COURSE, unit)
    there = verdicts.in_kernel(python_for(unit), unit, answers, tmp_path / "there")
    here = verdicts.in_kernel(Path(sys.executable), unit, answers, tmp_path / "here")
    verdicts.write_table(unit_id(unit), kernel=here, colab=there)
    assert verdicts.differences(here, there) == []


def test_revisar_works_there(repository: str, tmp_path: Path):
    answers = solutions(read_notebook(COURSE.master(FIRST)))
    nbformat.write(
        saved_by_colab(fill(read_notebook(COURSE.release(FIRST)), answers)),
        tmp_path / f"{FIRST}.ipynb",
    )
    code = f"from course_utils.review import revisar; revisar('{FIRST}.ipynb')"
    done = run(PYTHON, PYTHON, "-c", code, folder=tmp_path, python_path=ROOT)
    assert "Superaste 5 de 5" in done
