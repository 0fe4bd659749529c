"""``progreso``: where a student stands in a unit, from the checks that ran in this session."""

import html
import time
from dataclasses import dataclass

from course_utils.checks import predictions, versions
from course_utils.checks.display import show
from course_utils.checks.outcomes import ExecutionError, exercise_title
from course_utils.checks.outline import Exercise, outline

PASSED, NOT_RUN = "superado", "sin comprobar"
SYMBOLS = {
    PASSED: "✔",
    "incorrecto": "✘",
    "error de ejecución": "⚠",
    "sin empezar": "○",
    NOT_RUN: "·",
}


class _Session:
    """What the checks of this session came to."""

    def __init__(self) -> None:
        self.unit = ""
        self.states: dict[str, str] = {}
        self.last_check = 0.0  # seconds since the epoch


_session = _Session()


def begin(unit: str) -> None:
    """Say which unit the session works on; what its checks came to so far is kept."""
    _session.unit = unit


def current_unit() -> str:
    """The unit that the session works on; empty before the set-up cell ran."""
    return _session.unit


def note(exercise: str, state: str) -> None:
    """Keep how the visible test of an exercise ended."""
    _session.states[exercise] = state
    _session.last_check = time.time()


def state_of(exercise: str) -> str:
    """How the visible test of an exercise ended last; ``NOT_RUN`` where it did not run.

    A passed test no longer counts once a newer version of the answer's cell has stopped.
    """
    state = _session.states.get(exercise, NOT_RUN)
    if state == PASSED and versions.stopped(exercise) is not None:
        return ExecutionError.state
    return state


def last_check() -> float:
    """When a visible test ran last, in seconds since the epoch; 0 if none did."""
    return _session.last_check


@dataclass(frozen=True)
class Progress:
    """A table of exercises and their states; Jupyter shows it as HTML, a terminal as text.

    Attributes:
        caption: title of the table.
        rows: exercise and state.
        guesses: a sentence on the unit's predictions; empty where it has none.
    """

    caption: str
    rows: tuple[tuple[Exercise, str], ...]
    guesses: str = ""

    @property
    def summary(self) -> str:
        """A few sentences: what is done, what is left, what was predicted."""
        done = [exercise for exercise, state in self.rows if state == PASSED]
        points, total = (sum(e.visible for e in some) for some in (done, self._exercises()))
        hidden = sum(e.hidden for e in self._exercises())
        text = (
            f"Superaste {len(done)} de {len(self.rows)} pruebas visibles: "
            f"{points} de {total} puntos visibles."
        )
        left = [exercise_title(e.name).split()[-1] for e, state in self.rows if state != PASSED]
        missing = "Te falta" if len(left) == 1 else "Te faltan"
        text += f" {missing}: {', '.join(left)}." if left else " No queda ninguna por superar."
        text += f" Las pruebas ocultas, que corren al corregir, valen otros {hidden} puntos."
        return f"{text} {self.guesses}".rstrip()

    def _exercises(self) -> list[Exercise]:
        return [exercise for exercise, _ in self.rows]

    def __str__(self) -> str:
        width = max((len(exercise.title) for exercise in self._exercises()), default=0)
        lines = [
            f"{exercise_title(e.name):14}  {e.title:{width}}  {SYMBOLS[state]} {state:18}  "
            f"{_points(e, state)}"
            for e, state in self.rows
        ]
        return "\n".join([self.caption, *lines, self.summary])

    def _repr_html_(self) -> str:
        head = "".join(
            f'<th scope="col" style="text-align:left">{name}</th>'
            for name in ("Ejercicio", "De qué trata", "Estado", "Puntos visibles")
        )
        body = "".join(
            f'<tr><th scope="row" style="text-align:left">{exercise_title(e.name)}</th>'
            f'<td style="text-align:left">{html.escape(e.title)}</td>'
            f'<td style="text-align:left"><span aria-hidden="true">{SYMBOLS[state]}</span> '
            f"{state}</td>"
            f'<td style="text-align:left">{_points(e, state)}</td></tr>'
            for e, state in self.rows
        )
        # No colour at all: it has to be read on light and dark themes, and by ear.
        return (
            f'<div role="region" aria-label="{html.escape(self.caption)}" lang="es"><table>'
            f'<caption style="text-align:left;font-weight:bold">{html.escape(self.caption)}'
            f"</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
            f"<p>{html.escape(self.summary)}</p></div>"
        )


def _points(exercise: Exercise, state: str) -> str:
    return f"{exercise.visible if state == PASSED else 0} de {exercise.visible}"


def progress(unit: str) -> Progress:
    """Where the session stands in a unit.

    Raises:
        ValueError: there is no such unit.
    """
    rows = tuple((exercise, state_of(exercise.name)) for exercise in outline(unit).exercises)
    caption = f"Tu progreso en la unidad {unit.lstrip('u')}, en esta sesión"
    return Progress(caption, rows, predictions.summary(unit))


def progreso(unidad: str = "") -> None:
    """Show the exercises of a unit, how their visible tests ended, and what is left.

    Args:
        unidad: such as ``"u1"``; by default the one of this notebook.
    """
    unit = unidad or current_unit()
    if not unit:
        print('Ejecuta primero la celda de preparación, o di la unidad: progreso("u1").')
        return
    try:
        show(progress(unit))
    except ValueError as error:
        print(error)
