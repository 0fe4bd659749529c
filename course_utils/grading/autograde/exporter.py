"""The exporter of a run: preprocessors work on the notebook itself, which nobody else holds."""

import json
from typing import Any, TextIO

import nbformat
from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode


class OneCopyExporter(NotebookExporter):
    """Takes the place of ``NotebookExporter``, which copies and checks a notebook at every step.

    Attributes:
        draft: whether what is written is for the next step, and not to be read by anybody.
    """

    draft = False

    def from_file(
        self, file_stream: TextIO, resources: dict[str, Any] | None = None, **_: Any
    ) -> tuple[str, ResourcesDict]:
        """Read a notebook of the intake's, which has the current format, and go on with it."""
        return self.from_notebook_node(nbformat.v4.reads(file_stream.read()), resources)

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
        return (json.dumps(nb) if self.draft else f"{nbformat.v4.writes(nb)}\n"), resources
