"""The exporter of a run: it needs no copy of a notebook, since only the run uses the notebook."""

from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode


class OneCopyExporter(NotebookExporter):
    """Replaces ``NotebookExporter``, which copies and validates the notebook at every step."""

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **_: Any
    ) -> tuple[str, ResourcesDict]:
        """Run the preprocessors on a notebook, and convert the result to text.

        Raises:
            nbformat.ValidationError: the preprocessors' result is not a valid notebook.
        """
        resources = self._init_resources(resources or {})
        for preprocessor in self._preprocessors:
            nb, resources = preprocessor(nb, resources)
        nbformat.validate(nb)
        return f"{nbformat.v4.writes(nb)}\n", resources
