"""Modules beside a master: what may stand there under which name."""

import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor


class CheckHelpers(NbGraderPreprocessor):
    """Goes first in ``generate_assignment``: a helper must not take a library's name.

    In a notebook the folder's own module comes before the library, in the examiner the library
    before the module: one name would mean two things.
    """

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Let a notebook pass.

        Raises:
            NbGraderException: a helper beside it has a library's name.
        """
        found = list(faults(Path(resources["metadata"]["path"])))
        if found:
            raise NbGraderException(" ".join(found))
        return nb, resources


@cache
def _libraries() -> frozenset[str]:
    # Once a process: this reads the files of every installed distribution.
    return sys.stdlib_module_names | packages_distributions().keys() | {"course_utils"}


def faults(folder: Path) -> Iterator[str]:
    """One sentence for each module or package of a folder that has a library's name."""
    libraries = _libraries()
    for path in sorted(folder.iterdir()):
        is_package = (path / "__init__.py").is_file()
        if (path.suffix == ".py" or is_package) and path.stem in libraries:
            yield (
                f"{path.name}, beside the master, has the name of a library, which could then "
                "not be imported: give it another name."
            )
