"""Guards demonstrations: cells of the course that call the student's answers.

It runs only once the exercises that it calls have passed their visible tests: a wrong answer would
cost minutes of training, or draw a figure that means nothing. An error inside it becomes one
sentence, since its text is not the student's to repair.

A demonstration is known by its text, whose fingerprint the unit's outline has: not all front ends
send a cell's id, and none sends its tags.
"""

import ast
import linecache
import sys
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

from course_utils.checks import predictions, progress
from course_utils.checks.explain import explain
from course_utils.checks.outcomes import exercise_title
from course_utils.checks.outline import fingerprint, names_of, outline, units

Kinds = tuple[type[BaseException], ...]


def calls_of(unit: str, source: str) -> tuple[str, ...]:
    """The exercises that a demonstration calls; none for any other cell.

    Args:
        unit: short id, such as ``u1``.
        source: text of the cell.
    """
    if unit not in units():
        return ()
    text = fingerprint(source)
    return next((cell.calls for cell in outline(unit).cells if cell.fingerprint == text), ())


def refusal(calls: Sequence[str]) -> str:
    """The sentence for a demonstration that has to wait; empty for one that may run."""
    left = [name for name in calls if progress.state_of(name) != progress.PASSED]
    if not left:
        return ""
    the, tests = ("el", "su prueba visible") if len(left) == 1 else ("los", "sus pruebas visibles")
    return f"Esta demostración usa {the} {_listed(left)}: ejecútala después de superar {tests}."


def stop(calls: Sequence[str], error: BaseException) -> list[str]:
    """The lines for a demonstration that an exception ended.

    Args:
        calls: the exercises that it calls.
        error: the exception, with its traceback.
    """
    if isinstance(error, KeyboardInterrupt):
        return ["La demostración se interrumpió antes de terminar."]
    found = _in_an_answer(calls, error.__traceback__)
    if found:
        name, exercise, line = found
        told = f"La demostración se detuvo en tu `{name}` ({_listed([exercise])}). {explain(error)}"
        return [told, f"En tu código, {line}"] if line else [told]
    message = str(error).strip().partition("\n")[0]
    said = f"{type(error).__name__}: {message}" if message else type(error).__name__
    return [
        f"La demostración se detuvo fuera de tus funciones, quizá por lo que devuelven "
        f"({_listed(calls)}): compáralo con el enunciado ({said.removesuffix('.')})."
    ]


def _listed(exercises: Sequence[str]) -> str:
    numbers = [exercise_title(exercise).split()[-1] for exercise in exercises]
    if len(numbers) == 1:
        return f"ejercicio {numbers[0]}"
    return f"ejercicios {', '.join(numbers[:-1])} y {numbers[-1]}"


def _in_an_answer(calls: Sequence[str], tb: TracebackType | None) -> tuple[str, str, str] | None:
    """The innermost call of an answer on the way to an error: its name, exercise and line."""
    answers = {name: exercise for exercise in calls for name in names_of(exercise)}
    found = None
    while tb is not None:
        code = tb.tb_frame.f_code
        # Of a method, the class is what the exercise asks for.
        name = code.co_qualname.partition(".")[0]
        if name in answers and "site-packages" not in code.co_filename:
            text = linecache.getline(code.co_filename, tb.tb_lineno).strip()
            found = name, answers[name], f"línea {tb.tb_lineno}: {text}" if text else ""
        tb = tb.tb_next
    return found


class _Guard:
    """Stands before each cell of a session, as IPython's event and as its transformer."""

    def __init__(self, shell: Any, kinds: Kinds, handler: Callable[..., list[str]]) -> None:
        self._shell = shell
        self._usual = kinds, handler
        self._calls: tuple[str, ...] = ()

    def before(self, info: Any) -> None:
        """A cell is about to run."""
        self._calls = calls_of(progress.current_unit(), str(info.raw_cell or ""))
        if self._calls:
            self._shell.set_custom_exc((Exception, KeyboardInterrupt), self._stopped)
        else:
            self._shell.set_custom_exc(*self._usual)

    def after(self, result: Any) -> None:
        """A cell has run: below what it shows stand the answers to what was predicted of it."""
        if getattr(result, "success", False) and result.info is not None:
            predictions.ran(progress.current_unit(), str(result.info.raw_cell or ""))

    def visit(self, tree: ast.AST) -> ast.AST:
        """Let a cell's tree pass, or refuse it: of what a transformer raises, this alone stops it.

        Raises:
            InputRejected: the cell is a demonstration that has to wait.
        """
        from IPython.core.error import InputRejected

        sentence = refusal(self._calls)
        if not sentence:
            return tree
        error = InputRejected(sentence)
        error._render_traceback_ = lambda: [f"○ {sentence}"]  # IPython's own hook
        raise error

    def _stopped(
        self,
        shell: Any,
        kind: type[BaseException],
        error: BaseException,
        tb: TracebackType | None,
        tb_offset: int | None = None,
    ) -> list[str]:
        kinds, handler = self._usual
        if _of_the_cell(error, tb) and isinstance(error, kinds):
            return handler(shell, kind, error, tb, tb_offset)
        drop_figures()
        first, *rest = stop(self._calls, error)
        lines = [f"⚠ {first}", *rest]
        shell._showtraceback(kind, error, lines)
        return lines


def _of_the_cell(error: BaseException, tb: TracebackType | None) -> bool:
    """Whether a name is missing in the cell's own lines: an earlier cell did not run."""
    tb = innermost(tb)
    return isinstance(error, NameError) and tb is not None and tb.tb_frame.f_code.co_name[0] == "<"


def innermost(tb: TracebackType | None) -> TracebackType | None:
    """The end of a traceback, where the exception was raised."""
    while tb is not None and tb.tb_next is not None:
        tb = tb.tb_next
    return tb


def drop_figures() -> None:
    """Close what the cell had begun to draw: else empty axes stand below the sentence."""
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


def guard(shell: Any, kinds: Kinds, handler: Callable[..., list[str]]) -> None:
    """Guard the demonstrations of a session; a second call does no harm.

    Args:
        shell: IPython's.
        kinds: exceptions that ``handler`` shows in cells that are no demonstration.
        handler: as ``set_custom_exc`` takes it.
    """
    shell.set_custom_exc(kinds, handler)
    if not any(isinstance(one, _Guard) for one in shell.ast_transformers):
        one = _Guard(shell, kinds, handler)
        shell.ast_transformers.append(one)
        shell.events.register("pre_run_cell", one.before)
        shell.events.register("post_run_cell", one.after)
