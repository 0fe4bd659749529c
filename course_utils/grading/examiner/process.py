"""The trusted process: runs a master's set-up cell and test cells, and no other cell.

The coordinator starts this process (by ``locked``), ends it, and enforces its time limits.
Requests to the student's process pass through the coordinator.
"""

import ast
import builtins
import contextlib
import io
import json
import linecache
import random
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from types import CodeType
from typing import Any, Final

from course_utils.checks import pictures
from course_utils.checks.check import draw_from
from course_utils.checks.outcomes import Outcome
from course_utils.grading.examiner.global_state import GlobalState
from course_utils.grading.examiner.standin import Link
from course_utils.grading.forkserver.randomness import draw_anew

MAX_TEXT: Final = 20_000  # characters that a test prints at most, and of an error's text
MAX_PICTURES: Final = 3  # pictures that a test shows at most


class Examiner:
    """Serves one notebook after the other.

    Args:
        connection: connection to the coordinator.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._setup: dict[str, Any] = {}
        self._state: GlobalState | None = None  # after the first set-up cell

    def serve(self) -> None:
        """Carry out the coordinator's requests until the coordinator closes the connection."""
        while True:
            try:
                order = self._receive()
            except EOFError:
                return
            if "setup" in order:
                self._send({"ready": self._set_up(order["setup"])})
            else:
                draw_from(order["seed"])
                self._send({"done": self._test(order["test"], order["source"], order["names"])})

    def _send(self, message: dict[str, Any]) -> None:
        self._connection.send_bytes(json.dumps(message).encode("utf-8"))

    def _receive(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self._connection.recv_bytes())
        return message

    def _ask(self, question: str) -> str:
        """Send a request to the student's process, by the coordinator, and return the reply.

        The coordinator passes the reply's text on as it is (``host.ExaminerHost._answer``).
        """
        self._send({"ask": question})
        return self._connection.recv_bytes().decode("utf-8", "replace")

    def _set_up(self, source: str) -> str:
        """Begin with a notebook: run the master's set-up cell.

        Returns:
            What went wrong; empty if nothing did.
        """
        self._link = Link(self._ask)
        if self._state:
            self._state.restore()
            _forget_the_last()
        self._setup = {"__name__": "__main__", "__builtins__": builtins}
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(_compiled(source, "<setup>"), self._setup)
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        self._state = self._state or GlobalState()
        return ""

    def _test(self, name: str, source: str, names: list[str]) -> dict[str, Any]:
        assert self._state is not None, "a set-up comes first"
        self._state.restore()
        namespace = dict(self._setup)
        printed = io.StringIO()
        shown: list[dict[str, str]] = []
        pictures.receiver = lambda png, alt: shown.append(pictures.bundle(png, alt))
        result: dict[str, Any] = {"value": None, "error": None}
        try:
            with contextlib.redirect_stdout(printed):
                self._fetch(namespace, names)
                result["value"] = _run(source, f"<{name}>", namespace)
        except BaseException as error:
            result["error"] = _shown(error)
        result |= {"stdout": printed.getvalue()[:MAX_TEXT], "pictures": shown[:MAX_PICTURES]}
        result |= {"spent": self._link.allowance.spent}
        self._link.forget()
        return result | {"reusable": self._state.complete}

    def _fetch(self, namespace: dict[str, Any], names: list[str]) -> None:
        for name in names:
            namespace.pop(name, None)
            # A name that the notebook lacks stays undefined: the test's own code raises NameError.
            with contextlib.suppress(NameError):
                namespace[name] = self._link.name(name)


def _forget_the_last() -> None:
    """Forget the previous notebook's modules and models, and seed all random numbers anew."""
    _forget_modules(Path.cwd())
    random.seed()
    draw_anew()
    if "keras" in sys.modules:
        sys.modules["keras"].utils.clear_session(free_memory=False)
    if "tensorflow" in sys.modules:
        sys.modules["tensorflow"].random.set_seed(None)


def _forget_modules(folder: Path) -> None:
    """Make the next set-up import the modules of a folder anew, with fresh global variables."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str) and Path(file).is_relative_to(folder):
            del sys.modules[name]


def _run(source: str, filename: str, namespace: dict[str, Any]) -> float | None:
    """Run a test cell.

    Returns:
        The value of the cell's last expression if it is a number: nbgrader takes it for the score.
        None otherwise.
    """
    tree = ast.parse(source, filename)
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr):
        exec(compile(tree, filename, "exec"), namespace)
        return None
    tree.body.pop()
    exec(compile(tree, filename, "exec"), namespace)
    value = eval(compile(ast.Expression(last.value), filename, "eval"), namespace)
    return float(value) if type(value) in (int, float) else None


def _compiled(source: str, filename: str) -> CodeType:
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    return compile(source, filename, "exec")


def _shown(error: BaseException) -> dict[str, Any]:
    """A test's exception as a notebook output, without any line of the test's code."""
    kind, text = type(error).__name__, str(error)[:MAX_TEXT]
    lines = error.lines() if isinstance(error, Outcome) else [f"{kind}: {text}"]
    return {"ename": kind, "evalue": text, "traceback": [line[:MAX_TEXT] for line in lines]}
