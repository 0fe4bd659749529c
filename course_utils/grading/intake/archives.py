"""Read untrusted ZIPs: every read has a limit that holds whatever sizes the archive states."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import PurePosixPath
from typing import IO

from course_utils.grading.intake import names
from course_utils.grading.rebuild.notes import Refusal, shown

SUFFIXES = {".zip"}
OTHER_SUFFIXES = {".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz"}
_END, _END64 = b"PK\x05\x06", b"PK\x06\x06"
_TAIL = 70_000  # bytes searched for the end record: its comment has at most 65,535
_CHUNK = 2**16
_SYMLINK = 0o120000
_ENCRYPTED = 0x1
_OFFICE = "[Content_Types].xml"  # a member of every file of Word, Excel and PowerPoint
# zipfile unpacks these two piece by piece; for bzip2 and LZMA it sets no bound on a piece, so that
# a few bytes could fill the memory.
_BOUNDED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


def members(
    file: IO[bytes], name: str, directory: int
) -> Iterator[tuple[zipfile.ZipFile, zipfile.ZipInfo]]:
    """Yield the files and folders of a ZIP, in order.

    Args:
        file: the archive.
        name: the archive's name, for the message of a refusal.
        directory: most bytes that the table of contents may have.

    Yields:
        The open archive and the entry of one file or folder.

    Raises:
        Refusal: the file is damaged, no ZIP or an Office document, or its table of contents is too
            large.
    """
    broken = Refusal(f"El ZIP {shown(name)} está dañado o incompleto: vuelve a subirlo.")
    if _directory_size(file) > directory:
        raise Refusal(f"El ZIP {shown(name)} tiene demasiados archivos.")
    try:
        archive = _open(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error) as error:
        raise broken from error
    with archive:
        if _OFFICE in archive.namelist():
            raise Refusal(f"{shown(name)} es un documento de Office y no el notebook.")
        for info in archive.infolist():
            yield archive, info


def read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes:
    """Read one file of at most ``limit`` bytes, whatever size the table of contents states.

    Raises:
        Refusal: the file's name leads out of the folder, or the file is a link, encrypted, damaged,
            too large or compressed by a method other than "stored" and "deflate".
    """
    check_name(info.filename)
    if (info.external_attr >> 16) & 0o170000 == _SYMLINK:
        raise Refusal(f"{shown(info.filename)} es un enlace y no un archivo.")
    if info.flag_bits & _ENCRYPTED:
        raise Refusal(f"{shown(info.filename)} tiene contraseña: entrégalo sin ella.")
    if info.compress_type not in _BOUNDED:
        raise Refusal(f"{shown(info.filename)} está comprimido de un modo que no se acepta.")
    if info.file_size > limit:
        raise Refusal(f"{shown(info.filename)} ocupa más de {limit // 2**20} MB al descomprimirlo.")
    try:
        return _bounded(archive, info)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
        reason = f"{shown(info.filename)} está dañado dentro del ZIP: vuelve a subirlo."
        raise Refusal(reason) from error


def check_name(name: str) -> PurePosixPath:
    """Convert a member's name to a path inside the archive's folder.

    Raises:
        Refusal: the path leads out of the folder.
    """
    path = PurePosixPath(name.replace("\\", "/"))
    inside = bool(path.parts) and not path.is_absolute() and ".." not in path.parts
    if not inside or ":" in path.parts[0] or "\0" in name:
        raise Refusal(f"{shown(name)} señala una carpeta fuera de la entrega.")
    return path


def is_archive(path: PurePosixPath, content: bytes) -> bool:
    """Whether a file is a ZIP to unpack.

    The extension decides; a file without one, or with a notebook's, is judged by its first bytes.
    Files of Excel, Word, NumPy, Keras and torch are ZIPs inside and are not unpacked.
    """
    if path.suffix.lower() in SUFFIXES:
        return True
    begins = content[:4] in (b"PK\x03\x04", _END)
    return begins and (not path.suffix or names.is_notebook(path.name))


def open_bytes(content: bytes) -> IO[bytes]:
    """Wrap bytes as the file object that ``members`` reads."""
    return io.BytesIO(content)


def _bounded(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Read a file piece by piece, up to the stated size: one large read would unpack it all."""
    content = bytearray()
    with archive.open(info) as member:
        while chunk := member.read(_CHUNK):
            content += chunk
    return bytes(content)


def _open(file: IO[bytes]) -> zipfile.ZipFile:
    file.seek(0)
    with suppress(UnicodeDecodeError):  # most programs write UTF-8 without its flag
        return zipfile.ZipFile(file, metadata_encoding="utf-8")
    file.seek(0)
    return zipfile.ZipFile(file)


def _directory_size(file: IO[bytes]) -> int:
    """Bytes of the table of contents, as the end record states; zipfile reads the table whole."""
    file.seek(0, io.SEEK_END)
    file.seek(max(0, file.tell() - _TAIL))
    tail = file.read()
    sizes = [0]
    for mark, offset, form in ((_END, 12, "<L"), (_END64, 40, "<Q")):
        at = tail.rfind(mark)
        if at >= 0 and at + offset + 8 <= len(tail) + 4:
            with suppress(struct.error):
                sizes.append(struct.unpack_from(form, tail, at + offset)[0])
    real = [size for size in sizes if size != 0xFFFFFFFF]
    return max(real)
