"""The exporter of a run: preprocessors work on the notebook itself, which nobody else holds."""

from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode


class OneCopyExporter(NotebookExporter):
    """Takes the place of ``NotebookExporter``, which copies a notebook at every step."""

    def _preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        for preprocessor in self._preprocessors:
            nb, resources = preprocessor(nb, resources)
        self._validate_preprocessor(nb, self._preprocessors[-1:])
        return nb, resources
