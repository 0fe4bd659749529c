"""Outputs of a hand-in on an allow-list, each and all together within a size."""

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any, Final

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Integer, List

from course_utils.grading.feedback.clean import clean_html

CUT: Final = "\n… Salida recortada: es demasiado larga para esta página."
TOO_BIG: Final = "Salida demasiado grande: no se muestra en esta página."
INTERACTIVE: Final = "Salida interactiva: no se muestra en esta página."
_SIGNATURES: Final = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
_TEXTS: Final = ("text/plain", "text/markdown")
# All escape sequences but those for colours, and all other control characters.
_CONTROL = re.compile(r"\x1b(?!\[[0-9;]*m)|[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f]")
_TAG = re.compile(r"[\w-]+")


class SafeOutputs(NbGraderPreprocessor):
    """Goes behind ``Execute`` in ``autograde``, and in front of every page.

    Kept are streams, errors, plain text, Markdown (cleaned where it is rendered), PNG, JPEG, SVG
    (a page shows it as a picture, in which no script runs) and cleaned HTML. What is run twice
    gives the same.
    """

    # The HTML exporter configures it for every step; nbconvert warns where it is missing.
    display_data_priority = List(config=True)
    max_text = Integer(20_000, help="Characters of one text that a page shows.").tag(config=True)
    max_image = Integer(2_000_000, help="Characters of one encoded picture.").tag(config=True)
    max_page = Integer(8_000_000, help="Characters of all outputs together.").tag(config=True)

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Put safe outputs in the place of the others."""
        nb.metadata.pop("widgets", None)
        left = self.max_page
        for cell in nb.cells:
            cell.pop("attachments", None)
            if "tags" in cell.metadata:  # a page writes them into its own tags
                cell.metadata["tags"] = [t for t in cell.metadata["tags"] if _TAG.fullmatch(t)]
            if cell.cell_type != "code":
                continue
            outputs = list(self._safe(cell.outputs))
            left -= sum(len(str(output)) for output in outputs)
            cell.outputs = (
                outputs if left >= 0 else [o for o in outputs if o.output_type == "error"]
            )
            if left < 0 and outputs:
                cell.outputs.insert(0, new_output("stream", text=TOO_BIG))
        return nb, resources

    def _safe(self, outputs: list[NotebookNode]) -> Iterator[NotebookNode]:
        # Not by new_output, which checks each: the notebook is checked whole when it is written.
        for output in outputs:
            if output.output_type == "stream":
                name = "stderr" if output.name == "stderr" else "stdout"
                text = self._text(output.text)
                yield NotebookNode(output_type="stream", name=name, text=text)
            elif output.output_type == "error":
                lines = [self._text(line) for line in output.traceback[:100]]
                yield NotebookNode(
                    output_type="error",
                    ename=self._text(output.ename),
                    evalue=self._text(output.evalue),
                    traceback=lines,
                )
            else:
                safe = NotebookNode(output_type=output.output_type, metadata=NotebookNode())
                if output.output_type == "execute_result":
                    safe.execution_count = output.execution_count
                safe.data = NotebookNode(self._data(output.data))
                yield safe

    def _text(self, text: Any) -> str:
        plain = _CONTROL.sub("", text if isinstance(text, str) else "".join(map(str, text)))
        return plain if len(plain) <= self.max_text else plain[: self.max_text] + CUT

    def _data(self, data: dict[str, Any]) -> dict[str, str]:
        safe: dict[str, str] = {}
        for mime in _SIGNATURES:
            if mime in data:
                safe |= self._picture(mime, data[mime])
        if "image/svg+xml" in data and not safe:
            fits = len(str(data["image/svg+xml"])) <= self.max_image
            safe |= {"image/svg+xml": str(data["image/svg+xml"])} if fits else {}
        if "text/html" in data:
            html = clean_html(str(data["text/html"])[: self.max_image])
            # A widget's or a plotly figure's markup is a script and nothing to read.
            readable = len(html) <= 10 * self.max_text and re.search(r">\s*[^<\s]|<img src", html)
            safe |= {"text/html": html} if readable else {}
        for mime in _TEXTS:
            if mime in data:
                safe[mime] = self._text(data[mime])
        return safe or {"text/plain": INTERACTIVE}

    def _picture(self, mime: str, encoded: Any) -> dict[str, str]:
        """The picture if it is one, written anew: no sign of the student's reaches an attribute."""
        text = encoded if isinstance(encoded, str) else "".join(map(str, encoded))
        if len(text) > self.max_image:
            return {"text/plain": TOO_BIG}
        try:
            raw = base64.b64decode(re.sub(r"\s", "", text), validate=True)
        except (binascii.Error, ValueError):
            return {}
        return {mime: base64.b64encode(raw).decode()} if raw.startswith(_SIGNATURES[mime]) else {}
