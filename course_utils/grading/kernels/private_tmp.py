"""A private ``/tmp`` for a kernel that can't mount one: Python's calls are redirected.

This module can redirect only paths that Python opens, and words of commands that Python starts. A
library that opens ``/tmp/…`` in C does not pass here, and Landlock refuses the path.
``sandbox.private_tmp`` describes when this module is needed.
"""

import builtins
import functools
import io
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import wrapt

from course_utils.grading.sandbox.private_tmp import TMP, VARIABLE

_OF_OS: Final = (
    "access", "chdir", "chmod", "chown", "link", "listdir", "lstat", "mkdir", "mkfifo", "open",
    "readlink", "remove", "rename", "replace", "rmdir", "scandir", "stat", "statvfs", "symlink",
    "truncate", "unlink", "utime",
)  # fmt: skip
# Libraries that open a file in C, and their functions that take its path.
_OF_OTHERS: Final = {
    "sqlite3": ("connect",), "dbm": ("open",), "torch.serialization": ("save", "load"),
    "torch": ("save", "load"), "h5py": ("File",),
}  # fmt: skip
_WORD: Final = re.compile(r"(?<![^\s'\"=<>:;|&(])/tmp(?=[/\s'\";|&)]|$)")


def redirect_if_asked() -> None:
    """Redirect paths below ``/tmp`` to the folder that the sandbox named, if it named one."""
    folder = os.environ.pop(VARIABLE, "")
    if folder:
        redirect(folder)


def redirect(folder: str) -> None:
    """Redirect paths that Python opens below ``/tmp`` to a folder.

    Args:
        folder: ``tmp`` in the kernel's private folder. Paths in the private folder, which may lie
            below ``/tmp`` itself, stay as they are.
    """
    there = functools.partial(_sent, folder, str(Path(folder).parent))
    builtins.open = io.open = _sending(io.open, there)
    for name in _OF_OS:
        setattr(os, name, _in_os(getattr(os, name), there))
    for library, names in _OF_OTHERS.items():
        wrapt.register_post_import_hook(functools.partial(_send_library, names, there), library)
    in_command = functools.partial(_WORD.sub, folder.replace("\\", r"\\"))
    os.system = _sending(os.system, lambda word: _each(word, in_command))
    start = subprocess.Popen.__init__

    def popen(self: Any, args: Any, *more: Any, **settings: Any) -> None:
        start(self, _each(args, in_command), *more, **settings)

    subprocess.Popen.__init__ = popen  # type: ignore[method-assign]


def _sent(folder: str, private: str, path: Any) -> Any:
    """Redirect a path below ``/tmp``; return anything else unchanged."""
    if not isinstance(path, (str, os.PathLike)):
        return path
    text = os.fspath(path)
    if not isinstance(text, str) or not (text == TMP or text.startswith(f"{TMP}/")):
        return path
    if text == private or text.startswith(f"{private}/"):
        return path
    return folder + text[len(TMP) :]


def _sending(function: Callable[..., Any], there: Callable[[Any], Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def sending(*args: Any, **kwargs: Any) -> Any:
        return function(*map(there, args), **{name: there(v) for name, v in kwargs.items()})

    return sending


def _in_os(function: Callable[..., Any], there: Callable[[Any], Any]) -> Callable[..., Any]:
    sending = _sending(function, there)
    for able in (os.supports_fd, os.supports_dir_fd, os.supports_follow_symlinks):
        # shutil and pathlib look a function up in these sets before they use descriptors.
        if function in able:
            able.add(sending)
    return sending


def _send_library(names: tuple[str, ...], there: Callable[[Any], Any], module: ModuleType) -> None:
    for name in names:
        found = getattr(module, name)
        if isinstance(found, type):
            wrapt.wrap_function_wrapper(
                module,
                f"{name}.__init__",
                lambda wrapped, _, args, kwargs: wrapped(*map(there, args), **kwargs),
            )
        else:
            setattr(module, name, _sending(found, there))


def _each(words: Any, change: Callable[[str], str]) -> Any:
    if isinstance(words, str):
        return change(words)
    if isinstance(words, (list, tuple)):
        return [change(word) if isinstance(word, str) else word for word in words]
    return words
