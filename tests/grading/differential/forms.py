"""What happens to the notebook as a file: the damages of intake's tests, and some more."""

import copy
from collections.abc import Callable
from typing import Final

from tests.grading.intake.damage import DAMAGES, Case, each_cell
from tests.grading.intake.runtime import RUNTIME

# Not here: what takes seconds to read, what leaves no file, what never ends.
_LEFT_OUT: Final = (
    "outputs-of-forty-megabytes", "data-pasted-into-an-answer", "nothing", "a-hundred-megabytes",
    "a-million-lines", "fifty-thousand-cells", "lists-of-nothing", "nested-a-thousand-deep",
    "a-zip-bomb", "a-zip-bomb-of-another-kind", "a-zip-bomb-that-claims-to-be-small", "a-pipe",
    "a-socket", "a-device", "a-thousand-files", "folders-in-folders", "never-ends",
    "never-ends-and-will-not-be-interrupted", "a-picture-of-a-megabyte-in-a-text-cell",
    "a-zip-of-ten-thousand-files",
)  # fmt: skip


def databricks(case: Case) -> None:
    """Databricks keeps no metadata of others, and writes text into cells of code."""
    for cell in case.nb["cells"]:
        cell.pop("id", None)
        if cell["cell_type"] == "markdown":
            cell |= {"cell_type": "code", "outputs": [], "execution_count": 0}
            cell["source"] = f"%md\n{cell['source']}"
        cell["metadata"] = {"application/vnd.databricks.v1+cell": {"title": "", "inputWidgets": {}}}
    case.write()


def vs_code(case: Case) -> None:
    """VS Code renames ids and notes a language."""
    case.nb["metadata"] = {"language_info": {"name": "python"}, "orig_nbformat": 4}
    each_cell(case, lambda cell: cell["metadata"].update(vscode={"languageId": "python"}))


def kaggle(case: Case) -> None:
    """Kaggle notes what it ran, and drops ids."""
    case.nb["nbformat_minor"] = 4
    noted = {"trusted": True, "execution": {"iopub.execute_input": "2024-01-01T00:00:00Z"}}
    each_cell(case, lambda cell: (cell.pop("id", None), cell["metadata"].update(noted)))


def an_older_version_below(case: Case) -> None:
    """The cell was copied, then the upper one was mended."""
    _older(case, 1)


def an_older_version_above(case: Case) -> None:
    """The cell was copied, then the lower one was mended."""
    _older(case, 0)


def _older(case: Case, shift: int) -> None:
    at = case.at(case.first)
    old = copy.deepcopy(case.nb["cells"][at]) | {"id": "vieja"}
    old["source"] = case.stub(case.first).replace("raise NotImplementedError()", "return 0")
    case.nb["cells"].insert(at + shift, old)
    case.write()


def pasted_into_text(case: Case) -> None:
    """The answer stands in a text cell, between fences."""
    answer = case.cell(case.first)["source"]
    case.cell(case.first)["source"] = case.stub(case.first)
    case.put(case.at(case.first) + 1, f"```python\n{answer}\n```", "markdown")
    case.write()


def the_answers_changed_places(case: Case) -> None:
    """The first answer stands in the second's cell, and the other way round."""
    one, other = case.cell(case.first), case.cell(case.second)
    one["source"], other["source"] = other["source"], one["source"]
    case.write()


def outputs_left_in(case: Case) -> None:
    """The outputs of the student's own run."""
    said = {"output_type": "stream", "name": "stdout", "text": "✔ correcto\n"}
    for cell in case.nb["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [said], "execution_count": 7}
    case.write()


def cells_shifted(case: Case) -> None:
    """A third of the notebook was cut and pasted at its end."""
    third = len(case.nb["cells"]) // 3
    case.nb["cells"] = case.nb["cells"][third:] + case.nb["cells"][:third]
    case.write()


_MORE = (
    databricks, vs_code, kaggle, an_older_version_below, an_older_version_above, pasted_into_text,
    the_answers_changed_places, outputs_left_in, cells_shifted,
)  # fmt: skip
FORMS: Final[dict[str, Callable[[Case], object]]] = {
    damage.name: damage.apply for damage in [*DAMAGES, *RUNTIME] if damage.name not in _LEFT_OUT
} | {form.__name__.replace("_", "-"): form for form in _MORE}
