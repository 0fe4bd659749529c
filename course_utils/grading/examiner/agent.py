"""The student's side of the examiner: replies to requests about the objects in the notebook.

The agent runs in the student's kernel, where student code can replace every function. So no check
in this module protects the marks; the agent only has to serve an honest notebook well.
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

MAX_ITEMS = 100_000  # that one iterator may give: an iterator may never end
RECURSION = 3000  # frames that unpickling and encoding may need, on top of the kernel's own calls

_objects: dict[int, Any] = {}
_next = 0


def _keep(value: Any) -> int:
    global _next
    _next += 1
    _objects[_next] = value
    return _next


def converse(path: str) -> None:
    """Reply to the examiner's requests until the examiner closes the socket.

    Args:
        path: path of the socket on which the coordinator listens.
    """
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(None)  # the notebook may have called socket.setdefaulttimeout()
        connection.connect(path)
        channel = Line(connection)
        while True:
            try:
                channel.send(serve(channel.receive()))
            except KeyboardInterrupt:  # arrived after the call that it should have interrupted
                continue
            except (EOFError, OSError):
                streams.restore()  # a call of the test may have closed the streams
                return


def serve(question: str) -> str:
    """Carry out one request of the examiner and return the reply.

    The reply reports an exception, of whatever kind: a request without a reply would leave the
    examiner waiting.

    Args:
        question: the request, as JSON.

    Returns:
        The reply, as JSON.
    """
    try:
        request = json.loads(question)
        if request.get("forget"):  # a new test begins; its predecessor's objects are not needed
            _objects.clear()
        with settings.shared(request.get("settings", {})):
            return wire.dumps(_OPERATIONS[request["op"]](request))
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
    """Run the agent's own work under default settings of warnings, NumPy errors and recursion.

    Otherwise a notebook that turns warnings into errors could make the encoding fail.
    """
    limit = sys.getrecursionlimit()
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        sys.setrecursionlimit(max(limit, RECURSION))
        try:
            yield
        finally:
            sys.setrecursionlimit(limit)


def _unpack(request: dict[str, Any]) -> Any:
    with _undisturbed():
        return payload.unpack(base64.b64decode(request["payload"]), _objects.__getitem__)


def _value(value: Any) -> dict[str, Any]:
    with _undisturbed():
        return {"value": wire.encode(value, _keep)}


def _name(request: dict[str, Any]) -> dict[str, Any]:
    names = sys.modules["__main__"].__dict__
    return _value(names[request["name"]]) if request["name"] in names else {"missing": True}


def _call(request: dict[str, Any]) -> dict[str, Any]:
    function, args, kwargs = _unpack(request)
    answer = _value(function(*args, **kwargs))
    if request["back"]:
        with _undisturbed():
            states = [state_of(argument) for argument in args]
            answer["args"] = [[kind, wire.encode(state, _keep)] for kind, state in states]
    return answer


def _attribute(request: dict[str, Any]) -> dict[str, Any]:
    return _value(getattr(_objects[request["object"]], request["name"]))


def _set_attribute(request: dict[str, Any]) -> dict[str, Any]:
    setattr(_objects[request["object"]], request["name"], _unpack(request))
    return _value(None)


def _item(request: dict[str, Any]) -> dict[str, Any]:
    return _value(_objects[request["object"]][_unpack(request)])


def _set_item(request: dict[str, Any]) -> dict[str, Any]:
    key, value = _unpack(request)
    _objects[request["object"]][key] = value
    return _value(None)


def _length(request: dict[str, Any]) -> dict[str, Any]:
    return _value(len(_objects[request["object"]]))


def _items(request: dict[str, Any]) -> dict[str, Any]:
    items = []
    for item in _objects[request["object"]]:
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
