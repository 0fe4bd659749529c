"""Gives the notebook the examiner's floating-point precision while a test calls its functions.

A cell may call ``torch.set_default_dtype(torch.float64)`` or set a Keras policy. The setting would
then hold for models that a test builds in the student's kernel, but not for the arrays that the
test sends. torch does not mix the two precisions, so a right function would lose its points. So
each request carries the settings of the examiner's process; the agent applies them, carries out
the request, and restores the notebook's own settings.
"""

import contextlib
import sys
from collections.abc import Iterator
from typing import Any


def current() -> dict[str, str]:
    """The precision settings of torch and Keras in this process, where they are loaded."""
    found = {}
    if "torch" in sys.modules:
        found["torch"] = str(sys.modules["torch"].get_default_dtype()).removeprefix("torch.")
    if "keras" in sys.modules:
        config = sys.modules["keras"].config
        found |= {"floatx": config.floatx(), "policy": config.dtype_policy().name}
    return found


@contextlib.contextmanager
def shared(wanted: dict[str, str]) -> Iterator[None]:
    """Use the settings of another process inside a ``with`` block.

    Args:
        wanted: what ``current`` returned in the other process. Settings of a library that is not
            loaded in this process are ignored.
    """
    before = current()
    try:
        _set(
            {name: value for name, value in wanted.items() if before.get(name) not in (None, value)}
        )
        yield
    finally:
        after = current()
        _set({name: value for name, value in before.items() if after.get(name) != value})


def _set(settings: dict[str, str]) -> None:
    if "torch" in settings:
        torch: Any = sys.modules["torch"]
        torch.set_default_dtype(getattr(torch, settings["torch"]))
    if "floatx" in settings:
        sys.modules["keras"].config.set_floatx(settings["floatx"])
    if "policy" in settings:
        sys.modules["keras"].config.set_dtype_policy(settings["policy"])
