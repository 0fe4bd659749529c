"""Where this process looks for modules during grading."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def without_course(root: Path, *folders: Path) -> Iterator[None]:
    """Keep a course's files out of every import of this process.

    nbgrader puts the working directory at the head of ``sys.path``, for plug-ins that are named by
    a string. The submissions lie below the working directory: any import of a name that a student
    can choose, in any library, would run a student's file with the teacher's rights.
    ``course_utils`` itself needs no entry: Python finds its submodules by the package's own path.

    Args:
        root: folder of the course. Only the folder itself leaves the search path; a Python
            environment below it stays.
        folders: folders that leave the search path with everything below them.
    """
    before = list(sys.path)
    sys.path[:] = [entry for entry in before if not _belongs(Path(entry), root, folders)]
    try:
        yield
    finally:
        sys.path[:] = before


def _belongs(entry: Path, root: Path, folders: tuple[Path, ...]) -> bool:
    entry = entry.resolve()  # an empty entry is the working directory
    within = (folder.resolve() for folder in folders)
    return entry == root.resolve() or any(entry.is_relative_to(folder) for folder in within)
