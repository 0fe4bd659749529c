"""Temporary folders: those of a killed run go, all others stay."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from course_utils.grading import trees
from course_utils.grading.scratch import scratch, sweep

KILLED = """
import os, signal
from course_utils.grading.scratch import scratch
folder = scratch("job")
open(os.path.join(folder.name, "master.ipynb"), "w").close()
print(folder.name, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_only_what_a_killed_run_left_is_removed(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", KILLED], env=environment, capture_output=True, text=True, check=False
    )
    left = Path(done.stdout.strip())
    assert left.parent == tmp_path
    assert left.is_dir()
    names = ("cu-somebody-s-folder", "cu-k-²-", f"cu-k-{10**30}-", "cu-k--", "cu-k-\udcff-")
    others = [tmp_path / name for name in names]
    for other in others:
        other.mkdir()
    with scratch("job") as ours:
        sweep()
        assert not left.exists()
        assert all(other.is_dir() for other in others)
        assert Path(ours).is_dir()


NEST = "import os\nfor _ in range(1500): os.mkdir('nested'); os.chdir('nested')"


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where temporary folders go: in memory, since some disks take long to remove many."""
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
    folder = tempfile.mkdtemp(dir=memory)
    monkeypatch.setattr(tempfile, "tempdir", folder)
    yield Path(folder)
    assert trees.remove(folder)


def test_a_run_starts_whatever_an_earlier_one_left(place: Path):
    gone = subprocess.Popen(["true"])
    gone.wait()
    left = place / f"cu-k-{gone.pid}-x"
    left.mkdir()
    subprocess.run([sys.executable, "-c", NEST], cwd=left, check=True)
    sweep()
    assert list(place.iterdir()) == []


def test_a_folder_goes_with_whatever_a_program_left_in_it(place: Path):
    with scratch("job") as folder:
        subprocess.run([sys.executable, "-c", NEST], cwd=folder, check=True)
        Path(folder).chmod(0)
    assert list(place.iterdir()) == []
