"""Diagrams of Keras models."""

import shutil
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any


def model_diagram(model: Any, stand_in: str | Path) -> Any:
    """Keras' own picture of a model where Graphviz is there, else a drawn one.

    Args:
        model: a built Keras model.
        stand_in: SVG file to show where Graphviz or pydot is missing.

    Returns:
        An object that a notebook displays.

    Raises:
        FileNotFoundError: Graphviz is missing and so is the stand-in.
    """
    from IPython.display import SVG, Image

    # Asked for here: in a notebook Keras says what is missing in English, and draws nothing.
    there = shutil.which("dot") and find_spec("pydot")
    picture = _drawn_by_graphviz(model) if there else None
    return SVG(filename=str(stand_in)) if picture is None else Image(data=picture)


def _drawn_by_graphviz(model: Any) -> bytes | None:
    """The PNG's bytes; None where Keras finds that Graphviz doesn't work."""
    import keras

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.png"
        try:
            keras.utils.plot_model(
                model, to_file=str(file), show_shapes=True, show_layer_activations=True, dpi=96
            )
        except ImportError:
            return None
        return file.read_bytes() if file.is_file() else None
