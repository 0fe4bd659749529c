"""Folders are removed and measured whatever a program has put into them."""

import os
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from course_utils.grading import trees

DEPTH = 2000  # deeper than Python's recursion, than a path, and than descriptors usually reach


def nest(folder: Path, depth: int = DEPTH, name: str = "nested") -> None:
    """Make folders in folders, each with a file, as a program does that enters what it makes."""
    code = """
    import os, sys
    os.chdir(sys.argv[1])
    for _ in range(int(sys.argv[2])):
        os.mkdir(sys.argv[3]); os.chdir(sys.argv[3]); open("file", "w").close()
    """
    arguments = [sys.executable, "-c", dedent(code), str(folder), str(depth), name]
    subprocess.run(arguments, check=True)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder to be removed, beside one that must stay as it is.

    In memory: some disks take milliseconds for each folder that is removed.
    """
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
    place = Path(tempfile.mkdtemp(dir=memory))
    (place / "kept").mkdir()
    (place / "kept" / "file").write_text("kept", encoding="utf-8")
    (place / "folder").mkdir()
    yield place / "folder"
    assert trees.remove(place)


def gone(folder: Path) -> bool:
    """Whether it could be removed, and nothing beside it was touched."""
    done = trees.remove(folder)
    kept = folder.parent / "kept" / "file"
    assert kept.read_text(encoding="utf-8") == "kept"
    assert stat.S_IMODE(kept.parent.stat().st_mode) & 0o700 == 0o700
    return done and not os.path.lexists(folder)


def test_no_depth_is_too_deep(folder):
    nest(folder, name="n" * 250)
    assert gone(folder)


def test_what_is_locked_goes_too(folder):
    (folder / "a" / "b" / "c").mkdir(parents=True)
    (folder / "a" / "b" / "file").touch(mode=0)
    for path in (folder / "a/b/c", folder / "a/b", folder / "a", folder):
        path.chmod(0)
    assert gone(folder)


def test_no_link_is_followed(folder):
    (folder / "to a folder").symlink_to(folder.parent / "kept")
    (folder / "to a file").symlink_to(folder.parent / "kept" / "file")
    (folder / "to itself").symlink_to("to itself")
    os.link(folder.parent / "kept" / "file", folder / "hard")
    assert trees.measure(folder, 100).entries == 4
    assert gone(folder)


def test_a_link_is_removed_and_not_what_it_leads_to(folder):
    link = folder / "link"
    link.symlink_to(folder.parent / "kept")
    assert trees.remove(link)
    assert (folder.parent / "kept" / "file").is_file()


def test_odd_names_pipes_and_sockets(folder):
    for name in (b"\xff\xfe", b" ", b"\n", b"-rf", b"*", b"x" * 255):
        (folder / os.fsdecode(name)).mkdir()
        (folder / os.fsdecode(name) / os.fsdecode(name)).touch()
    os.mkfifo(folder / "fifo")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(folder / "socket"))
    assert trees.measure(folder, 100).entries == 14
    assert gone(folder)


def test_what_is_not_there_is_gone(tmp_path):
    assert trees.remove(tmp_path / "nothing")
    assert trees.remove(tmp_path / "nothing" / "below")
    (tmp_path / "file").touch()
    assert trees.remove(tmp_path / "file")


def test_many_files_and_folders(folder):
    for number in range(300):
        (folder / str(number) / "below").mkdir(parents=True)
        for name in "abc":
            (folder / str(number) / name).touch()
    assert trees.measure(folder, 10_000).entries == 1500
    assert trees.measure(folder, 700).entries == 701
    assert gone(folder)


def test_it_ends_while_somebody_still_writes_there(folder):
    code = """
    import itertools, os, sys
    print(flush=True)
    for number in itertools.count():
        try: os.makedirs(f"{sys.argv[1]}/{number % 50}/below")
        except OSError: pass
    """
    arguments = [sys.executable, "-c", dedent(code), str(folder)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        trees.remove(folder)
        writer.kill()
    assert gone(folder)


def test_the_room_that_is_taken(folder):
    (folder / "large").write_bytes(bytes(1 << 20))
    with (folder / "holes").open("wb") as file:
        file.truncate(1 << 40)
    for number in range(50):
        os.link(folder / "large", folder / f"again {number}")
    use = trees.measure(folder, 1000)
    assert 1 << 20 <= use.size < 2 << 20
    assert use.entries == 52


def test_a_locked_folder_is_measured_and_stays_locked(folder):
    (folder / "locked").mkdir()
    (folder / "locked" / "large").write_bytes(bytes(1 << 20))
    (folder / "locked").chmod(0)
    folder.chmod(0o500)
    assert trees.measure(folder, 1000).size >= 1 << 20
    assert stat.S_IMODE((folder / "locked").stat().st_mode) == 0
    assert stat.S_IMODE(folder.stat().st_mode) == 0o500


def test_depth_is_measured_and_where_descriptors_end_it_is_too_much(folder):
    nest(folder)
    code = f"""
    import resource
    from course_utils.grading import trees
    for most in 5000, 64:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, 5000))
        print(trees.measure({str(folder)!r}, 100_000).entries)
    """
    done = subprocess.run(
        [sys.executable, "-c", dedent(code)], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [str(2 * DEPTH), "100001"]
    assert gone(folder)
