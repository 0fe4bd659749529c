"""What was expected and what came as pictures side by side, where values are pictures."""

import base64
import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from course_utils.checks.check import Check, Mistakes
from course_utils.checks.compare import RTOL, as_numbers, plain, same

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TITLES: Final = ("Debe ser", "Es", "Diferencia")
_FEW: Final = 40  # numbers that are written into their cells

# Where pictures go instead of the notebook; the examiner, which has none, sets it.
receiver: Callable[[bytes, str], None] | None = None


def equal_picture(
    c: Check,
    got: Any,
    expected: Any,
    name: str,
    *,
    side: int | None = None,
    mistakes: Mistakes | None = None,
    rtol: float = RTOL,
) -> None:
    """``c.equal`` for values that are a picture; a wrong one of the right shape is drawn.

    A hidden test draws nothing.

    Args:
        c: the check.
        got: the student's value.
        expected: the reference: a surface (rows, columns), or images as rows (n, side²).
        name: what the value is called in messages.
        side: height and width of each image; None for a surface.
        mistakes: as for ``Check.equal``.
        rtol: relative tolerance.

    Raises:
        Incorrect: as ``Check.equal``.
    """
    numbers, wanted = as_numbers(got), np.asarray(plain(expected), dtype=float)
    # Drawn before the judgement, which need not end here: a check may go on to find out more.
    if _comparable(c, numbers, wanted) and not same(numbers, wanted, rtol=rtol):
        _show_pair(np.asarray(numbers, dtype=float), wanted, name, side)
    c.equal(got, expected, name, mistakes=mistakes, rtol=rtol)


def _comparable(c: Check, numbers: np.ndarray | None, wanted: np.ndarray) -> bool:
    return not c.hidden and numbers is not None and numbers.shape == wanted.shape


def _show_pair(got: np.ndarray, wanted: np.ndarray, name: str, side: int | None) -> None:
    where = ""
    if side is not None:
        worst = int(np.argmax(_distance(got, wanted).max(axis=1)))
        got, wanted = (values[worst].reshape(side, side) for values in (got, wanted))
        where = f", imagen {worst}"
    alt = f"{name}{where}: lo que debe ser, lo que es y su diferencia. {_facts(got, wanted)}"
    show(side_by_side(got, wanted, f"{name}{where}"), alt)


def _distance(got: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore"):  # infinities
        gap: np.ndarray = np.abs(got - wanted)
    return np.where(np.isfinite(gap), gap, np.inf)


def _facts(got: np.ndarray, wanted: np.ndarray) -> str:
    wrong = _distance(got, wanted) > 1e-4 * max(float(np.abs(wanted).max()), 1e-6)
    row, column = np.argwhere(wrong)[0] if wrong.any() else (0, 0)
    return (
        f"Difieren {int(wrong.sum())} de {wrong.size} números; el primero, en la fila {row}, "
        f"columna {column}: debe ser {wanted[row, column]:.4g} y es {got[row, column]:.4g}."
    )


def side_by_side(got: np.ndarray, wanted: np.ndarray, title: str) -> "Figure":
    """Draw expected, got and their difference, the first two on one scale.

    Args:
        got: (rows, columns).
        wanted: of the same shape.
        title: title of the figure.
    """
    from matplotlib.figure import Figure

    both = np.concatenate([got.ravel(), wanted.ravel()])
    finite = both[np.isfinite(both)]
    low, high = float(finite.min(initial=0.0)), float(finite.max(initial=0.0))
    with np.errstate(invalid="ignore"):
        difference = got - wanted
    limit = float(np.abs(difference[np.isfinite(difference)]).max(initial=0.0)) or 1.0
    # Without pyplot: nothing of the session's is touched, and no figure stays open.
    figure = Figure(figsize=(7.5, 2.9), layout="constrained")
    scales = [("cividis", low, high), ("cividis", low, high), ("PuOr", -limit, limit)]
    panels = zip(figure.subplots(1, 3), TITLES, (wanted, got, difference), scales, strict=True)
    for ax, heading, values, (colours, least, most) in panels:
        image = ax.imshow(values, cmap=colours, vmin=least, vmax=most, aspect="auto")
        ax.grid(False)
        ax.set_title(heading, fontsize=10)
        ax.set(xticks=[0, values.shape[1] - 1], yticks=[0, values.shape[0] - 1])
        figure.colorbar(image, ax=ax, shrink=0.8)
        if values.size <= _FEW:
            _write_numbers(ax, values)
    figure.suptitle(title, fontsize=11)
    return figure


def _write_numbers(ax: Any, values: np.ndarray) -> None:
    for (row, column), value in np.ndenumerate(values):
        box = {"facecolor": "white", "alpha": 0.8, "edgecolor": "none", "pad": 1}
        ax.text(column, row, f"{value:.3g}", ha="center", va="center", fontsize=8, bbox=box)


def show(figure: "Figure", alt: str) -> None:
    """Show a figure with its alternative text, in the notebook or wherever pictures go.

    Args:
        figure: of Matplotlib.
        alt: what it shows, in words.
    """
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=90)
    if receiver is not None:
        receiver(file.getvalue(), alt)
        return
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.display import display

    if InteractiveShell.initialized():
        display(bundle(file.getvalue(), alt), raw=True)  # type: ignore[no-untyped-call]


def bundle(png: bytes, alt: str) -> dict[str, str]:
    """A picture as a notebook's output: HTML with the alternative text, and the text alone.

    Args:
        png: the encoded picture.
        alt: what it shows, in words; it may hold a student's text.
    """
    from html import escape

    data = base64.b64encode(png).decode()
    html = f'<img src="data:image/png;base64,{data}" alt="{escape(alt)}">'
    return {"text/html": html, "text/plain": alt}
