"""Fashion-MNIST: from a folder, from the cache, from the network, or drawn by the package."""

import gzip
import hashlib
import os
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from course_utils.datasets.download import DownloadError, fetch
from course_utils.datasets.drawn_clothes import CONFUSION, draw_clothes

CLASS_NAMES: Final = (
    "camiseta",
    "pantalón",
    "suéter",
    "vestido",
    "abrigo",
    "sandalia",
    "camisa",
    "zapatilla",
    "bolso",
    "botín",
)
FOLDER_VARIABLE: Final = "FASHION_MNIST_DIR"
PIXELS: Final = 28
MIRRORS: Final = (
    "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
)
_SPLITS: Final = {"train": ("train", 60_000), "test": ("t10k", 10_000)}
_MD5: Final = {
    "train-images-idx3-ubyte.gz": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
    "train-labels-idx1-ubyte.gz": "25c81989df183df01b3e8a0aad5dffbe",
    "t10k-images-idx3-ubyte.gz": "bef4ecab320f06d8554ea6380940ec79",
    "t10k-labels-idx1-ubyte.gz": "bb300cfdad3c16e7a12a480ee83cd310",
}
_MAGIC: Final = {1: 2049, 3: 2051}  # IDX: unsigned bytes in so many dimensions


@dataclass(frozen=True)
class Fashion:
    """The whole data set and where it came from.

    Attributes:
        x_train: (N, 28, 28) uint8, 0 (background) to 255.
        y_train: (N,) uint8, 0 to 9, in the order of CLASS_NAMES.
        x_test: (M, 28, 28) uint8.
        y_test: (M,) uint8.
        real: False where the pictures are the drawn stand-in.
    """

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    real: bool


def load_or_draw(*, root: Path | str | None = None) -> Fashion:
    """Load both splits; without network, cache and folder draw a stand-in, and say so.

    Args:
        root: as in ``load_fashion_mnist``. What is wrong with a folder that was named is an
            error: it is never hidden behind the stand-in.

    Returns:
        The data set.

    Raises:
        ValueError: a file of the named folder is not what it should be.
        FileNotFoundError: the named folder lacks a file.
    """
    try:
        train, test = (load_fashion_mnist(split, root=root) for split in _SPLITS)
    except DownloadError as error:
        print(f"⚠ {error}")
        print("→ Seguimos con prendas dibujadas por el curso: mismas formas, tipos y clases.")
        share = f"{CONFUSION:.0%}".replace("%", " %")
        print(f"  Adrede, un {share} lleva la silueta de otra clase, para que haya confusiones.")
        (x_train, y_train), (x_test, y_test) = draw_clothes(60_000, 0), draw_clothes(10_000, 1)
        return Fashion(x_train, y_train, x_test, y_test, real=False)
    return Fashion(*train, *test, real=True)


def load_fashion_mnist(
    split: str = "train", *, root: Path | str | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Load Fashion-MNIST: 28×28 px grey pictures of clothes, ten classes.

    Args:
        split: "train" (60,000 examples) or "test" (10,000).
        root: folder with the four official .gz files, or with smaller ones of the same format;
            None takes the environment variable FASHION_MNIST_DIR, else looks in the cache, then
            downloads.

    Returns:
        images: (N, 28, 28) uint8, 0 (background) to 255.
        labels: (N,) uint8, 0 to 9, in the order of CLASS_NAMES.

    Raises:
        ValueError: unknown split, or a file whose checksum or content is wrong (the message
            names it).
        FileNotFoundError: a file is missing under root; the message says which, and where it goes.
        DownloadError: the data are neither in a folder nor in the cache, and can't be fetched.

    Source:
        Xiao, Rasul and Vollgraf (2017), arXiv:1708.07747. MIT licence.
    """
    if split not in _SPLITS:
        raise ValueError(f'No existe la parte "{split}" de Fashion-MNIST: usa "train" o "test".')
    folder = root or os.environ.get(FOLDER_VARIABLE)
    find = _in_folder(Path(folder).expanduser()) if folder else _cached
    prefix, official_size = _SPLITS[split]
    image_file = find(f"{prefix}-images-idx3-ubyte.gz")
    images = read_idx(image_file, 3)
    label_file = find(f"{prefix}-labels-idx1-ubyte.gz")
    labels = read_idx(label_file, 1)
    _check_pair(images, labels, image_file, label_file)
    if len(images) == official_size:
        _check_md5(image_file)
        _check_md5(label_file)
    return images, labels


def cache_folder() -> Path:
    """Where downloaded files are kept."""
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "course-utils" / "fashion-mnist"


def _in_folder(folder: Path) -> Callable[[str], Path]:
    def find(name: str) -> Path:
        if not (folder / name).is_file():
            raise FileNotFoundError(
                f"Falta el archivo {name} en la carpeta {folder}. Copia allí los cuatro archivos "
                f"oficiales de Fashion-MNIST ({', '.join(_MD5)}), o quita la variable "
                f"{FOLDER_VARIABLE} (y el argumento root) para descargarlos."
            )
        return folder / name

    return find


def _cached(name: str) -> Path:
    """The file in the cache, fetched where it is missing or damaged."""
    target = cache_folder() / name
    if not (target.is_file() and md5(target) == _MD5[name]):
        fetch([mirror + name for mirror in MIRRORS], target, _MD5[name])
    return target


def md5(path: Path) -> str:
    """MD5 of a file, as 32 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _check_md5(path: Path) -> None:
    expected = _MD5[path.name]
    if md5(path) != expected:
        raise ValueError(
            f"El archivo {path} tiene el tamaño oficial pero otro contenido: su MD5 es "
            f"{md5(path)} y debe ser {expected}. Bórralo y descárgalo de nuevo."
        )


def read_idx(path: Path, dimensions: int) -> np.ndarray:
    """Read a gzipped IDX file of unsigned bytes.

    Args:
        path: the .gz file.
        dimensions: 3 for images (N, 28, 28), 1 for labels (N,).

    Returns:
        The array, uint8, with so many dimensions.

    Raises:
        ValueError: truncated, not gzip, other kind of file, or other picture size (the message
            says which, where and what to do).
    """
    data = _unzipped(path)
    header = 4 * (1 + dimensions)
    numbers = np.frombuffer(data[:header], dtype=">u4")
    if len(numbers) != 1 + dimensions or numbers[0] != _MAGIC[dimensions]:
        found = int(numbers[0]) if len(numbers) else "ninguno"
        raise ValueError(
            f"El archivo {path} no es de Fashion-MNIST: su número mágico es {found} y debe ser "
            f"{_MAGIC[dimensions]}. ¿Es la carpeta de otro conjunto de datos, o están cambiados "
            f"los nombres de imágenes y etiquetas?"
        )
    shape = tuple(map(int, numbers[1:]))
    _check_shape(path, shape, len(data) - header)
    return np.frombuffer(data, dtype=np.uint8, offset=header).reshape(shape)


def _unzipped(path: Path) -> bytes:
    try:
        return gzip.decompress(path.read_bytes())
    except EOFError:
        raise ValueError(
            f"El archivo {path} está incompleto (se cortó al copiarlo o descargarlo). "
            f"Bórralo y cópialo de nuevo."
        ) from None
    except (gzip.BadGzipFile, zlib.error):
        raise ValueError(
            f"El archivo {path} no es un .gz sano: está dañado o es otra cosa con ese nombre. "
            f"Bórralo y descárgalo de nuevo."
        ) from None


def _check_shape(path: Path, shape: tuple[int, ...], held: int) -> None:
    if shape[1:] not in {(), (PIXELS, PIXELS)}:
        raise ValueError(
            f"Las imágenes de {path} miden {shape[1]}×{shape[2]} píxeles y deben medir "
            f"{PIXELS}×{PIXELS}: parece otro conjunto de datos."
        )
    announced = int(np.prod(shape))
    if announced != held:
        raise ValueError(
            f"El archivo {path} anuncia {announced} bytes de datos y trae {held}: está "
            f"incompleto o dañado. Bórralo y cópialo de nuevo."
        )


def _check_pair(images: np.ndarray, labels: np.ndarray, image_file: Path, label_file: Path) -> None:
    if len(images) != len(labels) or not len(images):
        raise ValueError(
            f"{image_file.name} tiene {len(images)} imágenes y {label_file.name} tiene "
            f"{len(labels)} etiquetas, en {image_file.parent}: deben ser tantas unas como otras, "
            f"y al menos una. Copia de nuevo los dos archivos, de la misma fuente."
        )
    if labels.max() >= len(CLASS_NAMES):
        raise ValueError(
            f"{label_file} tiene la etiqueta {labels.max()} y las de Fashion-MNIST van de 0 a 9: "
            f"parece otro conjunto de datos (¿letras?)."
        )
