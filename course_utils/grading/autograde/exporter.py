"""The exporter of a run: preprocessors work on the notebook itself, which only the run holds."""

from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode


class OneCopyExporter(NotebookExporter):
    """Takes the place of ``NotebookExporter``, which copies and checks a notebook at every step."""

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **_: Any
    ) -> tuple[str, ResourcesDict]:
        """Run the preprocessors on a notebook, and write it.

        Raises:
            nbformat.ValidationError: they made no notebook of it.
        """
        resources = self._init_resources(resources or {})
        for preprocessor in self._preprocessors:
            nb, resources = preprocessor(nb, resources)
        nbformat.validate(nb)
        return f"{nbformat.v4.writes(nb)}\n", resources
