"""What a student reads about a hand-in: all that helps, nothing of a hidden test."""

import ast
import html
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from course_utils.checks import Incorrect, check
from course_utils.checks.check import NO_RETURN
from course_utils.grading.course import cells_by_grade_id, read_notebook
from course_utils.grading.feedback.page import SAME_REASON, VISIBLE_FIRST, _line, _said_once
from course_utils.grading.feedback.page import Test as OneTest
from course_utils.grading.feedback.sentences import GENERAL, LEFT_OUT, OTHERWISE, Template, told
from course_utils.grading.pipeline import Pipeline
from course_utils.grading.release import bank
from course_utils.grading.release.submissions import fill, hand_in
from tests.grading.courses import COURSE, UNITS, course_with, exercise_names
from tests.grading.small import UNIT, small_course

pytestmark = pytest.mark.xdist_group("feedback")
QUICK = "04-superficie-bce-pytorch"


def all_wrong(unit: str) -> dict[str, str]:
    """For each exercise the wrong answer of the bank that fails its hidden test, else any."""
    answers: dict[str, str] = {}
    for answer in bank.load(COURSE, unit):
        if not answer.right and not any(answer.points or ()):
            answers.setdefault(answer.exercise, answer.source)
    return answers


def page_of(pipeline: Pipeline, unit: str, student: str, answers: dict[str, str]) -> str:
    """The feedback page of a hand-in."""
    notebook = fill(read_notebook(pipeline.course.release(unit)), answers)
    hand_in(notebook, pipeline.course.root / "submitted", student, unit)
    assert pipeline.autograde(unit, student).graded
    return pipeline.feedback(unit, student).read_text(encoding="utf-8")


def visible_text(page: str) -> str:
    """Text of a page, without its tags and its style."""
    without_style = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", "", without_style))


def hidden_parts(master: Path) -> Iterator[str]:
    """Every line and literal of the hidden tests that is long enough to be told apart."""
    for name, cell in cells_by_grade_id(read_notebook(master)).items():
        if not name.endswith("-oculto"):
            continue
        region = cell.source.partition("### BEGIN HIDDEN TESTS\n")[2]
        yield from (line.strip() for line in region.splitlines() if len(line.strip()) > 6)
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Constant) and not isinstance(node.value, bool):
                literal = str(node.value).strip()
                numeric = isinstance(node.value, (int, float))
                if len(literal) > (3 if numeric else 6):
                    yield literal


@pytest.mark.parametrize("unit", UNITS)
def test_the_feedback_of_an_all_wrong_hand_in_holds_nothing_of_a_hidden_test(
    unit: str, tmp_path: Path
):
    pipeline = course_with(tmp_path / "course", unit)
    answers = all_wrong(unit)
    page = page_of(pipeline, unit, "ana", answers)
    text = visible_text(page)
    sentences = [html.unescape(re.sub("<[^>]+>", "", s)) for s in told_in(page)]
    assert len(sentences) >= len(exercise_names(unit))
    for sentence in sentences:  # they are for the student to read
        text = text.replace(sentence, "")
    known = pipeline.course.release(unit).read_text(encoding="utf-8") + "".join(answers.values())
    known += pipeline.course.hints(unit).read_text(encoding="utf-8")
    known = known.replace('\\"', '"')
    secret = {part for part in hidden_parts(pipeline.course.master(unit)) if part not in known}
    assert len(secret) > 50  # there is something to look for
    assert [part for part in secret if part in text] == []
    assert "Traceback" not in text
    assert "http" not in re.sub(r"http-equiv", "", page)


def told_in(page: str) -> list[str]:
    """The sentences of the failed tests."""
    tests = re.findall(r'<div class="test">(.*?)</div>', page, re.DOTALL)
    return [sentence for test in tests for sentence in re.findall(r"<p>(.*?)</p>", test)]


# An answer that keeps what it is called with, and tells it in every way that there is.
LEAK = """
SEEN = globals().setdefault("SEEN", [])
print("LEA" + "KED", SEEN)
def {name}(*args, **kwargs):
    SEEN.append((args, kwargs))
    print("LEA" + "KED", SEEN)
    kind = type("LEA" + "KED", ({base},), {{}})
    raise kind("LEA" + "KED " + repr(SEEN)[-200:])
"""
NAMES = ("Data", "logistic_regression", "criterion", "superficie_bce", "train_model", "precision")
BASES = ("KeyError", "NameError", "AttributeError", "ValueError", "Exception", "TypeError")


def test_what_an_answer_was_called_with_does_not_come_back(tmp_path: Path):
    pipeline = course_with(tmp_path / "course", QUICK)
    answers = {
        f"u4-ej{number}": LEAK.format(name=name, base=base)
        for number, (name, base) in enumerate(zip(NAMES, BASES, strict=True), start=1)
    }
    # What it returns to a visible test is what it was given by a hidden one.
    answers["u4-ej7"] = "def bce_con_logits(z, y):\n    return repr(SEEN)\n"
    page = page_of(pipeline, QUICK, "mallory", answers)
    assert "LEAKED" not in page
    assert "tensor(" not in page
    path = pipeline.course.root / "autograded" / "mallory" / QUICK / f"{QUICK}.ipynb"
    assert "LEAKED" in path.read_text(encoding="utf-8")  # the teacher does see it


def test_a_sentence_stands_once_for_an_exercise(tmp_path: Path):
    pipeline = small_course(tmp_path / "course")
    page = page_of(pipeline, UNIT, "ana", {"u6-ej1": "def distancia(a, b):\n    return a / nada\n"})
    sentences = told_in(page)
    assert len(sentences) == 2  # visible and hidden test
    assert sum("No existe <code>nada</code>" in sentence for sentence in sentences) == 1
    assert sentences[-1] == SAME_REASON


def _failed(name: str, sentence: str, line: str = "") -> OneTest:
    return OneTest(name, "incorrecto", 0.0, 1.0, sentence, line)


def test_the_visible_tests_sentence_speaks_for_a_hidden_test_that_failed_too():
    visible = _failed("Prueba visible", "Restaste la media de toda la matriz.", "2: return x")
    hidden = _failed(
        "Prueba oculta", "<code>mu</code> no vale lo que debe con otros datos.", "3: y"
    )
    first, second = _said_once((visible, hidden))
    assert first == visible
    assert (second.sentence, second.line) == (VISIBLE_FIRST, "")
    assert _said_once((visible, replace(hidden, sentence=visible.sentence)))[1].line == "3: y"


def test_a_hidden_test_that_did_not_run_says_so_after_a_visible_one_that_failed():
    visible = _failed("Prueba visible", "Restaste la media de toda la matriz.")
    hidden = OneTest("Prueba oculta", "error de ejecución", 0.0, 1.0, "Esta prueba no se ejecutó.")
    assert _said_once((visible, hidden)) == (visible, hidden)


def test_a_hidden_test_speaks_for_itself_where_the_visible_one_passed():
    passed = OneTest("Prueba visible", "superado", 1.0, 1.0)
    hidden = _failed("Prueba oculta", "Con enteros truncas los decimales.")
    assert _said_once((passed, hidden)) == (passed, hidden)


def test_a_page_tells_state_sentence_hint_notes_code_and_marks(tmp_path: Path):
    pipeline = course_with(tmp_path / "course", QUICK)
    answers = {
        "u4-ej2": "class logistic_regression(nn.Module):\n    pass\n",
        "u4-ej3": "def criterion(yhat, y):\n    return desconocido + yhat\n",
        "u4-ej6": "def precision(model, x, y):\n    return ((model(x) > 0.5) == y).sum()\n",
        "u4-reflexion": "La $\\sigma'$ **se anula** <script>alert(1)</script>",
    }
    page = page_of(pipeline, QUICK, "ana", answers)
    text = re.sub(r"\s+", " ", visible_text(page))
    assert "0 de 20 puntos" in text
    assert "Aún falta calificar: Reflexión · Por qué la BCE sale de la meseta (2 puntos)" in text
    assert "sin empezar" in text
    assert "No existe desconocido" in text
    assert "En tu código, línea 2: return desconocido + yhat" in text
    assert "Pista" in text
    assert "<strong>se anula</strong>" in page
    assert "<math" in page
    assert "<script" not in page
    for state in ("sin empezar", "error de ejecución", "incorrecto", "sin calificar"):
        assert f"</span> {state}</span>" in page


ANY_TEST = 'c.that(ok, f"Fila {n}: falta el sesgo de la neurona.")\nc.equal(a, b, "la pérdida")'


@pytest.mark.parametrize(
    ("kind", "text", "hidden", "wanted"),
    [
        ("Incorrect", "Fila 3: falta el sesgo de la neurona.", True, None),
        ("Incorrect", "Fila 3.14159265: falta el sesgo de la neurona.", True, "Fila …"),
        ("Incorrect", "Fila 3.14159265: falta el sesgo de la neurona.", False, None),
        ("Incorrect", "Fila secreta: falta el sesgo de la neurona.", False, "Fila …"),
        ("Incorrect", "`la pérdida` no vale lo que debe con otros datos.", True, None),
        ("Incorrect", "`la pérdida` tiene forma (3, 2) y debe tener forma (3,).", True, None),
        ("Incorrect", "`la pérdida` debe ser 0.5 y es 0.25.", False, None),
        ("Incorrect", "Lo que yo quiera decir.", False, GENERAL["Incorrect"]),
        ("ExecutionError", "Tu código busca la clave 2.71828, que no existe.", True, "clave …"),
        ("ExecutionError", "Tu código busca la clave 2.71828, que no existe.", False, "clave …"),
        ("ExecutionError", "Tu código busca la clave color, que no existe.", True, None),
        ("Anything", "x" * 10_000, True, OTHERWISE),
    ],
)
def test_only_the_courses_sentences_are_told(kind: str, text: str, hidden: bool, wanted):
    said = told(kind, text, ANY_TEST, "datos['color']", hidden=hidden)
    assert wanted in said if wanted else said == text
    assert wanted != OTHERWISE or LEFT_OUT not in said


def test_a_page_names_the_function_that_returned_nothing():
    def normalizar(_):
        return None

    with pytest.raises(Incorrect) as caught:

        @check("u1-ej1")
        def _visible(c):
            c.call(normalizar, 1.0)

    test, answer = "c.call(normalizar, x)", "def normalizar(x):\n    pass"
    said = told("Incorrect", str(caught.value), test, answer, hidden=True)
    assert said == f"`normalizar` devolvió None: {NO_RETURN}"


SECRET = "73918264508213645597"
HIDDEN_TEST = f"""
datos = [{SECRET[:3]}, {SECRET[3:6]}, 0.{SECRET[6:9]}]
c.equal(a, b, "la pérdida")
c.that(ok, f"Fila {{n}}: falta el sesgo de la neurona {{m}} y la suma de los pesos {{k}}.")
"""
PAIRS = ", ".join(SECRET[at : at + 4] for at in range(0, 20, 4))


@pytest.mark.parametrize(
    "text",
    [
        f"Las formas de dos arrays no encajan (son ({PAIRS}) y ({PAIRS})): imprime sus `shape` "
        "antes de operar con ellos.",
        f"`la pérdida` tiene forma ({PAIRS}) y debe tener forma ({PAIRS}).",
        f"`la pérdida` tiene forma ({SECRET}) y debe tener forma (1,).",
        f"Tu código busca la clave {SECRET}, que no existe.",
        f"Tu código busca la clave {SECRET[:3]}, {SECRET[3:6]}, 0.{SECRET[6:9]}, que no existe.",
        f"No existe `x{SECRET[:3]}`: ejecuta primero la celda que lo define (si esa celda da "
        "error, corrígela) y revisa que el nombre esté bien escrito.",
        f"Fila {SECRET[:2]}: falta el sesgo de la neurona {SECRET[2:4]} y la suma de los pesos "
        f"{SECRET[4:6]}.",
    ],
)
def test_of_a_hidden_test_four_digits_are_told_at_most(text: str):
    # An answer that holds all numbers of three digits makes none of them harmless.
    answer = "# " + " ".join(f"{n:03d} x{n:03d} '{n:03d}'" for n in range(1000))
    for kind in ("Incorrect", "ExecutionError"):
        said = told(kind, text, HIDDEN_TEST, answer, hidden=True)
        assert sum(sign.isdigit() for sign in said) <= 4


@pytest.mark.parametrize(
    "shapes", ["(37, 1) y debe tener forma (37,)", "() y debe tener forma (3,)"]
)
def test_a_small_shape_of_a_hidden_test_is_told(shapes: str):
    text = f"`la pérdida` tiene forma {shapes}."
    assert told("Incorrect", text, HIDDEN_TEST, "", hidden=True) == text


@pytest.mark.parametrize(
    ("traceback", "answer", "wanted"),
    [
        ("línea 2: return x", "def f(x):\n    return x", "2: return x"),
        (f"línea 000002{SECRET}: return x", "def f(x):\n    return x", ""),
        (f"línea 2: return {SECRET}", "def f(x):\n    return x", ""),
        ("línea ٢: return x", "def f(x):\n    return x", ""),
        ("línea 0002: return x", "def f(x):\n    return x", "2: return x"),
        ("línea 0: return x", "return x", ""),
        ("línea 739: 739", "\n".join(map(str, range(1, 1000))), ""),
    ],
)
def test_the_line_of_an_error_holds_nothing_but_the_answers_own(traceback, answer, wanted):
    assert _line(traceback, answer) == wanted


@pytest.mark.parametrize(
    ("code", "answer", "wanted"),
    [
        ("k / zeta", "k = 1\n    k / zeta\n", "k / zeta"),
        ("k / zeta + beta", "k = 1\n    k / zeta\n", LEFT_OUT),
        ("k / zeta", "k / zeta + beta\n", LEFT_OUT),
        ("x = 123456", "x = 123456\n", LEFT_OUT),
        ("k / zeta", "k / zeta\n" * 301, LEFT_OUT),
    ],
    ids=["whole", "longer", "part", "digits", "many-lines"],
)
def test_a_whole_line_of_the_answer_is_told_and_no_part_of_one(code, answer, wanted):
    text = "La celda de tu respuesta se detuvo en la línea 2, `{}`. Tu código divide por cero."
    said = told("ExecutionError", text.format(code), HIDDEN_TEST, answer, hidden=True)
    assert said == text.format(wanted)


def test_a_text_that_could_be_shared_out_in_billions_of_ways_is_read_at_once():
    template = Template(" ".join(["{}"] * 12) + " hacen falta")
    assert template.fields("a " * 480) is None
    assert len(template.fields("a " * 24 + " hacen falta") or []) == 12
    nested = "Fila " * 100 + ": falta el sesgo de la neurona. " * 20
    assert told("Incorrect", nested, ANY_TEST, "", hidden=True) == GENERAL["Incorrect"]


@pytest.mark.parametrize(
    ("sentence", "text"),
    [("Fila {n}: {} de {m}.", "Fila 3: a de b de c."), ("{} y {}", "a y b y c"),
     ("Nada que llenar.", "Nada que llenar."), ("{}{} fin", "ab fin"),
     ("{} fin", f"{'x' * 161} fin")],
)  # fmt: skip
def test_a_template_finds_its_fields_as_a_regular_expression_does(sentence: str, text: str):
    parts = map(re.escape, re.split(r"\{\w*\}", sentence))
    match = re.fullmatch("(.{0,160}?)".join(parts), text)
    spans = match and [match.span(group) for group in range(1, match.re.groups + 1)]
    assert Template(sentence).fields(text) == spans


@pytest.mark.parametrize(
    ("line", "answer", "hidden", "shown"),
    [
        ("k / 0", "def f():\n    k / 0", True, True),
        ("k / 0", "k / 0 + 1", True, False),  # a part of a line
        ("k / 0", "k / 0" + "\npass" * 300, False, False),  # which of so many lines would tell much
        ("k = 56789", "k = 56789", True, False),  # digits of a hidden test are few
        ("k = 56789", "k = 56789", False, True),
    ],
    ids=["line", "part", "long", "hidden-digits", "digits"],
)
def test_the_line_at_which_an_answer_stopped_is_told(line, answer, hidden, shown):
    text = f"La celda de tu respuesta se detuvo en la línea 2, `{line}`. Tu código divide por cero."
    said = told("ExecutionError", text, ANY_TEST, answer, hidden=hidden)
    assert (line in said) == shown
    assert said == (text if shown else text.replace(line, LEFT_OUT))
