"""The kernel manager that starts a kernel in the sandbox."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from queue import Empty
from typing import Any

import zmq
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from traitlets import Bool, Float, Integer, List, Type, Unicode

from course_utils.grading import trees
from course_utils.grading.forkserver import provisioner
from course_utils.grading.sandbox.landlock import python_paths
from course_utils.grading.sandbox.levels import NONE, supervisor_command, supervisor_environment
from course_utils.grading.sandbox.private import make_private
from course_utils.grading.sandbox.supervisor import Spec

MAX_MESSAGE = 256 << 20
MAX_STAGED = 256 << 20
SWEEP_TIMEOUT = 6.0  # seconds that a supervisor may take to end a notebook's processes
RECONNECT = 5  # milliseconds between attempts to connect to a kernel that has not started yet


class PromptKernelClient(AsyncKernelClient):  # type: ignore[misc]
    """A client for which a kernel is ready as soon as it replies.

    jupyter_client's own client also waits until the output channel is silent for a while.
    """

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait for a message on both channels.

        Replies to further ``kernel_info`` requests may come later. nbclient ignores them: they
        belong to no cell.

        Raises:
            RuntimeError: the kernel died, or no message came in time.
        """
        until = float("inf") if timeout is None else time.monotonic() + timeout
        while time.monotonic() < until:
            self.kernel_info()
            with contextlib.suppress(Empty):
                answer = await self.shell_channel.get_msg(timeout=1)
                await self.iopub_channel.get_msg(timeout=0.2)
                self._handle_kernel_info_reply(answer)
                return
            if not await self._async_is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
        raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")

    # jupyter_client binds the public name to the private coroutine when its class is made, so an
    # override of the private name alone would leave the public name with the old code.
    wait_for_ready = _async_wait_for_ready


class SandboxedKernelManager(AsyncKernelManager):  # type: ignore[misc]
    """Starts the kernel under the supervisor, over UNIX sockets, in a copy of its folder.

    ``nbgrader_config.py`` can set the limits (``c.SandboxedKernelManager.memory = …``).
    """

    level = Unicode("bubblewrap")
    forked = Bool(False, help="Whether the fork server starts the kernel.")
    threads = Integer(0, help="Threads of one operation of TensorFlow's or torch's; 0: all cores.")
    libraries = List(
        Unicode(), None, allow_none=True, help="Heavy ones of the fork server; None: all."
    )
    memory = Integer(6 << 30, help="Bytes of a notebook's processes and files in memory.").tag(
        config=True
    )
    processes = Integer(64, help="Processes of a notebook.").tag(config=True)
    file_size = Integer(512 << 20, help="Bytes of one file.").tag(config=True)
    scratch = Integer(1 << 30, help="Bytes of each private folder.").tag(config=True)
    files = Integer(20_000, help="Files and folders in each private folder.").tag(config=True)
    wall_time = Float(3600, help="Seconds that one kernel may live.").tag(config=True)
    visible = List(Unicode(), help="Further paths that a notebook may read.").tag(config=True)
    client_factory = Type(klass=PromptKernelClient)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # A client disconnects from a kernel that sends a message above MAXMSGSIZE. The options are
        # set before any socket exists: ZeroMQ applies them to new sockets only, and a socket that
        # has to connect a second time may miss its kernel's messages.
        self.context.setsockopt(zmq.MAXMSGSIZE, MAX_MESSAGE)
        self.context.setsockopt(zmq.RECONNECT_IVL, RECONNECT)
        self._private = make_private(Path(tempfile.gettempdir()))
        self.runtime = self._private / "runtime"  # the same path inside the sandbox
        self.transport = "ipc"
        self.connection_file = str(self.runtime / "c.json")
        self.ip = str(self.runtime / "s")  # short: a UNIX socket's path has at most 107 bytes

    async def _async_pre_start_kernel(self, **kwargs: Any) -> Any:
        _stage(Path(kwargs.pop("cwd", None) or "."), self._private / "skeleton" / "notebook")
        kwargs |= {"cwd": str(self._private), "env": supervisor_environment()}
        assert self.kernel_spec is not None
        if self.forked and not provisioner.choose(self.kernel_spec):
            self.log.warning("The fork server's provisioner is not installed: run 'make setup'.")
        return await super()._async_pre_start_kernel(**kwargs)

    pre_start_kernel = _async_pre_start_kernel  # as in ``PromptKernelClient``

    def format_kernel_cmd(self, extra_arguments: list[str] | None = None) -> list[str]:
        """The supervisor's command line; its ``Spec`` holds the kernel's own command line."""
        # Only a later session could read a history in a database, and there is none.
        arguments = [*(extra_arguments or []), "--HistoryManager.enabled=False"]
        command = super().format_kernel_cmd(arguments)
        assert self.kernel_spec is not None
        # An interrupt by signal would reach the supervisor only, which ignores it.
        self.kernel_spec.interrupt_mode = "message"
        command[0] = shutil.which(command[0]) or command[0]
        spec = Spec(
            self.level,
            command,
            str(self._private),
            visible=[*python_paths(), *self.visible],
            memory=self.memory,
            processes=self.processes,
            file_size=self.file_size,
            scratch=self.scratch,
            files=self.files,
            wall_time=self.wall_time,
            quiet=True,  # a kernel speaks through its sockets
            threads=self.threads,
            libraries=self.libraries,
            owner=os.getpid(),
        )
        path = self._private / "spec.json"
        spec.write(path)
        return supervisor_command(path)

    async def _async_kill_kernel(self, restart: bool = False) -> None:
        # End the supervisor first: it alone finds and ends the daemons that a notebook left behind.
        if self.has_kernel and self.provisioner is not None:
            await self.provisioner.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.provisioner.process.wait(SWEEP_TIMEOUT)
        await super()._async_kill_kernel(restart=restart)

    _kill_kernel = _async_kill_kernel

    async def _async_cleanup_resources(self, restart: bool = False) -> None:
        await super()._async_cleanup_resources(restart=restart)
        if not restart:
            trees.remove(self._private)

    cleanup_resources = _async_cleanup_resources


class LandlockedKernelManager(SandboxedKernelManager):
    """A ``SandboxedKernelManager`` without namespaces: Landlock locks the kernel in."""

    level = Unicode("landlock")


class WatchedKernelManager(SandboxedKernelManager):
    """A ``SandboxedKernelManager`` with limits only: for forks on a machine without a sandbox."""

    level = Unicode(NONE)


def kernel_manager_class(level: str, *, forked: bool = False) -> Any:
    """The kernel manager class of a level.

    Args:
        level: the sandbox's level (``sandbox.levels``).
        forked: whether the fork server starts the kernels. Without a sandbox, a cold kernel has
            jupyter_client's own manager.
    """
    if level == NONE:
        return WatchedKernelManager if forked else AsyncKernelManager
    return SandboxedKernelManager if level == "bubblewrap" else LandlockedKernelManager


def _stage(source: Path, target: Path) -> None:
    """Copy the ordinary files beside a notebook, until they exceed ``MAX_STAGED`` bytes."""
    left = MAX_STAGED
    for root, _, files in os.walk(source):
        for name in files:
            path = Path(root) / name
            if path.is_symlink() or not path.is_file() or path.suffix == ".ipynb":
                continue
            left -= path.stat().st_size
            if left < 0:
                return
            copy = target / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
