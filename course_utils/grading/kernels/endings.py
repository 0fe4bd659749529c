"""Makes code that would end a grading kernel end its own cell only.

``install`` runs in the student's kernel before the first cell, and ``report`` after each of the
student's cells. Student code can replace every function in that process, so this module protects
no mark: it only makes an honest notebook run the same way every time. If a kernel still dies, the
coordinator replaces the kernel (``executor.resilient``).

Without this module a cell with ``exit()`` replies "ok", and ipykernel stops its event loop 0.1 s
later, in the middle of any other cell. A timer, an alarm or a thread that a cell leaves behind can
end the kernel at any later moment. Marks would then depend on which cell runs at that moment.
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
# Signals whose default action ends the process. A cell that sets its own handler replaces ours.
_ENDING: Final = (signal.SIGHUP, signal.SIGALRM, signal.SIGVTALRM, signal.SIGPROF)
_REPLACING: Final = ("execv", "execve")  # all other exec functions of ``os`` call one of the two
_LIMITS: Final = (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_DATA)

_stop: dict[str, Any] = {}


def install(*, watched: bool) -> str:
    """Prepare the kernel that this code runs in.

    Args:
        watched: whether our supervisor ends the kernel, by SIGKILL; the kernel may then ignore
            SIGTERM.

    Returns:
        ``questions.INSTALLED``.
    """
    from IPython.core.getipython import get_ipython

    shell: Any = get_ipython()
    # ipykernel's observer of this trait stops the event loop. To replace ``ask_exit``, which sets
    # the trait, is not enough: ``do_shutdown``, which a cell can call, sets the trait too.
    shell.unobserve_all("exit_now")
    shell.ask_exit = _leave
    shell.events.register("post_run_cell", _ended)
    _keep_alive(watched=watched)
    _do_not_debug()
    return "installed"


def report() -> str:
    """How the last cell ended, as JSON.

    Returns:
        ``line`` (0 if unknown), ``kinds`` (names of the exception's classes) and ``text``; an
        empty object where the cell ran to its end.
    """
    return json.dumps(_stop)


def _leave() -> NoReturn:
    """Raise SystemExit for ``exit()`` and ``quit()``, as Python's own functions do."""
    raise SystemExit("exit()")


def _ended(result: Any) -> None:
    _stop.clear()
    error = error_of(result)
    if error is not None:
        try:
            text = str(error)[:LONGEST]
        except Exception:  # the student's own class may have a ``__str__`` that fails
            text = ""
        kinds = [kind.__name__ for kind in type(error).__mro__]
        _stop.update(line=line_of(error, str(result.info.raw_cell)), kinds=kinds, text=text)
    _disarm()


def _disarm() -> None:
    """Stop the timers that the cell set, and restore the limits: both can end a later cell."""
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
    """A signal handler that does nothing in the kernel, and the default action in its forks.

    A fork inherits the handler. ``multiprocessing`` ends its workers, which are forks, by SIGTERM:
    they would never end if the handler ignored the signal there too.
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
    """Wrap a function that ends a process: called in a thread of the kernel, it ends the thread.

    A thread that a cell left behind would end the kernel in the middle of some later cell.

    Args:
        kernel: id of the kernel's process; forks of the kernel may end themselves.
        end: function that ends a process.
        meant: whether a call with given arguments would end the kernel.
    """

    def ends(*args: Any) -> Any:
        main = threading.current_thread() is threading.main_thread()
        if not main and os.getpid() == kernel and meant(*args):
            raise SystemExit
        return end(*args)

    return ends


def _ends_instead(kernel: int, replace: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap an exec function: called in the kernel, it ends the kernel at once.

    The program that replaces the kernel would never reply, and the coordinator would wait for the
    cell's whole time limit. It notices a kernel that has ended.
    """

    def ends(*args: Any) -> Any:
        if os.getpid() == kernel:
            os._exit(1)
        return replace(*args)

    return ends


def _do_not_debug() -> None:
    """Make ``breakpoint()`` and ``set_trace()`` do nothing.

    A student may leave such a call in the code. The debugger would ask for a command; without a
    keyboard its prompt raises ``BdbQuit``, and the cell fails.
    """

    def go_on(*_: Any, **__: Any) -> None:
        return None

    pdb.set_trace = bdb.set_trace = sys.breakpointhook = go_on
    from IPython.core import debugger

    debugger.set_trace = go_on
