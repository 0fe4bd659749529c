"""The command line that starts a program in its own namespaces, with bubblewrap."""

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

HOME, NOTEBOOK, LIBRARY = "/home/student", "/notebook", "/course"
SYSTEM = (
    "/usr", "/bin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache", "/etc/fonts",
    "/etc/alternatives", "/etc/localtime", "/etc/nsswitch.conf", "/etc/os-release",
    "/etc/lsb-release", "/etc/debian_version", "/etc/redhat-release", "/etc/timezone",
    "/etc/mime.types", "/etc/services", "/etc/protocols", "/etc/host.conf", "/etc/ssl/certs",
    "/etc/ssl/openssl.cnf", "/sys/devices/system/cpu",
)  # fmt: skip
# Files that name accounts and machines. The machine's real files would show other people's names.
ETC = {
    "passwd": "student:x:1000:1000::/home/student:/bin/sh\n",
    "group": "student:x:1000:\n",
    "hosts": "127.0.0.1 localhost sandbox\n",
}
_START = 'cp -rT /skeleton/home $HOME; cp -rT /skeleton/notebook /notebook; exec "$@"'


def executable() -> str | None:
    """Path of the installed ``bwrap``; None if there is none."""
    return shutil.which("bwrap", path="/usr/local/bin:/usr/bin:/bin")


def arguments(
    command: list[str],
    *,
    package: str,
    skeleton: str,
    runtime: str,
    visible: Iterable[str],
    env: Mapping[str, str],
    scratch: int,
    filter_descriptor: int,
) -> list[str]:
    """The arguments of ``bwrap``.

    Args:
        command: command line of the program.
        package: folder of the ``course_utils`` package.
        skeleton: folder with ``home`` and ``notebook``, which the program's shell copies into
            private memory, and ``etc``, which the sandbox shows read-only.
        runtime: folder of the connection file and the sockets; the only shared writable folder.
        visible: further files and folders to show read-only.
        env: the program's whole environment.
        scratch: size in bytes of each private folder.
        filter_descriptor: open file with the seccomp filter.
    """
    found = [
        "bwrap", "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent",
        "--new-session", "--hostname", "sandbox", "--uid", "1000", "--gid", "1000",
        "--cap-drop", "ALL", "--clearenv", "--seccomp", str(filter_descriptor),
        "--proc", "/proc", "--dev", "/dev",
    ]  # fmt: skip
    for folder in ("/dev/shm", "/tmp", HOME, NOTEBOOK):
        found += ["--size", str(scratch), "--tmpfs", folder]
    for path in (*SYSTEM, *visible):
        if Path(path).exists():
            found += ["--ro-bind", path, path]
    found += ["--ro-bind", package, f"{LIBRARY}/course_utils"]
    found += ["--ro-bind", skeleton, "/skeleton", "--bind", runtime, runtime]
    for name in ETC:
        found += ["--ro-bind", f"{skeleton}/etc/{name}", f"/etc/{name}"]
    for name, value in env.items():
        found += ["--setenv", name, value]
    # Only the private folders in memory, each of limited size, and ``runtime`` stay writable.
    found += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", NOTEBOOK]
    return [*found, "--", "/bin/sh", "-c", _START, "sh", *command]
