"""Programs and notebooks run by an interpreter: this one, or another environment's."""

import os
import subprocess
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from course_utils.grading.course import read_notebook

_OURS = {"JPY_SESSION_NAME", "PYTHONPATH", "VIRTUAL_ENV"}  # of the environment of the tests
_EXECUTE = Path(__file__).parent / "execute.py"


def run(python: Path, *command: str | Path, folder: Path, python_path: Path | None = None) -> str:
    """Run a program with an interpreter's folder first on PATH; returns what it prints."""
    environment = {key: value for key, value in os.environ.items() if key not in _OURS}
    environment["PATH"] = os.pathsep.join([str(python.parent), environment["PATH"]])
    if python_path:
        environment["PYTHONPATH"] = str(python_path)
    done = subprocess.run(
        list(map(str, command)), cwd=folder, env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def executed(
    python: Path, notebook: NotebookNode, folder: Path, python_path: Path | None = None
) -> NotebookNode:
    """A notebook after a run in ``folder``, in the kernel of an interpreter."""
    nbformat.write(notebook, folder / "in.ipynb")
    command = (python, _EXECUTE, "in.ipynb", "out.ipynb")
    run(python, *command, folder=folder, python_path=python_path)
    return read_notebook(folder / "out.ipynb")
