"""Stand-ins: objects that a test cell holds instead of the student's own objects.

A test can call a stand-in, read and set attributes and items, and iterate over it. Each such
operation is a request to the student's process; its result is a plain value or another stand-in.
A stand-in has no equality, truth, order or arithmetic, so only a plain value can satisfy a test:
the student's object never takes part in a comparison.
"""

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from course_utils.grading.examiner import payload, settings, wire
from course_utils.grading.examiner.errors import student_error
from course_utils.grading.examiner.state import with_state
from course_utils.grading.examiner.wire import Allowance, Decoder, WireError, loads

_PLAIN_DUNDERS = frozenset({"__name__", "__doc__", "__qualname__"})


class Link:
    """The connection to one student's process; makes the stand-ins of its objects.

    Args:
        ask: sends a request and returns the text of the reply, unchecked.

    Attributes:
        allowance: what the replies to the running test may cost.
    """

    def __init__(self, ask: Callable[[str], str]) -> None:
        self._ask = ask
        self._types: dict[tuple[str, bool], type[StandIn]] = {}
        self._forget = False
        self.allowance = Allowance()

    def name(self, name: str) -> Any:
        """The value of a name in the student's notebook.

        Raises:
            NameError: the notebook does not define the name.
        """
        answer = self._question({"op": "name", "name": name})
        if answer.get("missing") is True:
            raise NameError(f"name '{name}' is not defined")
        return self._value(answer)

    def forget(self) -> None:
        """Begin with another test.

        With the next request the student's side drops the objects of all stand-ins made so far.
        """
        self._forget = True
        self._types.clear()
        self.allowance = Allowance()

    def call(
        self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], *, back: bool
    ) -> tuple[Any, tuple[Any, ...]]:
        """Call a function in the student's process.

        Args:
            function: the stand-in of a function there, or a function of the test, which travels
                by value.
            args: positional arguments. They travel by value; a stand-in arrives as its object.
            kwargs: keyword arguments, likewise.
            back: whether the reply brings the positional arguments back.

        Returns:
            The function's value, and the positional arguments as they are after the call; without
            ``back``, ``args`` itself.
        """
        packed = payload.pack((function, args, kwargs), _number)
        answer = self._question({"op": "call", "back": back}, packed)
        value = self._value(answer)
        return value, self._after(packed, answer.get("args")) if back else args

    def _after(self, packed: bytes, states: Any) -> tuple[Any, ...]:
        numbers: dict[int, Any] = {}
        # The bytes are our own, so unpickling them is safe. The copies receive the new state: the
        # test's own models must not change.
        _, copies, _ = payload.unpack(packed, lambda n: numbers.setdefault(n, self._stand_in(n)))
        if type(states) is not list or len(states) != len(copies):
            raise _not_understood()
        after = []
        for copy, state in zip(copies, states, strict=True):
            if type(state) is not list or len(state) != 2 or type(state[0]) is not str:
                raise _not_understood()
            after.append(with_state(copy, state[0], self._decoded(state[1])))
        return tuple(after)

    def ask(self, op: str, number: int, value: Any = None, **more: str) -> Any:
        """Request an operation on one object.

        Args:
            op: name of the operation, as in ``agent``: "attribute", "item", "length" and others.
            number: the object's number.
            value: key or value of the operation, where it takes one.
            more: further fields of the request.
        """
        packed = payload.pack(value, _number) if op in _WITH_PAYLOAD else None
        return self._value(self._question({"op": op, "object": number, **more}, packed))

    def _question(self, question: dict[str, Any], packed: bytes | None = None) -> dict[str, Any]:
        _in_students_words(self.allowance.request)
        if packed is not None:
            question["payload"] = base64.b64encode(packed).decode("ascii")
        if self._forget:
            question["forget"], self._forget = True, False
        question["settings"] = settings.current()
        text = self._ask(json.dumps(question))
        answer: dict[str, Any] = _in_students_words(loads, text, self.allowance)
        if "error" in answer:
            raise student_error(answer["error"])
        return answer

    def _value(self, answer: dict[str, Any]) -> Any:
        if "value" not in answer:
            raise _not_understood()
        return self._decoded(answer["value"])

    def _decoded(self, node: Any) -> Any:
        return _in_students_words(Decoder(self._stand_in, self.allowance).decode, node)

    def _stand_in(self, number: int, type_name: str = "objeto", call: bool = True) -> "StandIn":
        kind = self._types.get((type_name, call))
        if kind is None:
            self.allowance.type()
            # A class for each type name, so that error messages show the student's type name.
            kind = type(type_name, (CallableStandIn if call else StandIn,), {"__slots__": ()})
            self._types[type_name, call] = kind
        return kind(self, number)


def _in_students_words(read: Callable[..., Any], *data: Any) -> Any:
    """Call ``read``; turn a ``WireError`` into an error of the student's code."""
    try:
        return read(*data)
    except WireError as error:
        raise student_error({"kinds": ["ValueError"], "text": str(error)}) from None


def _not_understood() -> Exception:
    return student_error({"kinds": ["ValueError"], "text": wire.NOT_UNDERSTOOD})


_WITH_PAYLOAD = frozenset({"set attribute", "item", "set item"})


def _number(obj: Any) -> int | None:
    # By type: isinstance also believes the ``__class__`` that an object claims.
    return object.__getattribute__(obj, "_number") if issubclass(type(obj), StandIn) else None


class StandIn:
    """Stands for an object in the student's process that has no plain value.

    Args:
        link: connection to the student's process.
        number: the object's number in that process.
    """

    __slots__ = ("_link", "_number")
    _link: Link
    _number: int

    def __init__(self, link: Link, number: int) -> None:
        object.__setattr__(self, "_link", link)
        object.__setattr__(self, "_number", number)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name not in _PLAIN_DUNDERS:
            raise AttributeError(name)
        return self._link.ask("attribute", self._number, name=name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._link.ask("set attribute", self._number, value, name=name)

    def __getitem__(self, key: Any) -> Any:
        return self._link.ask("item", self._number, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._link.ask("set item", self._number, (key, value))

    def __len__(self) -> int:
        length = self._link.ask("length", self._number)
        if type(length) is not int or not 0 <= length < 2**40:
            raise TypeError("len() is no number")
        return length

    def __iter__(self) -> Iterator[Any]:
        items = self._link.ask("items", self._number)
        if type(items) is not list:
            raise TypeError("object is not iterable")
        return iter(items)

    def _none(self, *_: Any) -> NoReturn:
        raise TypeError(f"a {type(self).__name__} of the notebook is no plain value")

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _none
    __bool__ = __contains__ = __float__ = __int__ = __complex__ = __index__ = _none  # type: ignore[assignment]
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _none
    __truediv__ = __rtruediv__ = __matmul__ = __rmatmul__ = __neg__ = __abs__ = _none
    __reduce_ex__ = _none  # type: ignore[assignment]
    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def __deepcopy__(self, memo: Any) -> "StandIn":
        return self  # the student's object can't be copied from here

    def run_beside(self, probe: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        """Run a function of the test in the student's process, on the student's objects."""
        return self._link.call(probe, args, {}, back=False)[0]


class CallableStandIn(StandIn):
    """Stands for a function, class, model or method in the student's process."""

    __slots__ = ()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the student's object; arguments travel by value."""
        return self._link.call(self, args, kwargs, back=False)[0]

    def call_with_arguments(
        self, args: tuple[Any, ...], kwargs: dict[str, Any], *, back: bool = True
    ) -> tuple[Any, tuple[Any, ...]]:
        """Call the student's object, and return the positional arguments too.

        Args:
            args: positional arguments.
            kwargs: keyword arguments.
            back: whether the reply brings the positional arguments back.

        Returns:
            As for ``Link.call``.
        """
        return self._link.call(self, args, kwargs, back=back)
