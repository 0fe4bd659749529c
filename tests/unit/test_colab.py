"""What a session needs: libraries, and in Colab the unit's files."""

from pathlib import Path

import pytest

from course_utils import colab, requirements


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The course's repository, fetched into the working directory."""
    unit = tmp_path / "curso" / "release" / "01-una-unidad"
    (unit / "figuras").mkdir(parents=True)
    (unit / "01-una-unidad.ipynb").write_text("{}")
    (unit / "datos.csv").write_text("a,b\n")
    (unit / "figuras" / "dibujo.svg").write_text("<svg/>")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "curso"


def test_data_and_pictures_come_and_the_notebook_does_not(clone: Path):
    assert colab.bring("u1") == [Path("figuras/dibujo.svg")]
    assert Path("datos.csv").read_text() == "a,b\n"
    assert not Path("01-una-unidad.ipynb").exists()


def test_what_the_student_changed_stays(clone: Path):
    Path("datos.csv").write_text("mine")
    colab.bring("u1")
    colab.bring("u1")
    assert Path("datos.csv").read_text() == "mine"


def test_without_the_repository_nothing_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    assert colab.bring("u1") == []


def test_outside_of_colab_it_is_not_colab():
    assert not colab.here()


def test_nothing_lacks_in_the_tested_environment():
    assert requirements.lacking() == ()
    assert requirements.sentence(()) == ""


def test_a_missing_and_an_old_library_are_named_with_the_command(monkeypatch: pytest.MonkeyPatch):
    needed = ["numpy>=999", "nada-de-eso>=1", "keras>=3", 'pytest>=999; extra == "test"']
    monkeypatch.setattr(requirements.metadata, "requires", lambda name: needed)
    found = requirements.lacking.__wrapped__()
    assert [phrase.split()[0] for phrase in found] == ["numpy>=999", "nada-de-eso>=1"]
    said = requirements.sentence(found)
    assert "no está" in said
    assert '%pip install "numpy>=999" "nada-de-eso>=1"' in said


def test_of_a_package_that_is_not_installed_nothing_is_said():
    assert requirements.lacking("no-such-distribution") == ()
