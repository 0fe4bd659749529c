"""What the first cell of every notebook does to the session it runs in."""

import importlib
import logging
import os
import sys
from types import TracebackType
from typing import Any

from course_utils import colab, requirements
from course_utils.checks import demonstrations, progress, versions

DEMONSTRATION_TAG = "demostracion"


def start(unit: str, *, tensorflow: bool = False, optimize_graphs: bool = True) -> None:
    """Prepare a notebook's session: quiet libraries, the course's figures, kind stubs.

    Call it before TensorFlow is imported.

    Args:
        unit: id of the unit, such as ``u1``.
        tensorflow: whether the notebook uses TensorFlow, which is then imported here.
        optimize_graphs: whether TensorFlow optimizes each graph before it runs first, the pipeline
            that feeds an epoch of ``fit`` included. With models of a few weights that takes longer
            than all the rest, and changes nothing.
    """
    # Only 3 silences the messages about a missing GPU; they are read at import time.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    from course_utils.plots.style import use_course_style

    use_course_style()
    progress.begin(unit)
    if lack := requirements.sentence(requirements.lacking()):
        print(lack)
    if colab.here():
        colab.show_pictures(colab.bring(unit))
    if tensorflow:
        _import_quietly("tensorflow")
        logging.getLogger("tensorflow").setLevel(logging.ERROR)
        if not optimize_graphs:
            optimizer = sys.modules["tensorflow"].config.optimizer
            optimizer.set_experimental_options({"disable_meta_optimizer": True})
    shell = _shell()
    if shell is not None:
        versions.watch(shell)
        demonstrations.guard(shell, (NotImplementedError, NameError), _not_yet)
    print(f"Unidad {unit.lstrip('u')}: todo listo.")


def _import_quietly(module: str) -> None:
    """Import a module whose compiled part writes to stderr before it reads any setting."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        importlib.import_module(module)
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _shell() -> Any:
    if "IPython" not in sys.modules:
        return None
    from IPython.core.getipython import get_ipython

    return get_ipython()


def _not_yet(
    shell: Any,
    kind: type[BaseException],
    error: BaseException,
    tb: TracebackType | None,
    tb_offset: int | None = None,
) -> list[str]:
    """Show one sentence where a cell needs what nobody has written or run yet."""
    sentence = _sentence(error, tb)
    if sentence:
        demonstrations.drop_figures()
    lines: list[str] = (
        [f"○ {sentence}"]
        if sentence
        else shell.InteractiveTB.structured_traceback(kind, error, tb, tb_offset=1)
    )
    shell._showtraceback(kind, error, lines)
    return lines


def _sentence(error: BaseException, tb: TracebackType | None) -> str:
    """The sentence; empty for an error that deserves its traceback."""
    tb = demonstrations.innermost(tb)
    # Of a method, the class is what the exercise asks for.
    place = tb.tb_frame.f_code.co_qualname.partition(".")[0] if tb else ""
    if isinstance(error, NameError):
        if not place.startswith("<") or not error.name:  # <module>, or a comprehension in it
            return ""  # in a function of the student's
        return f"Esta celda usa `{error.name}`, que todavía no existe: se crea en otra celda."
    if str(error):
        return ""  # libraries that raise it themselves say why; a stub raises it bare
    needed = f"el ejercicio `{place}`" if place.isidentifier() else "un ejercicio"
    return f"Esta celda usa {needed}, que está sin empezar. Vuelve a ella cuando lo tengas."
