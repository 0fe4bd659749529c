"""The computational graph of a function: written for TensorBoard, shown where it can be."""

import sys
import tempfile
from pathlib import Path
from typing import Any


def write_graph_trace(
    function: Any, *args: Any, folder: str | Path | None = None, name: str = "grafo"
) -> Path:
    """Trace a function and write its graph where TensorBoard reads it.

    Args:
        function: a ``tf.function``, or a plain function of tensors, which is traced as it is.
        *args: arguments to trace it with.
        folder: where to write; None makes a temporary folder. It is made if it is not there.
        name: name of the run, as TensorBoard lists it.

    Returns:
        The folder to give to TensorBoard's ``--logdir``.
    """
    import tensorflow as tf

    if not hasattr(function, "get_concrete_function"):
        function = tf.function(function)
    graph = function.get_concrete_function(*args).graph
    logdir = Path(folder) if folder is not None else Path(tempfile.mkdtemp(prefix="trazas-"))
    writer = tf.summary.create_file_writer(str(logdir / name))
    with writer.as_default(step=0):
        tf.summary.graph(graph)
    writer.close()
    return logdir


def can_open_tensorboard() -> bool:
    """Whether TensorBoard opens inside this notebook by itself: in Google Colab."""
    return "google.colab" in sys.modules


def open_tensorboard(folder: str | Path) -> None:
    """Start TensorBoard on a folder and show it in the notebook.

    The server goes on in the background after the call.

    Args:
        folder: what ``write_graph_trace`` returned.

    Raises:
        FileNotFoundError: the folder has no traces.
    """
    if not list(Path(folder).rglob("events.out.tfevents.*")):
        raise FileNotFoundError(f"{folder} has no TensorBoard events")
    from tensorboard import notebook

    notebook.start(f'--logdir "{folder}"')


def show_graph(
    function: Any, *args: Any, folder: str | Path | None = None, interactive: bool | None = None
) -> Path:
    """Write a function's graph and show it: in TensorBoard, or as a picture that needs no server.

    Args:
        function: a ``tf.function`` or a plain function of tensors.
        *args: arguments to trace it with.
        folder: where to write the trace; None makes a temporary folder.
        interactive: whether to open TensorBoard; None: where it opens by itself.

    Returns:
        The folder with the trace.
    """
    logdir = write_graph_trace(function, *args, folder=folder)
    if can_open_tensorboard() if interactive is None else interactive:
        open_tensorboard(logdir)
        return logdir
    from course_utils.plots.tensors import graph_nodes, plot_graph

    name = getattr(function, "__name__", "la función")
    plot_graph(graph_nodes(function, *args), title=f"Grafo de {name}, tal como lo trazó TensorFlow")
    print("La traza está escrita. Para explorarla en TensorBoard, llama con interactive=True.")
    return logdir
