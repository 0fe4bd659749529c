"""``!`` through pipes.

IPython gives each command a pseudo-terminal, and Landlock's sandbox has none: ``/dev/pts`` holds
those of all programs. With pipes a command prints the same at every level; ``ls`` prints one name
a line.
"""

import codecs
import os
import select
import subprocess
import sys
from typing import Any, Final

_CHUNK: Final = 64 << 10
_PAUSE: Final = 0.05  # seconds between looks at whether a silent command has ended


def run(ipython: Any, command: str) -> None:
    """What ``!command`` does; the exit code goes to ``_exit_code``, as in IPython.

    Args:
        ipython: the shell, whose names are put into the command.
        command: a command line of the system's shell.

    Raises:
        OSError: the command is to run in the background, which IPython has never allowed.
        CalledProcessError: it failed, and the notebook asked IPython to raise then.
    """
    if command.rstrip().endswith("&"):
        raise OSError("Background processes not supported.")
    code = _execute(ipython.var_expand(command, depth=1))
    ipython.user_ns["_exit_code"] = code
    if ipython.system_raise_on_error and code != 0:
        raise subprocess.CalledProcessError(code, command)


def _execute(command: str) -> int:
    """Run a command, print what it prints, and return its exit code as IPython counts it."""
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
    """Print the command's output until it ends.

    Not until its pipe ends: a process that the command left in the background holds that open.
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
