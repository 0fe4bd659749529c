"""Runs a notebook from the top in a clean process: ``python -m course_utils.review.run FILE``.

It prints one line of JSON: how each visible test of the course ended. In a process of its own,
since the notebook that asks for it has an event loop that runs already.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from course_utils.review.saved import ReviewError, Saved, name_of, read
from course_utils.session import DEMONSTRATION_TAG

CELL_TIMEOUT = 120  # seconds, as when grading
_MARK = "course-review:"
# nbgrader's own sign of a run that nobody watches: "autograde" or "validate".
EXECUTION = "NBGRADER_EXECUTION"


def run(saved: Saved) -> dict[str, dict[str, Any]]:
    """Run a saved notebook in a clean process.

    Args:
        saved: the notebook; its file is left as it is.

    Returns:
        Name of a test cell → ``kind``, the class of the exception that ended it (empty where it
        passed), and ``lines``, what it showed.

    Raises:
        ReviewError: it could not be run.
    """
    done = subprocess.run(
        [sys.executable, "-m", __name__, str(saved.path.resolve())],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env=os.environ | {EXECUTION: "validate"},
    )
    for line in done.stdout.splitlines():
        if line.startswith(_MARK):
            result: dict[str, dict[str, Any]] = json.loads(line.removeprefix(_MARK))
            return result
    last = (done.stderr.strip().splitlines() or ["sin mensaje"])[-1]
    if "ModuleNotFoundError" in last:
        raise ReviewError(
            f"Para revisar falta una biblioteca ({last}): ejecuta `%pip install nbclient ipykernel`"
            " en una celda nueva."
        )
    raise ReviewError(f"El notebook no se pudo ejecutar en un proceso limpio: {last}")


def _execute(saved: Saved) -> dict[str, dict[str, Any]]:
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.reads(saved.content.decode("utf-8"), as_version=4)
    NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        interrupt_on_timeout=True,
        allow_errors=True,
        kernel_name="python3",
        skip_cells_with_tag=DEMONSTRATION_TAG,
        resources={"metadata": {"path": str(saved.path.parent)}},
    ).execute()
    tests = {f"{exercise.name}-visible" for exercise in saved.released.exercises}
    return {
        name_of(cell): _ended(cell.outputs) for cell in notebook.cells if name_of(cell) in tests
    }


def _ended(outputs: list[Any]) -> dict[str, Any]:
    error = next((output for output in outputs if output.output_type == "error"), None)
    if error is None:
        return {"kind": "", "lines": []}
    ours = len(error.traceback) <= 5 and error.evalue in error.traceback
    return {"kind": error.ename, "lines": error.traceback if ours else [error.evalue]}


if __name__ == "__main__":
    print(_MARK + json.dumps(_execute(read(Path(sys.argv[1])))))
