"""The student's side of the examiner: answers questions about the objects in the notebook.

It runs in the student's kernel, where everything can be replaced. So nothing here protects
anything: it only has to serve an honest notebook well.
"""

import base64
import contextlib
import json
import socket
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from course_utils.checks.explain import stub_left, student_line
from course_utils.grading.examiner import payload, settings, streams, wire
from course_utils.grading.examiner.channel import Line
from course_utils.grading.examiner.state import state_of

MAX_ITEMS = 100_000  # of an iterator that may never end
RECURSION = 3000  # depth that opening and encoding may need, the kernel's own frames included

_objects: dict[int, Any] = {}
_next = 0


def _keep(value: Any) -> int:
    global _next
    _next += 1
    _objects[_next] = value
    return _next


def converse(path: str) -> None:
    """Answer the examiner's questions until it hangs up.

    Args:
        path: of the socket on which it waits.
    """
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(None)  # whatever socket.setdefaulttimeout() the notebook called
        connection.connect(path)
        line = Line(connection)
        while True:
            try:
                line.send(serve(line.receive()))
            except KeyboardInterrupt:  # it came too late for the call that it was meant for
                continue
            except (EOFError, OSError):
                streams.restore()  # a test's call may have closed them
                return


def serve(question: str) -> str:
    """The answer to one question of the examiner's; whatever goes wrong is an answer too."""
    try:
        asked = json.loads(question)
        if asked.get("forget"):  # a new test begins
            _objects.clear()
        with settings.shared(asked.get("settings", {})):
            return wire.dumps(_OPERATIONS[asked["op"]](asked))
    except BaseException as error:
        return wire.dumps({"error": _describe(error)})


def _describe(error: BaseException) -> dict[str, Any]:
    kinds = [kind.__name__ for kind in type(error).__mro__ if kind is not wire.WireError]
    try:
        text = str(error)
    except Exception:
        text = ""
    line = student_line(error, __file__) or ""
    found: dict[str, Any] = {"kinds": kinds, "text": text[:4000], "line": line[:400]}
    if isinstance(error, NotImplementedError) and stub_left(error):
        found["stub left"] = True
    return found


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Shield the agent's own work from the notebook's settings of warnings, NumPy and recursion."""
    limit = sys.getrecursionlimit()
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        sys.setrecursionlimit(max(limit, RECURSION))
        try:
            yield
        finally:
            sys.setrecursionlimit(limit)


def _unpack(asked: dict[str, Any]) -> Any:
    with _undisturbed():
        return payload.unpack(base64.b64decode(asked["payload"]), _objects.__getitem__)


def _value(value: Any) -> dict[str, Any]:
    with _undisturbed():
        return {"value": wire.encode(value, _keep)}


def _name(asked: dict[str, Any]) -> dict[str, Any]:
    names = sys.modules["__main__"].__dict__
    return _value(names[asked["name"]]) if asked["name"] in names else {"missing": True}


def _call(asked: dict[str, Any]) -> dict[str, Any]:
    function, args, kwargs = _unpack(asked)
    answer = _value(function(*args, **kwargs))
    if asked["back"]:
        with _undisturbed():
            states = [state_of(argument) for argument in args]
            answer["args"] = [[kind, wire.encode(state, _keep)] for kind, state in states]
    return answer


def _attribute(asked: dict[str, Any]) -> dict[str, Any]:
    return _value(getattr(_objects[asked["object"]], asked["name"]))


def _set_attribute(asked: dict[str, Any]) -> dict[str, Any]:
    setattr(_objects[asked["object"]], asked["name"], _unpack(asked))
    return _value(None)


def _item(asked: dict[str, Any]) -> dict[str, Any]:
    return _value(_objects[asked["object"]][_unpack(asked)])


def _set_item(asked: dict[str, Any]) -> dict[str, Any]:
    key, value = _unpack(asked)
    _objects[asked["object"]][key] = value
    return _value(None)


def _length(asked: dict[str, Any]) -> dict[str, Any]:
    return _value(len(_objects[asked["object"]]))


def _items(asked: dict[str, Any]) -> dict[str, Any]:
    items = []
    for item in _objects[asked["object"]]:
        items.append(item)
        if len(items) > MAX_ITEMS:
            raise wire.WireError("El resultado tiene demasiados elementos.")
    return _value(items)


_OPERATIONS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "name": _name,
    "call": _call,
    "attribute": _attribute,
    "set attribute": _set_attribute,
    "item": _item,
    "set item": _set_item,
    "length": _length,
    "items": _items,
}
