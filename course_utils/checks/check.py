"""``check``: runs a test cell and turns whatever happens in it into one of four outcomes."""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import Any, Final

import numpy as np

from course_utils.checks import bridge, hints, progress, recorded, versions
from course_utils.checks.compare import RTOL, as_numbers, plain, same, show
from course_utils.checks.explain import explain, stub_left, student_line
from course_utils.checks.outcomes import (
    ExecutionError,
    Incorrect,
    NotStarted,
    Outcome,
    exercise_title,
)
from course_utils.checks.readings import Reading, of_numbers, reading_of
from course_utils.checks.relations import relation

Mistakes = Mapping[str, Any]
STUB_LEFT: Final = (
    "Quedó `raise NotImplementedError()` delante de tu solución, y Python se detiene ahí: borra "
    "esa línea."
)
# The ``return`` may well be there, as in ``return model.compile(…)`` or ``return print(x)``.
NO_RETURN: Final = "¿falta el `return`? Si está, mira de qué llamada sale ese None."
# Errors that say by themselves what they are: no test foresees them where it calls an answer.
SPEAK_FOR_THEMSELVES: Final = (
    "BdbQuit", "CallTimeout", "DeadKernelError", "EOFError", "ImportError", "MemoryError",
    "ModuleNotFoundError", "NameError", "RecursionError", "StdinNotImplementedError",
    "SyntaxError", "UnboundLocalError",
)  # fmt: skip


def check(
    exercise: str, *, hidden: bool = False, hidden_left: bool = True
) -> Callable[[Callable[["Check"], None]], None]:
    """Run the decorated test of an exercise at once.

    Args:
        exercise: id of the exercise, such as ``u1-ej1``.
        hidden: True in a hidden test: it says nothing when it passes, and no expected value and
            no value drawn for the test when it fails.
        hidden_left: False where the exercise has no hidden test.

    Raises:
        Outcome: the test did not pass; the message is the diagnosis, in Spanish.
    """

    def run(test: Callable[[Check], None]) -> None:
        c = Check(exercise, hidden=hidden)
        c.run(test)
        if not hidden:
            left = " Quedan pruebas ocultas, que se corren al corregir." if hidden_left else ""
            print(f"✔ {exercise_title(exercise)} · pruebas visibles superadas.{left}")

    return run


_entropy: np.random.SeedSequence | None = None


def draw_from(seed: int) -> None:
    """Have the checks of this process from now on draw what any other draws from this seed.

    A test that is run once more, since the student's kernel died, must ask the same: a function
    that ends its kernel where it has no answer would otherwise be asked for an easier one.

    Args:
        seed: a number that nobody can guess.
    """
    global _entropy
    _entropy = np.random.SeedSequence(seed)


class Check:
    """One run of one test: calls the student's code and judges plain values.

    A visible test notes what it reads. After a judgement that failed it goes on as long as what it
    read may become a recorded mistake: only all readings together tell which one. So what follows
    a judgement in a test must not rely on it; where it does, the exception ends the test, and the
    judgement that failed first stands.

    Attributes:
        rng: generator with fresh entropy, for inputs that nobody can know beforehand.
    """

    def __init__(self, exercise: str, *, hidden: bool = False) -> None:
        self.exercise = exercise
        self.hidden = hidden
        self.rng = np.random.default_rng(_entropy.spawn(1)[0] if _entropy else None)
        self._arguments: tuple[Any, ...] = ()  # of the last call
        self._read: list[Reading] = []
        self._first: Incorrect | None = None  # the first judgement that failed

    def run(self, test: Callable[["Check"], None]) -> None:
        """Run a test; whatever it raises becomes an ``Outcome``."""
        outcome: Outcome | None = None
        try:
            self._demand_newest()
            test(self)
        except Outcome as error:
            outcome = error
        except (Exception, KeyboardInterrupt) as error:  # the student stopped an endless loop
            outcome = self._outcome_of(error, test.__code__.co_filename)
            self._note({"error": ""})
        if not self.hidden:
            outcome = self._known(self._first or outcome)
            progress.note(self.exercise, outcome.state if outcome else progress.PASSED)
        if outcome:
            # Without a chain: a front end would print the test's own frames below the sentence.
            raise outcome.with_traceback(None) from None

    def _known(self, outcome: Outcome | None) -> Outcome | None:
        """The outcome, or the recorded mistake that has all the readings.

        The first that is true speaks: what Python said, what is recorded, what the test says.
        """
        run = recorded.observer()
        if run is not None:
            run.readings, run.outcome = self._read, type(outcome).__name__ if outcome else ""
            run.sentence = outcome.sentence if outcome else ""
            run.own = isinstance(outcome, Incorrect) and outcome.own
        elif outcome is None or isinstance(outcome, Incorrect):
            sentence = recorded.sentence_of(self.exercise, self._read)
            own = outcome.sentence if outcome else ""
            if sentence and not recorded.same_but_for_numbers(sentence, own):
                return Incorrect(self.exercise, sentence, (), bool(self._hints()))
        return outcome

    def _note(self, reading: Reading) -> None:
        if not self.hidden:
            self._read.append(reading)

    def _note_value(self, value: Any) -> None:
        if not self.hidden:
            self._read.append(reading_of(value))

    def _demand_newest(self) -> None:
        """Refuse to judge an older version of the answer than the one in the notebook.

        Raises:
            ExecutionError: the newest version of its cell did not run.
        """
        stop = versions.stopped(self.exercise)
        if stop is not None:
            raise ExecutionError(self.exercise, stop.sentence, (), bool(self._hints()))

    def _outcome_of(self, error: BaseException, test_file: str, sentence: str = "") -> Outcome:
        # A stub raises it bare; libraries that raise it themselves say why.
        if isinstance(error, NotImplementedError) and not str(error):
            if not stub_left(error):
                return NotStarted(self.exercise, "Todavía no escribiste tu solución.")
            sentence = STUB_LEFT
        line = student_line(error, test_file)
        details = [f"En tu código, {line}"] if line else []
        if sentence and sentence != STUB_LEFT:
            details.append(explain(error))
        return ExecutionError(
            self.exercise, sentence or explain(error), tuple(details), bool(self._hints())
        )

    def _hints(self) -> tuple[str, ...]:
        return () if self.hidden else hints.steps(self.exercise)

    # -- reaching the student's code ---------------------------------------------------------

    def call(
        self,
        function: Any,
        *args: Any,
        returns: int | None = None,
        on_error: str | tuple[str, ...] = "",
        on_none: str = "",
        **kwargs: Any,
    ) -> Any:
        """Call the student's function with copies of the arguments.

        Args:
            function: the student's function or class.
            *args: positional arguments; arrays, lists and tables are copied.
            returns: how many values the function must return together.
            on_error: sentence for an answer that raises an exception here (a known mistake), or
                the sentence and the names of the kinds of exceptions that it speaks for:
                ``("Falla con una fila.", "ValueError", "IndexError")``. Without kinds it speaks
                for all but those that say themselves what they are, such as a missing name.
            on_none: sentence for an answer that returns None.
            **kwargs: keyword arguments.

        Returns:
            What the function returned.

        Raises:
            Outcome: the function raised, returned None or another number of values.
        """
        value, _ = self._call(function, args, kwargs, on_error, back=False)
        return self._returned(value, function, returns, on_none)

    def call_back(
        self,
        function: Any,
        *args: Any,
        returns: int | None = None,
        on_error: str | tuple[str, ...] = "",
        **kwargs: Any,
    ) -> tuple[Any, tuple[Any, ...]]:
        """Like ``call``, and ask the positional arguments back as they are after the call."""
        value, after = self._call(function, args, kwargs, on_error, back=True)
        return self._returned(value, function, returns, ""), after

    def _call(
        self,
        function: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        on_error: str | tuple[str, ...],
        *,
        back: bool,
    ) -> tuple[Any, tuple[Any, ...]]:
        copies, self._arguments = tuple(map(_copied, args)), args
        try:
            value, after = bridge.call_with_arguments(function, copies, kwargs, back=back)
            self._note_value(value)
            return value, after
        except Exception as error:
            self._note({"error": type(error).__name__})
            sentence = _for_error(on_error, error)
            if not sentence:
                raise
            raise self._outcome_of(error, "", sentence) from None

    def _returned(self, value: Any, function: Any, returns: int | None, on_none: str) -> Any:
        if value is None:
            self._fail(on_none or _nothing_returned(function))
            return value
        several = isinstance(value, (tuple, list))
        if returns is not None and not (several and len(value) == returns):
            count, name = len(value) if several else 1, _name_of(function) or "tu función"
            self._fail(f"`{name}` debe devolver {returns} valores y devolvió {count}.")
        return value

    def beside(self, probe: Callable[..., Any], *args: Any) -> Any:
        """Run a function of the test next to the student's objects.

        For what no value can show: whether a gradient flows, whether a warning is given.

        Args:
            probe: a function that stands on its own (it imports what it needs) and returns
                plain values.
            *args: its arguments, among them the student's objects.
        """
        value = bridge.run_beside(probe, args)
        if value is not None:
            self._note_value(value)
        return value

    # -- judging -----------------------------------------------------------------------------

    def fail(self, sentence: str) -> None:
        """Judge the answer incorrect with this sentence."""
        self._note(False)
        self._fail(sentence)

    def that(self, condition: Any, sentence: str) -> None:
        """Fail with the sentence unless the condition (a plain truth value) holds."""
        holds = bool(condition)
        self._note(holds)
        if not holds:
            self._fail(sentence)

    def _fail(self, sentence: str, *, own: bool = True) -> None:
        """Note that a judgement failed; end the test unless its later calls are of use.

        Args:
            sentence: what the student reads.
            own: whether it says what was done, and not only numbers or shapes side by side.
        """
        outcome = Incorrect(self.exercise, sentence, (), bool(self._hints()), own=own)
        self._first = self._first or outcome
        if self.hidden or not (
            recorded.observer() or recorded.may_become(self.exercise, self._read)
        ):
            raise outcome

    def equal(
        self,
        got: Any,
        expected: Any,
        name: str = "el resultado",
        *,
        mistakes: Mistakes | None = None,
        shapes: Sequence[tuple[int, ...]] = (),
        rtol: float = RTOL,
        atol: float | None = None,
    ) -> None:
        """Fail unless the numbers are the expected ones.

        Args:
            got: the student's value: number, array, tensor, list, Series.
            expected: the reference.
            name: what the value is called in messages.
            mistakes: sentence → the value that this mistake gives (or a function that computes
                it, called only when the answer is wrong).
            shapes: further shapes that are accepted besides that of ``expected``; the same
                numbers in the same order.
            rtol: relative tolerance.
            atol: absolute tolerance; None: ``rtol`` times the largest |expected|.

        Raises:
            Incorrect: with the sentence of the mistake that gives this very value, else with the
                shape or the value that differs (in a hidden test without the expected value).
        """
        numbers, wanted = as_numbers(got), np.asarray(plain(expected))
        if numbers is not None and tuple(numbers.shape) in {tuple(s) for s in shapes}:
            numbers = numbers.reshape(wanted.shape)
        if numbers is not None and same(numbers, wanted, rtol=rtol, atol=atol):
            self._note(True)
            return
        self._note(reading_of(got) if numbers is None else of_numbers(numbers))
        named = self._named(got, mistakes or {})
        self._fail(named or self._difference(got, numbers, wanted, name), own=bool(named))

    def _named(self, got: Any, mistakes: Mistakes) -> str:
        """The sentence of the mistake that gives this value; empty where none does."""
        with np.errstate(all="ignore"):
            for sentence, wrong in mistakes.items():
                if same(got, wrong() if callable(wrong) else wrong, rtol=1e-4):
                    return sentence
        return ""

    def _difference(
        self, got: Any, numbers: np.ndarray | None, wanted: np.ndarray, name: str
    ) -> str:
        """What differs between a value and the expected one."""
        if numbers is None:
            return f"`{name}` debe tener números y es de tipo `{type(plain(got)).__name__}`."
        related = relation(numbers, wanted, self._arguments)
        if related:
            return related
        if numbers.shape != wanted.shape:
            return f"`{name}` tiene forma {numbers.shape} y debe tener forma {wanted.shape}."
        if numbers.dtype.kind in "fc" and not np.isfinite(numbers).all():
            return f"`{name}` contiene NaN o infinitos."
        if self.hidden:
            return f"`{name}` no vale lo que debe con otros datos."
        return f"`{name}` debe ser {show(wanted)} y es {show(numbers)}."

    def shape(self, got: Any, *allowed: tuple[int, ...], name: str = "el resultado") -> None:
        """Fail unless the value is numeric and has one of the shapes."""
        numbers = as_numbers(got)
        if numbers is not None and numbers.shape in allowed:
            self._note(True)
            return
        self._note(reading_of(got))
        if numbers is None:
            kind = type(plain(got)).__name__
            self._fail(f"`{name}` debe tener números y es de tipo `{kind}`.", own=False)
        else:
            wanted = " o ".join(map(str, allowed))
            self._fail(
                f"`{name}` tiene forma {numbers.shape} y debe tener forma {wanted}.", own=False
            )

    def finite(self, got: Any, sentence: str) -> None:
        """Fail with the sentence where the value has a NaN or an infinity (or is no number)."""
        numbers = as_numbers(got)
        self.that(numbers is not None and np.isfinite(numbers).all(), sentence)

    def unchanged(self, function: Any, *args: Any, sentence: str) -> None:
        """Fail with the sentence if a call changes one of its array arguments."""
        _, after = self.call_back(function, *args)
        for before, now in zip(args, after, strict=True):
            if as_numbers(before) is not None:
                self.that(same(now, before, rtol=0, atol=0), sentence)


def _for_error(on_error: str | tuple[str, ...], error: Exception) -> str:
    """The sentence that a test has for an exception; empty where it was not written for it."""
    names = {kind.__name__ for kind in type(error).__mro__}
    if isinstance(on_error, str):
        return "" if names & set(SPEAK_FOR_THEMSELVES) else on_error
    sentence, *kinds = on_error
    return sentence if names & set(kinds) else ""


def _name_of(function: Any) -> Any:
    # Asked for only where a sentence needs it: of a stand-in it costs a question.
    return getattr(function, "__name__", "")


def _nothing_returned(function: Any) -> str:
    name = _name_of(function)  # an object that is called, such as a model, has none
    if name:
        return f"`{name}` devolvió None: {NO_RETURN}"
    return f"Tu función devolvió None: {NO_RETURN}"


def _copied(value: Any) -> Any:
    """A copy of an argument that a careless answer could change; others as they are."""
    if isinstance(value, (np.ndarray, list, dict)) or hasattr(value, "to_numpy"):
        return deepcopy(value)
    return value
