"""Replaces ``%tensorboard`` in the sandbox: it prints a sentence and returns.

TensorBoard's own magic would wait a minute for its server, which the sandbox forbids to listen.
"""

from types import ModuleType
from typing import Final

import wrapt

SENTENCE: Final = (
    "Al corregir no se abre TensorBoard. En tu máquina o en Colab, esta línea lo muestra aquí."
)


def without_browser() -> None:
    """Make ``%tensorboard`` and ``tensorboard.notebook.start`` print a sentence."""
    wrapt.register_post_import_hook(_replace, "tensorboard.notebook")


def _replace(notebook: ModuleType) -> None:
    notebook.start = lambda args_string: print(SENTENCE)  # type: ignore[attr-defined]
