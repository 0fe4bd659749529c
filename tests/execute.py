"""Execute a notebook with this interpreter's own nbclient and kernel.

Usage: python execute.py IN.ipynb OUT.ipynb (in the folder where it is to run)
"""

import sys

import nbformat
from nbclient import NotebookClient


def main(source: str, target: str) -> None:
    """Execute one notebook, errors and all."""
    notebook = nbformat.read(source, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=600,
        allow_errors=True,
        kernel_name="python3",
        skip_cells_with_tag="demostracion",
    )
    client.execute()
    nbformat.write(notebook, target)


if __name__ == "__main__":
    main(*sys.argv[1:])
