"""Requests to a kernel between two cells: the kernel evaluates an expression and replies."""

import ast
import time
from queue import Empty
from typing import Any, Final

from nbclient.exceptions import DeadKernelError
from nbclient.util import ensure_async

_MODULE = "__import__('course_utils.grading.kernels.endings', None, None, ['install'])"
INSTALL: Final = f"{_MODULE}.install(watched={{}})"
INSTALLED: Final = "installed"
ENDED: Final = f"{_MODULE}.report()"
PATIENCE: Final = 30.0  # seconds; a kernel at rest replies in milliseconds
LOOK: Final = 0.5  # seconds between two checks whether the kernel is alive
LONGEST: Final = 20_000  # characters of a reply


async def ask(manager: Any, client: Any, expression: str) -> str:
    """Make a kernel evaluate an expression.

    Args:
        manager: the kernel's manager.
        client: the kernel's client, between two cells.
        expression: a Python expression whose value is a text or None.

    Returns:
        The text, unchecked; empty where the value is not a text.

    Raises:
        DeadKernelError: the kernel died, or does not reply.
    """
    request = client.execute(
        "pass", silent=True, store_history=False, user_expressions={"answer": expression}
    )
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            message = await ensure_async(client.shell_channel.get_msg(timeout=LOOK))
            if message["parent_header"].get("msg_id") == request:
                return _text(message["content"])
        except Empty:
            if not await ensure_async(manager.is_alive()):
                raise DeadKernelError("The kernel died after a cell.") from None
        except (AttributeError, KeyError, TypeError, ValueError):  # forged messages
            continue
    raise DeadKernelError("The kernel does not reply after a cell.")


def _text(content: dict[str, Any]) -> str:
    try:
        shown = content["user_expressions"]["answer"]["data"]["text/plain"]
        value = ast.literal_eval(shown) if len(shown) <= LONGEST else ""
    except (KeyError, TypeError, ValueError, SyntaxError, RecursionError, MemoryError):
        return ""
    return value if isinstance(value, str) else ""
