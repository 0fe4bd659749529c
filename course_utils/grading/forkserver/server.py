"""The fork server's program: ``python -m course_utils.grading.forkserver.server FD SETTINGS``.

The server has one thread. It imports libraries and runs nothing else. It holds no data of a
course: no master, no submission, no secret of the environment. With each request comes a socket to
the owner; the fork keeps the socket, and the server closes it at once. The server ends when its
owner has ended, or after some time without a request and without forks. Kernels and examiners that
it forked outlive the server.

A fork can become a server itself: one process imports what all units use, then one fork imports
TensorFlow and another fork imports torch, at the same time. Such a fork ends when its parent ends.
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
LOOK = 2.0  # seconds between checks whether the owner still lives
_END = object()
Request = tuple[dict[str, Any], list[int]]  # the parsed JSON, and the descriptors that came with it


def main(descriptor: int, modules: list[str], folder: str, idle: float) -> int:
    """Import the modules, check that forking is safe, and serve.

    Args:
        descriptor: number of the socket to the owner.
        modules: modules to import.
        folder: the server's own folder, needed for the imports only.
        idle: seconds without a request after which the server ends.

    Returns:
        Exit code for this process: the server, or one of its forks.
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
        # From here on this process is a fork. It has returned from the serving loop, so the loop's
        # frames are not on its stack, where student code could find them.
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
    """Turn this fork into a server.

    Returns:
        Modules to import, the server's folder, and ``idle``.
    """
    handle = os.pidfd_open(os.getpid())
    socket.send_fds(channel, [b"{}"], [handle])
    os.close(handle)
    os.environ.update(env)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    return modules, folder, idle


def _prepare_and_serve(
    control: socket.socket, modules: list[str], folder: str, idle: float
) -> "Request | int":
    """Import the modules, check that forking is safe, and serve.

    Returns:
        In a fork: the request that it has to carry out. In the server: an exit code.
    """
    owner = os.getppid()
    control.set_inheritable(False)
    gc.disable()  # collections take a quarter of the imports' time and free hardly anything
    missing = preload.load(modules)
    shutil.rmtree(folder, ignore_errors=True)
    objections = preload.objections()
    _send(control, {"refused": "; ".join(objections), "missing": missing})
    if objections:
        return 1
    # A collection writes to every object that it looks at, and the system copies each page that a
    # fork writes to. Frozen objects are left out of collections.
    gc.freeze()
    gc.enable()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system reaps forks: no zombies
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return _serve(control, owner, idle) or 0


def _send(control: socket.socket, message: dict[str, Any]) -> None:
    control.send(json.dumps(message).encode("utf-8"))


def _serve(control: socket.socket, owner: int, idle: float) -> Request | None:
    """Fork for each request.

    Returns:
        In the fork: the request. In the server, at its end: None.
    """
    until = time.monotonic() + idle
    tidying = huge_pages.collapse()  # runs step by step while no request waits
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
        if request["kind"] == "server":  # that server will fork the kernels: stop tidying here
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
    # Out of memory or processes: the server closes its end of the channel, which the owner reports.
    except OSError:
        return -1


if __name__ == "__main__":
    # ``-m`` puts the working directory first on sys.path, where a file could shadow a module.
    sys.path.remove(str(Path.cwd()))
    code = main(int(sys.argv[1]), **json.loads(sys.argv[2]))
    os._exit(code)  # skips the libraries' exit handlers: no library was used here
