"""Standard streams that outlive the cell that closes or removes them.

ipykernel writes to ``sys.stdout`` and ``sys.stderr`` around every cell and every test's call. A
cell that closes or removes one would cost all cells after it their reply.
"""

import sys
from typing import Any, Final

_kept: Final[dict[str, Any]] = {}


def keep(ipython: Any) -> None:
    """Put unusable streams back after each cell, and before a traceback is shown."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        stream.close = stream.flush  # closed, ipykernel's can't be opened again
        _kept[name] = stream
    show = ipython._showtraceback

    def show_traceback(*args: Any) -> None:
        restore()
        show(*args)

    ipython._showtraceback = show_traceback
    ipython.events.register("post_execute", restore)


def restore() -> None:
    """Put the kernel's own streams back in place of those that no longer work."""
    for name, stream in _kept.items():
        if not _works(getattr(sys, name, None)):
            setattr(sys, name, stream)


def _works(stream: Any) -> bool:
    try:
        stream.flush()
    except Exception:  # None, closed, or an object of the notebook's that can do anything
        return False
    return callable(getattr(stream, "write", None)) and not getattr(stream, "closed", False)
