"""Texts over a socket: how the coordinator talks with the agent in a student's kernel."""

import contextlib
import select
import socket
import struct
import time
from collections.abc import Callable
from typing import Final

SLICE: Final = 0.25  # seconds between looks at whether to wait on
MAX_BYTES: Final = 96 << 20  # of one text; an answer that is any good is smaller (wire.MAX_TEXT)
_HEADER: Final = struct.Struct("!Q")
_CHUNK: Final = 64 << 10  # more would have each read ask the system for memory

Look = Callable[[], None]


class Line:
    """One end.

    Args:
        connection: a connected stream socket.
        look: called every ``SLICE`` of waiting; ends the wait by an exception. Without it the
            wait lasts until the other end hangs up.
    """

    def __init__(self, connection: socket.socket, look: Look | None = None) -> None:
        self._socket = connection
        self._look = look
        self._read = bytearray()

    def send(self, text: str) -> None:
        """Send a text.

        Raises:
            OSError: the other end hung up.
        """
        content = text.encode("utf-8", "replace")
        left = memoryview(_HEADER.pack(len(content)) + content)
        wait = Wait(self._look)
        while left:
            wait.until_writable(self._socket)
            # Without a look the socket may block; with one it must not, however much there is.
            flags = socket.MSG_DONTWAIT if self._look else 0
            with contextlib.suppress(BlockingIOError):
                left = left[self._socket.send(left[:_CHUNK], flags) :]

    def receive(self) -> str:
        """The next text.

        Raises:
            EOFError: the other end hung up, or what it says makes no sense.
        """
        wait = Wait(self._look)
        self._fill(_HEADER.size, wait)
        end = _HEADER.size + _HEADER.unpack_from(self._read)[0]
        if end > MAX_BYTES:
            raise EOFError("a text without end")
        self._fill(end, wait)
        text = self._read[_HEADER.size : end].decode("utf-8", "replace")
        del self._read[:end]
        return text

    def _fill(self, size: int, wait: "Wait") -> None:
        # An interrupted wait may begin anew: what has come so far stays.
        while len(self._read) < size:
            wait.until_readable(self._socket)
            chunk = self._socket.recv(_CHUNK)
            if not chunk:
                raise EOFError("the other end hung up")
            self._read += chunk

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


class Wait:
    """Waits for a socket, with a look every ``SLICE`` however much trickles in.

    Args:
        look: what to call; None to wait without end.
    """

    def __init__(self, look: Look | None) -> None:
        self._look = look
        self._next = time.monotonic() + SLICE

    def until_readable(self, waiting: socket.socket) -> None:
        """Wait until there is something to read, or a connection to accept."""
        self._until(waiting, select.POLLIN)

    def until_writable(self, waiting: socket.socket) -> None:
        """Wait until something can be written."""
        self._until(waiting, select.POLLOUT)

    def _until(self, waiting: socket.socket, event: int) -> None:
        if self._look is None:
            return
        ready = select.poll()
        ready.register(waiting, event)
        while True:
            left = self._next - time.monotonic()
            if left <= 0:
                self._look()
                self._next = time.monotonic() + SLICE
            elif ready.poll(left * 1000):
                return
