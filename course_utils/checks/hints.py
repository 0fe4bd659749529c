"""Staged hints, three steps an exercise, from a question to nearly there.

They are written in the unit's folder, ``source/06-x/pistas.toml``; ``course release`` puts them
into the unit's outline, which students get with the package.
"""

import textwrap

from course_utils.checks.outcomes import exercise_title
from course_utils.checks.outline import exercise_called

_WIDTH = 80  # characters; JupyterLab would break longer lines in the middle of a word
_taken: dict[str, int] = {}


def steps(exercise: str) -> tuple[str, ...]:
    """The hints of an exercise, in order; empty where there are none."""
    found = exercise_called(exercise)
    return found.hints if found else ()


def pista(ejercicio: str, paso: int | None = None) -> None:
    """Print the next hint of an exercise.

    Args:
        ejercicio: id of the exercise, such as ``"u1-ej1"``.
        paso: which step, from 1; None goes one further than the last time.
    """
    hints = steps(ejercicio)
    if not hints:
        print(f'No hay pistas para «{ejercicio}»: el nombre se escribe como en "u1-ej1".')
        return
    wanted = _taken.get(ejercicio, 0) + 1 if paso is None else paso
    step = min(max(wanted, 1), len(hints))
    _taken[ejercicio] = step
    hint = textwrap.fill(hints[step - 1], _WIDTH, break_on_hyphens=False, break_long_words=False)
    print(f"{exercise_title(ejercicio)} · pista {step} de {len(hints)}\n{hint}")
