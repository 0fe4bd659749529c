"""Temporary folders: those of a killed run go, all others stay."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

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
    other = tmp_path / "cu-somebody-s-folder"
    other.mkdir()
    with scratch("job") as ours:
        sweep()
        assert not left.exists()
        assert other.is_dir()
        assert Path(ours).is_dir()
