"""The sample class of the demo: for every unit, one submission of each usual kind."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat

from course_utils.grading import scheme
from course_utils.grading.course import Course, read_notebook, unit_id
from course_utils.grading.release import bank
from course_utils.grading.release.submissions import fill, hand_in, saved_by_colab, solutions

REFLECTION = (
    "Antes de normalizar los pesos dependen de las unidades de cada entrada; después se comparan."
)

WRONG = "gomez-gabriela"  # every answer is wrong, so that the feedback page shows the most


@dataclass(frozen=True)
class Material:
    """The notebook and the answers of which a unit's submissions are made.

    Attributes:
        unit: name of the unit.
        released: the unit's released notebook.
        right: exercise → the master's answer.
        noisy: exercise → a right answer that prints and warns.
        wrong: for each of two students, exercise → a wrong answer.
    """

    unit: str
    released: nbformat.NotebookNode
    right: dict[str, str]
    noisy: dict[str, str]
    wrong: tuple[dict[str, str], dict[str, str]]

    @classmethod
    def of(cls, course: Course, unit: str) -> "Material":
        """Read the material of a unit: master, release and bank."""
        right = solutions(read_notebook(course.master(unit)))
        noisy, first, second = dict(right), dict(right), dict(right)
        for answer in bank.load(course, unit):
            if answer.right and "noisy" in answer.name:
                noisy[answer.exercise] = answer.source
            elif not answer.right:
                if first[answer.exercise] == right[answer.exercise]:
                    first[answer.exercise] = answer.source
                second[answer.exercise] = answer.source
        return cls(unit, read_notebook(course.release(unit)), right, noisy, (first, second))


def submissions(material: Material) -> Iterator[tuple[str, nbformat.NotebookNode]]:
    """Yield student and notebook of each submission with a readable, correctly named notebook."""
    right, names = material.right, list(material.right)
    first, second = material.wrong
    half = len(names) // 2
    reflection = {scheme.reflection(unit_id(material.unit)): REFLECTION}
    contents = {
        "acosta-ana": right | reflection,
        "benitez-bruno": material.noisy | reflection,
        "castro-carla": {},
        "diaz-diego": {name: right[name] for name in names[:half]},
        "estevez-elena": {name: right[name] for name in names[half:]} | reflection,
        "ferrari-facundo": first,
        WRONG: second | reflection,
        "herrera-hugo": right | {names[0]: first[names[0]]},
        "ibarra-ines": {names[-1]: right[names[-1]]},
        "juarez-joaquin": right | {names[0]: "def sin_terminar(x:\n    return x\n"},
    }
    for student, answers in contents.items():
        yield student, fill(material.released, answers)
    yield "lopez-lucia", saved_by_colab(fill(material.released, right | reflection))


def write(material: Material, submitted: Path) -> int:
    """Write the unit's submissions under ``submitted``; returns how many there are."""
    count = 0
    for student, notebook in submissions(material):
        hand_in(notebook, submitted, student, material.unit)
        count += 1
    _empty_file(material, submitted)
    _renamed_copy(material, submitted)
    return count + 2


def _empty_file(material: Material, submitted: Path) -> None:
    path = hand_in(material.released, submitted, "molina-mateo", material.unit)
    path.write_bytes(b"")


def _renamed_copy(material: Material, submitted: Path) -> None:
    notebook = fill(material.released, material.right)
    path = hand_in(notebook, submitted, "nunez-nora", material.unit)
    path.rename(path.with_name(f"Copia de {path.name}"))
