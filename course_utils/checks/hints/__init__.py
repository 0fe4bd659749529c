"""Staged hints: one TOML file a unit, three steps an exercise, from a question to nearly there."""

import textwrap
import tomllib
from functools import cache
from importlib import resources

from course_utils.checks.outcomes import exercise_title

_WIDTH = 80  # characters; JupyterLab would break longer lines in the middle of a word
_taken: dict[str, int] = {}


@cache
def _unit_hints(unit: str) -> dict[str, list[str]]:
    file = resources.files(__name__).joinpath(f"{unit}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def steps(exercise: str) -> list[str]:
    """The hints of an exercise, in order; empty where there are none."""
    return _unit_hints(exercise.partition("-")[0]).get(exercise, [])


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
