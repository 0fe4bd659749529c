"""Turns a fork of the server into a supervisor with its kernel, or into an examiner.

A fork inherits the server's memory, signal handlers and environment. The order of the steps
matters: a kernel or examiner locks itself in, reports to the owner, and only then runs anything
else. A process that can't lock itself in ends, and the owner starts a cold process.
"""

import importlib
import json
import multiprocessing.process
import os
import runpy
import select
import signal
import socket
import sys
import tempfile
import traceback
import types
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NoReturn

from course_utils.grading import trees
from course_utils.grading.forkserver import preload
from course_utils.grading.forkserver.randomness import draw_anew
from course_utils.grading.sandbox import namespaces, supervisor
from course_utils.grading.sandbox.supervisor import Spec

KERNEL = "ipykernel_launcher"
_AS_FUNCTION: Final = "TFE_ContextOptionsSetRunEagerOpAsFunction"
_ENTER = {
    "bubblewrap": namespaces.enter,
    "landlock": supervisor.enter_landlock,
    "none": supervisor.enter_unlocked,
}


def become(request: dict[str, Any], descriptors: list[int]) -> int:
    """Carry out a request in this fork.

    Args:
        request: ``kind``, and the ``settings`` of that kind.
        descriptors: the channel to the owner, then further descriptors of the request.

    Returns:
        Exit code for this process.
    """
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    os.setsid()
    channel = socket.socket(fileno=descriptors[0])
    if request["kind"] == "examiner":
        return _examiner(channel, descriptors[1], **request["settings"])
    return _supervise(channel, Spec(**request["settings"]))


def _report(channel: socket.socket, handle: int) -> None:
    """Report to the owner that the process is locked in, and send a pidfd of it.

    The owner is not the parent of the process. A process id could belong to another process by
    the time the owner sends a signal; a pidfd always refers to the same process.
    """
    socket.send_fds(channel, [b"{}"], [handle])
    os.close(handle)


def _report_error(channel: socket.socket, error: BaseException) -> None:
    channel.sendall(json.dumps({"error": f"{type(error).__name__}: {error}"}).encode("utf-8"))


# -- the examiner ------------------------------------------------------------------------------


def _examiner(channel: socket.socket, descriptor: int, **settings: Any) -> int:
    """Start an examiner and wait for its end.

    If the owner ends first, this process kills the examiner and removes the examiner's folder.
    """
    examiner = os.fork()
    if examiner == 0:
        _become_examiner(channel, descriptor, **settings)
    os.close(descriptor)
    handle = os.pidfd_open(examiner)
    select.select([channel.fileno(), handle], [], [])
    if os.waitpid(examiner, os.WNOHANG)[0] == 0:
        os.kill(examiner, signal.SIGKILL)
        os.waitpid(examiner, 0)
        for folder in settings["rules"]["writes"]:
            trees.remove(folder)
    return 0


def _become_examiner(
    channel: socket.socket,
    descriptor: int,
    folder: str,
    env: dict[str, str],
    entry: str,
    rules: dict[str, Any],
    threads: int,
) -> NoReturn:
    try:
        os.chdir(folder)
        program = importlib.import_module(entry)  # ``examiner.host.ENTRY``, never a student's text
        program.lock(**rules)
        supervisor.die_with_parent()
        with channel:
            _report(channel, os.pidfd_open(os.getpid()))
    except BaseException as error:
        _report_error(channel, error)
        os._exit(supervisor.NOT_LOCKED)
    try:
        _refresh(env, threads)
        program.serve(descriptor)
    finally:
        os._exit(0)


# -- a kernel and its supervisor ---------------------------------------------------------------


def _supervise(channel: socket.socket, spec: Spec) -> int:
    """Supervise a kernel until the kernel or the owner ends.

    The owner's end of the channel closes when the owner ends, however it ends; the channel is
    readable then.
    """

    def abandoned() -> bool:
        return bool(select.select([channel], [], [], 0)[0])

    try:
        handle = os.pidfd_open(os.getpid())
        if spec.level == "bubblewrap":
            namespaces.leave()
    except OSError as error:
        _report_error(channel, error)
        return supervisor.NOT_LOCKED
    begin = lambda: _become_kernel(spec, channel, handle)  # noqa: E731
    code = supervisor.keep(spec, begin, abandoned, [channel.fileno()])
    if not abandoned():
        channel.sendall(json.dumps({"exit": code}).encode("utf-8"))
    return code


def _become_kernel(spec: Spec, channel: socket.socket, handle: int) -> NoReturn:
    """Lock this process in, report it to the owner, and run the kernel's command."""
    try:
        supervisor.move_in(spec)
        env = _ENTER[spec.level](spec)
        _report(channel, handle)
    except BaseException as error:
        _report_error(channel, error)
        os._exit(supervisor.NOT_LOCKED)
    # The student's code must inherit no descriptor: by one of them it could reach the coordinator.
    channel.close()
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    if spec.level == "bubblewrap":
        _stay_first()
    os._exit(_run(spec, env))


def _stay_first() -> None:
    """Fork the kernel; the parent, the namespace's first process, reaps orphans until it ends.

    Orphans of a process namespace become children of its first process, and stay zombies unless
    that process reaps them. When the first process ends, the system kills all others.

    Returns in the kernel only.
    """
    kernel = os.fork()
    if kernel == 0:
        return
    while True:
        pid, status = os.waitpid(-1, 0)
        if pid == kernel:
            code = os.waitstatus_to_exitcode(status)
            os._exit(code if code >= 0 else 128 - code)


def _run(spec: Spec, env: dict[str, str]) -> int:
    os.setsid()  # a new process group: a kernel interrupts its whole group
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if KERNEL in spec.command:
        _spare_the_modules()
        env = {"MPLBACKEND": preload.INLINE} | env
    _refresh(env, spec.threads)
    return _run_python(spec.command)


class _WithoutModules(types.ModuleType):
    """``sys`` with an empty ``modules``."""

    modules: Final[dict[str, types.ModuleType]] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(sys, name)


def _spare_the_modules() -> None:
    """Keep ipykernel from listing all modules for its debugger, which grading does not use.

    The list touches some six thousand modules, and the system copies each page of memory that a
    fork touches. ipykernel has no setting for it, so its module gets another ``sys``.
    """
    module: Any = importlib.import_module("ipykernel.ipkernel")
    module.sys = _WithoutModules("sys")


def _run_python(command: list[str]) -> int:
    """Run a command line as a fresh interpreter would.

    Args:
        command: the interpreter, its options, ``-c CODE`` or ``-m MODULE``, arguments.

    Returns:
        The exit code.
    """
    at = next(place for place, word in enumerate(command) if word in ("-c", "-m"))
    what, sys.argv[:] = command[at + 1], [command[at], *command[at + 2 :]]
    code = 0
    try:
        if command[at] == "-m":
            runpy.run_module(what, run_name="__main__", alter_sys=True)
        else:
            sys.modules["__main__"] = main = types.ModuleType("__main__")
            exec(compile(what, "<string>", "exec"), main.__dict__)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        code = 1
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    return code


# -- a process as if it were fresh ---------------------------------------------------------------


def _refresh(env: Mapping[str, str], threads: int) -> None:
    """Replace the state that a fork inherits by the state of a fresh process.

    Args:
        env: the process's whole environment from now on.
        threads: threads of one operation of TensorFlow or torch; 0: one a core.
    """
    os.environ.clear()
    os.environ.update(env)
    ours = str(Path(supervisor.package()).parent)
    sys.path[:] = [env.get("PYTHONPATH", ours) if entry == ours else entry for entry in sys.path]
    # Forget only the finders of ``sys.path``. ``importlib.invalidate_caches`` would touch a finder
    # for each of hundreds of packages, and the system copies each page that a fork touches. It is
    # not needed: a finder reads its folder again when the folder has changed.
    for entry in sys.path:
        sys.path_importer_cache.pop(entry, None)
    tempfile.tempdir = None
    # A process that multiprocessing starts (``spawn``) looks here for a notebook's own modules.
    multiprocessing.process.ORIGINAL_DIR = str(Path.cwd())  # type: ignore[attr-defined]
    if "MPLBACKEND" in env and "matplotlib" in sys.modules:
        sys.modules["matplotlib"].rcParams["backend"] = env["MPLBACKEND"]
    draw_anew()
    _set_threads(threads or os.cpu_count() or 1)
    _run_operations_as_such()


def _set_threads(number: int) -> None:
    # The server loaded the libraries with settings for a single thread: it must not start threads.
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(number)
    if "tensorflow" in sys.modules:
        threading_of = sys.modules["tensorflow"].config.threading
        threading_of.set_intra_op_parallelism_threads(number)
        threading_of.set_inter_op_parallelism_threads(number)


def _run_operations_as_such() -> None:
    """Make TensorFlow run an eager operation directly instead of wrapping it in a function.

    By default TensorFlow puts each operation and each variable that it meets for the first time
    into a graph of its own, and runs all graph passes over it: 0.7 ms instead of 0.05, some
    hundred times a notebook. The setting has only a private name; in a version of TensorFlow
    without that name, the default stays.
    """
    if "tensorflow" not in sys.modules:
        return
    interface: Any = importlib.import_module("tensorflow.python.pywrap_tfe")
    choose = getattr(interface, _AS_FUNCTION, None)
    if choose is not None:
        setattr(interface, _AS_FUNCTION, lambda options, _: choose(options, False))
