"""Runs ``!`` commands through pipes.

IPython gives each command a pseudo-terminal. The sandbox with Landlock allows none, because
``/dev/pts`` holds the terminals of all programs. With pipes a command prints the same text at every
level; ``ls`` prints one name a line.
"""

import codecs
import os
import select
import subprocess
import sys
from typing import Any, Final

_CHUNK: Final = 64 << 10
_PAUSE: Final = 0.05  # seconds between checks whether a silent command has ended


def run(ipython: Any, command: str) -> None:
    """Run ``!command``, and store the exit code in ``_exit_code``, as IPython does.

    Args:
        ipython: the kernel's shell; its variables replace ``{name}`` and ``$name`` in the command.
        command: a command line for the system's shell.

    Raises:
        OSError: the command ends with ``&``; IPython does not allow background processes either.
        CalledProcessError: the command failed, and the notebook set ``system_raise_on_error``.
    """
    if command.rstrip().endswith("&"):
        raise OSError("Background processes not supported.")
    code = _execute(ipython.var_expand(command, depth=1))
    ipython.user_ns["_exit_code"] = code
    if ipython.system_raise_on_error and code != 0:
        raise subprocess.CalledProcessError(code, command)


def _execute(command: str) -> int:
    """Run a command, print its output, and return its exit code as IPython reports it."""
    process = subprocess.Popen(
        command,
        shell=True,
        executable=os.environ.get("SHELL"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        _copy(process)
    except KeyboardInterrupt:
        print("^C")
    finally:
        process.kill()
        code = process.wait()
        assert process.stdout is not None
        process.stdout.close()
    return 128 - code if code > 128 else code


def _copy(process: "subprocess.Popen[bytes]") -> None:
    """Print the command's output until the command ends.

    The end of the pipe is not enough: a process that the command left in the background holds the
    pipe open.
    """
    assert process.stdout is not None
    decode = codecs.getincrementaldecoder("utf-8")("replace").decode
    while True:
        ended = process.poll() is not None
        if select.select([process.stdout], [], [], 0 if ended else _PAUSE)[0]:
            chunk = os.read(process.stdout.fileno(), _CHUNK)
            print(decode(chunk, final=not chunk), end="", file=sys.stdout)
            if not chunk:
                process.wait()
                return
        elif ended:
            return
