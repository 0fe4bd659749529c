"""The examiner's requests to the student's kernel, each with a time limit.

One Jupyter ``execute_request`` starts the agent in the kernel. The agent connects to a socket in
the kernel's own folder and replies there until the coordinator closes the socket. An
``execute_request`` for each of the examiner's requests would take most of a test's time.
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

CALL_TIMEOUT = "CallTimeout"  # the kind of error that reports a call beyond its time limit
MANY = 100  # messages that one look at a channel reads at most: a notebook can flood the channel
GRACE = 5.0  # seconds that an interrupted kernel has to reply
_CONVERSE = (
    "__import__('course_utils.grading.examiner.agent', None, None, ['converse']).converse({!r})"
)


class KernelLost(Exception):
    """The kernel died, or ignores interrupts; grading needs a new kernel."""


class _Overdue(Exception):
    """A request has reached its time limit."""


class _NoAgent(Exception):
    """The kernel replied to the request that starts the agent, but no agent connected."""


class KernelLink:
    """The channel to the agent in one kernel, opened by the first request.

    While the channel is open the kernel runs nothing else: close the channel before a cell runs.

    Args:
        manager: the kernel's manager.
        client: the kernel's client: nbclient's own, between two cells.
    """

    def __init__(self, manager: Any, client: Any) -> None:
        self._manager = manager
        self._client = client
        self._channel: Line | None = None
        self._request = ""
        self._until = 0.0

    def ask(self, question: str, timeout: float) -> str | None:
        """Send a request to the agent and wait for the reply.

        Args:
            question: the request, as JSON.
            timeout: seconds that the reply may take.

        Returns:
            The reply, unchecked text; None where the call took too long and was interrupted.

        Raises:
            KernelLost: the kernel died, started no agent in time, or ignores the interrupt.
        """
        self._until = time.monotonic() + timeout
        try:
            channel = self._channel or self._open()
            channel.send(question)
            try:
                return channel.receive()
            except _Overdue:
                self._interrupt(channel)
                return None
        except _Overdue:  # no agent connected in time, or the kernel ignores the interrupt
            raise KernelLost("deaf") from None
        except (EOFError, OSError):
            self._end()
        except _NoAgent:
            pass
        return failure("RuntimeError", "El notebook no respondió a la prueba.")

    def close(self) -> None:
        """Close the channel without waiting until the kernel notices.

        The kernel starts the next cell only after it has noticed. nbclient, waiting for that
        cell's messages, ignores messages that belong to other requests.
        """
        if self._channel is not None:
            self.drop()
            run_sync(self._drop_outputs)()

    def drop(self) -> None:
        """Close the coordinator's end of the channel, if it is open, and nothing else."""
        if self._channel is not None:
            self._channel.close()
            self._channel = None

    def _open(self) -> Line:
        """Open the channel: start the agent and accept its connection.

        Raises:
            KernelLost: the notebook removed or changed its folder, so that no socket fits in it.
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
            self._channel = Line(listener.accept()[0], self._look)
        return self._channel

    def _look_for_agent(self) -> None:
        self._look()
        if run_sync(self._replied)(self._request):
            raise _NoAgent

    def _look(self) -> None:
        """Empty the output channel, and check that the kernel lives and is within its time.

        Raises:
            KernelLost: the kernel died.
            _Overdue: the request has reached its time limit.
        """
        run_sync(self._drop_outputs)()
        if not run_sync(self._alive)():
            raise KernelLost("dead")
        if time.monotonic() >= self._until:
            raise _Overdue

    def _interrupt(self, channel: Line) -> None:
        """Interrupt the call in the kernel, and wait for the reply that reports the interrupt."""
        run_sync(self._interrupt_kernel)()
        self._until = time.monotonic() + GRACE
        channel.receive()

    def _end(self) -> None:
        """Close the channel, and wait until the kernel has noticed.

        Raises:
            KernelLost: the kernel died.
        """
        self.drop()
        run_sync(self._reply)(self._request, GRACE)

    # -- the kernel's own channels -----------------------------------------------------------

    async def responds(self) -> bool:
        """Whether the kernel replies within ``GRACE`` seconds."""
        try:
            return await self._reply(self._client.kernel_info(), GRACE)
        except KernelLost:
            return False

    async def _interrupt_kernel(self) -> None:
        await ensure_async(self._manager.interrupt_kernel())

    async def _alive(self) -> bool:
        return bool(await ensure_async(self._manager.is_alive()))

    async def _reply(self, message_id: str, timeout: float) -> bool:
        """Wait for the kernel's reply to a Jupyter request.

        Returns:
            Whether the reply came in time.

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
        """Whether the kernel has replied to a Jupyter request.

        Args:
            message_id: id of the request.
            timeout: seconds to wait for each message.
        """
        for _ in range(MANY):  # a flood of forged messages must not hold up the time check
            try:
                # The student's code can forge messages: one without these fields is ignored.
                message = await ensure_async(self._client.shell_channel.get_msg(timeout=timeout))
                if message["parent_header"].get("msg_id") == message_id:
                    return True
            except Empty:
                return False
            except (AttributeError, KeyError, TypeError, ValueError):
                continue
        return False

    async def _drop_outputs(self) -> None:
        """Discard what the student's code printed while a test called it: it belongs to no cell.

        Unread messages would also fill the channel's buffer.
        """
        channel = self._client.iopub_channel.socket
        for _ in range(20 * MANY):
            if not await channel.poll(0):
                return
            await channel.recv_multipart(copy=False)
            await asyncio.sleep(0)


def failure(kind: str, text: str) -> str:
    """The reply that reports a failure, in the form that the agent gives to an exception.

    Args:
        kind: name of the exception's class.
        text: its message.
    """
    return json.dumps({"error": {"kinds": [kind], "text": text, "line": ""}})
