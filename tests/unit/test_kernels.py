"""What a grading kernel does otherwise, each part by itself."""

import importlib
import io
import subprocess
import sys
import uuid
from pathlib import Path
from textwrap import dedent

import pytest

from course_utils.grading.examiner import settings, streams

REDIRECTED = """
    import os, sys
    from course_utils.grading.kernels import private_tmp
    private_tmp.redirect(sys.argv[1])
    import pathlib, shutil, sqlite3, subprocess, tempfile
    import numpy as np
    name = sys.argv[2]
"""


@pytest.mark.parametrize(
    "code",
    [
        "open('/tmp/' + name, 'w').close()",
        "pathlib.Path('/tmp', name).write_text('a'); assert pathlib.Path('/tmp', name).exists()",
        "os.makedirs(f'/tmp/{name}/b'); os.rename(f'/tmp/{name}/b', f'/tmp/{name}/c')\n"
        "assert os.listdir(f'/tmp/{name}') == ['c']; assert os.path.isdir(f'/tmp/{name}/c')",
        "os.mkdir('/tmp/viejo'); shutil.rmtree('/tmp/viejo')\n"
        "shutil.copy(__file__, '/tmp/' + name)",
        "np.save(f'/tmp/{name}', np.ones(2)); assert np.load(f'/tmp/{name}.npy').sum() == 2",
        "sqlite3.connect('/tmp/' + name).execute('create table t (x)')",
        "os.system('echo a > /tmp/' + name); subprocess.run(['cat', '/tmp/' + name], check=True)",
        "subprocess.run(f'cd /tmp && touch /tmp/{name}', shell=True, check=True)",
        "open(os.path.join(tempfile.mkdtemp(dir='/tmp', prefix=name), 'a'), 'w').close()",
    ],
)
def test_what_python_opens_in_tmp_goes_to_the_kernels_own_folder(code, tmp_path):
    own, name = tmp_path / "tmp", f"fila-{uuid.uuid4()}"
    own.mkdir()
    program = tmp_path / "program.py"
    program.write_text(dedent(REDIRECTED) + code, encoding="utf-8")
    subprocess.run([sys.executable, program, own, name], check=True)
    assert [path.name for path in own.iterdir() if path.name.startswith(name)]
    assert not list(Path("/tmp").glob(f"{name}*"))


def test_paths_beside_tmp_and_of_the_private_folder_stay_where_they_are(tmp_path):
    from course_utils.grading.kernels.private_tmp import _sent

    private = "/tmp/k-1"
    for path in ("/tmpx", "tmp/a", "/var/tmp/a", f"{private}/runtime/s", private, 3, b"/tmp/a"):
        assert _sent(f"{private}/tmp", private, path) == path
    assert _sent(f"{private}/tmp", private, "/tmp/a") == f"{private}/tmp/a"
    assert _sent(f"{private}/tmp", private, "/tmp") == f"{private}/tmp"


class Unusable:
    """A stream of a notebook's own that can do anything."""

    def flush(self) -> None:
        """Fail."""
        raise RuntimeError("no")


@pytest.mark.parametrize("broken", [None, Unusable(), object()])
def test_a_stream_that_does_not_work_is_put_back(broken, monkeypatch):
    mine = io.StringIO()
    monkeypatch.setattr(streams, "_kept", {"stdout": mine})
    monkeypatch.setattr(sys, "stdout", broken)
    streams.restore()
    assert sys.stdout is mine


def test_a_stream_of_the_notebooks_own_that_works_stays(monkeypatch):
    other = io.StringIO()
    monkeypatch.setattr(streams, "_kept", {"stdout": io.StringIO()})
    monkeypatch.setattr(sys, "stdout", other)
    streams.restore()
    assert sys.stdout is other
    other.close()
    streams.restore()
    assert sys.stdout is not other


@pytest.fixture
def doubles():
    """Torch as a notebook leaves it that asked for double precision."""
    torch = importlib.import_module("torch")
    torch.set_default_dtype(torch.float64)
    yield torch
    torch.set_default_dtype(torch.float32)


def test_a_tests_question_has_its_own_precision_and_the_notebooks_comes_back(doubles):
    with settings.shared({"torch": "float32", "a library that is not loaded": "float32"}):
        assert doubles.ones(1).dtype == doubles.float32
    assert doubles.ones(1).dtype == doubles.float64


def test_a_call_that_sets_the_precision_itself_changes_nothing_for_good(doubles):
    with settings.shared({"torch": "float64"}):
        doubles.set_default_dtype(doubles.float16)
    assert doubles.ones(1).dtype == doubles.float64
