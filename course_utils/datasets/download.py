"""Fetching a file over the network: checked, with a progress bar, and whole or not at all."""

import contextlib
import errno
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from http.client import HTTPException
from pathlib import Path
from typing import IO, Any
from urllib.error import HTTPError
from urllib.request import urlopen

ATTEMPTS = 3  # for each address, where the connection breaks on the way
TIMEOUT = 5.0  # seconds without an answer
PAUSE = 0.5  # seconds before another attempt
CHUNK = 1 << 16  # bytes


class DownloadError(OSError):
    """A file could not be fetched; the message says why and what to do, in Spanish."""


class _WrongContent(OSError):
    """What came is not what was asked for."""


def fetch(addresses: Sequence[str], target: Path, md5: str) -> None:
    """Fetch a file from the first address that gives it whole and unchanged.

    The bytes go to a file beside the target that takes its name only once the checksum holds:
    a half-written download is never used.

    Args:
        addresses: where the file may be had, in order of preference.
        target: where it goes; its folder is made.
        md5: its checksum, 32 hexadecimal digits.

    Raises:
        DownloadError: no address gave it, or it could not be written.
    """
    reasons = []
    for address in addresses:
        try:
            _fetch_from(address, target, md5)
            return
        except (OSError, HTTPException) as error:
            _stop_if_it_is_the_disk(error, target)
            reasons.append(_reason(error))
    raise DownloadError(
        f"No se pudo descargar {target.name}: {'; '.join(dict.fromkeys(reasons))}. Revisa tu "
        f"conexión y ejecuta la celda otra vez, o copia los archivos oficiales en una carpeta y "
        f"ponla en la variable FASHION_MNIST_DIR."
    )


def _fetch_from(address: str, target: Path, md5: str) -> None:
    for attempt in range(ATTEMPTS):
        try:
            _fetch_once(address, target, md5)
            return
        except (ConnectionResetError, HTTPException, _WrongContent):
            if attempt == ATTEMPTS - 1:
                raise
            time.sleep(PAUSE)


def _fetch_once(address: str, target: Path, md5: str) -> None:
    with urlopen(address, timeout=TIMEOUT) as answer, _beside(target) as file:
        found = _copy(answer, file, target.name)
        if found != md5:
            raise _WrongContent(f"el archivo llegó distinto (MD5 {found} en vez de {md5})")


@contextlib.contextmanager
def _beside(target: Path) -> Iterator[IO[bytes]]:
    """A file that takes the target's name if the block ends well, and vanishes if not."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f"{target.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _copy(answer: Any, file: IO[bytes], name: str) -> str:
    """Copy what comes, with a bar; its MD5."""
    from tqdm.auto import tqdm

    digest = hashlib.md5(usedforsecurity=False)
    total = int(answer.headers.get("Content-Length") or 0) or None
    with tqdm(total=total, unit="B", unit_scale=True, desc=name) as bar:
        while chunk := answer.read(CHUNK):
            file.write(chunk)
            digest.update(chunk)
            bar.update(len(chunk))
    return digest.hexdigest()


def _stop_if_it_is_the_disk(error: Exception, target: Path) -> None:
    number = getattr(error, "errno", None)
    if number in (errno.ENOSPC, errno.EDQUOT):
        raise DownloadError(
            f"No queda espacio en el disco para {target.name} en {target.parent}. Libera unos "
            f"40 MB y ejecuta la celda otra vez."
        ) from None
    if number in (errno.EACCES, errno.EROFS, errno.EPERM):
        raise DownloadError(
            f"No se puede escribir en {target.parent}. Da permiso de escritura a esa carpeta o "
            f"elige otra con la variable XDG_CACHE_HOME."
        ) from None


def _reason(error: Exception) -> str:
    if isinstance(error, _WrongContent):
        return str(error)
    if isinstance(error, HTTPError):
        return f"el servidor contestó con el código {error.code}"
    if isinstance(error, TimeoutError) or isinstance(getattr(error, "reason", None), TimeoutError):
        return "el servidor no contestó a tiempo"
    if isinstance(error, (ConnectionResetError, HTTPException)):
        return "la conexión se cortó"
    return "no hay conexión con el servidor"
