"""Whether the libraries of the course are there, in the versions that it needs."""

from collections.abc import Sequence
from functools import cache
from importlib import metadata


@cache
def lacking(distribution: str = "course-utils") -> tuple[str, ...]:
    """What a distribution needs and does not find; read once in a process.

    Args:
        distribution: name of an installed distribution; without it nothing is known to lack.

    Returns:
        One phrase in Spanish a library, such as ``keras>=3.10 (hay 2.15.0)``.
    """
    from packaging.requirements import Requirement

    try:
        needed = metadata.requires(distribution) or []
    except metadata.PackageNotFoundError:
        return ()
    found = []
    for requirement in map(Requirement, needed):
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        wanted = f"{requirement.name}{requirement.specifier}"
        try:
            there = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            found.append(f"{wanted} (no está)")
            continue
        if not requirement.specifier.contains(there, prereleases=True):
            found.append(f"{wanted} (hay {there})")
    return tuple(found)


def sentence(phrases: Sequence[str]) -> str:
    """What to tell the student about it; empty where nothing lacks."""
    if not phrases:
        return ""
    install = " ".join(f'"{phrase.partition(" ")[0]}"' for phrase in phrases)
    return (
        f"⚠ Al entorno le falta {', '.join(phrases)}: ejecuta `%pip install {install}` en una "
        "celda nueva y reinicia el kernel."
    )
