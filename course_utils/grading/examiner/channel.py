"""Messages over a socket: the channel between coordinator and the agent in a student's kernel.

A message is a length, eight bytes in network order, and a text in UTF-8. The other end is
untrusted: it may send without end, send one byte a minute, or never read. So every wait calls a
function (``look``) a few times a second, which can end the wait by an exception.
"""

import contextlib
import select
import socket
import struct
import time
from collections.abc import Callable
from typing import Final

SLICE: Final = 0.25  # seconds of waiting between two calls of ``look``
MAX_BYTES: Final = 96 << 20  # of one text; every valid reply is smaller (wire.MAX_TEXT)
_HEADER: Final = struct.Struct("!Q")
_CHUNK: Final = 64 << 10  # larger chunks would make each read allocate memory from the system

Look = Callable[[], None]


class Line:
    """One end of the channel.

    Args:
        connection: a connected stream socket.
        look: called every ``SLICE`` seconds of waiting; ends the wait by raising an exception.
            Without ``look`` a wait lasts until the other end closes the socket.
    """

    def __init__(self, connection: socket.socket, look: Look | None = None) -> None:
        self._socket = connection
        self._look = look
        self._read = bytearray()

    def send(self, text: str) -> None:
        """Send a text.

        Raises:
            OSError: the other end closed the socket.
        """
        content = text.encode("utf-8", "replace")
        left = memoryview(_HEADER.pack(len(content)) + content)
        wait = Wait(self._look)
        while left:
            wait.until_writable(self._socket)
            # A socket that blocks in send() would never call ``look``.
            flags = socket.MSG_DONTWAIT if self._look else 0
            with contextlib.suppress(BlockingIOError):
                left = left[self._socket.send(left[:_CHUNK], flags) :]

    def receive(self) -> str:
        """Receive the next text.

        Raises:
            EOFError: the other end closed the socket, or announced a text beyond ``MAX_BYTES``.
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
        # ``look`` may interrupt this at any point. The bytes received so far stay in the buffer,
        # so the next call continues with the same text.
        while len(self._read) < size:
            wait.until_readable(self._socket)
            chunk = self._socket.recv(_CHUNK)
            if not chunk:
                raise EOFError("the other end hung up")
            self._read += chunk

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()


class Wait:
    """Waits for a socket and calls ``look`` every ``SLICE`` seconds.

    One ``Wait`` serves all reads of a text: a sender of single bytes, each in time, would
    otherwise postpone the next call of ``look`` for ever.

    Args:
        look: function to call; None waits without a limit.
    """

    def __init__(self, look: Look | None) -> None:
        self._look = look
        self._next = time.monotonic() + SLICE

    def until_readable(self, waiting: socket.socket) -> None:
        """Wait until the socket has data to read, or a connection to accept."""
        self._until(waiting, select.POLLIN)

    def until_writable(self, waiting: socket.socket) -> None:
        """Wait until the socket accepts data to send."""
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
