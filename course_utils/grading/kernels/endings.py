"""What ends a cell in a grading kernel: the cell ends, and the kernel goes on.

``install`` runs in the student's kernel before the first cell, and ``report`` after each of the
student's cells. In that process everything can be replaced, so nothing here protects anything: it
makes an honest notebook's run the same every time. If a kernel still dies, the coordinator
replaces it (``preprocessors.execute``).

Without this module a cell with ``exit()`` replies "ok", and ipykernel stops its event loop 0.1 s
later, in the middle of any other cell. A timer, an alarm or a thread that a cell leaves behind can
do the same at any later moment. Marks would then depend on which cell runs at that moment.
"""

import bdb
import contextlib
import json
import os
import pdb
import resource
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any, Final, NoReturn

from course_utils.checks.stops import error_of, line_of

LONGEST: Final = 2_000  # characters of an exception's text
ALARMS: Final = (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF)
# Their default is the end of the process. A cell that handles one of them itself replaces ours.
_ENDING: Final = (signal.SIGHUP, signal.SIGALRM, signal.SIGVTALRM, signal.SIGPROF)
_REPLACING: Final = ("execv", "execve")  # the functions that all others of the family call
_LIMITS: Final = (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_DATA)

_stop: dict[str, Any] = {}


def install(*, watched: bool) -> str:
    """Prepare the kernel that this code runs in.

    Args:
        watched: whether a supervisor of ours ends the kernel, which may then ignore SIGTERM.

    Returns:
        ``questions.INSTALLED``.
    """
    from IPython.core.getipython import get_ipython

    shell: Any = get_ipython()
    # The observer of this trait stops the event loop; `do_shutdown` sets the trait too.
    shell.unobserve_all("exit_now")
    shell.ask_exit = _leave
    shell.events.register("post_run_cell", _ended)
    _keep_alive(watched=watched)
    _do_not_debug()
    return "installed"


def report() -> str:
    """How the last cell ended, as JSON; an empty object where it ran whole.

    Returns:
        ``line`` (0 if unknown), ``kinds`` (names of the exception's classes) and ``text``.
    """
    return json.dumps(_stop)


def _leave() -> NoReturn:
    """Have ``exit()`` and ``quit()`` raise SystemExit, as Python's own do."""
    raise SystemExit("exit()")


def _ended(result: Any) -> None:
    _stop.clear()
    error = error_of(result)
    if error is not None:
        try:
            text = str(error)[:LONGEST]
        except Exception:  # the student's own class
            text = ""
        kinds = [kind.__name__ for kind in type(error).__mro__]
        _stop.update(line=line_of(error, str(result.info.raw_cell)), kinds=kinds, text=text)
    _disarm()


def _disarm() -> None:
    """Stop the timers and limits that the cell set: they would interrupt a later cell."""
    for timer in ALARMS:
        signal.setitimer(timer, 0)
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.cancel()
    for limit, before in _limits.items():
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(limit, before)


_limits: dict[int, tuple[int, int]] = {}


def _keep_alive(*, watched: bool) -> None:
    kernel = os.getpid()
    for number in (*_ENDING, *((signal.SIGTERM,) if watched else ())):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _ignore_in(kernel))
    _limits.update({limit: resource.getrlimit(limit) for limit in _LIMITS})
    module: Any = os
    module._exit = _not_in_threads(kernel, os._exit, lambda *_: True)
    module.abort = _not_in_threads(kernel, os.abort, lambda *_: True)
    module.kill = _not_in_threads(kernel, os.kill, lambda pid, number: _ends(kernel, pid, number))
    for name in _REPLACING:
        setattr(module, name, _ends_instead(kernel, getattr(os, name)))


def _ignore_in(kernel: int) -> Callable[[int, Any], None]:
    """A handler that does nothing in the kernel, and the default in its forks.

    A fork inherits the handler, and ``multiprocessing`` ends its workers by SIGTERM.
    """

    def handle(number: int, _: Any) -> None:
        if os.getpid() != kernel:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)

    return handle


def _ends(kernel: int, pid: int, number: int) -> bool:
    return pid in (kernel, 0) and number not in (0, signal.SIGINT)


def _not_in_threads(
    kernel: int, end: Callable[..., Any], meant: Callable[..., bool]
) -> Callable[..., Any]:
    """Have a thread that would end the kernel end alone: it may come to that in any later cell.

    Args:
        kernel: id of the kernel's process; forks of it end as they like.
        end: function that ends a process.
        meant: whether a call with these arguments would end the kernel.
    """

    def ends(*args: Any) -> Any:
        main = threading.current_thread() is threading.main_thread()
        if not main and os.getpid() == kernel and meant(*args):
            raise SystemExit
        return end(*args)

    return ends


def _ends_instead(kernel: int, replace: Callable[..., Any]) -> Callable[..., Any]:
    """Have a kernel that would become another program die: the program would never reply."""

    def ends(*args: Any) -> Any:
        if os.getpid() == kernel:
            os._exit(1)
        return replace(*args)

    return ends


def _do_not_debug() -> None:
    """Have a debugger's stop that was left in the code do nothing.

    The debugger would ask for a command, and without a keyboard that ends in ``BdbQuit``.
    """

    def go_on(*_: Any, **__: Any) -> None:
        return None

    pdb.set_trace = bdb.set_trace = sys.breakpointhook = go_on
    from IPython.core import debugger

    debugger.set_trace = go_on
