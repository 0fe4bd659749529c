"""The ways in which a check can end without passing: one exception each, one sentence each."""

from typing import ClassVar


def exercise_title(exercise: str) -> str:
    """Title a student reads for an exercise id: ``u1-ej3`` is "Ejercicio 1.3"."""
    unit, _, number = exercise.partition("-ej")
    return f"Ejercicio {unit.lstrip('u')}.{number}" if number else exercise


class Outcome(AssertionError):
    """A check that did not pass.

    Args:
        exercise: id of the exercise, such as ``u1-ej3``.
        sentence: what happened and what to look at, one Spanish sentence.
        details: further lines, shown below the sentence.
        hints: whether the exercise has hints to offer.
    """

    symbol: ClassVar[str] = "✘"
    state: ClassVar[str] = "incorrecto"

    def __init__(
        self, exercise: str, sentence: str, details: tuple[str, ...] = (), hints: bool = False
    ) -> None:
        super().__init__(sentence)
        self.exercise = exercise
        self.sentence = sentence
        self.details = details
        self.hints = hints

    def lines(self) -> list[str]:
        """The text that stands in the notebook in place of a traceback."""
        text = [f"{self.symbol} {exercise_title(self.exercise)} · {self.state}", self.sentence]
        text += self.details
        if self.hints:
            text.append(f'¿Necesitas ayuda? Ejecuta pista("{self.exercise}") en una celda nueva.')
        return text

    def _render_traceback_(self) -> list[str]:
        """IPython's own hook: what a cell shows instead of the traceback."""
        return self.lines()


class NotStarted(Outcome):
    """The stub is as it was handed out."""

    symbol = "○"
    state = "sin empezar"


class ExecutionError(Outcome):
    """The student's code raised an exception, or could not be reached."""

    symbol = "⚠"
    state = "error de ejecución"


class Incorrect(Outcome):
    """The student's code ran and gave something else than asked for.

    Args:
        exercise: as of any outcome.
        sentence: as of any outcome.
        details: as of any outcome.
        hints: as of any outcome.
        own: whether the sentence says what was done, and not only numbers or shapes side by side.
    """

    def __init__(
        self,
        exercise: str,
        sentence: str,
        details: tuple[str, ...] = (),
        hints: bool = False,
        *,
        own: bool = True,
    ) -> None:
        super().__init__(exercise, sentence, details, hints)
        self.own = own
