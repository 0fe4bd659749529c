"""The trusted process: runs a master's test cells and nothing else.

Questions to the student's process pass through the coordinator, which starts this process (by
``locked``), ends it, and keeps the time.
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

MAX_TEXT: Final = 20_000  # characters of what a test shows
MAX_PICTURES: Final = 3  # that a test shows


class Examiner:
    """Serves one notebook after the other.

    Args:
        connection: the way to the coordinator.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._setup: dict[str, Any] = {}
        self._state: GlobalState | None = None  # as the first set-up left it

    def serve(self) -> None:
        """Answer the coordinator until it hangs up."""
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
        """Ask the student's process; the reply's text comes without JSON around it."""
        self._send({"ask": question})
        return self._connection.recv_bytes().decode("utf-8", "replace")

    def _set_up(self, source: str) -> str:
        """Begin with a notebook: run the master's set-up cell; returns what went wrong."""
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
            # What is missing stays missing: the test's own NameError says so.
            with contextlib.suppress(NameError):
                namespace[name] = self._link.name(name)


def _forget_the_last() -> None:
    """Leave nothing of the notebook before: neither models nor where random numbers stand."""
    _forget_modules(Path.cwd())
    random.seed()
    draw_anew()
    if "keras" in sys.modules:
        sys.modules["keras"].utils.clear_session(free_memory=False)
    if "tensorflow" in sys.modules:
        sys.modules["tensorflow"].random.set_seed(None)


def _forget_modules(folder: Path) -> None:
    """Have the next set-up import a folder's own modules anew: their variables start fresh."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str) and Path(file).is_relative_to(folder):
            del sys.modules[name]


def _run(source: str, filename: str, namespace: dict[str, Any]) -> float | None:
    """Run a test cell; a number as its last expression is its score, as nbgrader has it."""
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
    """How an exception of a test stands in the notebook: never with a line of the test."""
    kind, text = type(error).__name__, str(error)[:MAX_TEXT]
    lines = error.lines() if isinstance(error, Outcome) else [f"{kind}: {text}"]
    return {"ename": kind, "evalue": text, "traceback": [line[:MAX_TEXT] for line in lines]}
