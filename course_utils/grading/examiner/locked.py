"""Locks the examiner in, then runs it: ``python -m …examiner.locked FD SPEC``.

The lock holds for the thread that asks for it and for what comes from it. So it is set before
NumPy, TensorFlow or torch are there, and with them their threads.
"""

import json
import resource
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from course_utils.grading.sandbox import landlock

# Bytes of the process's own memory. NumPy makes of one long text and many short ones an array in
# which each takes the room of the longest: without a limit, a reply of 100 kB would fill the
# machine's memory. With TensorFlow and torch at work the course's units need 0.7 GB.
MEMORY: Final = 4 << 30


def lock(reads: list[str], writes: list[str], *, locked: bool) -> None:
    """Lock this process in.

    Args:
        reads: what may be read besides the interpreter and the system's libraries.
        writes: what may be written.
        locked: False where this machine has no Landlock.
    """
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    if locked:
        landlock.limit(landlock.EXAMINER_MEMORY, landlock.EXAMINER_FILE, 4096)
        read = [*landlock.SYSTEM, *landlock.python_paths(), *reads]
        landlock.lock_in(read, [*writes, "/dev/null"], families=())


def serve(descriptor: int) -> None:
    """Examine over an inherited socket until the coordinator hangs up.

    A module beside the master can be imported, as in a student's notebook. It is the master's own
    copy, and comes behind all libraries.
    """
    sys.path.append(str(Path.cwd()))
    from course_utils.grading.examiner.process import Examiner

    Examiner(Connection(descriptor)).serve()


if __name__ == "__main__":
    lock(**json.loads(sys.argv[2]))
    serve(int(sys.argv[1]))
