"""An answer cell that stops early: what it costs, and what the student reads about it."""

import html
import re
from dataclasses import dataclass

import pytest
from nbformat.v4 import new_code_cell

from course_utils.checks.stops import debugger_calls
from course_utils.grading.autograde.events import Watch
from course_utils.grading.executor.lacks import lacking
from course_utils.grading.executor.stops import Stop, rest_of, stop_of
from course_utils.grading.intake import GRADED, REVIEW
from course_utils.grading.pipeline import Pipeline
from course_utils.grading.release.submissions import fill, hand_in
from tests.grading import runs
from tests.grading.intake import fixture

RIGHT = fixture.ANSWERS["u1-ej1"]
WRONG = runs.WRONG
NOT_THERE = "no está disponible al corregir"
STOPPED = "La celda de tu respuesta se detuvo en la línea "
pytestmark = pytest.mark.xdist_group("early-stops")


@dataclass(frozen=True)
class Case:
    """An answer to the first exercise, worth 5 points.

    Attributes:
        answer: text of the answer's cell.
        points: of the exercise.
        state: of the hand-in.
        note: fragment of the note; empty: there is none.
        page: fragment of the feedback page; empty: it is not looked at.
        own: a cell of the student's own, in front of the answer.
    """

    answer: str
    points: float = 0
    state: str = REVIEW
    note: str = NOT_THERE
    page: str = ""
    own: str = ""


def inside(line: str) -> str:
    """The right answer with a line at the start of its function."""
    return RIGHT.replace("\n", f"\n    {line}\n", 1)


CASES = {
    # An import that nothing uses costs nothing.
    "unused-library": Case(f"import seabirds as sns\n{RIGHT}", 5, note="biblioteca «seabirds»"),
    "colab-drive": Case(
        f"from google.colab import drive\ndrive.mount('/content/drive')\n{RIGHT}", 5
    ),
    "several-imports": Case(f"import a_bird\nimport numpy as np; import b_bird\n{RIGHT}", 5),
    "two-stops": Case(f"import seabirds\n1 / 0\n{RIGHT}", page=STOPPED + "2, 1 / 0. Tu código d"),
    "behind-a-semicolon": Case(f"import seabirds; import math\n{RIGHT}", 5),
    "before-lines": Case(
        "import seabirds; k = [\n    1,\n]; import math; n = [\n    2,\n]\n" + RIGHT, 5
    ),
    "command": Case(f"import seabirds\nhola = !echo hola\nnp.mean?\n{RIGHT}", 5),
    "many-imports": Case("import a_bird\n" * 40 + RIGHT, 0, note="biblioteca «a_bird» (línea 1)"),
    "extension": Case(f"%load_ext no_such_extension\n{RIGHT}", 5),
    "unused-and-wrong": Case(f"import seabirds\n{WRONG}", 0),
    # What needs it gets nothing.
    "used-library": Case(
        "import seabirds\ndef centrar(x):\n    return x - seabirds.mean(x)",
        page=STOPPED + "1, import seabirds. No hay ninguna biblioteca seabirds",
    ),
    "assigned": Case(
        f"import seabirds\ncero = seabirds.zero()\n{RIGHT}",
        page=STOPPED + "1, import seabirds. No hay ninguna biblioteca seabirds",
    ),
    "input": Case(
        f"n = int(input('Cuántas: '))\n{RIGHT}",
        note="usa el teclado (`input()`)",
        page=STOPPED + "1, n = int(input('Cuántas: ')). Tu código espera que alguien escriba",
    ),
    "input-in-function": Case(inside("input()"), note="el teclado"),
    "library-in-function": Case(inside("import seabirds"), note="biblioteca «seabirds»"),
    "file": Case(
        f"datos = open('mis_datos.csv')\n{RIGHT}",
        note="el archivo «mis_datos.csv»",
        page=STOPPED + "1, datos = open('mis_datos.csv'). No existe el archivo mis_datos.csv",
    ),
    "gpu": Case(
        f"raise RuntimeError('No CUDA GPUs are available')\n{RIGHT}",
        note="una GPU",
        page=STOPPED + "1, raise RuntimeError('No CUDA GPUs are available'). Tu código pide",
    ),
    "locale": Case(
        f"import locale\nlocale.setlocale(locale.LC_ALL, 'xx_YY')\n{RIGHT}",
        note="configuración regional",
        page=STOPPED + "2, locale.setlocale(locale.LC_ALL, 'xx_YY'). Tu código pide una config",
    ),
    # What is the student's own mistake is told, and looked at by nobody.
    "syntax": Case(
        RIGHT.replace("(x)\n", "(x))\n"), 0, GRADED, "",
        STOPPED + "2, media = np.mean(x)). Python no entiende esa línea",
    ),
    "division": Case(f"k = 1\nk / 0\n{RIGHT}", 0, GRADED, "",
        STOPPED + "2, k / 0. Tu código divide por cero."),
    "blank-lines": Case(f"\n\nk = 1 / 0\n{RIGHT}", 0, GRADED, "",
        STOPPED + "3, k = 1 / 0. Tu código divide por cero."),
    "name": Case(f"escala * 2\n{RIGHT}", 0, GRADED, "",
        STOPPED + "1, escala * 2. No existe escala"),
    "behind-the-definition": Case(f"{RIGHT}\ncentrar(1) / 0", 5, GRADED, ""),
    "named-like-a-time-out": Case(
        f"{RIGHT}\nclass CellTimeoutError(Exception): pass\nraise CellTimeoutError", 5, GRADED, ""
    ),
    "own-cell": Case(
        "def centrar(x):\n    return ayuda(x)", 0, GRADED, "",
        "ayuda se define en otra celda tuya, que se detuvo en su línea 1. Tu código divide",
        own="1 / 0\ndef ayuda(x):\n    return x - np.mean(x)",
    ),
    "own-cell-that-nothing-uses": Case(RIGHT, 5, GRADED, "", own="import seabirds\nseabirds.x()"),
    # A debugger's stop stops nothing, and is named.
    "breakpoint": Case(inside("breakpoint()"), 5, GRADED, "quedó `breakpoint()` (línea 2)"),
    "pdb": Case(inside("import pdb; pdb.set_trace()"), 5, GRADED, "quedó `pdb.set_trace()`"),
    "pdb-name": Case(f"from pdb import set_trace\n{inside('set_trace()')}", 5, GRADED,
        "quedó `set_trace()` (línea 3)"),
}  # fmt: skip


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    pipeline = runs.course(tmp_path_factory.mktemp("early") / "course", fork_server=True)
    for student, case in CASES.items():
        notebook = fill(fixture.released(pipeline), fixture.ANSWERS | {"u1-ej1": case.answer})
        if case.own:
            notebook.cells.insert(2, new_code_cell(case.own, id="own"))
        hand_in(notebook, pipeline.course.root / "submitted", student, fixture.UNIT)
    pipeline.grade(fixture.UNIT, watch=Watch())
    return pipeline


@pytest.mark.parametrize("student", CASES)
def test_points_state_note_and_page(graded: Pipeline, student: str):
    case = CASES[student]
    record = graded.records.get(fixture.UNIT, student)
    assert record is not None
    mark = graded.mark(fixture.UNIT, student)
    assert mark.exercises["u1-ej1"] == case.points, record.reason
    assert mark.exercises["u1-ej2"] == 4
    assert (record.state, case.note in record.reason) == (case.state, True), record.reason
    assert bool(record.notes) == bool(case.note), record.reason
    assert record.reason.count(NOT_THERE) <= 1, record.reason
    if not case.page:
        return
    page = graded.feedback(fixture.UNIT, student).read_text(encoding="utf-8")
    text = html.unescape(re.sub(r"<[^>]+>", "", page))
    assert case.page in text
    assert "…" not in "".join(re.findall(f"{STOPPED}.*", text))


@pytest.mark.parametrize(
    ("source", "kinds", "line", "rest"),
    [
        ("import a\nb = 1", ("ModuleNotFoundError",), 1, "\nb = 1"),
        ("import a, math\nb = 1", ("ModuleNotFoundError",), 1, "\nb = 1"),
        ("import a; b = 1", ("ModuleNotFoundError",), 1, "b = 1"),
        ("ñ = 1; import a; b = 1\nc = 2", ("ModuleNotFoundError",), 1, "b = 1\nc = 2"),
        # What shares a line with the import that failed is run without it, or it fails for ever.
        ("import a; b = [\n1]", ("ModuleNotFoundError",), 1, "b = [\n1]"),
        ("x = [\n1]; import a; b = [\n2]; c", ("ModuleNotFoundError",), 2, "\nb = [\n2]; c"),
        ("b = '''\n'''; import a\nc = 1", ("ModuleNotFoundError",), 2, "\n\nc = 1"),
        ("import a; import b; c = 1", ("ModuleNotFoundError",), 1, "import b; c = 1"),
        ("from a import (b,\n c)\nd = 1", ("ModuleNotFoundError",), 1, "\n\nd = 1"),
        ("import a\na.b()\nd = 1", ("ModuleNotFoundError",), 1, "\n\nd = 1"),
        ("import a\n@b\ndef f():\n    1", ("ModuleNotFoundError",), 1, "\n@b\ndef f():\n    1"),
        ("%load_ext a\nb = 1", ("ModuleNotFoundError",), 1, "\nb = 1"),
        ("import a\n%time\n!ls\nb = 1", ("ModuleNotFoundError",), 1, "\n%time\n!ls\nb = 1"),
        ("import a", ("ModuleNotFoundError",), 1, ""),
        ("import a\nb = 1", ("ImportError",), 1, ""),
        ("try:\n    import a\nfinally:\n    1\nb = 1", ("ModuleNotFoundError",), 2, ""),
        ("%%time\nimport a\nb = 1", ("ModuleNotFoundError",), 1, ""),
        ("f()\nb = 1", ("ModuleNotFoundError",), 1, ""),
        ("import a\nb = (", ("SyntaxError",), 2, ""),
        ("import a\nb = 1", ("ModuleNotFoundError",), 0, ""),
        ("import a\nb = 1", ("ModuleNotFoundError",), 99, ""),
    ],
)  # fmt: skip
def test_what_is_run_behind_a_missing_import(source, kinds, line, rest):
    assert rest_of(source, Stop(line, kinds, "")) == rest


@pytest.mark.parametrize(
    "answer",
    ["", "{}", "[]", "1", '"x"', "{", '{"line": "1", "kinds": ["A"], "text": ""}',
     '{"line": 1, "kinds": [1], "text": ""}', '{"line": 1, "kinds": "A", "text": ""}',
     '{"line": 1, "kinds": ["A"], "text": 5}', "[" * 10_000],
)  # fmt: skip
def test_what_a_kernel_says_of_its_last_cell_is_not_taken_for_granted(answer: str):
    assert stop_of(answer, "a\nb") is None


def test_a_line_that_the_cell_does_not_have_is_unknown():
    for line, known in [(2, 2), (3, 0), (0, 0), (-1, 0), (10**4000, 0)]:
        stop = stop_of(f'{{"line": {line}, "kinds": ["A"], "text": ""}}', "a\nb")
        assert stop == Stop(known, ("A",), "")


@pytest.mark.parametrize("own", ["x = !ls", "a, b = %lsmagic", "np.mean?", "?np", "%pwd"])
def test_lines_of_ipython_are_part_of_what_is_run(own: str):
    source = f"import a\nif 1:\n    b = 2\n{own}\nc = 3"
    assert rest_of(source, Stop(1, ("ModuleNotFoundError",), "")) == source.replace("import a", "")


def test_the_way_to_a_debugger_may_be_deep():
    deep = "a" + ".a" * 900
    assert debugger_calls(f"{deep}.set_trace()\npdb.set_trace()") == [(2, "pdb.set_trace()")]


@pytest.mark.parametrize(
    ("kinds", "text", "phrase"),
    [
        (["ModuleNotFoundError", "ImportError"], "No module named 'a.b'", "la biblioteca «a.b»"),
        (["UsageError"], "Line magic function `%tensorbord` not found.", "«·tensorbord»"),
        (["StdinNotImplementedError"], "raw_input was called", "el teclado"),
        (["AssertionError"], "Torch not compiled with CUDA enabled", "una GPU"),
        (["RuntimeError"], "Found no NVIDIA driver on your system.", "una GPU"),
        (["URLError", "OSError"], "<urlopen error [Errno -3] Temporary failure in name resolution>",
         "internet"),
        (["FileNotFoundError"], "[Errno 2] No such file or directory: 'a\n<b>.csv'", "«a··b·.csv»"),
        (["Error"], "unsupported locale setting", "locale"),
        (["ValueError"], "unsupported locale setting", ""),
        (["RuntimeError"], "mat1 and mat2 shapes cannot be multiplied", ""),
        (["AssertionError"], "", ""),
        ([], "", ""),
    ],
)  # fmt: skip
def test_what_is_lacking_is_read_from_the_exception(kinds, text, phrase):
    said = lacking(kinds, text)
    assert phrase in said
    assert bool(said) == bool(phrase)
