"""Where the course lives on the network, filled into what students get."""

from typing import Final

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Unicode

import course_utils

COLAB: Final = "https://colab.research.google.com/github"
PLACEHOLDERS: Final = ("{{repository}}", "{{tag}}")
HOST: Final = "https://github.com/"


class FillAddresses(NbGraderPreprocessor):
    """Goes first in ``generate_assignment``, so that the gradebook keeps what students get.

    Every ``{{repository}}`` and ``{{tag}}`` of a master is filled in, and below the title comes
    a link that opens the notebook in Google Colab.
    """

    repository = Unicode(
        help="Address of the course's public repository, without .git at its end."
    ).tag(config=True)
    tag = Unicode(
        f"v{course_utils.__version__}", help="Tag (or branch) of it that students get."
    ).tag(config=True)

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Fill in the addresses of a notebook."""
        for cell in nb.cells:
            for placeholder, value in zip(PLACEHOLDERS, (self.repository, self.tag), strict=True):
                cell.source = cell.source.replace(placeholder, value)
        title = next((c for c in nb.cells if c.cell_type == "markdown"), None)
        if title and self.repository.startswith(HOST):  # Colab opens nothing else by an address
            first, _, rest = title.source.partition("\n")
            name = resources.get("unique_key", "")
            title.source = f"{first}\n\n**[▶ Abrir en Colab]({self._colab(name)})**\n{rest}"
        return nb, resources

    def _colab(self, name: str) -> str:
        path = self.repository.removeprefix(HOST)
        return f"{COLAB}/{path}/blob/{self.tag}/release/{name}/{name}.ipynb"
