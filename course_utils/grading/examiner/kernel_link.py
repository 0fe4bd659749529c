"""Questions to the student's kernel, with a limit on the time of each.

One request makes the agent in the kernel connect to a socket in the kernel's own folder and answer
until the coordinator hangs up: a request for each question would cost most of a test's time.
"""

import asyncio
import contextlib
import json
import secrets
import socket
import time
from pathlib import Path
from queue import Empty
from typing import Any

from nbclient.util import ensure_async, run_sync

from course_utils.grading.examiner.channel import SLICE, Line, Wait
from course_utils.grading.scratch import scratch

CALL_TIMEOUT = "CallTimeout"  # the kind of error that an endless call becomes
MANY = 100  # messages that are read before anything else gets its turn
GRACE = 5.0  # seconds that an interrupted kernel has to come back
_CONVERSE = (
    "__import__('course_utils.grading.examiner.agent', None, None, ['converse']).converse({!r})"
)


class KernelLost(Exception):
    """The kernel died, or is deaf to interrupts; only a new one helps."""


class _Overdue(Exception):
    """The time of a question is up."""


class _NoAgent(Exception):
    """The kernel lives, but nobody answers in it."""


class KernelLink:
    """A conversation with the agent in one kernel; begins with the first question.

    While it lasts the kernel does nothing else: close it before a cell runs.

    Args:
        manager: its kernel manager.
        client: its client; nbclient's own, between two cells.
    """

    def __init__(self, manager: Any, client: Any) -> None:
        self._manager = manager
        self._client = client
        self._line: Line | None = None
        self._request = ""
        self._until = 0.0

    def ask(self, question: str, timeout: float) -> str | None:
        """The answer of the agent in the kernel: text that nobody has checked.

        Returns:
            The text; None where the call took too long and was interrupted.

        Raises:
            KernelLost: there is no answer, and there won't be any.
        """
        self._until = time.monotonic() + timeout
        try:
            line = self._line or self._open()
            line.send(question)
            try:
                return line.receive()
            except _Overdue:
                self._interrupt(line)
                return None
        except _Overdue:  # nobody there to be interrupted
            raise KernelLost("deaf") from None
        except (EOFError, OSError):
            self._end()
        except _NoAgent:
            pass
        return failure("RuntimeError", "El notebook no respondió a la prueba.")

    def close(self) -> None:
        """End the conversation, without a wait for the kernel to notice.

        It takes the next cell when it has; whoever waits for that one's messages passes over
        those that this conversation leaves.
        """
        if self._line is not None:
            self.drop()
            run_sync(self._drop_outputs)()

    def drop(self) -> None:
        """Forget the kernel, which is gone."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def _open(self) -> Line:
        """Have the agent connect.

        Raises:
            KernelLost: what the notebook did to its folder leaves no way to it.
        """
        with contextlib.ExitStack() as tidy, socket.socket(socket.AF_UNIX) as listener:
            runtime = getattr(self._manager, "runtime", None) or tidy.enter_context(scratch("ask"))
            path = Path(runtime, secrets.token_hex(4))
            try:
                listener.bind(str(path))
            except OSError:
                raise KernelLost("dead") from None
            tidy.callback(path.unlink, missing_ok=True)
            listener.listen(1)
            self._request = self._client.execute(
                "pass",
                silent=True,
                store_history=False,
                user_expressions={"answer": _CONVERSE.format(str(path))},
                stop_on_error=False,
            )
            Wait(self._look_for_agent).until_readable(listener)
            self._line = Line(listener.accept()[0], self._look)
        return self._line

    def _look_for_agent(self) -> None:
        self._look()
        if run_sync(self._replied)(self._request):
            raise _NoAgent

    def _look(self) -> None:
        """What is to be seen to while the kernel is at work."""
        run_sync(self._drop_outputs)()
        if not run_sync(self._alive)():
            raise KernelLost("dead")
        if time.monotonic() >= self._until:
            raise _Overdue

    def _interrupt(self, line: Line) -> None:
        """Interrupt the kernel's call and wait for what it says to that."""
        run_sync(self._interrupt_kernel)()
        self._until = time.monotonic() + GRACE
        line.receive()

    def _end(self) -> None:
        """Hang up, and wait until the kernel has noticed.

        Raises:
            KernelLost: it is gone.
        """
        self.drop()
        run_sync(self._reply)(self._request, GRACE)

    # -- the kernel's own channels -----------------------------------------------------------

    async def responds(self) -> bool:
        """Whether the kernel still answers within the grace period."""
        try:
            return await self._reply(self._client.kernel_info(), GRACE)
        except KernelLost:
            return False

    async def _interrupt_kernel(self) -> None:
        await ensure_async(self._manager.interrupt_kernel())

    async def _alive(self) -> bool:
        return bool(await ensure_async(self._manager.is_alive()))

    async def _reply(self, message_id: str, timeout: float) -> bool:
        """Wait for the reply to a request.

        Raises:
            KernelLost: the kernel died.
        """
        until = time.monotonic() + timeout
        while (left := until - time.monotonic()) > 0:
            await self._drop_outputs()
            if await self._replied(message_id, min(SLICE, left)):
                return True
            if not await self._alive():
                raise KernelLost("dead")
        return False

    async def _replied(self, message_id: str, timeout: float = 0) -> bool:
        """Whether a request has its reply, after so many seconds without any message."""
        for _ in range(MANY):  # a flood of forged ones must not keep us
            try:
                # Forged messages and ones that break the protocol are no replies.
                message = await ensure_async(self._client.shell_channel.get_msg(timeout=timeout))
                if message["parent_header"].get("msg_id") == message_id:
                    return True
            except Empty:
                return False
            except (AttributeError, KeyError, TypeError, ValueError):
                continue
        return False

    async def _drop_outputs(self) -> None:
        """What the student's code prints while a test calls it belongs to no cell."""
        channel = self._client.iopub_channel.socket
        for _ in range(20 * MANY):
            if not await channel.poll(0):
                return
            await channel.recv_multipart(copy=False)
            await asyncio.sleep(0)


def failure(kind: str, text: str) -> str:
    """An answer that says that there is none."""
    return json.dumps({"error": {"kinds": [kind], "text": text, "line": ""}})
