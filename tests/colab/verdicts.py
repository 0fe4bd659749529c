"""How each visible test of a unit ends for every answer of the bank, in this interpreter, as JSON.

Usage: python -m tests.colab.verdicts u1
"""

import json
import os
import sys
import warnings
from pathlib import Path
from typing import Any

from course_utils.grading.bank import load
from tests.bank import quick


def verdicts(unit: str) -> dict[str, list[str]]:
    """Answer → class of the exception that ended its visible test, and its sentence."""
    cells = quick._cells(unit)
    os.chdir(quick.master(unit).parent)
    setup: dict[str, Any] = {"__name__": "__main__"}
    quick._run(cells[f"{unit}-preparacion"].source, "<setup>", setup)
    found = {}
    for answer in load(Path(quick.__file__).parent, unit):
        visible = {f"{answer.exercise}-visible": cells[f"{answer.exercise}-visible"]}
        (mark,) = quick.judge(answer, visible, setup).values()
        found[answer.label] = [mark.kind, mark.message]
    return found


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    print(json.dumps(verdicts(sys.argv[1])))
