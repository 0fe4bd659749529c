"""A sentence's numbers are found in the text, and a wrong one is refused."""

import pytest

from tests.notebooks.facts import numbers, states

TEXT = "Tarda 12 épocas, con 0.90 y $-3{,}5$; la otra, −110 y 10 000 pasos: cuesta 4.6."


def test_numbers_are_read_as_they_are_written():
    assert numbers(TEXT, "Tarda {} épocas, con {} y ${}$;") == ["12", "0.90", "-3{,}5"]
    assert numbers(TEXT, "la otra, {} y {} pasos: cuesta {}.") == ["−110", "10 000", "4.6"]


def test_a_number_counts_to_the_decimals_that_are_written():
    states(TEXT, "con {} y ${}$", 0.901, -3.46)
    states(TEXT, "otra, {} y {} pasos", -110.34, 10_000)


@pytest.mark.parametrize("true", [0.906, 0.89, 1.9])
def test_a_wrong_number_is_refused_with_both(true):
    with pytest.raises(AssertionError, match=rf"says 0\.90 and {true}"):
        states(TEXT, "con {} y", true)


def test_a_sentence_that_is_gone_or_stands_twice_is_refused():
    for sentence in ("Duró {} épocas", "{}"):
        with pytest.raises(AssertionError, match="×"):
            states(TEXT, sentence, 12)
