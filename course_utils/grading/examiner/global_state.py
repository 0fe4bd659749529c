"""Restores the global settings of Python and its libraries before each test.

An examiner judges many notebooks. A setting that one test changes would otherwise hold for all
tests after it, and a mark would depend on which submissions were graded before.
"""

import decimal
import gc
import locale
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

import numpy as np

Restore = Callable[[], object]
LIBRARIES: Final = ("keras", "matplotlib", "pandas", "tensorflow", "torch")


class GlobalState:
    """The settings of this process at one moment."""

    def __init__(self) -> None:
        self._libraries = _loaded()
        self._restores = [restore for take in _TAKE for restore in take()]

    @property
    def complete(self) -> bool:
        """Whether the recorded settings cover all libraries of ``LIBRARIES`` loaded by now."""
        return self._libraries == _loaded()

    def restore(self) -> None:
        """Restore the settings."""
        for restore in self._restores:
            restore()


def _loaded() -> frozenset[str]:
    return frozenset(LIBRARIES) & sys.modules.keys()


def _python() -> Iterator[Restore]:
    limit, collects, threshold = sys.getrecursionlimit(), gc.isenabled(), gc.get_threshold()
    language = locale.setlocale(locale.LC_ALL)
    environment, folder = dict(os.environ), os.getcwd()  # noqa: PTH109  (as chdir takes it)
    filters, show = list(warnings.filters), warnings.showwarning
    context, path = decimal.getcontext().copy(), list(sys.path)
    yield lambda: sys.setrecursionlimit(limit)
    yield lambda: gc.enable() if collects else gc.disable()
    yield lambda: gc.set_threshold(*threshold)
    yield lambda: locale.setlocale(locale.LC_ALL, language)
    yield lambda: _refill(os.environ, environment)
    yield lambda: os.chdir(folder)
    yield lambda: _warn_as(filters, show)
    yield lambda: decimal.setcontext(context.copy())
    yield lambda: sys.path.__setitem__(slice(None), path)


def _refill(mapping: Any, content: dict[Any, Any]) -> None:
    if mapping != content:
        mapping.clear()
        mapping.update(content)


def _warn_as(filters: list[Any], show: Any) -> None:
    warnings.showwarning = show
    if warnings.filters != filters:
        # Python caches the result of the filters; leaving ``catch_warnings`` clears that cache.
        with warnings.catch_warnings():
            pass
        warnings.filters[:] = filters  # type: ignore[index]


def _numpy() -> Iterator[Restore]:
    errors, printing = np.geterr(), np.get_printoptions()
    yield lambda: np.seterr(**errors)
    yield lambda: np.set_printoptions(**printing)


def _functions() -> Iterator[Restore]:
    """Restore functions that a test may have replaced by its own."""
    for name in ("builtins", "math", "random", "time", "numpy", "numpy.random", "numpy.linalg"):
        module = sys.modules.get(name)
        if module is not None:
            yield partial(_rebind, vars(module), dict(vars(module)))


def _rebind(names: dict[str, Any], kept: dict[str, Any]) -> None:
    for name, value in kept.items():
        if names.get(name, names) is not value:
            names[name] = value


def _matplotlib() -> Iterator[Restore]:
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        parameters = pyplot.rcParams.copy()
        yield lambda: pyplot.close("all")
        yield lambda: _refill_parameters(pyplot.rcParams, parameters)


def _refill_parameters(parameters: Any, kept: Any) -> None:
    # Setting a parameter validates it, and there are hundreds: compare first.
    if dict.__ne__(parameters, kept):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parameters.update(kept)


def _torch() -> Iterator[Restore]:
    torch = sys.modules.get("torch")
    if torch is not None:
        dtype, grad = torch.get_default_dtype(), torch.is_grad_enabled()
        threads, exact = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
        yield lambda: torch.set_default_dtype(dtype)
        yield lambda: torch.set_grad_enabled(grad)
        # Setting either value is slow: the first starts threads, the second imports a compiler.
        yield lambda: torch.get_num_threads() == threads or torch.set_num_threads(threads)
        yield (
            lambda: (
                torch.are_deterministic_algorithms_enabled() == exact
                or torch.use_deterministic_algorithms(exact)
            )
        )


def _keras() -> Iterator[Restore]:
    keras = sys.modules.get("keras")
    if keras is not None:
        config = keras.config
        number, epsilon, order = config.floatx(), config.epsilon(), config.image_data_format()
        policy = config.dtype_policy()
        yield lambda: config.set_floatx(number)
        yield lambda: config.set_epsilon(epsilon)
        yield lambda: config.set_image_data_format(order)
        yield lambda: config.set_dtype_policy(policy)


def _tensorflow() -> Iterator[Restore]:
    tf = sys.modules.get("tensorflow")
    if tf is not None:
        eagerly = tf.config.functions_run_eagerly()
        yield lambda: tf.config.run_functions_eagerly(eagerly)


# Python's own settings come last: restoring a library's settings may add warning filters.
_TAKE: Final = (_functions, _numpy, _matplotlib, _torch, _keras, _tensorflow, _python)
