"""Diagrams of Keras models, with Graphviz and without."""

import importlib
from pathlib import Path

from course_utils.plots.networks import model_diagram


def test_the_stand_in_shows_where_graphviz_is_missing(monkeypatch, tmp_path):
    monkeypatch.setattr("shutil.which", lambda name: None)
    drawn = tmp_path / "modelo.svg"
    drawn.write_text('<svg xmlns="http://www.w3.org/2000/svg"><title>modelo</title></svg>')
    assert "<title>modelo</title>" in model_diagram(None, drawn).data


def test_the_stand_in_shows_where_pydot_is_missing(monkeypatch, tmp_path):
    monkeypatch.setattr("shutil.which", lambda name: "/usr/bin/dot")
    monkeypatch.setattr("course_utils.plots.networks.find_spec", lambda name: None)
    drawn = tmp_path / "modelo.svg"
    drawn.write_text('<svg xmlns="http://www.w3.org/2000/svg"><title>sin pydot</title></svg>')
    assert "<title>sin pydot</title>" in model_diagram(None, drawn).data


def test_the_stand_in_shows_where_graphviz_does_not_work(monkeypatch, tmp_path):
    keras = importlib.import_module("keras")

    def broken(*args, **kwargs):
        raise ImportError("graphviz")

    monkeypatch.setattr("shutil.which", lambda name: "/usr/bin/dot")
    monkeypatch.setattr("course_utils.plots.networks.find_spec", lambda name: name)
    monkeypatch.setattr(keras.utils, "plot_model", broken)
    drawn = Path(tmp_path, "modelo.svg")
    drawn.write_text('<svg xmlns="http://www.w3.org/2000/svg"><title>otro</title></svg>')
    assert "<title>otro</title>" in model_diagram(None, drawn).data
