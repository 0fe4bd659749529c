"""A folder's files as plain data, so that another machine can have them."""

import os
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import lru_cache
from pathlib import Path

from course_utils.grading.scratch import Scratch, scratch

_LEFT_OUT = (".*", "__pycache__", "*.pyc")


@dataclass(frozen=True)
class Parcel:
    """The ordinary files of a folder.

    Attributes:
        files: path below the folder, with "/" → content.
    """

    files: tuple[tuple[str, bytes], ...]

    @classmethod
    def of(cls, folder: Path, *, notebooks: bool) -> "Parcel":
        """Read a folder; hidden files and compiled ones stay behind.

        Args:
            folder: where to read.
            notebooks: whether notebooks go with it.
        """
        left_out = _LEFT_OUT if notebooks else (*_LEFT_OUT, "*.ipynb")
        found = []
        for root, folders, names in os.walk(folder):
            folders[:] = [name for name in folders if not _matches(name, left_out)]
            paths = [Path(root, name) for name in names if not _matches(name, left_out)]
            found += [path for path in paths if path.is_file() and not path.is_symlink()]
        pairs = ((path.relative_to(folder).as_posix(), path.read_bytes()) for path in found)
        return cls(tuple(sorted(pairs)))

    def unpack(self, folder: Path) -> None:
        """Write the files below a folder."""
        for name, content in self.files:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)


@lru_cache(maxsize=4)
def unpacked(parcel: Parcel) -> Scratch:
    """A folder with the parcel's files, there as long as the returned object.

    The master's parcel is the same for a whole class: it is unpacked once a process.
    """
    folder = scratch("master")
    parcel.unpack(Path(folder.name))
    return folder
