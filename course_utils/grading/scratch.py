"""Temporary folders of grading; the name of each folder holds the id of its process.

A killed process can't remove its folders. The next run finds them by that id and removes them.
"""

import contextlib
import os
import re
import stat
import tempfile
import weakref
from pathlib import Path

import psutil

from course_utils.grading import trees

_PREFIX = "cu-"


class Scratch:
    """A temporary folder, removed with the object or when the context ends.

    ``tempfile.TemporaryDirectory`` would fail at some folders that a student's code may leave there
    (see ``trees``).

    Args:
        prefix: beginning of the folder's name.

    Attributes:
        name: path of the folder.
    """

    def __init__(self, prefix: str) -> None:
        self.name = tempfile.mkdtemp(prefix=prefix)
        self._finalizer = weakref.finalize(self, trees.remove, self.name)

    def __enter__(self) -> str:
        return self.name

    def __exit__(self, *_: object) -> None:
        self.cleanup()

    def cleanup(self) -> None:
        """Remove the folder; a second call does nothing."""
        self._finalizer()


def scratch(what: str) -> Scratch:
    """Make a temporary folder of this process.

    Args:
        what: one word for the purpose of the folder.
    """
    return Scratch(owned(what))


def owned(what: str) -> str:
    """The beginning of the name of a temporary folder of this process.

    Args:
        what: one word for the purpose of the folder.
    """
    return f"{_PREFIX}{what}-{os.getpid()}-"


def sweep() -> None:
    """Remove this account's folders whose process is gone; the folders may hold a master."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*-*"):
        owner = folder.name.split("-")[2]
        # Any account may make such a folder, with digits that int() refuses or no process has.
        if re.fullmatch("[0-9]{1,9}", owner) and not psutil.pid_exists(int(owner)):
            _remove(folder)


def _remove(folder: Path) -> None:
    with contextlib.suppress(OSError):  # another run removes it as well
        status = folder.lstat()
        if stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid():
            trees.remove(folder)
