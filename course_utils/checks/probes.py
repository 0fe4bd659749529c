"""Functions that look at the student's code from beside it; for ``Check.beside``."""

import warnings
from collections.abc import Callable
from typing import Any


def warnings_of(function: Callable[..., Any], *args: Any) -> list[str]:
    """The texts of the Python warnings that ``function(*args)`` gives."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        function(*args)
    return [str(warning.message) for warning in caught]
