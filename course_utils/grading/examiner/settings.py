"""Settings of the student's process that a test's own numbers must share.

In one process, as a student runs a test, ``torch.set_default_dtype`` and Keras's ``set_floatx``
hold for the tensors and models that the test makes too: a layer of double precision takes no
tensor of single precision. So the examiner asks for them before each test, and sets them for as
long as it runs. All other settings stay the examiner's own.
"""

import contextlib
import sys
from collections.abc import Iterator
from typing import Any, Final

_PRECISIONS: Final = ("float32", "float64")  # coarser ones would make a test's own values coarse


def matter() -> bool:
    """Whether a test in this process can make what these settings change."""
    return "torch" in sys.modules or "keras" in sys.modules


def current() -> dict[str, str]:
    """The settings of this process, by library; of those that are loaded."""
    found = {}
    if "torch" in sys.modules:
        found["torch"] = str(sys.modules["torch"].get_default_dtype()).removeprefix("torch.")
    if "keras" in sys.modules:
        found["keras"] = sys.modules["keras"].config.floatx()
    return found


@contextlib.contextmanager
def shared(said: Any) -> Iterator[None]:
    """Have the settings of the student's process for a while.

    Args:
        said: what ``current`` gave there; nobody has checked it, and what is no setting is
            passed over.
    """
    before = current()
    try:
        _set(said if type(said) is dict else {})
        yield
    finally:
        _set(before)


def _set(settings: dict[Any, Any]) -> None:
    for library, precision in settings.items():
        if library not in sys.modules or precision not in _PRECISIONS:
            continue
        if library == "torch":
            torch = sys.modules["torch"]
            torch.set_default_dtype(getattr(torch, precision))
        elif library == "keras":
            sys.modules["keras"].config.set_floatx(precision)
