"""The panel: states of this session's checks, readable with eyes, ears and a terminal."""

import contextlib
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest

from course_utils.checks import check, progreso
from course_utils.checks import progress as panel
from course_utils.checks.outline import outline, units
from course_utils.grading.course import unit_id
from tests.grading.courses import UNITS, points_of


@pytest.fixture(autouse=True)
def _fresh_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panel, "_session", panel._Session())


def run(exercise: str, test: Callable[[Any], Any], *, hidden: bool = False) -> None:
    with contextlib.suppress(AssertionError):
        check(exercise, hidden=hidden)(test)


def stub() -> Any:
    raise NotImplementedError


def a_session() -> None:
    run("u1-ej1", lambda c: c.equal(1, 1))
    run("u1-ej2", lambda c: c.equal(1, 2))
    run("u1-ej3", lambda c: 1 / 0)
    run("u1-ej4", lambda c: c.call(stub))


def test_each_outcome_is_a_state_and_the_last_one_counts():
    a_session()
    states = [state for _, state in panel.progress("u1").rows]
    assert states == ["superado", "incorrecto", "error de ejecución", "sin empezar", panel.NOT_RUN]
    run("u1-ej2", lambda c: c.equal(2, 2))
    assert panel.state_of("u1-ej2") == "superado"


def test_a_hidden_test_is_no_business_of_the_panel():
    run("u1-ej1", lambda c: c.equal(1, 2), hidden=True)
    assert panel.state_of("u1-ej1") == panel.NOT_RUN


def test_the_summary_counts_points_and_what_is_left():
    a_session()
    summary = panel.progress("u1").summary
    assert "Superaste 1 de 5 pruebas visibles: 1 de 5 puntos visibles." in summary
    assert "Te faltan: 1.2, 1.3, 1.4, 1.5." in summary
    left = sum(exercise.hidden for exercise in outline("u1").exercises)
    assert f"otros {left} puntos" in summary
    for exercise in outline("u1").exercises:
        run(exercise.name, lambda c: c.equal(1, 1))
    assert "No queda ninguna por superar." in panel.progress("u1").summary


def test_in_a_terminal_it_is_text_with_each_state_in_words(capsys):
    a_session()
    panel.begin("u1")
    progreso()
    text = capsys.readouterr().out
    assert "<" not in text
    for words in ("✔ superado", "✘ incorrecto", "⚠ error de ejecución", "○ sin empezar"):
        assert words in text


class Table(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag."""
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the last tag, which must be this one."""
        assert self.open.pop() == tag


def test_the_page_is_a_table_that_a_screen_reader_can_read():
    a_session()
    page = panel.progress("u1")._repr_html_()
    table = Table(page)
    names = [name for name, _ in table.tags]
    assert table.open == []
    assert names.count("caption") == 1
    assert [attrs["scope"] for name, attrs in table.tags if name == "th"] == 4 * ["col"] + 5 * [
        "row"
    ]
    assert "aria-label" in dict(table.tags)["div"]
    assert "script" not in names
    assert "color" not in page  # legible on a light and on a dark theme; nothing by colour alone
    for state in ("superado", "incorrecto", "error de ejecución", "sin empezar", panel.NOT_RUN):
        assert state in page


def test_without_a_unit_or_with_a_wrong_one_a_sentence_says_what_to_do(capsys):
    progreso()
    assert "Ejecuta primero la celda de preparación" in capsys.readouterr().out
    progreso("u77")
    assert "No hay ninguna unidad «u77»; las que hay son: u1, u2" in capsys.readouterr().out


def test_every_unit_has_an_outline_with_its_masters_points():
    assert units() == [unit_id(unit) for unit in UNITS]
    for unit in UNITS:
        found = outline(unit_id(unit)).exercises
        assert {one.name: one.visible + one.hidden for one in found} == points_of(unit)
