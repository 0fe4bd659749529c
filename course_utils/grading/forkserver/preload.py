"""The modules that the preload server imports, and the check that it may fork after the imports."""

import functools
import importlib
import pkgutil
import re
import sys
import typing
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import ModuleType
from typing import Final

from course_utils import requirements

INLINE: Final = "module://matplotlib_inline.backend_inline"  # the backend that a kernel sets
# Modules for every unit. matplotlib_inline must not be here: at import it registers itself with
# the kernel's shell, and the server has none.
LIBRARIES: Final = (
    "ipykernel_launcher", "ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.zmqshell",
    "ipykernel.debugger", "IPython.core.completerlib", "IPython.core.debugger",
    "IPython.core.oinspect", "IPython.extensions.storemagic", "tornado.platform.asyncio",
    "cloudpickle", "numpy", "pandas", "matplotlib.pyplot", "matplotlib.backends.backend_agg",
    "plotly.graph_objects", "plotly.graph_objs._figure", "plotly.graph_objs._scatter",
    "plotly.io", "nbformat", "jsonschema",  # plotly imports these to show a figure
    "IPython.core.pylabtools", "PIL.PngImagePlugin", "PIL.JpegImagePlugin",
    "packaging.requirements", "pandas.io.formats.string", "sqlite3", "wrapt",
    "course_utils.grading.examiner.process", "course_utils.grading.kernels.extension",
)  # fmt: skip
# Each takes a second or more to import, and no unit of the course uses all of them.
HEAVY: Final = {
    "sklearn": ("sklearn.linear_model", "sklearn.datasets"),
    "tensorflow": (
        "tensorflow", "keras", "keras.src.backend.tensorflow.trainer",
        "tensorflow.python.data.ops.concatenate_op", "tensorflow.python.data.ops.flat_map_op",
        "tensorflow.python.data.ops.from_tensors_op", "tensorflow.python.data.ops.range_op",
        "tensorflow.python.data.ops.zip_op",  # a model's first ``fit`` imports these
    ),
    "torch": (
        "torch", "torch.nn", "torch.optim", "torch.utils.data",
        "torch._dynamo",  # the first step of an optimizer imports it
    ),
}  # fmt: skip
_IMPORT: Final = re.compile(r"\b(?:import|from) +(keras|sklearn|tensorflow|torch)\b")


def needed(text: str) -> tuple[str, ...]:
    """The heavy libraries that a notebook imports.

    Args:
        text: the notebook's file, or its code.
    """
    found = {"tensorflow" if name == "keras" else name for name in _IMPORT.findall(text)}
    return tuple(sorted(found))


def light_modules() -> list[str]:
    """Modules that every notebook and the examiner use, the course's own modules included."""
    return [*LIBRARIES, *_student_modules()]


def heavy_modules(libraries: Iterable[str]) -> list[str]:
    """Modules of heavy libraries.

    Args:
        libraries: keys of ``HEAVY``.
    """
    return [module for library in libraries for module in HEAVY[library]]


def default_modules() -> list[str]:
    """All modules that the course uses."""
    return [*light_modules(), *heavy_modules(HEAVY)]


def _student_modules() -> Iterator[str]:
    """Every module of ``course_utils`` outside ``course_utils.grading``."""
    import course_utils

    for found in pkgutil.iter_modules(course_utils.__path__, "course_utils."):
        if found.name == "course_utils.grading":
            continue
        yield found.name
        if found.ispkg:
            own = found.name.rpartition(".")[2]
            folders = [str(Path(folder, own)) for folder in course_utils.__path__]
            inner = pkgutil.walk_packages(folders, f"{found.name}.")
            yield from (module.name for module in inner)


def load(modules: Iterable[str]) -> list[str]:
    """Import modules.

    Returns:
        Modules that could not be imported, with the reason. A fork has to import these itself.
    """
    missing = []
    with _compiling_once():
        for name in modules:
            try:
                with _without_sklearn() if name == "tensorflow" else nullcontext():
                    importlib.import_module(name)
            except Exception as error:
                missing.append(f"{name} ({type(error).__name__}: {error})")
    # Every set-up cell calls ``lacking``, which caches its result.
    requirements.lacking()
    if "matplotlib" in sys.modules:
        # Each kernel sets a backend by its module's name. At the first such setting Matplotlib
        # searches the metadata of all installed packages; forks inherit the result.
        for backend in (INLINE, "agg"):
            sys.modules["matplotlib"].rcParams["backend"] = backend
    return missing


@contextmanager
def _compiling_once() -> Iterator[None]:
    """Make ``typing`` compile each text that names a type once.

    TensorFlow's annotations hold 18,000 such texts, a hundred of them different. To compile all of
    them takes a tenth of the time of TensorFlow's import.
    """
    names = vars(typing)
    names["compile"] = functools.cache(compile)  # hides the built-in function from ``typing``
    try:
        yield
    finally:
        del names["compile"]


@contextmanager
def _without_sklearn() -> Iterator[None]:
    """Make Keras's import of scikit-learn fail, unless scikit-learn is imported already.

    Keras imports scikit-learn, and with it much of SciPy, for wrappers that few notebooks use. It
    takes a quarter of the time of TensorFlow's whole import. Keras works without scikit-learn, but
    for these wrappers: ``Examine`` gives a notebook that uses them a cold kernel.
    """
    hidden = "sklearn" not in sys.modules
    if hidden:
        sys.modules["sklearn"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if hidden:
            del sys.modules["sklearn"]


def objections() -> list[str]:
    """Reasons why this process must not fork; empty if it may.

    Threads don't survive a fork: a child that waits for one of them waits for ever. So the process
    may have no thread but the main thread, and no library may have initialized its runtime.
    """
    found = []
    threads = list(_threads())
    if len(threads) > 1:
        found.append(f"the preload started threads ({', '.join(sorted(threads))})")
    if _tensorflow_runs(sys.modules.get("tensorflow")):
        found.append("the preload ran an operation of TensorFlow's")
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_initialized():
        found.append("the preload used the GPU through torch")
    return found


def _threads() -> Iterator[str]:
    for task in Path("/proc/self/task").iterdir():
        yield (task / "comm").read_text(encoding="utf-8").strip()


def _tensorflow_runs(tensorflow: ModuleType | None) -> bool:
    if tensorflow is None:
        return False
    from tensorflow.python.eager import context

    current = context.context_safe()
    return current is not None and current._context_handle is not None
