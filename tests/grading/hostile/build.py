"""Makes hostile submissions from a released notebook: ``python -m tests.grading.hostile.build``.

A notebook carries one attack for each exercise, since each exercise's tests come right after its
answer. Where an exercise is left to an honest answer, its points must come through.
"""

import copy
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import indent

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from course_utils.grading.course import cells_by_grade_id, read_notebook
from course_utils.grading.release.submissions import fill
from tests.grading.hostile import attacks
from tests.grading.hostile.attacks import Attack

FUNCTIONS = {
    "u1": ("normalizar", "aplicar_normalizacion", "crear_modelo", "entrenar", "importancia"),
    "u4": (
        "Data", "logistic_regression", "criterion", "superficie_bce", "train_model", "precision",
        "bce_con_logits",
    ),
}  # fmt: skip
Change = Callable[[NotebookNode], None]


@dataclass
class Submission:
    """One hostile submission.

    Attributes:
        name: the student's id.
        unit: such as ``u1``.
        notebook: what is handed in.
        attacks: what it tries, by exercise or for the notebook as a whole.
        honest: exercises that are answered right, and must earn their points.
    """

    name: str
    unit: str
    notebook: NotebookNode
    attacks: list[str]
    honest: set[str] = field(default_factory=set)


def submissions(
    unit: str, released: NotebookNode, right: dict[str, str], words: dict[str, str]
) -> Iterator[Submission]:
    """All hostile submissions of a unit; each attack is in one of the two.

    Args:
        unit: such as ``u1``.
        released: the released notebook.
        right: right answers by exercise.
        words: what stands for the words COURSE, UNIT and PORT in attacks.
    """
    last = f"{unit}-ej{len(FUNCTIONS[unit])}"
    slots = len(FUNCTIONS[unit])
    kinds = {"forged": attacks.FORGED, "patch": attacks.PATCHES, "answer": attacks.ANSWERS}
    kinds |= {"line": attacks.LINE, "read": attacks.READS, "flood": attacks.FLOODS}
    half = 0 if unit == "u1" else 1
    for kind, listed in kinds.items():
        mine = listed[half::2] if len(listed) > slots else listed
        for number, start in enumerate(range(0, len(mine), slots)):
            group = mine[start : start + slots]
            yield _submission(f"{kind}-{number}", unit, released, right, group, words)
    # A killed kernel costs a restart or two, and there are six.
    deadly = attacks.DEADLY[half::2]
    for number, attack in enumerate(deadly):
        yield _submission(f"deadly-{number}", unit, released, right, [attack], words, {last})
    for name, change in list(CHANGES.items())[half::2]:
        notebook = fill(released, dict.fromkeys(_exercises(unit), "pass"))
        change(notebook)
        yield Submission(name, unit, notebook, [name])


def _exercises(unit: str) -> list[str]:
    return [f"{unit}-ej{n}" for n in range(1, len(FUNCTIONS[unit]) + 1)]


def _submission(
    name: str,
    unit: str,
    released: NotebookNode,
    right: dict[str, str],
    group: list[Attack],
    words: dict[str, str],
    honest: set[str] | None = None,
) -> Submission:
    answers = {}
    for exercise, function, attack in zip(_exercises(unit), FUNCTIONS[unit], group, strict=False):
        answers[exercise] = _source(attack, function, words)
    answers |= {exercise: right[exercise] for exercise in honest or ()}
    notebook = fill(released, answers)
    return Submission(name, unit, notebook, [a.name for a in group], honest or set())


def _source(attack: Attack, function: str, words: dict[str, str]) -> str:
    body = indent(attack.body.strip("\n"), "    ")
    head = attacks.GUARD + attacks.ANYTHING
    text = f"{head}\ndef {function}(*args, **kwargs):\n{body}\n{attack.cell}"
    for word, meaning in words.items():
        text = text.replace(word, meaning)
    return text


# -- the notebook as a whole -------------------------------------------------------------------


def _tests(notebook: NotebookNode) -> list[NotebookNode]:
    cells = cells_by_grade_id(notebook).values()
    return [c for c in cells if c.metadata.nbgrader.grade and not c.metadata.nbgrader.solution]


def _every_test(**tags: object) -> Change:
    def change(notebook: NotebookNode) -> None:
        for cell in _tests(notebook):
            cell.metadata.update(copy.deepcopy(tags))

    return change


def _settings(**values: object) -> Change:
    def change(notebook: NotebookNode) -> None:
        for cell in _tests(notebook):
            cell.metadata.nbgrader.update(values)

    return change


def _emptied(notebook: NotebookNode) -> None:
    for cell in _tests(notebook):
        cell.source = "print('✔ pruebas visibles superadas')"


def _deleted(notebook: NotebookNode) -> None:
    gone = [id(cell) for cell in _tests(notebook)]
    notebook.cells = [cell for cell in notebook.cells if id(cell) not in gone]


def _markdown(notebook: NotebookNode) -> None:
    for cell in _tests(notebook):
        cell.cell_type = "markdown"
        for name in ("outputs", "execution_count"):
            cell.pop(name, None)


def _stored(notebook: NotebookNode) -> None:
    for cell in _tests(notebook):
        cell.outputs = [new_output("execute_result", data={"text/plain": "4.0"})]
        cell.execution_count = 3


def _doubled(notebook: NotebookNode) -> None:
    for cell in _tests(notebook):
        double = copy.deepcopy(cell)
        double.source, double.id = "pass", f"{cell.id}-2"
        notebook.cells.append(double)


def _own_tests(notebook: NotebookNode) -> None:
    cell = new_code_cell("100")
    cell.metadata["nbgrader"] = {
        "grade_id": "bonus", "grade": True, "solution": False, "locked": False, "points": 100,
        "schema_version": 3, "task": False, "cell_type": "code",
    }  # fmt: skip
    notebook.cells.append(cell)


def _scripts(notebook: NotebookNode) -> None:
    notebook.cells.insert(0, new_markdown_cell("<script>alert(1)</script><svg onload=alert(1)>"))
    notebook.cells.insert(
        0, new_markdown_cell("[x](javascript:alert(1)) $\\href{javascript:1}{x}$")
    )


CHANGES: dict[str, Change] = {
    "tag-skip": _every_test(tags=["skip-execution", "demostracion"]),
    "tag-raises": _every_test(tags=["raises-exception", "remove_cell"]),
    "points": _settings(points=1000),
    "unlocked": _settings(locked=False, solution=True),
    "ungraded": _settings(grade=False),
    "renamed": _settings(grade_id="u9-ej9-visible"),
    "emptied": _emptied,
    "deleted": _deleted,
    "markdown": _markdown,
    "stored": _stored,
    "doubled": _doubled,
    "own-tests": _own_tests,
    "scripts": _scripts,
}


def main(release: Path, target: Path) -> None:
    """Write the hostile submissions of units 1 and 4 below ``target``, for a look at them."""
    words = {"COURSE": "/course", "UNIT": "unit", "PORT": "9"}
    for path in sorted(release.glob("0[14]-*/*.ipynb")):
        unit = f"u{int(path.stem[:2])}"
        released = read_notebook(path)
        blank = dict.fromkeys(_exercises(unit), "pass")
        for submission in submissions(unit, released, blank, words):
            folder = target / submission.name / path.stem
            folder.mkdir(parents=True, exist_ok=True)
            nbformat.write(submission.notebook, folder / path.name)
            print(json.dumps([submission.name, unit, submission.attacks]))


if __name__ == "__main__":
    main(Path("release"), Path(sys.argv[1]))
