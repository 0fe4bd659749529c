"""Timings: what is measured, and in which unit."""

import importlib

import matplotlib as mpl

mpl.use("Agg")

import time

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from course_utils.training import timing

NAMES = {"inmediata", "grafo"}


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


def test_a_call_of_ten_milliseconds_is_timed_as_such():
    assert 0.01 <= timing.seconds_per_call(time.sleep, 0.01, repeats=3) < 0.05


def test_the_first_call_does_not_count():
    calls = []

    def slow_at_first():
        calls.append(1)
        time.sleep(0.2 if len(calls) == 1 else 0.001)

    assert timing.seconds_per_call(slow_at_first, repeats=3) < 0.1


def test_short_calls_are_repeated_inside_a_measurement():
    calls = []
    timing.seconds_per_call(lambda: calls.append(1), repeats=2, least=0.005)
    assert len(calls) > 100


def test_a_value_of_a_device_is_waited_for():
    class Pending:
        waited = 0

        def numpy(self):
            Pending.waited += 1

    timing.seconds_per_call(Pending, repeats=2, least=0.0001)
    assert Pending.waited >= 3


def test_no_repeats_are_refused():
    with pytest.raises(ValueError, match="repeats is 0"):
        timing.seconds_per_call(print, repeats=0)


def test_the_table_has_a_row_per_case_and_the_quotient_of_both_times():
    tf = importlib.import_module("tensorflow")

    def hundred_steps(x):
        for _ in range(100):
            x = x - 0.01 * (20 * x - 5)
        return x

    x = tf.constant(5.0)
    table = timing.compare_eager_graph({"pasos": (hundred_steps, x)}, repeats=2)
    assert list(table.index) == ["pasos"]
    assert table[timing.GAIN].iloc[0] == pytest.approx(
        table[timing.EAGER].iloc[0] / table[timing.GRAPH].iloc[0]
    )
    assert table[timing.GAIN].iloc[0] > 3  # a graph of many small operations wins clearly


def test_no_cases_are_refused():
    importlib.import_module("tensorflow")
    with pytest.raises(ValueError, match="cases is empty"):
        timing.compare_eager_graph({})


def test_the_dots_stand_at_the_table_s_times_and_have_its_names():
    rows = {timing.EAGER: [100.0, 900.0], timing.GRAPH: [50.0, 30.0], timing.GAIN: [2.0, 30.0]}
    ax = timing.plot_eager_graph(pd.DataFrame(rows, index=["uno", "dos"]), title="t")
    assert not ax.patches  # a bar has no length on a logarithmic axis
    dots = [tuple(at) for c in ax.collections for at in c.get_offsets() if c.get_label() in NAMES]
    assert sorted(dots) == [(30, 1), (50, 0), (100, 0), (900, 1)]
    assert sorted(text.get_text() for text in ax.texts) == ["100", "30", "50", "900"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["uno", "dos"]
    assert ax.get_xlabel() == "tiempo por llamada (µs)"


def test_another_table_is_refused():
    with pytest.raises(ValueError, match="columns"):
        timing.plot_eager_graph(pd.DataFrame({"x": [1.0]}))


def test_a_product_is_timed_with_numpy_and_tensorflow_in_consistent_units():
    tf = importlib.import_module("tensorflow")
    table = timing.compare_products(64, repeats=2)
    assert list(table.index)[:2] == ["NumPy (CPU)", "TensorFlow (CPU)"]
    assert ("TensorFlow (GPU)" in table.index) == bool(tf.config.list_physical_devices("GPU"))
    operations = table[timing.MILLISECONDS] * 1e-3 * table[timing.SPEED] * 1e9
    assert operations.to_list() == pytest.approx([2 * 64**3] * len(table))
