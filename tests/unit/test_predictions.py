"""``predice``: a guess is kept, answered after its cell has run, counted, and never an error."""

import pytest

from course_utils.checks import predice, predictions, progreso
from course_utils.checks import progress as panel
from course_utils.checks.outline import Outline, OutlineCell, Prediction, fingerprint

CELL = "print(6 * 7)"
ASKED = Prediction(
    "u9-p1", {"a": "cuarenta;", "b": "42 < 43."}, "b", "u9-producto", "Seis por siete da 42."
)


@pytest.fixture(autouse=True)
def _unit_with_a_prediction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(predictions, "_session", predictions._Session())
    cells = (OutlineCell("u9-producto", "code", False, fingerprint(CELL)),)
    found = Outline("u9", "09-x", (), cells, (ASKED,))
    for module in (predictions, panel):
        monkeypatch.setattr(module, "outline", lambda _: found)
    monkeypatch.setattr(predictions, "units", lambda: ["u9"])


@pytest.mark.parametrize("option", ["b", " B ", "b)", "«b»"])
def test_a_guess_is_answered_once_and_only_after_its_cell_has_run(option, capsys):
    predice("u9-p1", option)
    noted = capsys.readouterr().out
    assert noted.startswith("Predicción 9.1: anotada la opción b) 42 < 43. La respuesta")
    assert "Seis por siete" not in noted
    predictions.ran("u9", "print(1)")
    assert capsys.readouterr().out == ""
    predictions.ran("u9", CELL + "\n")
    assert capsys.readouterr().out.splitlines() == [
        "🔮 Predicción 9.1 · ✔",
        "Elegiste b) 42 < 43: coincide.",
        "Seis por siete da 42.",
    ]
    predictions.ran("u9", CELL)
    assert capsys.readouterr().out == ""


def test_a_wrong_guess_reads_what_came(capsys):
    predice("u9-p1", "a")
    predictions.ran("u9", CELL)
    assert "Elegiste a) cuarenta; lo que se ve es b) 42 < 43." in capsys.readouterr().out


@pytest.mark.parametrize("option", ["", "z", "ab", None, 3, ["a"]])
def test_what_is_no_option_gets_a_kind_sentence(option, capsys):
    predice("u9-p1", option)
    text = capsys.readouterr().out
    assert "Escribe entre las comillas a o b." in text
    assert predictions.summary("u9") == "Predicciones anotadas (sin puntos): 0 de 1."


@pytest.mark.parametrize("name", ["u9-p7", "u77-p1", "", None, 1])
def test_a_prediction_that_is_not_there_gets_a_kind_sentence(name, capsys):
    predice(name, "a")
    assert "No hay ninguna predicción" in capsys.readouterr().out


def test_a_guess_after_its_cell_is_answered_at_once_and_changes_no_count(capsys):
    predictions.ran("u9", CELL)
    predice("u9-p1", "b")
    text = capsys.readouterr().out
    assert "esta elección no se cuenta" in text
    assert "Seis por siete da 42." in text
    assert "0 de 1" in predictions.summary("u9")


def test_the_panel_counts_what_is_noted_and_what_is_answered(capsys):
    predice("u9-p1", "a")
    assert predictions.summary("u9").endswith("(sin puntos): 1 de 1.")
    predictions.ran("u9", CELL)
    progreso("u9")
    said = "1 de 1. Ya tienen respuesta 1, y coinciden 0."
    assert said in capsys.readouterr().out
    assert said in panel.progress("u9")._repr_html_()


def test_in_a_notebook_the_answer_is_html_that_a_screen_reader_can_read():
    page = predictions.Answer(ASKED, "b")._repr_html_()
    assert 'role="note" aria-label="Predicción 9.1" lang="es"' in page
    assert '<span aria-hidden="true">🔮 ✔</span>' in page
    assert "42 &lt; 43: coincide." in page
    assert "color" not in page
