"""Programs in the sandbox, started cold or by the fork server."""

import subprocess
import sys
from pathlib import Path
from textwrap import dedent

from course_utils.grading.forkserver.client import Server
from course_utils.grading.sandbox import landlock, levels
from course_utils.grading.sandbox.private import make_private
from course_utils.grading.sandbox.supervisor import Spec

SECRET = {"COURSE_SECRET": "canary"}  # in the environment of who starts them
_SPEAK = "import sys; sys.stdout = sys.stderr = open({!r}, 'w', buffering=1)\n"


def inside(
    level: str, folder: Path, code: str, server: Server | None = None, **limits: float
) -> subprocess.CompletedProcess[str]:
    """Run a program in the sandbox, as a kernel would be.

    Args:
        level: of the sandbox.
        folder: where its private folder goes.
        code: the program.
        server: forks it; None starts it cold.
        limits: attributes of ``Spec``.

    Returns:
        Exit code and output; of a fork, all of it is ``stdout`` and ``stderr`` alike.
    """
    private = make_private(folder)
    said = private / "runtime" / "said"
    code = dedent(code) if server is None else _SPEAK.format(str(said)) + dedent(code)
    command = [sys.executable, "-c", code]
    settings: dict[str, float] = {"wall_time": 120} | limits
    spec = Spec(level, command, str(private), landlock.python_paths(), **settings)  # type: ignore[arg-type]
    if server is None:
        return _cold(spec)
    process = server.start_kernel(spec)
    try:
        done = process.wait(150)
    finally:
        process.kill()
    text = said.read_text(encoding="utf-8")
    return subprocess.CompletedProcess(command, done, text, text)


def _cold(spec: Spec) -> subprocess.CompletedProcess[str]:
    path = Path(spec.private) / "spec.json"
    spec.write(path)
    return subprocess.run(
        levels.supervisor_command(path),
        env=levels.supervisor_environment() | SECRET,
        cwd=spec.private,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
