"""Temporary folders of grading, each named for its process: a killed run's are removed later."""

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

    As ``tempfile.TemporaryDirectory``, which fails at what a student's code may leave there.

    Args:
        prefix: how its name begins.

    Attributes:
        name: its path.
    """

    def __init__(self, prefix: str) -> None:
        self.name = tempfile.mkdtemp(prefix=prefix)
        self._finalizer = weakref.finalize(self, trees.remove, self.name)

    def __enter__(self) -> str:
        return self.name

    def __exit__(self, *_: object) -> None:
        self.cleanup()

    def cleanup(self) -> None:
        """Remove it; a second time does nothing."""
        self._finalizer()


def scratch(what: str) -> Scratch:
    """A temporary folder of this process.

    Args:
        what: a word that says what for.
    """
    return Scratch(owned(what))


def owned(what: str) -> str:
    """How the name of a temporary folder of this process begins.

    Args:
        what: a word that says what for.
    """
    return f"{_PREFIX}{what}-{os.getpid()}-"


def sweep() -> None:
    """Remove this account's folders whose process is gone: a master may lie in them."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*-*"):
        owner = folder.name.split("-")[2]
        # Any account may make a folder there, with digits that int() refuses or no process has.
        if re.fullmatch("[0-9]{1,9}", owner) and not psutil.pid_exists(int(owner)):
            _remove(folder)


def _remove(folder: Path) -> None:
    with contextlib.suppress(OSError):  # another run removes it as well
        status = folder.lstat()
        if stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid():
            trees.remove(folder)
