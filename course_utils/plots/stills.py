"""An interactive figure with a picture that stands in where its script can't run."""

import base64
import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TEXT = "Figura interactiva"


class WithStill:
    """A plotly figure and a Matplotlib figure of the same thing.

    A notebook gets both in one output and shows the richest one that it can: JupyterLab and Colab
    the interactive one; a printed page or GitHub, which run no script, the picture.

    Attributes:
        figure: the ``plotly.graph_objects.Figure``.
    """

    def __init__(self, figure: Any, still: "Figure") -> None:
        """Keep the interactive figure, and the still one as PNG; the latter is closed."""
        import matplotlib.pyplot as plt

        self.figure = figure
        buffer = io.BytesIO()
        still.savefig(buffer, format="png", dpi=80)
        # Left open, Jupyter would show it a second time at the end of the cell.
        plt.close(still)
        self._png = base64.b64encode(buffer.getvalue()).decode("ascii")

    def __repr__(self) -> str:
        title = self.figure.layout.title.text
        return f"{TEXT}: {title}" if title else TEXT

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        # The same protocol of IPython's, asked of plotly: its renderer knows the front end.
        return {**self.figure._repr_mimebundle_(), "image/png": self._png}
