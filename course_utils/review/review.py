"""``revisar``: runs the saved file in a clean process and says what a grader would see."""

import html
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_utils import colab
from course_utils.checks import progress
from course_utils.checks.display import show
from course_utils.checks.outcomes import (
    ExecutionError,
    Incorrect,
    NotStarted,
    exercise_title,
)
from course_utils.checks.outline import outline
from course_utils.checks.progress import NOT_RUN, PASSED, Progress
from course_utils.review import saved as files
from course_utils.review.lacks import lacking
from course_utils.review.run import EXECUTION, run
from course_utils.review.saved import ReviewError, Saved

_STATES = {kind.__name__: kind.state for kind in (NotStarted, ExecutionError, Incorrect)}
_STATES[""] = PASSED


@dataclass(frozen=True)
class Review:
    """What came of a review; Jupyter shows it as HTML, a terminal as text.

    Attributes:
        table: exercises and their states in the clean run.
        notes: what to know and what to do, a sentence each.
        receipt: lines to keep.
    """

    table: Progress
    notes: tuple[str, ...]
    receipt: tuple[str, ...]

    def __str__(self) -> str:
        notes = [f"- {note}" for note in self.notes]
        return "\n".join([str(self.table), "", *notes, "", *self.receipt])

    def _repr_html_(self) -> str:
        notes = "".join(f"<li>{html.escape(note)}</li>" for note in self.notes)
        receipt = html.escape("\n".join(self.receipt))
        return (
            f'{self.table._repr_html_()}<div lang="es"><ul>{notes}</ul>'
            f'<pre aria-label="Recibo de la revisión" style="white-space:pre-wrap">{receipt}</pre>'
            "</div>"
        )


def revisar(archivo: str | Path | None = None) -> None:
    """Run the saved notebook from the top in a clean process, and say how it is.

    Demonstrations are left out, as when grading. A receipt stays beside the file.

    Args:
        archivo: path of the notebook; by default the one that calls it.
    """
    if os.environ.get(EXECUTION):
        return  # left in a notebook that is being graded, validated or reviewed
    try:
        saved = files.read(Path(archivo) if archivo else _own_file())
        print(f"Ejecuto {saved.path.name} desde el principio en un proceso limpio; espera un poco…")
        review = review_of(saved)
    except ReviewError as error:
        print(error)
        return
    _keep(saved, review)
    show(review)


def review_of(saved: Saved) -> Review:
    """Run a saved notebook and judge it.

    Raises:
        ReviewError: it could not be run.
    """
    ended = run(saved)
    states = {
        exercise.name: _state(ended.get(f"{exercise.name}-visible"))
        for exercise in saved.released.exercises
    }
    rows = tuple((exercise, states[exercise.name]) for exercise in saved.released.exercises)
    number = saved.released.unit.lstrip("u")
    table = Progress(f"Unidad {number}: tu archivo guardado, ejecutado desde el principio", rows)
    notes = [
        files.age(saved, progress.last_check()),
        files.order(saved),
        *_differences(states),
        *_sentences(ended, states),
        *files.repairs(saved),
        *lacking(saved),
    ]
    if f"{saved.released.unit}-reflexion" in files.untouched(saved):
        notes.append("La reflexión está sin escribir.")
    return Review(table, tuple(notes), _receipt(saved, states))


def _own_file() -> Path:
    """The notebook of this session.

    Raises:
        ReviewError: nothing says which it is.
    """
    name = os.environ.get("JPY_SESSION_NAME", "")
    unit = progress.current_unit()
    candidates = [Path(name), Path(Path(name).name)] if name.endswith(".ipynb") else []
    if unit and not colab.here():
        candidates.append(Path(f"{outline(unit).notebook}.ipynb"))
    found = next((path for path in candidates if path.is_file()), None)
    if found:
        return found
    if colab.here():
        raise ReviewError(
            "En Colab di dónde está el archivo: conecta tu Drive desde el panel Archivos y ejecuta "
            'revisar("/content/drive/MyDrive/Colab Notebooks/nombre-del-archivo.ipynb").'
        )
    raise ReviewError(
        'No encuentro el archivo de este notebook: di cuál es, revisar("01-….ipynb").'
    )


def _state(ended: dict[str, Any] | None) -> str:
    if ended is None:
        return NOT_RUN
    return _STATES.get(ended["kind"], ExecutionError.state)


def _differences(states: dict[str, str]) -> list[str]:
    """Where this session and the clean run disagree: something lives in memory only."""
    return [
        f"{exercise_title(name)}: en tu sesión está «{now}», y en el archivo ejecutado desde el "
        f"principio, «{state}». ¿Guardaste? ¿Usas algo que solo existe en la memoria?"
        for name, state in states.items()
        if (now := progress.state_of(name)) not in (NOT_RUN, state)
    ]


def _sentences(ended: dict[str, dict[str, Any]], states: dict[str, str]) -> list[str]:
    notes = []
    for name, state in states.items():
        if state in (PASSED, NotStarted.state, NOT_RUN):
            continue
        lines = ended[f"{name}-visible"]["lines"]
        # Between its title and the offer of a hint, the message of a check.
        told = " ".join(line for line in lines[1:] if "pista(" not in line) or "".join(lines)
        notes.append(f"{exercise_title(name)}, {state}: {told}")
    return notes


def _receipt(saved: Saved, states: dict[str, str]) -> tuple[str, ...]:
    passed = sum(state == PASSED for state in states.values())
    listed = "; ".join(
        f"{exercise_title(name).split()[-1]} {state}" for name, state in states.items()
    )
    return (
        f"RECIBO · unidad {saved.released.unit.lstrip('u')} · {saved.path.name}",
        f"Revisado: {time.strftime('%Y-%m-%d %H:%M:%S %z')}",
        f"Pruebas visibles superadas: {passed} de {len(states)} ({listed})",
        f"SHA-256 del archivo, como está guardado ahora: {saved.sha256}",
        f"SHA-256 de las respuestas, que no cambia al guardar de nuevo: {saved.answers}",
    )


def _keep(saved: Saved, review: Review) -> None:
    """Leave the receipt beside the notebook, where the folder lets one write."""
    target = saved.path.with_name(f"recibo-{saved.released.unit}.txt")
    try:
        target.write_text("\n".join(review.receipt) + "\n", encoding="utf-8")
    except OSError:
        print("El recibo no se pudo guardar junto al archivo: cópialo de aquí.")
