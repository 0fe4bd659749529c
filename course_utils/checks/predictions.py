"""``predice``: a guess before a cell runs, answered after it has run. It carries no points.

The options stand in the notebook, in the text above the cell ``uN-pK``; the right one and why it is
right stand in the unit's folder, ``source/06-x/predicciones.toml``. ``course release`` puts both
into the unit's outline, which students get with the package.
"""

import html
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from course_utils.checks.display import show
from course_utils.checks.outline import Prediction, fingerprint, outline, units

_WIDTH = 80  # characters; JupyterLab would break longer lines in the middle of a word
_MARKS = " .()«»\"'*"  # what a student may write around a letter


class _Session:
    """The guesses of this session, and the cells that have run."""

    def __init__(self) -> None:
        self.guesses: dict[str, str] = {}
        self.ran: set[str] = set()


_session = _Session()


@dataclass(frozen=True)
class Answer:
    """What a guess came to; Jupyter shows it as HTML, a terminal as text.

    Attributes:
        prediction: what was asked.
        guess: the letter that the student chose.
    """

    prediction: Prediction
    guess: str

    @property
    def verdict(self) -> str:
        """One sentence: what was chosen, and what came."""
        options, right = self.prediction.options, self.prediction.answer
        chosen = f"Elegiste {_quoted(self.guess, options)}"
        if self.guess == right:
            return f"{chosen}: coincide."
        return f"{chosen}; lo que se ve es {_quoted(right, options)}."

    @property
    def _title(self) -> str:
        mark = "✔" if self.guess == self.prediction.answer else "✘"
        return f"{title(self.prediction.name)} · {mark}"

    def __str__(self) -> str:
        lines = (self.verdict, self.prediction.explanation)
        return "\n".join([f"🔮 {self._title}", *map(_filled, lines)])

    def _repr_html_(self) -> str:
        name, mark = self._title.split(" · ")
        return (
            f'<div role="note" aria-label="{html.escape(name)}" lang="es"><p>'
            f'<span aria-hidden="true">🔮 {mark}</span> <strong>{html.escape(name)}.</strong> '
            f"{html.escape(self.verdict)}</p><p>{html.escape(self.prediction.explanation)}</p></div>"
        )


def predice(prediccion: str, opcion: str = "") -> None:
    """Keep a guess until the cell that answers it has run in this session.

    Args:
        prediccion: id of the cell, such as ``"u1-p1"``.
        opcion: the letter of one of the options that the text above the cell gives.
    """
    asked = prediction_called(str(prediccion))
    if asked is None:
        print(f'No hay ninguna predicción «{prediccion}»: el nombre se escribe como en "u1-p1".')
        return
    guess = str(opcion).strip(_MARKS).lower()
    if guess not in asked.options:
        print(_which(asked, guess))
    elif asked.after in _session.ran:
        # A guess made before stays the one that counts.
        print("La celda que responde ya se ejecutó, así que esta elección no se cuenta.")
        show(Answer(asked, guess))
    else:
        _session.guesses[asked.name] = guess
        noted = f"{title(asked.name)}: anotada la opción {_quoted(guess, asked.options)}."
        print(_filled(f"{noted} La respuesta aparece al ejecutar la celda que la muestra."))


def ran(unit: str, source: str) -> None:
    """Note that a cell has run without an error, and answer the guesses that waited for it.

    Args:
        unit: short id, such as ``u1``.
        source: text of the cell, by which it is known: not all front ends send its id.
    """
    if not (waiting := [one for one in _of(unit) if one.after not in _session.ran]):
        return
    text = fingerprint(source)
    names = {cell.name for cell in outline(unit).cells if cell.fingerprint == text}
    for one in waiting:
        if one.after in names:
            _session.ran.add(one.after)
            if guess := _session.guesses.get(one.name):
                show(Answer(one, guess))


def summary(unit: str) -> str:
    """A sentence on the guesses of a unit; empty where it asks for none."""
    asked = list(_of(unit))
    if not asked:
        return ""
    noted = [one for one in asked if one.name in _session.guesses]
    text = f"Predicciones anotadas (sin puntos): {len(noted)} de {len(asked)}."
    answered = [one for one in noted if one.after in _session.ran]
    right = sum(_session.guesses[one.name] == one.answer for one in answered)
    if answered:
        text += f" Ya tienen respuesta {len(answered)}, y coinciden {right}."
    return text


def title(name: str) -> str:
    """What a student reads for an id: ``u1-p3`` is "Predicción 1.3"."""
    unit, _, number = name.partition("-p")
    return f"Predicción {unit.lstrip('u')}.{number}"


def prediction_called(name: str) -> Prediction | None:
    """The prediction with an id such as ``u1-p2``; None where no unit has it."""
    return next((one for one in _of(name.partition("-")[0]) if one.name == name), None)


def _of(unit: str) -> Iterator[Prediction]:
    return iter(outline(unit).predictions if unit in units() else ())


def _which(asked: Prediction, guess: str) -> str:
    *first, last = asked.options
    said = f"«{guess}» no es una de las opciones. " if guess else ""
    return f"{title(asked.name)}: {said}Escribe entre las comillas {', '.join(first)} o {last}."


def _quoted(letter: str, options: dict[str, str]) -> str:
    return f"{letter}) {options[letter].rstrip('.;')}"


def _filled(text: str) -> str:
    return textwrap.fill(text, _WIDTH, break_on_hyphens=False, break_long_words=False)
