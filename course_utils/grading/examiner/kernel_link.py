"""Questions to the student's kernel, with a limit on the time of each and of all together."""

import asyncio
import json
import time
from queue import Empty
from typing import Any

from nbclient.util import ensure_async

from course_utils.grading.examiner.agent import Answer

SLICE = 0.25  # seconds between looks at whether the kernel still lives
CALL_TIMEOUT = "CallTimeout"  # the kind of error that an endless call becomes
GRACE = 5.0  # seconds that an interrupted kernel has to come back
_SERVE = "__import__('course_utils.grading.examiner.agent', None, None, ['serve']).serve({!r})"


class KernelLost(Exception):
    """The kernel died, or is deaf to interrupts; only a new one helps."""


class KernelLink:
    """The way to one kernel.

    Args:
        manager: its kernel manager.
        client: its client; nbclient's own, between two cells.
    """

    def __init__(self, manager: Any, client: Any) -> None:
        self._manager = manager
        self._client = client

    async def ask(self, question: str, timeout: float) -> str | None:
        """The answer of the agent in the kernel: text that nobody has checked.

        Returns:
            The text; None where the call took too long and was interrupted.

        Raises:
            KernelLost: there is no answer, and there won't be any.
        """
        message_id = self._client.execute(
            "pass",
            silent=True,
            store_history=False,
            user_expressions={"answer": _SERVE.format(question)},
            stop_on_error=False,
        )
        reply = await self._reply(message_id, timeout)
        return None if reply is None else _answer_of(reply)

    async def responds(self) -> bool:
        """Whether the kernel still answers within the grace period."""
        try:
            return await self._reply(self._client.kernel_info(), GRACE) is not None
        except KernelLost:
            return False

    async def _reply(self, message_id: str, timeout: float) -> dict[str, Any] | None:
        """The reply to a request; None where the kernel had to be interrupted."""
        reply = await self._wait(message_id, time.monotonic() + timeout)
        if reply is not None:
            return reply
        await ensure_async(self._manager.interrupt_kernel())
        if await self._wait(message_id, time.monotonic() + GRACE) is None:
            raise KernelLost("deaf")
        return None

    async def _wait(self, message_id: str, until: float) -> dict[str, Any] | None:
        while (left := until - time.monotonic()) > 0:
            await self._drop_outputs()
            try:
                # Forged messages and ones that break the protocol are no replies.
                message = await ensure_async(
                    self._client.shell_channel.get_msg(timeout=min(SLICE, left))
                )
                parent = message["parent_header"].get("msg_id")
            except Empty:
                if not await ensure_async(self._manager.is_alive()):
                    raise KernelLost("dead") from None
            except (AttributeError, KeyError, TypeError, ValueError):
                continue
            else:
                if parent == message_id:
                    return dict(message)
        return None

    async def _drop_outputs(self) -> None:
        """What the student's code prints while a test calls it belongs to no cell."""
        channel = self._client.iopub_channel.socket
        for _ in range(2000):
            if not await channel.poll(0):
                return
            await channel.recv_multipart(copy=False)
            await asyncio.sleep(0)


def _answer_of(reply: dict[str, Any]) -> str:
    try:
        result = reply["content"]["user_expressions"]["answer"]
        if result["status"] == "ok":
            return str(result["data"][Answer.MIME])
        return failure(str(result["ename"]), str(result["evalue"]))
    except (KeyError, TypeError):
        return failure("RuntimeError", "El notebook no respondió a la prueba.")


def failure(kind: str, text: str) -> str:
    """An answer that says that there is none."""
    return json.dumps({"error": {"kinds": [kind], "text": text, "line": ""}})
