"""Figures without a display: the inline backend replaces a backend that needs a display.

Without a display Matplotlib raises ImportError for such a backend, and IPython's ``%gui`` starts
an event loop that ends the kernel. On a student's machine both work.
"""

import importlib
from types import ModuleType
from typing import Any, Final

import wrapt

_INLINE: Final = "inline"
_INLINE_MODULE: Final = "module://matplotlib_inline.backend_inline"
# Names of %matplotlib and %gui for toolkits with windows, and for backends that need a browser.
_WINDOWS: Final = frozenset(
    {"gtk", "gtk3", "gtk4", "macosx", "osx", "qt", "qt4", "qt5", "qt6", "tk", "wx"}
)
_BROWSER: Final = frozenset({"ipympl", "nbagg", "notebook", "widget"})
_SENTENCE: Final = (
    "Al corregir no hay pantalla para «{}»: las figuras salen dentro del notebook, como con "
    "%matplotlib inline."
)


def without_display(ipython: Any) -> None:
    """Make a kernel draw inline, whichever toolkit the notebook asks for.

    Args:
        ipython: the kernel's shell.
    """
    enable_matplotlib, enable_gui = ipython.enable_matplotlib, ipython.enable_gui

    def matplotlib(gui: Any = None) -> Any:
        if gui in _WINDOWS | _BROWSER:
            print(_SENTENCE.format(gui))
            gui = _INLINE
        return enable_matplotlib(gui)

    def toolkit(gui: Any = None) -> Any:
        if gui in _WINDOWS:
            print(_SENTENCE.format(gui))
            return None
        return enable_gui(gui)

    ipython.enable_matplotlib, ipython.enable_gui = matplotlib, toolkit
    wrapt.register_post_import_hook(_guard, "matplotlib.pyplot")


def _guard(pyplot: ModuleType) -> None:
    """Make ``switch_backend``, which ``matplotlib.use`` calls, fall back to the inline backend."""
    switch = pyplot.switch_backend

    def switch_backend(newbackend: Any) -> None:
        try:
            switch(newbackend)
        except ImportError:
            if not _needs_display(newbackend):
                raise
            print(_SENTENCE.format(newbackend))
            switch(_INLINE_MODULE)

    pyplot.switch_backend = switch_backend  # type: ignore[attr-defined]


def _needs_display(backend: Any) -> bool:
    registry: Any = importlib.import_module("matplotlib.backends.registry")
    windows = registry.backend_registry.list_builtin(registry.BackendFilter.INTERACTIVE)
    return str(backend).lower() in {*windows, *_BROWSER}
