"""A folder's files as plain data, so that another machine can have them."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import lru_cache
from pathlib import Path, PurePosixPath

from course_utils.grading.scratch import Scratch, scratch

_LEFT_OUT = (".*", "__pycache__", "*.pyc")


@dataclass(frozen=True)
class Bundle:
    """Ordinary files.

    Attributes:
        files: path below the folder, with "/", and content.
    """

    files: tuple[tuple[str, bytes], ...]

    @classmethod
    def of(cls, folder: Path, without: tuple[str, ...] = ()) -> "Bundle":
        """Read a folder; hidden files and compiled ones stay behind.

        Args:
            folder: where to read.
            without: names of files and folders in it, but not further down, that stay behind too.
        """
        found = []
        for root, folders, names in os.walk(folder):
            here = without if Path(root) == folder else ()
            folders[:] = [name for name in folders if not _left_out(name) and name not in here]
            paths = [Path(root, name) for name in names if not _left_out(name)]
            paths = [path for path in paths if path.name not in here]
            found += [path for path in paths if path.is_file() and not path.is_symlink()]
        pairs = ((path.relative_to(folder).as_posix(), path.read_bytes()) for path in found)
        return cls(tuple(sorted(pairs)))

    def over(self, others: Mapping[PurePosixPath, bytes]) -> "Bundle":
        """These files and others, where these do not stand in their place.

        A file of one side may have the name of a folder of the other; then, too, these stay.
        """
        own = {PurePosixPath(name) for name, _ in self.files}
        taken = own.union(*(path.parents for path in own))
        free = {
            str(path): content
            for path, content in others.items()
            if path not in taken and own.isdisjoint(path.parents)
        }
        return Bundle(tuple(sorted([*self.files, *free.items()])))

    def without(self, patterns: Iterable[str], paths: Iterable[str]) -> "Bundle":
        """These files but some.

        Args:
            patterns: of names; a file is out if its name, or that of a folder that it is in,
                matches one.
            paths: of single files.
        """
        patterns, paths = list(patterns), set(paths)
        kept = (
            (name, content)
            for name, content in self.files
            if name not in paths
            if not any(fnmatch(part, p) for part in PurePosixPath(name).parts for p in patterns)
        )
        return Bundle(tuple(kept))

    def unpack(self, folder: Path) -> None:
        """Write the files below a folder."""
        for name, content in self.files:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def _left_out(name: str) -> bool:
    return any(fnmatch(name, pattern) for pattern in _LEFT_OUT)


@lru_cache(maxsize=4)
def unpacked(bundle: Bundle) -> Scratch:
    """A folder with the bundle's files, there as long as the returned object.

    The master's bundle is the same for a whole class: it is unpacked once a process.
    """
    folder = scratch("master")
    bundle.unpack(Path(folder.name))
    return folder
