"""While a test calls the notebook, new numbers there have the precision of the test's process.

``torch.set_default_dtype(torch.float64)`` or a Keras policy in one cell would hold for the models
that a test builds next to the student's function, but not for the arrays that it hands over, and
torch does not mix the two: a right function would lose its points. So each question says what the
examiner's process has; the agent sets it, answers, and puts the notebook's own back.
"""

import contextlib
import sys
from collections.abc import Iterator
from typing import Any


def current() -> dict[str, str]:
    """The settings of this process, of those libraries that are loaded."""
    found = {}
    if "torch" in sys.modules:
        found["torch"] = str(sys.modules["torch"].get_default_dtype()).removeprefix("torch.")
    if "keras" in sys.modules:
        config = sys.modules["keras"].config
        found |= {"floatx": config.floatx(), "policy": config.dtype_policy().name}
    return found


@contextlib.contextmanager
def shared(wanted: dict[str, str]) -> Iterator[None]:
    """Have the settings of another process for a while.

    Args:
        wanted: what ``current`` gave there. A library that is not loaded here is passed over.
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
