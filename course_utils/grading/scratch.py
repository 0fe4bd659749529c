"""Temporary folders of grading, each named for its process: a killed run's are removed later."""

import os
import shutil
import tempfile
from pathlib import Path

import psutil

_PREFIX = "cu-"


def scratch(what: str) -> "tempfile.TemporaryDirectory[str]":
    """A temporary folder of this process.

    Args:
        what: a word that says what for.
    """
    return tempfile.TemporaryDirectory(prefix=owned(what))


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
        if owner.isdigit() and not psutil.pid_exists(int(owner)):
            _remove(folder)


def _remove(folder: Path) -> None:
    if folder.is_dir() and not folder.is_symlink() and folder.stat().st_uid == os.getuid():
        shutil.rmtree(folder, ignore_errors=True)
