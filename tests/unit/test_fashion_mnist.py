"""Fashion-MNIST's loader: folders, cache, downloads, and the drawn stand-in."""

import errno
import gzip
import hashlib
import os
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from course_utils.datasets import download, fashion_mnist
from course_utils.datasets.download import DownloadError, fetch
from course_utils.datasets.drawn_clothes import draw_clothes
from course_utils.datasets.fashion_mnist import load_fashion_mnist, load_or_draw
from tests.unit.clothes import drawn, idx, real_or_drawn


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv(fashion_mnist.FOLDER_VARIABLE, raising=False)
    monkeypatch.setattr(download, "PAUSE", 0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small data set in the official format."""
    return drawn(tmp_path / "data", 20, 10)


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENETUNREACH, "unreachable")

    monkeypatch.setattr(download, "urlopen", refuse)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    place = tmp_path / "served"
    place.mkdir()
    handler = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=place)) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{http.server_port}/", place
        http.shutdown()


def md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def test_a_folder_gives_its_images_and_labels_as_they_are(folder: Path):
    images, labels = load_fashion_mnist("train", root=folder)
    pictures, picture_labels = draw_clothes(20, 0)
    assert images.dtype == labels.dtype == np.uint8
    assert (images == pictures).all()
    assert (labels == picture_labels).all()
    assert load_fashion_mnist("test", root=str(folder))[0].shape == (10, 28, 28)


def test_the_environment_variable_names_the_folder(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(fashion_mnist.FOLDER_VARIABLE, str(folder))
    data = load_or_draw()
    assert (len(data.x_train), len(data.y_test), data.real) == (20, 10, True)


def test_nine_hundred_images_are_read(tmp_path: Path):
    data = load_or_draw(root=real_or_drawn(tmp_path / "900", 700, 200))
    assert (np.bincount(data.y_train) == 70).all()
    assert (np.bincount(data.y_test) == 20).all()
    assert data.x_train.max() == 255


def test_an_unknown_split_is_named():
    with pytest.raises(ValueError, match='la parte "validation"'):
        load_fashion_mnist("validation")


def test_a_missing_file_is_named_with_its_folder(folder: Path):
    (folder / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(FileNotFoundError, match=r"t10k-labels-idx1-ubyte\.gz en la carpeta .*data"):
        load_fashion_mnist("test", root=folder)


def damaged(folder: Path, what: str) -> None:
    images, labels = (folder / f"train-{k}.gz" for k in ("images-idx3-ubyte", "labels-idx1-ubyte"))
    if what == "truncated gzip":
        images.write_bytes(images.read_bytes()[:-40])
    elif what == "truncated data":
        images.write_bytes(gzip.compress(gzip.decompress(images.read_bytes())[:-5]))
    elif what == "not gzip":
        images.write_bytes(b"<html>404</html>")
    elif what == "other magic":
        images.write_bytes(gzip.compress(b"CIFAR" * 100))
    elif what == "swapped":
        shutil.copy(labels, images)
    elif what == "empty":
        images.write_bytes(gzip.compress(b""))
    elif what == "other size":
        images.write_bytes(idx(np.zeros((20, 32, 32))))
    elif what == "letters":
        labels.write_bytes(idx(np.arange(20) + 1))
    elif what == "unequal":
        labels.write_bytes(idx(np.zeros(19)))


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("truncated gzip", "está incompleto"),
        ("truncated data", "anuncia 15680 bytes de datos y trae 15675"),
        ("not gzip", "no es un .gz sano"),
        ("other magic", "número mágico es 1128875585 y debe ser 2051"),
        ("swapped", "número mágico es 2049"),
        ("empty", "número mágico es ninguno"),
        ("other size", "miden 32×32 píxeles"),
        ("letters", "etiqueta 20 y las de Fashion-MNIST van de 0 a 9"),
        ("unequal", "20 imágenes y train-labels-idx1-ubyte.gz tiene 19 etiquetas"),
    ],
)
def test_a_damaged_or_foreign_file_is_diagnosed(folder: Path, what: str, says: str):
    damaged(folder, what)
    with pytest.raises(ValueError, match=says) as error:
        load_or_draw(root=folder)
    assert str(folder) in str(error.value)


def test_official_size_with_other_contents_fails_the_checksum(folder: Path):
    (folder / "t10k-images-idx3-ubyte.gz").write_bytes(idx(np.zeros((10_000, 28, 28))))
    (folder / "t10k-labels-idx1-ubyte.gz").write_bytes(idx(np.zeros(10_000)))
    with pytest.raises(ValueError, match="tamaño oficial pero otro contenido"):
        load_fashion_mnist("test", root=folder)


def test_the_checksums_are_those_of_the_contract():
    assert list(fashion_mnist._MD5.values()) == [
        "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
        "25c81989df183df01b3e8a0aad5dffbe",
        "bef4ecab320f06d8554ea6380940ec79",
        "bb300cfdad3c16e7a12a480ee83cd310",
    ]


def test_downloaded_files_are_kept_and_not_fetched_twice(
    folder: Path, server: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
):
    address, served = server
    sums = {}
    for file in folder.iterdir():
        shutil.copy(file, served)
        sums[file.name] = md5(file.read_bytes())
    monkeypatch.setattr(fashion_mnist, "_MD5", sums)
    monkeypatch.setattr(fashion_mnist, "MIRRORS", (address + "nothing/", address))
    assert load_or_draw().real
    shutil.rmtree(served)
    assert load_or_draw().real
    damaged_file = fashion_mnist.cache_folder() / "train-images-idx3-ubyte.gz"
    damaged_file.write_bytes(b"damaged")
    with pytest.raises(DownloadError):
        load_fashion_mnist()


def test_a_wrong_checksum_leaves_no_file(server: tuple[str, Path], tmp_path: Path):
    address, served = server
    (served / "file.gz").write_bytes(b"other")
    with pytest.raises(DownloadError, match="llegó distinto"):
        fetch([address + "file.gz"], tmp_path / "new" / "file.gz", md5(b"right"))
    assert list((tmp_path / "new").iterdir()) == []


class Answer:
    """An answer that breaks on the way."""

    headers: dict[str, str] = {}  # noqa: RUF012

    def __enter__(self):
        return self

    def __exit__(self, *_: object):
        return None

    def __init__(self, *parts: bytes | OSError):
        self.parts = list(parts)

    def read(self, _: int) -> bytes:
        """The next part, or the error that breaks it."""
        part = self.parts.pop(0)
        if isinstance(part, OSError):
            raise part
        return part


def test_a_broken_connection_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    answers = [Answer(b"ri", ConnectionResetError()), Answer(b"right", b"")]
    monkeypatch.setattr(download, "urlopen", lambda *_, **__: answers.pop(0))
    fetch(["http://x/file"], tmp_path / "file", md5(b"right"))
    assert (tmp_path / "file").read_bytes() == b"right"
    assert os.listdir(tmp_path) == ["file"]  # noqa: PTH208


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    full = OSError(errno.ENOSPC, "no space")
    monkeypatch.setattr(download, "urlopen", lambda *_, **__: Answer(b"ri", full))
    with pytest.raises(DownloadError, match="No queda espacio en el disco"):
        fetch(["http://x/file"], tmp_path / "new" / "file", md5(b"right"))
    assert list((tmp_path / "new").iterdir()) == []


@pytest.mark.usefixtures("no_network")
def test_without_network_the_stand_in_comes_with_a_notice(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(fashion_mnist, "draw_clothes", lambda n, seed: draw_clothes(n // 100, seed))
    data = load_or_draw()
    said = capsys.readouterr().out
    assert not data.real
    assert "no hay conexión con el servidor" in said
    assert "FASHION_MNIST_DIR" in said
    assert "prendas dibujadas" in said


def test_drawn_clothes_have_the_official_shapes_and_are_repeatable():
    images, labels = draw_clothes(2000, 3)
    again, _ = draw_clothes(2000, 3)
    assert images.shape == (2000, 28, 28)
    assert images.dtype == labels.dtype == np.uint8
    assert (np.bincount(labels) == 200).all()
    assert (images == again).all()
    assert (draw_clothes(2000, 4)[0] != images).any()
    assert images.min() == 0
    assert images.max() > 200


def test_a_linear_model_gets_70_to_90_percent_of_the_drawn_clothes():
    from sklearn.linear_model import RidgeClassifier

    (x, y), (x_test, y_test) = draw_clothes(8000, 0), draw_clothes(2000, 1)
    model = RidgeClassifier(alpha=100.0).fit(x.reshape(-1, 784) / 255, y)
    assert 0.70 < model.score(x_test.reshape(-1, 784) / 255, y_test) < 0.90
