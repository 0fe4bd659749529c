"""The private folder of one kernel."""

import os
import shutil
import tempfile
from pathlib import Path

from course_utils.grading.sandbox import bubblewrap
from course_utils.grading.scratch import owned


def make_private(parent: Path) -> Path:
    """Make the private folder of one kernel, with all its subfolders.

    Args:
        parent: folder to make it in.
    """
    private = Path(tempfile.mkdtemp(prefix=owned("k"), dir=parent))
    for part in ("runtime", "tmp", "library", "skeleton/etc", "skeleton/home", "skeleton/notebook"):
        (private / part).mkdir(parents=True)
    for name, text in bubblewrap.ETC.items():
        (private / "skeleton" / "etc" / name).write_text(text, encoding="utf-8")
    give_fonts(private / "skeleton" / "home" / ".config" / "matplotlib")
    return private


def give_fonts(target: Path) -> None:
    """Copy Matplotlib's list of fonts: to make it anew takes Matplotlib seconds.

    Args:
        target: Matplotlib's configuration folder, which must not exist yet.
    """
    target.mkdir(parents=True)
    cache_home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = Path(os.environ.get("MPLCONFIGDIR") or cache_home / "matplotlib")
    for path in folder.glob("fontlist-*.json"):
        shutil.copy(path, target)
