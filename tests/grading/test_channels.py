"""A hidden test's inputs, planted and then looked for in everything that leaves grading."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from course_utils.grading.course import read_notebook
from course_utils.grading.examiner.wire import TOO_LARGE
from course_utils.grading.executor.examine import Examine
from course_utils.grading.lms.export import CanvasExportPlugin, MoodleExportPlugin
from course_utils.grading.pipeline import Pipeline
from course_utils.grading.release.submissions import fill, hand_in
from tests.grading import runs
from tests.grading.intake import fixture

UNIT = fixture.UNIT
SECRET = "739184264502871365"
HIDDEN = f"""# Aquí corren las pruebas ocultas (3 puntos).
### BEGIN HIDDEN TESTS
@check("u1-ej1", hidden=True)
def _oculta(c):
    x = np.array([{SECRET[:6]}, {SECRET[6:12]}, {SECRET[12:]}])
    c.equal(c.call(centrar, x), x - x.mean())
### END HIDDEN TESTS"""
# Right for the visible test; called by the hidden one it tells what it saw, each way there is.
TELLS = """import course_utils.grading.examiner.agent as agent
SEEN = ""
def centrar(x):
    global SEEN
    if len(x) == 2:
        return x - x.mean()
    SEEN = "".join(str(int(number)) for number in x)
    print(SEEN)
    if HOW == "shape":
        return np.zeros((0, *(int(SEEN[at : at + 4]) for at in range(0, 16, 4))))
    if HOW == "type":
        return [type("T" + SEEN, (), {})()]
    raise ValueError(SEEN)
def _describe(error):
    pairs = ", ".join(SEEN[at : at + 4] for at in range(0, 16, 4))
    return {
        "line": {"kinds": ["KeyError"], "text": SEEN, "line": f"línea 000002{SEEN}: SEEN = ''"},
        "shapes": {"kinds": ["ValueError"], "text": f"mismatch in its core ({pairs}) ({pairs})"},
        "name": {"kinds": ["E" + SEEN, "NameError"], "text": f"name 'x{SEEN}' is not defined"},
        "key": {"kinds": ["KeyError"], "text": SEEN[:6] + ", " + SEEN[6:12]},
    }.get(HOW, {"kinds": ["ValueError"], "text": SEEN, "line": SEEN})
agent._describe = _describe
"""
WAYS = ("shape", "type", "line", "shapes", "name", "key")
TYPES = """def centrar(x):
    return [type(f"T{n}", (), {})() for n in range(2_000)]
"""


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """A class in which everybody but two tells what the hidden test asked."""
    pipeline = runs.course(tmp_path_factory.mktemp("channels"))
    path = pipeline.course.master(UNIT)
    master = read_notebook(path)
    next(cell for cell in master.cells if cell.id == "u1-ej1-oculto").source = HIDDEN
    nbformat.write(master, path)
    pipeline.generate(UNIT)
    for way in WAYS:
        answers = fixture.ANSWERS | {"u1-ej1": f'HOW = "{way}"\n{TELLS}'}
        notebook = fill(fixture.released(pipeline), answers)
        notebook.cells.append(new_code_cell("print(SEEN)\nraise ValueError(SEEN)", id="later"))
        hand_in(notebook, pipeline.course.root / "submitted", way, UNIT)
    runs.give(pipeline, "ana")
    runs.give(pipeline, "types", first=TYPES)
    runs.grade(pipeline)
    return pipeline


def command(pipeline: Pipeline, *arguments: str) -> str:
    """What a command of the course's prints."""
    done = subprocess.run(
        [sys.executable, "-m", "course_utils.grading.commands.cli", *arguments],
        cwd=pipeline.course.root, env=runs.environment(), capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    return done.stdout + done.stderr


def told(text: str) -> list[str]:
    """Five digits of the secret in a row, whatever stands between them; no text has them all."""
    digits = re.sub(r"[\s,.()]", "", text)
    return [SECRET[at : at + 5] for at in range(len(SECRET) - 4) if SECRET[at : at + 5] in digits]


def test_the_attacks_do_see_the_secret(graded):
    for way in WAYS:
        path = graded.course.root / "autograded" / way / UNIT / f"{UNIT}.ipynb"
        assert SECRET in path.read_text(encoding="utf-8"), way


@pytest.mark.parametrize("way", WAYS)
def test_a_page_tells_nothing_of_it(graded, way):
    assert told(graded.feedback(UNIT, way).read_text(encoding="utf-8")) == []


def test_reports_status_and_marks_tell_nothing_of_it(graded):
    root = graded.course.root
    said = command(graded, "report", UNIT) + command(graded, "status", UNIT)
    written = [path for path in (root / "reports").iterdir() if path.suffix in (".csv", ".html")]
    assert len(written) > 3
    with graded.gradebook() as gradebook:
        for plugin in (MoodleExportPlugin, CanvasExportPlugin):
            plugin(to=str(root / "marks.csv")).export(gradebook)
            said += (root / "marks.csv").read_text(encoding="utf-8")
        comments = [
            comment.comment or ""
            for submission in gradebook.assignment_submissions(UNIT)
            for notebook in submission.notebooks
            for comment in notebook.comments
        ]
    texts = [said, *comments, *(path.read_text(encoding="utf-8") for path in written)]
    assert [told(text) for text in texts if told(text)] == []


def test_an_answer_that_is_dear_to_read_costs_its_exercise_and_is_looked_at(graded):
    assert runs.marks(graded, ["ana", "types"]) == {"ana": 9.0, "types": 4.0}
    states = {record.student: record.state for record in graded.records.of(UNIT)}
    assert (states["ana"], states["types"]) == ("calificado", "revisar")
    page = graded.feedback(UNIT, "types").read_text(encoding="utf-8")
    assert TOO_LARGE in page
    assert "Ejercicio 1.1" in page


def test_a_cells_number_is_the_runs_own(tmp_path: Path):
    examine = Examine()
    examine._printed, examine._sizes, examine.code_cells_executed = 0, {}, 7
    for forged in (SECRET, -1, {"x": SECRET}, None):
        cell = new_code_cell()
        content = {"code": "", "execution_count": forged}
        message = {"msg_type": "execute_input", "content": content, "parent_header": {}}
        examine.process_message(message, cell, 0)
        assert cell.execution_count == 7
