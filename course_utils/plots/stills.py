"""An interactive figure, with a picture of the same thing where its script can't run."""

import base64
import html
import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SUMMARY = "La misma figura, quieta"


class WithStill:
    """A plotly figure and, folded below it, a Matplotlib figure of the same thing.

    They are two outputs. In one, as alternatives, JupyterLab would show the picture: it prefers
    images to the figures of an extension.

    Attributes:
        figure: the ``plotly.graph_objects.Figure``.
        html: the picture, in an element that opens with a click.
    """

    def __init__(self, figure: Any, still: "Figure", description: str) -> None:
        """Keep the interactive figure, and the still one as PNG; the latter is closed.

        Args:
            figure: a plotly figure.
            still: a Matplotlib figure.
            description: what the picture shows, Spanish, for those who can't see it.
        """
        import matplotlib.pyplot as plt

        self.figure = figure
        buffer = io.BytesIO()
        still.savefig(buffer, format="png", dpi=80)
        # Left open, Jupyter would show it a second time at the end of the cell.
        plt.close(still)
        picture = base64.b64encode(buffer.getvalue()).decode("ascii")
        self.html = (
            f"<details><summary>{SUMMARY}</summary>"
            f'<img alt="{html.escape(description)}" style="max-width: 100%" '
            f'src="data:image/png;base64,{picture}"></details>'
        )

    def _ipython_display_(self) -> None:
        from IPython.display import HTML, display

        display(self.figure)
        display(HTML(self.html))
