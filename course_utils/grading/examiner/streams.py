"""Restores standard streams that a cell closed or removed.

ipykernel flushes ``sys.stdout`` and ``sys.stderr`` around every cell and every call of a test. If a
cell has closed or removed one of them, ipykernel fails there, and no later cell gets a reply.
"""

import sys
from typing import Any, Final

_kept: Final[dict[str, Any]] = {}


def keep(ipython: Any) -> None:
    """Restore unusable streams after each cell, and before IPython shows a traceback.

    Args:
        ipython: the kernel's shell.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        stream.close = stream.flush  # a closed stream of ipykernel can't be opened again
        _kept[name] = stream
    show = ipython._showtraceback

    def show_traceback(*args: Any) -> None:
        restore()
        show(*args)

    ipython._showtraceback = show_traceback
    ipython.events.register("post_execute", restore)


def restore() -> None:
    """Replace streams that no longer work by the kernel's own."""
    for name, stream in _kept.items():
        if not _works(getattr(sys, name, None)):
            setattr(sys, name, stream)


def _works(stream: Any) -> bool:
    try:
        stream.flush()
    except Exception:  # None, a closed stream, or an object of the notebook that raises anything
        return False
    return callable(getattr(stream, "write", None)) and not getattr(stream, "closed", False)
