"""Markdown to HTML that is cleaned after it is rendered, with formulas as MathML."""

import secrets
from html import escape
from typing import Final

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from course_utils.grading.feedback.clean import clean_html
from course_utils.grading.feedback.formulas import to_mathml

LONGEST: Final = 30_000  # characters of one cell
MOST_FORMULAS: Final = 500
CUT: Final = "\n\n… Texto recortado: es demasiado largo para esta página."


def safe_markdown(source: str) -> str:
    """HTML of a Markdown text; takes the place of nbconvert's ``markdown2html``.

    Args:
        source: the text, a student's or a master's.
    """
    if len(source) > LONGEST:
        source = source[:LONGEST] + CUT
    renderer = _Renderer()
    try:
        html = MarkdownWithMath(renderer=renderer).render(source)
    except Exception:  # a parser on a student's text: whatever it stumbles over is shown as text
        return f"<pre>{escape(source)}</pre>"
    return renderer.with_formulas(clean_html(html, span_classes=renderer.places()))


class _Renderer(IPythonRenderer):
    """Leaves an empty ``span`` where a formula goes, so that cleaning never sees a formula.

    The spans' class has a part that nobody can guess. In an attribute or in text the tag comes
    out of cleaning with its signs escaped, so that the tag itself marks a place between tags.
    """

    def __init__(self) -> None:
        super().__init__(escape=False, exclude_anchor_links=True)
        self._secret = secrets.token_hex(8)
        self._formulas: list[str] = []

    def places(self) -> list[str]:
        """The classes of the spans."""
        return [self._place(number) for number in range(len(self._formulas))]

    def with_formulas(self, html: str) -> str:
        """Cleaned HTML with the formulas in their places."""
        for place, formula in zip(self.places(), self._formulas, strict=True):
            html = html.replace(f'<span class="{place}"></span>', formula)
        return html

    def _place(self, number: int) -> str:
        return f"formula-{self._secret}-{number}"

    def _formula(self, latex: str, *, display: bool) -> str:
        if len(self._formulas) == MOST_FORMULAS:
            return f"<code>{escape(latex)}</code>"
        self._formulas.append(to_mathml(latex, display=display))
        return f'<span class="{self._place(len(self._formulas) - 1)}"></span>'

    def block_math(self, body: str) -> str:
        return self._formula(body, display=True)

    def inline_math(self, body: str) -> str:
        return self._formula(body, display=False)

    def latex_environment(self, name: str, body: str) -> str:
        return self._formula(f"\\begin{{{name}}}{body}\\end{{{name}}}", display=True)

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """A picture; one that was pasted into the cell does not come with the hand-in."""
        if url.startswith("attachment:"):
            return "<em>(imagen pegada en la celda: no se muestra aquí)</em>"
        html: str = super().image(text, url, title)
        return html
