"""The fork server's program: ``python -m course_utils.grading.forkserver.server FD SETTINGS``.

The server has one thread. It imports libraries and runs nothing else, and it holds nothing of a
course: no master, no submission, no secret of the environment. A request brings a socket to the
owner, which the fork takes over and the server closes at once. The server ends when its owner is
gone, or after some idle time; kernels and examiners that it forked do not need it any more.

A fork can become a server itself: one process imports what all units use, then one fork of it
imports TensorFlow and another one torch, at the same time. Such a fork ends with the server that
it comes from.
"""

import gc
import json
import os
import select
import shutil
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

from course_utils.grading.forkserver import child, huge_pages, preload

MAX_REQUEST = 64 << 10
MAX_DESCRIPTORS = 4
LOOK = 2.0  # seconds between looks at whether the owner still lives
_END = object()
Request = tuple[dict[str, Any], list[int]]  # its JSON, and the descriptors that came with it


def main(descriptor: int, modules: list[str], folder: str, idle: float) -> int:
    """Import, check, serve; returns an exit code.

    Args:
        descriptor: number of the socket to the owner.
        modules: what to import.
        folder: the server's own folder, needed for the imports only.
        idle: seconds after which a server that nobody asks ends.
    """
    channel: socket.socket | None = None
    while True:
        control = socket.socket(fileno=descriptor)
        received = _prepare_and_serve(control, modules, folder, idle)
        control.close()
        if isinstance(received, int):
            if channel is not None:
                channel.send(json.dumps({"exit": received}).encode("utf-8"))
            return received
        # From here on this is a fork, with nothing on its stack that it should not have.
        if channel is not None:
            channel.close()
        request, descriptors = received
        if request["kind"] != "server":
            return child.become(request, descriptors)
        channel, descriptor = socket.socket(fileno=descriptors[0]), descriptors[1]
        modules, folder, idle = _become_server(channel, **request["settings"])


def _become_server(
    channel: socket.socket, modules: list[str], folder: str, idle: float, env: dict[str, str]
) -> tuple[list[str], str, float]:
    """Make a server of this fork; returns what it is to import, its folder and ``idle``."""
    handle = os.pidfd_open(os.getpid())
    socket.send_fds(channel, [b"{}"], [handle])
    os.close(handle)
    os.environ.update(env)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    return modules, folder, idle


def _prepare_and_serve(
    control: socket.socket, modules: list[str], folder: str, idle: float
) -> "Request | int":
    """Import, check, serve; returns the request in a fork, an exit code in the server."""
    owner = os.getppid()
    control.set_inheritable(False)
    gc.disable()  # it takes a quarter of the time that the imports take, for nothing
    missing = preload.load(modules)
    shutil.rmtree(folder, ignore_errors=True)
    objections = preload.objections()
    _say(control, {"refused": "; ".join(objections), "missing": missing})
    if objections:
        return 1
    gc.freeze()  # a fork's collector stays off the pages that all share
    gc.enable()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # forks that end leave nothing behind
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return _serve(control, owner, idle) or 0


def _say(control: socket.socket, message: dict[str, Any]) -> None:
    control.send(json.dumps(message).encode("utf-8"))


def _serve(control: socket.socket, owner: int, idle: float) -> Request | None:
    """Fork for each request; returns it in the fork, and None in the server at its end."""
    until = time.monotonic() + idle
    tidying = huge_pages.collapse()  # while nobody asks for anything
    more = True
    while (time.monotonic() < until or _has_forks()) and os.getppid() == owner:
        if not select.select([control], [], [], 0 if more else LOOK)[0]:
            more = next(tidying, _END) is not _END
            continue
        text, descriptors = _receive(control)
        if not text:
            return None
        until = time.monotonic() + idle
        request = json.loads(text)
        if _fork() == 0:
            return request, descriptors
        if request["kind"] == "server":  # kernels will be forks of that one
            more = False
        for descriptor in descriptors:
            os.close(descriptor)
    return None


def _receive(control: socket.socket) -> tuple[bytes, list[int]]:
    try:
        text, descriptors, _, _ = socket.recv_fds(control, MAX_REQUEST, MAX_DESCRIPTORS)
    except ConnectionError:
        return b"", []
    return text, descriptors


def _has_forks() -> bool:
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return False
    return True


def _fork() -> int:
    try:
        return os.fork()
    except OSError:  # no memory, no processes: the owner sees that its channel is closed
        return -1


if __name__ == "__main__":
    sys.path.remove(str(Path.cwd()))  # where -m has put it: nothing there may shadow a module
    code = main(int(sys.argv[1]), **json.loads(sys.argv[2]))
    os._exit(code)  # no library gets to say goodbye: they were never used here
