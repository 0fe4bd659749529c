"""How the course writes ids, headings and regions: one module reads and writes them all."""

from pathlib import Path

import pytest
from traitlets.config import Config

from course_utils.grading import scheme
from course_utils.grading.course import Course, load_config

ROOT = Path(__file__).parents[2]
MASTER = """\
def f(x):
    ### BEGIN SOLUTION
    return x
    ### END SOLUTION
### BEGIN HIDDEN TESTS
assert f(1) == 1
### END HIDDEN TESTS
"""


def test_the_parts_of_an_exercise_lead_back_to_it():
    exercise = "u6-ej12"
    for grade_id in (exercise, scheme.visible(exercise), scheme.hidden(exercise)):
        assert scheme.exercise_of(grade_id) == exercise
        assert scheme.numbers_of(grade_id) == (6, 12)
        assert scheme.number_of(grade_id) == "6.12"
        assert scheme.unit_of(grade_id) == "u6"
    assert scheme.stated_by(scheme.statement(exercise)) == exercise
    assert scheme.stated_by(exercise) is None
    assert scheme.is_hidden(scheme.hidden(exercise))
    assert not scheme.is_hidden(scheme.visible(exercise))


@pytest.mark.parametrize("other", ["u6-reflexion", "u6-preparacion", "ej1", "", "cualquiera"])
def test_other_cells_belong_to_no_exercise(other):
    assert scheme.numbers_of(other) is None
    with pytest.raises(ValueError, match="no exercise"):
        scheme.number_of(other)


def test_a_heading_gives_number_title_and_points():
    found = scheme.heading_of("texto\n### Ejercicio 4.2 · La neurona como `nn.Module` (2 puntos)\n")
    assert found == scheme.Heading("4.2", "La neurona como nn.Module", 2)
    assert scheme.heading_of("### Ejercicio 3.2 · Inicio (1 punto)").points == 1
    assert scheme.heading_of("### Ejercicio 3.2 · Inicio") is None


def test_regions_are_those_of_the_configuration():
    own = Config()
    own.ClearSolutions.begin_solution_delimeter = "# <answer>"
    own.ClearSolutions.end_solution_delimeter = "# </answer>"
    regions = scheme.Regions.of(own)
    text = MASTER.replace("### BEGIN SOLUTION", "# <answer>").replace(
        "### END SOLUTION", "# </answer>"
    )
    assert regions.secrets(text) == ["    return x\n", "assert f(1) == 1\n"]
    assert regions.released(text) == "def f(x):\n"
    assert regions.released(text, "pass") == "def f(x):\n    pass\npass\n"
    ours = scheme.Regions.of(load_config(Course(ROOT)))
    assert ours.secrets(MASTER) == regions.secrets(text)
    assert ours.secrets(text) == regions.secrets(text)[1:]
    # nbgrader's own name the same lines, without the "###".
    assert scheme.Regions.of(Config()).secrets(MASTER) == ours.secrets(MASTER)
