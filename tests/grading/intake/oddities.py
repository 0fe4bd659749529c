"""Cells of a student's own that end a kernel, at once or later, beside right answers."""

from dataclasses import dataclass

from course_utils.grading.intake import GRADED, REVIEW

DIED = "se cerró de golpe al ejecutar"
LATER = "import os, sys, signal, threading, time, _thread, atexit, subprocess\n"


@dataclass(frozen=True)
class Oddity:
    """Right answers with one thing too many.

    Attributes:
        name: id of the student.
        cell: a cell of the student's own, between the two exercises.
        first: added to the first answer, behind its first line; indented as that needs.
        state: how the hand-in ends.
        says: fragment of the note; empty: there is no note.
        lost: points that are lost.
    """

    name: str
    cell: str = ""
    first: str = ""
    state: str = GRADED
    says: str = ""
    lost: float = 0.0


def _later(name: str, cell: str) -> Oddity:
    return Oddity(name, LATER + cell)


def _deadly(name: str, cell: str) -> Oddity:
    return Oddity(name, LATER + cell, state=REVIEW, says=DIED + " una celda tuya")


ODDITIES = [
    Oddity("none"),
    # -- what asks for the end of the kernel: the cell ends -----------------------------------
    Oddity("exit", "exit()"),
    Oddity("quit", "quit"),
    Oddity("exit-and-keep", "exit(keep_kernel=True)"),
    Oddity("ask-exit", "get_ipython().ask_exit()"),
    Oddity("exit-now", "get_ipython().exit_now = True"),
    Oddity("do-shutdown", "get_ipython().kernel.do_shutdown(True)"),
    _later("sys-exit", "sys.exit(1)"),
    # -- what would end it later: the kernel goes on ------------------------------------------
    _later("timer-exit", "threading.Timer(0.3, os._exit, (1,)).start()"),
    _later("timer-interrupt", "threading.Timer(0.3, _thread.interrupt_main).start()"),
    _later("timer-ask-exit", "threading.Timer(0.3, exit).start()"),
    _later(
        "thread-kill",
        "def end():\n    time.sleep(0.3)\n    os.kill(os.getpid(), signal.SIGKILL)\n"
        "threading.Thread(target=end).start()",
    ),
    _later("thread-sys-exit", "threading.Thread(target=sys.exit).start()"),
    _later("alarm", "signal.alarm(1)"),
    _later("itimer", "signal.setitimer(signal.ITIMER_REAL, 0.3)"),
    _later("alarm-handler", "signal.signal(signal.SIGALRM, lambda *_: 1 / 0)\nsignal.alarm(1)"),
    _later("atexit", "atexit.register(os._exit, 1)"),
    _later("child-terminates", "subprocess.Popen(['sh', '-c', f'sleep 0.3; kill {os.getpid()}'])"),
    _later(
        "memory-limit",
        "import resource\nhard = resource.getrlimit(resource.RLIMIT_AS)[1]\n"
        "resource.setrlimit(resource.RLIMIT_AS, (1 << 26, hard))",
    ),
    # -- what ends it at once: the cell is not run again --------------------------------------
    _deadly("os-exit", "os._exit(0)"),
    _deadly("kill", "os.kill(os.getpid(), signal.SIGKILL)"),
    _deadly("abort", "os.abort()"),
    _deadly("execv", "os.execv(sys.executable, [sys.executable, '-c', 'input()'])"),
    _deadly("execvp", "os.execlp('sleep', 'sleep', '60')"),
    _deadly("closed-sockets", "os.closerange(3, 256)"),
    # -- in an answer --------------------------------------------------------------------------
    Oddity("exit-in-function", first="    exit()", lost=5),
    Oddity("sys-exit-in-function", first="    import sys; sys.exit()", lost=5),
    Oddity(
        "os-exit-in-function",
        first="    import os; os._exit(1)",
        state=REVIEW,
        says=DIED + " el ejercicio 1.1",
        lost=5,
    ),
    Oddity(
        "timer-in-function",
        first="    import os, threading; threading.Timer(0.05, os._exit, (1,)).start()",
    ),
]
