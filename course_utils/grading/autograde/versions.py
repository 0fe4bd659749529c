"""What must be the same on every machine that grades: else marks could differ by machine."""

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
    """Name → version, of Python, the course's package (with a digest of its text) and others."""
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
        # A build's own suffix (2.13.0+cpu) makes no other version.
        return version(name).partition("+")[0]
    except PackageNotFoundError:
        return "not installed"


def differences(here: dict[str, str], there: dict[str, str]) -> list[str]:
    """What differs, a phrase for each name."""
    return [
        f"{name} {there.get(name, 'not installed')} instead of {wanted}"
        for name, wanted in here.items()
        if there.get(name) != wanted
    ]
