"""The glossary: every term in use, found by either name, one sentence each."""

import pytest

from course_utils.glossary import Terms, _bare, glosario, terms
from course_utils.grading.course import read_notebook
from tests.grading.courses import COURSE, UNITS


def test_each_term_has_one_sentence_and_no_name_stands_twice():
    for term in terms():
        assert term.meaning.endswith("."), term
        assert term.meaning.count(". ") == 0, term
    for names in ([t.spanish for t in terms()], [t.english for t in terms()]):
        assert len(set(map(_bare, names))) == len(names)
    assert len(terms()) >= 45


def test_every_term_is_used_in_a_unit():
    texts = (read_notebook(COURSE.master(unit)).cells for unit in UNITS)
    text = _bare(" ".join(c.source for cells in texts for c in cells if c.cell_type == "markdown"))
    unused = [term.spanish for term in terms() if _bare(term.spanish) not in " ".join(text.split())]
    assert unused == []


@pytest.mark.parametrize("name", ["sesgo", "bias", " Sesgo", "SESGO"])
def test_a_term_is_found_by_both_its_names(name, capsys):
    glosario(name)
    assert capsys.readouterr().out.startswith("sesgo (bias): El parámetro que se suma")


def test_a_part_of_a_name_finds_all_that_hold_it(capsys):
    glosario("conjunto")
    assert capsys.readouterr().out.count("conjunto de ") == 2


def test_without_a_name_all_are_listed_in_order(capsys):
    glosario()
    lines = [line for line in capsys.readouterr().out.splitlines() if not line.startswith(" ")]
    assert [line.partition(" (")[0] for line in lines] == [term.spanish for term in terms()]


@pytest.mark.parametrize("name", ["sezgo", "zzz", 3, None])
def test_an_unknown_name_gets_a_kind_sentence(name, capsys):
    glosario(name)
    said = capsys.readouterr().out
    assert "no está en el glosario." in said
    assert ("¿Buscabas «sesgo»?" in said) == (name == "sezgo")


def test_in_a_notebook_it_is_a_list_of_terms_and_meanings():
    page = Terms(terms()[:2])._repr_html_()
    assert page.count("<dt>") == page.count("<dd>") == page.count('<span lang="en">') == 2
    assert "color" not in page
