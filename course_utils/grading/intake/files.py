"""Read the files that a student handed in: only regular files, within limits."""

import errno
import hashlib
import itertools
import os
import stat
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from course_utils.grading.intake import archives
from course_utils.grading.intake.limits import DEFAULT, Limits
from course_utils.grading.rebuild.notes import Refusal, shown

LEFT_BY_PROGRAMS = {
    ".DS_Store", ".git", ".gitattributes", ".gitignore", ".gitkeep", ".idea", ".ipynb_checkpoints",
    ".pytest_cache", ".vscode", "__MACOSX", "__pycache__", "Thumbs.db", "desktop.ini",
}  # fmt: skip


@dataclass
class HandIn:
    """The files read from one submission.

    Attributes:
        files: path below the place → content; ZIPs are unpacked.
        refused: a Spanish sentence for each part that was not read.
        digest: hash that changes when any file of the submission changes.
        seen: number of files and folders counted so far.
        spent: bytes read so far, including those of files that are not kept.
    """

    files: dict[PurePosixPath, bytes] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    digest: str = ""
    seen: int = 0
    spent: int = 0


def left_by_program(name: str) -> bool:
    """Whether a file or folder has a name that programs use for their own files."""
    return name in LEFT_BY_PROGRAMS or name.startswith("._")


def read(places: Iterable[Path], limits: Limits = DEFAULT, apart: Path | None = None) -> HandIn:
    """Read a submission; ``refused`` lists the files that can't be read, and the others are read.

    Args:
        places: folders and files of the submission. The files of the first place keep their paths;
            those of each further place go below a folder with its number, so that no file hides
            another.
        limits: bounds of all places together.
        apart: a file that nbgrader wrote, not the student: it enters the digest but is not kept.
    """
    found = HandIn()
    digest = hashlib.sha256()
    packed: list[tuple[PurePosixPath, bytes]] = []
    for number, place in enumerate(places):
        folder = place if _is_folder(place) else place.parent
        for path in _walk(place, limits, found):
            inside = path.relative_to(folder)
            digest.update(os.fsencode(inside) + b"\0")
            target = PurePosixPath(str(number) if number else "", inside.as_posix())
            try:
                content = read_regular(path, _room(target, found, limits))
            except Refusal as refusal:
                found.refused.append(str(refusal))
                digest.update(_stamp(path))
                continue
            found.spent += len(content)
            digest.update(hashlib.sha256(content).digest())
            if path != apart:
                _keep(target, content, found, packed)
    for target, content in packed:  # last, so that files outside of ZIPs keep their paths
        _unpack(target, content, found, limits)
    digest.update("\n".join(found.refused).encode())
    found.digest = digest.hexdigest()
    return found


def read_regular(path: Path, limit: int) -> bytes:
    """Read a regular file of at most ``limit`` bytes.

    Raises:
        Refusal: the file is a link, a pipe, a device, unreadable or too large.
    """
    # O_NOFOLLOW: a symbolic link could lead to another student's file. O_NONBLOCK: opening a pipe
    # would wait for a writer. The checks use the open descriptor, since the path may change between
    # a check and the read.
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        descriptor = os.open(path, flags)
    except OSError as error:
        link = error.errno == errno.ELOOP
        kind = "es un enlace y no un archivo" if link else "no se puede abrir"
        raise Refusal(f"{shown(path.name)} {kind}.") from error
    try:  # os.fdopen fails on a folder and would leave the descriptor open
        _check(os.fstat(descriptor), path.name, limit)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            content = file.read(limit + 1)
    finally:
        os.close(descriptor)
    if len(content) > limit:
        raise _too_large(path.name, limit)
    return content


def _check(status: os.stat_result, name: str, limit: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise Refusal(
            f"{shown(name)} no es un archivo común (es una carpeta, una tubería o un dispositivo)."
        )
    if status.st_nlink > 1:  # a hard link, perhaps to another student's file
        raise Refusal(f"{shown(name)} es un enlace a otro archivo.")
    if status.st_size > limit:
        raise _too_large(name, limit)


def _too_large(name: str, limit: int) -> Refusal:
    return Refusal(
        f"{shown(name)} es demasiado grande (se aceptan {limit // 2**20} MB): "
        "borra las salidas del notebook, guárdalo y entrégalo de nuevo."
    )


def _room(path: PurePosixPath, found: HandIn, limits: Limits) -> int:
    """Bytes that the next file may have."""
    large = path.suffix.lower() in {".ipynb", ".json"} | archives.SUFFIXES
    return max(0, min(limits.notebook if large else limits.data, limits.total - found.spent))


def _keep(
    path: PurePosixPath, content: bytes, found: HandIn, packed: list[tuple[PurePosixPath, bytes]]
) -> None:
    if path.suffix.lower() in archives.OTHER_SUFFIXES:
        found.refused.append(
            f"{shown(path.name)} es un archivo comprimido que no se puede abrir: entrega el .ipynb."
        )
    elif archives.is_archive(path, content):
        packed.append((path, content))
    else:
        found.files[path] = content


def _unpack(path: PurePosixPath, content: bytes, found: HandIn, limits: Limits) -> None:
    try:
        listed = archives.members(archives.open_bytes(content), path.name, limits.directory)
        for archive, info in listed:
            if not _counted(found, limits):
                return
            if info.filename.endswith("/"):  # is_dir() raises on an empty name
                continue
            try:
                _unpack_one(path, archive, info, found, limits)
            except Refusal as refusal:
                found.refused.append(str(refusal))
    except Refusal as refusal:
        found.refused.append(str(refusal))


def _unpack_one(
    path: PurePosixPath,
    archive: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    found: HandIn,
    limits: Limits,
) -> None:
    inside = path.parent / archives.check_name(info.filename)
    if any(map(left_by_program, inside.parts)):
        return
    room = _room(inside, found, limits)
    found.spent += info.file_size if info.file_size <= room else 0
    content = archives.read(archive, info, room)
    if inside.suffix.lower() in archives.OTHER_SUFFIXES or archives.is_archive(inside, content):
        raise Refusal(
            f"{shown(inside.name)} es un archivo comprimido dentro de otro: entrega el .ipynb solo."
        )
    while inside in found.files:
        inside = PurePosixPath(f"{path.name}.d", inside)
    found.files[inside] = content


def _walk(place: Path, limits: Limits, found: HandIn) -> Iterator[Path]:
    """Yield all paths of a place that are not folders, level by level; links are not followed."""
    level: Iterable[Path] = [place]
    below: list[Path] = []
    for _ in range(limits.depth + 1):
        below = []
        for path in level:
            if not _counted(found, limits):
                return
            if left_by_program(path.name):
                continue
            if _is_folder(path):
                below.append(path)
            else:
                yield path
        level = (path for parent in below for path in _listed(parent, limits, found))
    if below:
        found.refused.append("La entrega tiene carpetas dentro de carpetas, demasiadas.")


def _counted(found: HandIn, limits: Limits) -> bool:
    """Count one more file; False beyond the limit, which ``refused`` mentions once."""
    found.seen += 1
    if found.seen == limits.files + 1:
        found.refused.append(f"La entrega tiene demasiados archivos: más de {limits.files}.")
    return found.seen <= limits.files


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _listed(folder: Path, limits: Limits, found: HandIn) -> list[Path]:
    try:
        return sorted(itertools.islice(folder.iterdir(), limits.files + 1))
    except OSError:
        found.refused.append(f"La carpeta {shown(folder.name)} no se puede abrir.")
        return []


def _stamp(path: Path) -> bytes:
    try:
        status = os.lstat(path)
    except OSError:
        return b"gone"
    return f"{status.st_mode} {status.st_size} {status.st_mtime_ns}".encode()
