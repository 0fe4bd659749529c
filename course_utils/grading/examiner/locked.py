"""Locks the examiner in, then runs it: ``python -m …examiner.locked FD SPEC``.

Landlock restricts the calling thread and the threads and processes that this thread starts. So
the process locks itself in before it imports NumPy, TensorFlow or torch, which start threads:
these threads would stay unrestricted.
"""

import json
import resource
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from course_utils.grading.sandbox import landlock

# Bytes of the process's own memory. NumPy gives every text of an array as much room as the longest
# text needs. So one long text among many short texts makes a reply of 100 kB fill the machine's
# memory, unless there is a limit. The course's units, TensorFlow and torch included, need 0.7 GB.
MEMORY: Final = 4 << 30


def lock(reads: list[str], writes: list[str], *, locked: bool) -> None:
    """Lock this process in, and limit its memory.

    Args:
        reads: files and folders to read besides the interpreter and the system's libraries.
        writes: folders to write to.
        locked: False where this machine has no Landlock: only the memory limit is set then.
    """
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    if locked:
        landlock.limit(landlock.EXAMINER_MEMORY, landlock.EXAMINER_FILE, 4096)
        read = [*landlock.SYSTEM, *landlock.python_paths(), *reads]
        landlock.lock_in(read, [*writes, "/dev/null"], families=())


def serve(descriptor: int) -> None:
    """Serve the coordinator over an inherited socket until the coordinator closes the socket.

    Test cells can import a module that lies beside the master, as a student's notebook can. The
    examiner imports the master's own copy. The folder is last on ``sys.path``: no module in it
    shadows a library's.

    Args:
        descriptor: number of the socket.
    """
    sys.path.append(str(Path.cwd()))
    from course_utils.grading.examiner.process import Examiner

    Examiner(Connection(descriptor)).serve()


if __name__ == "__main__":
    lock(**json.loads(sys.argv[2]))
    serve(int(sys.argv[1]))
