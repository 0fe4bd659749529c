"""``glosario``: the course's terms, Spanish and English, each in one sentence."""

import difflib
import html
import textwrap
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from course_utils.checks.display import show

_WIDTH = 80  # characters; JupyterLab would break longer lines in the middle of a word


@dataclass(frozen=True)
class Term:
    """A term of the course.

    Attributes:
        spanish: as the units write it.
        english: as libraries and books call it.
        meaning: one sentence, Spanish.
    """

    spanish: str
    english: str
    meaning: str


@dataclass(frozen=True)
class Terms:
    """Some terms; Jupyter shows them as an HTML list, a terminal as text."""

    terms: Sequence[Term]

    def __str__(self) -> str:
        return "\n".join(
            textwrap.fill(
                f"{term.spanish} ({term.english}): {term.meaning}",
                _WIDTH,
                subsequent_indent="    ",
                break_on_hyphens=False,
            )
            for term in self.terms
        )

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<dt><strong>{html.escape(term.spanish)}</strong> "
            f'(<span lang="en">{html.escape(term.english)}</span>)</dt>'
            f"<dd>{html.escape(term.meaning)}</dd>"
            for term in self.terms
        )
        return f'<dl lang="es">{rows}</dl>'


@cache
def terms() -> tuple[Term, ...]:
    """All terms, in the order of the Spanish alphabet."""
    text = (resources.files(__name__) / "terms.toml").read_text(encoding="utf-8")
    found = (Term(spanish, *rest) for spanish, rest in tomllib.loads(text).items())
    return tuple(sorted(found, key=lambda term: _bare(term.spanish)))


def glosario(termino: str = "") -> None:
    """Show what a term means; without one, the whole glossary.

    Args:
        termino: Spanish or English, with or without accents, such as ``"sesgo"`` or ``"bias"``.
    """
    found = _called(_bare(str(termino)))
    if found:
        show(Terms(found))
        return
    near = difflib.get_close_matches(_bare(str(termino)), map(_bare, _names()), 1)
    meant = next((f" ¿Buscabas «{name}»?" for name in _names() if [_bare(name)] == near), "")
    print(f"«{termino}» no está en el glosario.{meant} glosario() lo muestra entero.")


def _called(name: str) -> list[Term]:
    """The term of a name, or else those whose names hold it; all for an empty one."""
    exact = [term for term in terms() if name in (_bare(term.spanish), _bare(term.english))]
    return exact or [t for t in terms() if name in _bare(t.spanish) or name in _bare(t.english)]


def _names() -> list[str]:
    return [name for term in terms() for name in (term.spanish, term.english)]


def _bare(text: str) -> str:
    """Lower case, without accents and without spaces at the ends."""
    parts = unicodedata.normalize("NFD", text.casefold().strip())
    return "".join(part for part in parts if not unicodedata.combining(part))
