"""How a check reaches the student's objects: in this process, or through stand-ins.

In a student's notebook a test calls the student's functions directly. When grading, the test may
run in a second process in which every name of the student's is a stand-in, whose *type* offers

* ``call_with_arguments(stand_in, args, kwargs, back=...) -> (value, args)``: calls the student's
  function and brings its value back, and with ``back`` its positional arguments as they are after
  the call, all as plain values;
* ``run_beside(stand_in, probe, args) -> value``: runs a function of the test next to the
  student's objects and brings its value back.
"""

from collections.abc import Callable
from typing import Any


def _offer(method: str, objects: tuple[Any, ...]) -> tuple[Any, Callable[..., Any]] | None:
    for item in objects:
        offered = getattr(type(item), method, None)
        if callable(offered):
            return item, offered
    return None


def call_with_arguments(
    function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], *, back: bool = True
) -> tuple[Any, tuple[Any, ...]]:
    """Call the student's function.

    Args:
        function: the function, or its stand-in.
        args: positional arguments.
        kwargs: keyword arguments.
        back: whether the arguments are wanted as they are afterwards.

    Returns:
        The value, and the positional arguments.
    """
    remote = _offer("call_with_arguments", (function,))
    if remote:
        stand_in, method = remote
        value, after = method(stand_in, args, kwargs, back=back)
        return value, tuple(after)
    return function(*args, **kwargs), args


def run_beside(probe: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    """Run ``probe`` where the student's objects among ``args`` really are."""
    remote = _offer("run_beside", args)
    if remote:
        stand_in, method = remote
        return method(stand_in, probe, args)
    return probe(*args)
