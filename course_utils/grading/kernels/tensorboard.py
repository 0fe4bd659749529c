"""``%tensorboard`` where no server may listen: it prints a sentence and returns.

TensorBoard's own would wait a minute for a server that the sandbox does not let listen.
"""

from types import ModuleType
from typing import Final

import wrapt

SENTENCE: Final = (
    "Al corregir no se abre TensorBoard. En tu máquina o en Colab, esta línea lo muestra aquí."
)


def without_browser() -> None:
    """Have ``%tensorboard`` and ``tensorboard.notebook.start`` print a sentence."""
    wrapt.register_post_import_hook(_replace, "tensorboard.notebook")


def _replace(notebook: ModuleType) -> None:
    notebook.start = lambda args_string: print(SENTENCE)  # type: ignore[attr-defined]
