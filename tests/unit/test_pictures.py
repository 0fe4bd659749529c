"""Pictures of wrong values: drawn where they are needed, with words for who cannot see them."""

import numpy as np
import pytest

from course_utils.checks import pictures
from course_utils.checks.check import Check
from course_utils.checks.outcomes import Incorrect

WANTED = np.array([[0.0, 0.5, 1.0], [1.0, 0.5, 0.0]])


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[tuple[bytes, str]]:
    found: list[tuple[bytes, str]] = []
    monkeypatch.setattr(pictures, "receiver", lambda png, alt: found.append((png, alt)))
    return found


def test_a_wrong_surface_is_drawn_and_told_in_words(shown):
    got = WANTED.copy()
    got[1, 2] = 0.75
    with pytest.raises(Incorrect):
        pictures.equal_picture(Check("u9-ej4"), got, WANTED, "la superficie")
    ((png, alt),) = shown
    assert png.startswith(b"\x89PNG")
    assert "Difieren 1 de 6" in alt
    assert "fila 1, columna 2: debe ser 0 y es 0.75" in alt


def test_it_is_drawn_where_the_check_goes_on_to_find_out_more(shown, monkeypatch):
    monkeypatch.setattr("course_utils.checks.recorded.may_become", lambda *_: True)
    pictures.equal_picture(Check("u9-ej4"), -WANTED, WANTED, "la superficie")
    assert len(shown) == 1


def test_of_images_the_worst_is_drawn(shown):
    wanted = np.zeros((3, 4))
    got = wanted.copy()
    got[0, 0], got[2, 3] = 0.1, 0.9
    with pytest.raises(Incorrect):
        pictures.equal_picture(Check("u9-ej1"), got, wanted, "x", side=2)
    ((_, alt),) = shown
    assert "imagen 2" in alt
    assert "fila 1, columna 1: debe ser 0 y es 0.9" in alt


@pytest.mark.parametrize("got", [WANTED.T, "text", None])
def test_what_has_another_shape_is_not_drawn(shown, got):
    with pytest.raises(Incorrect):
        pictures.equal_picture(Check("u9-ej4"), got, WANTED, "la superficie")
    assert shown == []


def test_a_right_value_and_a_hidden_test_draw_nothing(shown):
    pictures.equal_picture(Check("u9-ej4"), WANTED.tolist(), WANTED, "la superficie")
    with pytest.raises(Incorrect):
        pictures.equal_picture(Check("u9-ej4", hidden=True), -WANTED, WANTED, "la superficie")
    assert shown == []


def test_values_that_are_not_finite_are_drawn_too(shown):
    with pytest.raises(Incorrect):
        pictures.equal_picture(Check("u9-ej4"), np.full((2, 3), np.nan), WANTED, "la superficie")
    assert len(shown) == 1


def test_the_words_are_escaped():
    assert 'alt="&lt;b&gt; &quot;"' in pictures.bundle(b"", '<b> "')["text/html"]
