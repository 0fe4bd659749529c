"""Whether the newest version of an answer's cell ran, as far as this session knows.

A cell that ends in an error leaves what an older version of it defined. A check that calls the
older version would praise what the notebook no longer says. So, after each cell, IPython reports to
this module, which notes what the cell was to define and whether the cell reached that line.

The id that JupyterLab and VS Code send with each cell identifies the cell. JupyterLab sends the
notebook's own, which in a release is the exercise's; VS Code makes one of its own. Colab sends
none: there all cells that define a name count as versions of one cell.
"""

import itertools
from dataclasses import dataclass
from typing import Any

from course_utils.checks.explain import explain
from course_utils.checks.outline import names_of
from course_utils.checks.stops import bound, error_of, line_of, statements


@dataclass(frozen=True)
class Stopped:
    """A version of a cell that did not define a name of its text.

    Attributes:
        name: the name.
        line: at which it stopped; 0 if unknown.
        why: one Spanish sentence.
        certain: whether this is known to be the cell that defined the name before.
    """

    name: str
    line: int
    why: str
    certain: bool

    @property
    def sentence(self) -> str:
        """What to tell the student."""
        place = f" en la línea {self.line}" if self.line else ""
        other = "" if self.certain else " Si era otra celda, vuelve a ejecutar la de tu respuesta."
        return (
            f"La última celda que define `{self.name}` se detuvo{place}, antes de llegar ahí. "
            f"{self.why} Corrige esa celda y ejecútala de nuevo.{other}"
        )


class _Versions:
    """What the cells of a session defined, name by name."""

    def __init__(self) -> None:
        self._clock = itertools.count(1)
        self._defined: dict[str, tuple[int, str]] = {}  # when, and by which cell, a name last was
        self._stopped: dict[tuple[str, str], tuple[int, Stopped]] = {}  # by name and cell

    def ran(self, cell: str, source: str, error: BaseException | None) -> None:
        """A cell ran.

        Args:
            cell: its id; empty where the front end sends none.
            source: its text.
            error: what ended it; None where it ran whole.
        """
        now = next(self._clock)
        line = line_of(error, source) if error is not None else 0
        # Of a cell that can't be compiled nothing ran. ``statements`` alone does not tell: it gives
        # none for ``names = !ls`` either, which IPython runs.
        compiled = not isinstance(error, SyntaxError) or bool(statements(source))
        for name, at in bound(source).items():
            if error is None or (compiled and at < line):
                self._defined[name] = now, cell
                self._stopped.pop((name, cell), None)
            else:
                self._stopped[name, cell] = now, Stopped(name, line, explain(error), bool(cell))

    def stopped(self, exercise: str) -> Stopped | None:
        """The newest version of an answer's cell, if it stopped before it defined its names."""
        for name in names_of(exercise):
            when, by = self._defined.get(name, (0, ""))
            for (of, cell), (stopped_at, stop) in reversed(self._stopped.items()):
                answers = not when or cell in (by, exercise)
                if of == name and answers and stopped_at > when:
                    return stop
        return None


_session = _Versions()


def watch(shell: Any) -> None:
    """Have IPython report each cell after its run; a second call does no harm.

    Args:
        shell: IPython's.
    """
    if _ran not in shell.events.callbacks["post_run_cell"]:
        shell.events.register("post_run_cell", _ran)


def _ran(result: Any) -> None:
    info = result.info
    # Versions of IPython before 8.3 know no ids.
    cell = str(getattr(info, "cell_id", None) or "")
    _session.ran(cell, str(info.raw_cell or ""), error_of(result))


def stopped(exercise: str) -> Stopped | None:
    """The newest version of an exercise's answer cell, if it stopped before its definition.

    Args:
        exercise: id of the exercise, such as ``u1-ej3``.

    Returns:
        How it stopped; None where it ran, or nothing is known about it.
    """
    return _session.stopped(exercise)
