"""Every notebook check refuses what it is there to refuse."""

import copy
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from course_utils.grading.course import CONFIG, Course, cells_by_grade_id, read_notebook
from course_utils.grading.release import outlines, recording, stale
from course_utils.grading.release.checks import faults

ROOT = Path(__file__).parents[2]
UNIT = "01-regresion-logistica-keras"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    for place in ("source", "release"):
        shutil.copytree(ROOT / place / UNIT, tmp_path / place / UNIT)
    shutil.copy(ROOT / CONFIG, tmp_path)
    return Course(tmp_path)


@pytest.fixture
def repository(course: Course) -> Course:
    """The course with what the release makes for the package beside it."""
    outlines.folder_of(course).mkdir(parents=True)
    outlines.write(course, UNIT)
    recorded = recording.path_of(course, UNIT)
    recorded.parent.mkdir()
    shutil.copy(recording.path_of(Course(ROOT), UNIT), recorded)
    assert faults(course, UNIT) == []
    return course


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


def rewrite(notebook: NotebookNode, grade_id: str, old: str, new: str) -> None:
    assert old in cell(notebook, grade_id).source
    cell(notebook, grade_id).source = cell(notebook, grade_id).source.replace(old, new)


MUTATIONS: dict[str, Callable[[NotebookNode], object]] = {
    "u1-p1: does not begin with predice": lambda nb: next(
        c for c in nb.cells if c.id == "u1-p1"
    ).update(source='predice("u1-p2", "")'),
    "u1-t02: says 'listón'; the course says vara": lambda nb: nb.cells[1].update(
        source=nb.cells[1].source + " El listón."
    ),
    "nbformat is 4.4": lambda nb: nb.update(nbformat_minor=4),
    "kernelspec is not": lambda nb: nb.metadata.kernelspec.update(name="conda"),
    "stray metadata: colab": lambda nb: nb.metadata.update(colab={}),
    "u1-ej1: stray metadata: collapsed": lambda nb: cell(nb, "u1-ej1").metadata.update(
        collapsed=True
    ),
    "u1-ej1: id used 2 times": lambda nb: nb.cells.append(copy.deepcopy(cell(nb, "u1-ej1"))),
    "u1-ej1: grade_id used 2 times": lambda nb: nb.cells.append(copy.deepcopy(cell(nb, "u1-ej1"))),
    "cell id and grade_id differ": lambda nb: cell(nb, "u1-ej2").update(id="other"),
    "u1-ej1-enunciado: its heading says 4 points, the tests give 2 + 3": lambda nb: cell(
        nb, "u1-ej1-visible"
    ).metadata.nbgrader.update(points=2),
    "u1-ej1-visible: its first line says 1 points, its metadata 2": lambda nb: cell(
        nb, "u1-ej1-visible"
    ).metadata.nbgrader.update(points=2),
    "u1-ej2-oculto: its first line says 7 points, its metadata 2": lambda nb: rewrite(
        nb, "u1-ej2-oculto", "(2 puntos)", "(7 puntos)"
    ),
    "u1-ej2-oculto: its first line does not say its points, as in '(2 puntos)'": lambda nb: rewrite(
        nb, "u1-ej2-oculto", " (2 puntos)", ""
    ),
    "u1-ej3-enunciado: its heading says 5 points, the tests give 1 + 3": lambda nb: rewrite(
        nb, "u1-ej3-enunciado", "(4 puntos)", "(5 puntos)"
    ),
    "u1-ej3-enunciado: its heading is of exercise 1.8, not 1.3": lambda nb: rewrite(
        nb, "u1-ej3-enunciado", "Ejercicio 1.3", "Ejercicio 1.8"
    ),
    "u1-ej3-enunciado: has no heading such as '### Ejercicio 1.3": lambda nb: rewrite(
        nb, "u1-ej3-enunciado", "### Ejercicio", "### Tarea"
    ),
    "added: speaks of exercise 1.9, which the unit does not have": lambda nb: add_text(
        nb, "Usa tu función del ejercicio 1.9 y la del ejercicio 1.1; mira el ejercicio 2.9."
    ),
    "added: speaks of exercise 1.8, which the unit does not have": lambda nb: add_text(
        nb, "| ejercicio | puntos |\n| --- | --- |\n| 1.8 | otro | 3 |"
    ),
    "added: its table gives exercise 1.1 3 points, the tests 4": lambda nb: add_text(
        nb, "| ejercicio | puntos |\n| --- | --- |\n| 1.1 | normalizar | 3 |"
    ),
    "u1-t01: its line of points says 17; the unit gives 18 + 2": lambda nb: nb.cells[0].update(
        source=nb.cells[0].source.replace("**Puntos:** 18", "**Puntos:** 17")
    ),
    "uses 'normaliza', which no exercise and no cell above it defines": lambda nb: demonstration_of(
        nb
    ).update(source="normaliza(np.eye(2))"),
    "uses 'importancia', which no exercise and no cell above it defines": lambda nb: (
        nb.cells.insert(3, new_code_cell("importancia(2)", id="early"))
    ),
    "u1-ej2: is no valid Python": lambda nb: rewrite(nb, "u1-ej2", "return", "retorna algo"),
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


def test_a_hint_that_is_the_answer_is_found(course: Course):
    secret = cell(read_notebook(course.master(UNIT)), "u1-ej5").source
    line = max(secret.partition("### BEGIN SOLUTION")[2].splitlines(), key=len).strip()
    hints = outlines.read_hints(course, UNIT) | {"u1-ej5": ["a", "b", f"Escribe {line}."]}
    write_hints(course, hints)
    assert any("u1-ej5: a hint" in found for found in faults(course, UNIT))


def test_pale_words_in_a_picture_are_found(course: Course):
    picture = course.master(UNIT).parent / "figuras" / "pale.svg"
    picture.write_text('<svg xmlns="http://www.w3.org/2000/svg"><g fill="#999"><text>tenue</text>'
                       '<text fill="#222222">nítida</text></g></svg>')  # fmt: skip
    assert any("contrast of 'tenue' on white is 2.8" in found for found in faults(course, UNIT))
    assert not any("nítida" in found for found in faults(course, UNIT))


def write_hints(course: Course, hints: dict[str, list[str]]) -> None:
    lines = [f"{name} = {json.dumps(steps, ensure_ascii=False)}" for name, steps in hints.items()]
    course.hints(UNIT).write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"u1-ej9": ["a", "b", "c"]}, "u1-ej9: has hints in pistas.toml, but the unit has no such"),
        ({"u1-ej2": ["una sola"]}, "u1-ej2: has 1 hints in pistas.toml, not 3"),
        ({"u1-ej2": "una sola"}, "pistas.toml: u1-ej2 must be a list of texts"),
    ],
)
def test_hints_that_do_not_fit_the_exercises_are_found(course: Course, change, says):
    write_hints(course, outlines.read_hints(course, UNIT) | change)
    assert any(says in fault for fault in faults(course, UNIT)), faults(course, UNIT)


def test_hints_that_are_missing_or_no_toml_are_found(course: Course):
    course.hints(UNIT).write_text('u1-ej1 = ["a", "b"', encoding="utf-8")
    assert any("pistas.toml can't be read: Unclosed array" in f for f in faults(course, UNIT))
    course.hints(UNIT).unlink()
    found = faults(course, UNIT)
    assert sum("has 0 hints in pistas.toml, not 3" in fault for fault in found) == 5


PREDICTION_FAULTS = {
    "u1-p9: has no answer in predicciones.toml": lambda text: text.partition("[u1-p9]")[0],
    "u1-p99: has an answer in predicciones.toml, but the unit has no such cell": lambda text: (
        text.replace("[u1-p9]", "[u1-p99]")
    ),
    "u1-p1: the options above it are a, b, c; its answer is 'z'": lambda text: text.replace(
        'answer = "b"', 'answer = "z"', 1
    ),
    "u1-p1: its answer comes after u1-datos, which is no code cell below it": lambda text: (
        text.replace("u1-dispersion", "u1-datos")
    ),
    "u1-p1 must be a table of texts: answer, after, explanation": lambda text: text.replace(
        'answer = "b"\n', "", 1
    ),
    "predicciones.toml can't be read": lambda text: "[u1-p1",
}


@pytest.mark.parametrize("fault", PREDICTION_FAULTS)
def test_predictions_that_can_not_be_answered_are_found(course: Course, fault: str):
    path = course.predictions(UNIT)
    path.write_text(PREDICTION_FAULTS[fault](path.read_text("utf-8")), encoding="utf-8")
    assert any(fault in found for found in faults(course, UNIT)), faults(course, UNIT)


BANK_FAULTS: dict[str, Callable[[Path], object]] = {
    "bank/ej9.py: has answers to u1-ej9, but the unit has no such exercise": lambda bank: (
        shutil.copy(bank / "ej1.py", bank / "ej9.py")
    ),
    "bank/otra.py: has answers to u1-otra, but the unit has no": lambda bank: (
        bank / "otra.py"
    ).write_text(""),
    "u1-ej4: has no answers in bank/": lambda bank: (bank / "ej4.py").unlink(),
    "bank/ej4.py: has no right answer": lambda bank: (bank / "ej4.py").write_text(
        "# %% wrong: nothing\n# points: 0+0\n# says: nada\npass\n"
    ),
    "bank/ej4.py: has no wrong answer": lambda bank: (bank / "ej4.py").write_text(
        "# %% right: something\npass\n"
    ),
    "gets 1+9 points, its tests give 1+2": lambda bank: (bank / "ej4.py").write_text(
        "# %% right: a\npass\n# %% wrong: b\n# points: 1+9\n# says: nada\npass\n"
    ),
    "wrong: c shares its sentence with 'b'": lambda bank: (bank / "ej4.py").write_text(
        "# %% right: a\npass\n"
        "# %% wrong: b\n# points: 0+0\n# says: nada\npass\n"
        "# %% wrong: c\n# points: 0+0\n# says: nada\npass\n"
    ),
    "answer 'b': a wrong answer needs '# points:' and '# says:'": lambda bank: (
        bank / "ej4.py"
    ).write_text("# %% wrong: b\n# points: 0+0\npass\n"),
}


@pytest.mark.parametrize("fault", BANK_FAULTS)
def test_a_fault_of_the_bank_is_named(fault: str, course: Course):
    BANK_FAULTS[fault](course.bank(UNIT))
    assert any(fault in found for found in faults(course, UNIT)), faults(course, UNIT)


def test_an_outline_that_is_not_the_releases_is_found(repository: Course):
    outline = outlines.path_of(repository, UNIT)
    outline.write_text(outline.read_text().replace("u1-ej1-visible", "u1-ej1-otra"))
    (found,) = faults(repository, UNIT)
    assert "units/u1.json is not what release, pistas.toml and predicciones.toml give now" in found
    outline.unlink()
    (found,) = faults(repository, UNIT)
    assert "course_utils/checks/units/u1.json is missing: run 'course release u1'" in found


def test_recorded_mistakes_of_another_bank_are_found(repository: Course):
    bank = repository.bank(UNIT) / "ej4.py"
    bank.write_text(bank.read_text(encoding="utf-8").replace("epochs", "epochs "), encoding="utf-8")
    (found,) = faults(repository, UNIT)
    assert "u1-ej4: its recorded mistakes are out of date: run 'course release" in found


def test_hints_that_were_not_released_are_found(repository: Course):
    hints = outlines.read_hints(repository, UNIT)
    write_hints(repository, hints | {"u1-ej1": ["¿Una?", "¿Otra?", "¿La última?"]})
    (found,) = faults(repository, UNIT)
    assert "units/u1.json is not what release, pistas.toml and predicciones.toml give now" in found
    outlines.write(repository, UNIT)
    assert faults(repository, UNIT) == []
    assert "¿La última?" in outlines.path_of(repository, UNIT).read_text(encoding="utf-8")


def test_a_release_older_than_its_master_is_found(course: Course):
    master = read_notebook(course.master(UNIT))
    rewrite(master, "u1-ej1-visible", "c.equal(", "c.equal( ")
    rewrite(master, "u1-ej2-enunciado", "###", "### ")
    nbformat.write(master, course.master(UNIT))
    (found,) = faults(course, UNIT)
    assert f"release/{UNIT}/{UNIT}.ipynb is not what the master gives now" in found
    assert "(cells u1-ej1-visible, u1-ej2-enunciado): run 'course release u1'" in found


def test_files_beside_a_release_are_the_masters(course: Course):
    source, release = course.master(UNIT).parent, course.release(UNIT).parent
    (source / "nuevo.csv").write_text("1,2")
    (release / "viejo.csv").write_text("1,2")
    (release / "study_logistic_2d.csv").unlink()
    places = [fault.partition("release/")[2].split(": run")[0] for fault in faults(course, UNIT)]
    assert places == [
        f"{UNIT}/nuevo.csv is missing",
        f"{UNIT}/study_logistic_2d.csv is missing",
        f"{UNIT}/viejo.csv is not in source/, or not for students",
    ]


def test_hints_and_bank_in_a_release_are_found(course: Course):
    release = course.release(UNIT).parent
    shutil.copy(course.hints(UNIT), release)
    shutil.copytree(course.bank(UNIT), release / "bank")
    found = faults(course, UNIT)
    assert any("pistas.toml is in the release: nbgrader_config.py must" in f for f in found)
    assert any("bank is in the release: nbgrader_config.py must" in fault for fault in found)


def test_a_master_that_nbgrader_can_not_release_says_why(course: Course):
    master = read_notebook(course.master(UNIT))
    rewrite(master, "u1-ej2", "### END SOLUTION", "")
    nbformat.write(master, course.master(UNIT))
    assert any(
        "nbgrader can't release it: RuntimeError: no end solution statement" in fault
        for fault in faults(course, UNIT)
    ), faults(course, UNIT)


def test_what_was_made_for_a_unit_that_is_gone_is_found(repository: Course):
    shutil.copytree(repository.release(UNIT).parent, repository.root / "release" / "07-antigua")
    (repository.root / "source" / "08-sin-notebook").mkdir()
    shutil.copy(outlines.path_of(repository, UNIT), outlines.folder_of(repository) / "u7.json")
    assert list(stale.of_no_unit(repository)) == [
        "course_utils/checks/units/u7.json is of no unit in source/: run 'course release'",
        "release/07-antigua is of no unit in source/: remove it",
        "source/08-sin-notebook has no master 08-sin-notebook.ipynb",
    ]
