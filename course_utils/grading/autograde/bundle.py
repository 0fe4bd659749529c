"""The files of a folder as plain data, which can be sent to another machine."""

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
    """Regular files of a folder.

    Attributes:
        files: pairs of path (below the folder, with "/") and content.
    """

    files: tuple[tuple[str, bytes], ...]

    @classmethod
    def of(cls, folder: Path, without: tuple[str, ...] = ()) -> "Bundle":
        """Read a folder without hidden and compiled files.

        Args:
            folder: the folder.
            without: names of files and folders directly in the folder that are left out, too.
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
        """Add other files; where a path is taken, the bundle's own file stays.

        The bundle's own file stays, too, where one side has a file and the other a folder of the
        same name.
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
        """Leave out some of the files.

        Args:
            patterns: patterns of names; a file is left out if its name or the name of one of its
                folders matches.
            paths: paths of single files that are left out.
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
    """Write a bundle to a temporary folder, which is removed together with the returned object.

    A whole class shares the master's bundle, so each process unpacks it once.
    """
    folder = scratch("master")
    bundle.unpack(Path(folder.name))
    return folder
