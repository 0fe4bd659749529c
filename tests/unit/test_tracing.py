"""The graph's trace: really written, and shown without a server."""

import importlib

import matplotlib as mpl

mpl.use("Agg")

import sys
import types

import matplotlib.pyplot as plt
import pytest

from course_utils.training import tracing

tf = importlib.import_module("tensorflow")


def f(x):
    return 10 * x**2 - 5 * x + 4


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


def written_graph(folder):
    """The operations of the graph in the folder's only event file."""
    (file,) = folder.rglob("events.out.tfevents.*")
    for record in tf.data.TFRecordDataset(str(file)):
        event = tf.compat.v1.Event.FromString(record.numpy())
        if event.graph_def:
            graph = tf.compat.v1.GraphDef.FromString(event.graph_def)
            return [node.op for node in graph.node]
        for value in event.summary.value:
            if value.metadata.plugin_data.plugin_name == "graphs":
                graph = tf.compat.v1.GraphDef.FromString(value.tensor.string_val[0])
                return [node.op for node in graph.node]
    return []


@pytest.mark.parametrize("compiled", [False, True])
def test_the_trace_holds_the_function_s_operations(tmp_path, compiled):
    function = tf.function(f) if compiled else f
    folder = tracing.write_graph_trace(function, tf.constant(5.0), folder=tmp_path / "trazas")
    operations = written_graph(folder)
    assert {"Pow", "Sub", "AddV2"} <= set(operations)
    assert operations.count("Mul") == 2


def test_without_a_folder_a_new_one_is_made_each_time():
    first, second = (tracing.write_graph_trace(f, tf.constant(5.0)) for _ in range(2))
    assert first != second
    assert first.is_dir()
    assert second.is_dir()


def test_tensorboard_opens_by_itself_only_in_colab(monkeypatch):
    monkeypatch.delitem(sys.modules, "google.colab", raising=False)
    assert not tracing.can_open_tensorboard()
    monkeypatch.setitem(sys.modules, "google.colab", types.ModuleType("google.colab"))
    assert tracing.can_open_tensorboard()


def test_by_default_a_picture_is_drawn_and_no_server_is_started(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(tracing, "open_tensorboard", lambda folder: pytest.fail("server started"))
    assert tracing.show_graph(f, tf.constant(5.0), folder=tmp_path) == tmp_path
    assert len(plt.get_fignums()) == 1
    assert "TensorBoard" in capsys.readouterr().out


def test_on_request_tensorboard_opens_on_the_trace(tmp_path, monkeypatch):
    opened = []
    notebook = types.SimpleNamespace(start=opened.append)
    monkeypatch.setattr("tensorboard.notebook", notebook, raising=False)
    tracing.show_graph(f, tf.constant(5.0), folder=tmp_path, interactive=True)
    assert opened == [f'--logdir "{tmp_path}"']
    assert plt.get_fignums() == []


def test_a_folder_without_traces_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="no TensorBoard events"):
        tracing.open_tensorboard(tmp_path)
