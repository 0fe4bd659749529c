"""The palette can be seen: contrast on white, and more than colour to tell series apart."""

from itertools import pairwise

import pytest

from course_utils.plots import style
from course_utils.plots.contrast import GRAPHICS, TEXT, contrast


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#FFFFFF", 21.0), ("#777777", "#FFFFFF", 4.48), ("#123456", "#123456", 1.0)],
)
def test_contrast_is_that_of_the_guidelines(one: str, other: str, ratio: float):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast(other, one) == contrast(one, other)


@pytest.mark.parametrize("colour", style.PALETTE)
def test_lines_and_markers_stand_out_from_white(colour: str):
    assert contrast(colour) >= GRAPHICS


@pytest.mark.parametrize("colour", [style.BLACK, style.GREY])
def test_text_can_be_read(colour: str):
    assert contrast(colour) >= TEXT


def test_there_is_a_marker_for_each_colour_and_neighbouring_lines_differ():
    assert len(set(style.MARKERS)) == len(style.PALETTE)
    assert all(a != b for a, b in pairwise((*style.LINES, style.LINES[0])))
