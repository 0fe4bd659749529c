"""Versions that must be equal on all machines that grade; otherwise their marks could differ."""

import platform
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import course_utils

PACKAGES = (
    "nbgrader",
    "nbclient",
    "nbconvert",
    "ipykernel",
    "numpy",
    "keras",
    "tensorflow",
    "torch",
)


@cache
def versions() -> dict[str, str]:
    """Name → version of Python, of this package (with a hash of its source), of ``PACKAGES``."""
    found = {"python": platform.python_version(), "course_utils": _own()}
    return found | {name: _installed(name) for name in PACKAGES}


def _own() -> str:
    folder = Path(course_utils.__file__).parent
    digest = sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return f"{course_utils.__version__}+{digest.hexdigest()[:12]}"


def _installed(name: str) -> str:
    try:
        # The suffix of a build (2.13.0+cpu) does not make another version.
        return version(name).partition("+")[0]
    except PackageNotFoundError:
        return "not installed"


def differences(here: dict[str, str], there: dict[str, str]) -> list[str]:
    """One phrase for each name whose version differs."""
    return [
        f"{name} {there.get(name, 'not installed')} instead of {wanted}"
        for name, wanted in here.items()
        if there.get(name) != wanted
    ]
