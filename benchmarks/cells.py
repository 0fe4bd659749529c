"""The cells of graded notebooks in one process that has imported everything: the limit.

Usage: python -m benchmarks.cells NOTEBOOK … ; prints the seconds, imports apart.
"""

import contextlib
import io
import os
import sys
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("MPLBACKEND", "agg")

from course_utils.grading.course import read_notebook
from course_utils.grading.examiner.master import python
from course_utils.grading.executor.demonstrations import SKIP_TAG
from course_utils.grading.forkserver.preload import default_modules


def run(path: Path) -> None:
    """Run a notebook's code cells in a namespace of their own; a cell that fails is passed over."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    os.chdir(path.parent)
    for cell in read_notebook(path).cells:
        if cell.cell_type != "code" or SKIP_TAG in cell.metadata.get("tags", []):
            continue
        with contextlib.suppress(Exception):
            exec(compile(python(cell.source), f"<{cell.id}>", "exec"), namespace)


def main() -> None:
    """Import, then run and time."""
    paths = [Path(name).resolve() for name in sys.argv[1:]]
    for name in default_modules():
        with contextlib.suppress(ImportError):
            __import__(name)
    quiet = io.StringIO()
    with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
        run(paths[0])  # what TensorFlow and torch do once
        started = time.perf_counter()
        for path in paths:
            run(path)
        seconds = time.perf_counter() - started
    print(seconds)


if __name__ == "__main__":
    main()
