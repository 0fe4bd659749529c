"""``release/`` is what the masters give, byte for byte."""

import filecmp
from pathlib import Path

import pytest

from course_utils.grading.course import read_notebook
from course_utils.grading.pipeline import Pipeline
from tests.grading.courses import ROOT, UNITS, course_with


def files(folder: Path) -> list[Path]:
    return sorted(p.relative_to(folder) for p in folder.rglob("*") if p.is_file()
                  and ".ipynb_checkpoints" not in p.parts)  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
def test_release_is_fresh_and_comes_out_the_same_again(unit: str, tmp_path: Path):
    pipeline = course_with(tmp_path / "course", unit)
    made, kept = tmp_path / "course" / "release" / unit, ROOT / "release" / unit
    for _ in range(2):
        names = files(made)
        assert names == files(kept)
        _, differ, errors = filecmp.cmpfiles(made, kept, map(str, names), shallow=False)
        assert (differ, errors) == ([], []), "run 'course release' and commit the result"
        pipeline.generate(unit)


def test_the_address_stands_in_the_configuration_alone_and_reaches_every_release(tmp_path: Path):
    unit = UNITS[0]
    pipeline = course_with(tmp_path / "course", unit)
    config = tmp_path / "course" / "nbgrader_config.py"
    own = config.read_text() + (
        'c.FillAddresses.repository = "https://github.com/escuela/otro"\n'
        'c.FillAddresses.tag = "otoño-2027"\n'
    )
    config.write_text(own)
    Pipeline(pipeline.course).generate(unit)
    cells = read_notebook(pipeline.course.release(unit)).cells
    assert (
        f"**[▶ Abrir en Colab](https://colab.research.google.com/github/escuela/otro/blob/otoño-2027"
        f"/release/{unit}/{unit}.ipynb)**"
    ) in cells[0].source
    (setup,) = [cell for cell in cells if cell.id.endswith("-instalacion")]
    assert "-b otoño-2027 https://github.com/escuela/otro curso" in setup.source
    assert len(setup.source.splitlines()) <= 8
    assert "aprendizaje-profundo/" not in pipeline.course.release(unit).read_text()
