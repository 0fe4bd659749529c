"""Who handed in: everybody with anything in ``submitted/``, and for the right unit."""

import json
import logging
from pathlib import Path

import pytest

from course_utils.grading.intake import GRADED, REVIEW, UNREADABLE
from course_utils.grading.intake.files import read
from course_utils.grading.intake.limits import Limits
from course_utils.grading.intake.places import Submitted
from course_utils.grading.pipeline import Pipeline
from course_utils.grading.release.submissions import fill
from tests.grading.intake import fixture
from tests.grading.intake.damage import zip_of

UNIT = fixture.UNIT
OTHER = "02-otra"
pytestmark = pytest.mark.xdist_group("intake-places")


def notebook(grade_id: str = "", text: str = "x = 1") -> bytes:
    """A notebook of one cell."""
    metadata = {"nbgrader": {"grade_id": grade_id}} if grade_id else {}
    cell = {"cell_type": "code", "source": text, "metadata": metadata}
    return json.dumps({"cells": [cell], "nbformat": 4}).encode()


@pytest.fixture
def submitted(tmp_path: Path) -> Submitted:
    return Submitted(tmp_path, (UNIT, OTHER))


def put(submitted: Submitted, path: str, content: bytes = b"x") -> None:
    file = submitted.root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


@pytest.mark.parametrize(
    "path",
    [f"{UNIT}/{UNIT}.ipynb", f"{UNIT.upper()}/x", f"Copia de {UNIT}.ipynb", f"{UNIT} (1)/x",
     f"{UNIT}.zip", "entrega.ipynb", "semana 1/x.pdf", "foto.jpg", UNIT],
)  # fmt: skip
def test_whoever_handed_in_anything_is_listed(submitted, path):
    put(submitted, f"ana/{path}")
    assert submitted.students(UNIT) == ["ana"]


def test_a_file_named_like_another_unit_is_only_that_units(submitted):
    put(submitted, f"ana/{OTHER}/{OTHER}.ipynb")
    put(submitted, f"eva/Copia de {OTHER}.ipynb")
    assert submitted.students(UNIT) == []
    assert submitted.students(OTHER) == ["ana", "eva"]


def test_a_stray_notebook_counts_where_its_cells_say(submitted):
    put(submitted, "ana/tarea.ipynb", notebook("u2-ej1"))
    put(submitted, "eva/tarea.zip", zip_of(("x.ipynb", notebook("u2-ej1"))))
    put(submitted, "leo/tarea.ipynb", notebook())
    put(submitted, "mia/tarea.ipynb", notebook("u2-ej1"))
    put(submitted, "mia/otra.ipynb", notebook("u1-ej1"))
    assert submitted.students(UNIT) == ["leo", "mia"]
    assert submitted.students(OTHER) == ["ana", "eva", "leo", "mia"]


def test_nothing_is_no_hand_in(submitted):
    for path in ("ana/.DS_Store", "eva/.ipynb_checkpoints/x.ipynb", ".git/config", "leo/._x.ipynb"):
        put(submitted, path)
    (submitted.root / "mia").mkdir()
    assert submitted.students(UNIT) == []


def test_an_id_with_signs_of_a_pattern_is_an_id(submitted):
    put(submitted, f"ana [2]/{UNIT}.ipynb")
    assert submitted.students(UNIT, "ana [2]") == ["ana [2]"]
    assert submitted.students(UNIT, "a*") == ["ana [2]"]


def test_files_of_several_places_do_not_hide_each_other(submitted):
    put(submitted, f"ana/{UNIT}/{UNIT}.ipynb", b"1")
    put(submitted, f"ana/{UNIT}.ipynb", b"2")
    named, strays = submitted.places("ana", UNIT)
    assert strays == []
    assert sorted(read(named).files.values()) == [b"1", b"2"]


def test_the_bound_on_files_holds_for_all_places_and_zips_together(submitted):
    for number in range(10):
        put(submitted, f"ana/{number}.zip", zip_of(*((f"{n}.txt", b"") for n in range(10))))
    _, strays = submitted.places("ana", UNIT)
    found = read(strays, Limits(files=50))
    assert len(found.files) < 50
    assert [text for text in found.refused if "demasiados archivos" in text] == found.refused
    assert len(found.refused) == 1


def graded(pipeline: Pipeline, *paths: str) -> dict[str, str]:
    """States after a run in which every path holds a right submission."""
    root = pipeline.course.root / "submitted"
    right = json.dumps(fill(fixture.released(pipeline), fixture.ANSWERS)).encode()
    for path in paths:
        put(Submitted(root), path, right)
    return {s: pipeline.autograde(UNIT, s).state for s in pipeline.students(UNIT)}


def test_the_pipeline_and_the_formgrader_list_and_grade_them_all(tmp_path, caplog):
    pipeline = fixture.make(tmp_path / "course")
    caplog.set_level(logging.WARNING)
    root = pipeline.course.root / "submitted"
    put(Submitted(root), "raul/informe.pdf")
    put(Submitted(root), f"broken/{UNIT}/timestamp.txt", b"ayer")
    states = graded(
        pipeline,
        f"ana/Copia de {UNIT}.ipynb",
        f"eva/{UNIT.upper()}/{UNIT}.ipynb",
        f"leo [2]/{UNIT}/{UNIT}.ipynb",
        "mia/tarea.ipynb",
        f"broken/{UNIT}/{UNIT}.ipynb",
        f"{UNIT}.ipynb",
    )
    wanted = dict.fromkeys(["ana", "broken", "eva", "leo [2]", "mia"], GRADED)
    # A time that can't be read is for a person to look at.
    assert states == wanted | {"broken": REVIEW, "raul": UNREADABLE}
    assert all(pipeline.mark(UNIT, student).automatic == 9 for student in wanted)
    assert {row["student"] for row in pipeline.api.get_submissions(UNIT)} == set(states)
    assert pipeline.api.get_submitted_students("*") == set(states)
    assert pipeline.api.get_assignment(UNIT)["num_submissions"] == len(states)
    assert f"'{UNIT}.ipynb': not graded, since" in caplog.text
