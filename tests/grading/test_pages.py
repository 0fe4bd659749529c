"""What pages make of outputs, Markdown and formulas; the browser's view is in tests/browser."""

import base64
import re
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from course_utils.grading.course import read_notebook
from course_utils.grading.feedback.formulas import to_mathml
from course_utils.grading.feedback.markdown import safe_markdown
from course_utils.grading.feedback.outputs import CUT, INTERACTIVE, TOO_BIG, SafeOutputs
from tests.grading.courses import ROOT

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"0" * 30).decode()


def safe(*data: dict[str, str], **settings: int) -> list[dict[str, str]]:
    """Data of the outputs that are left."""
    cell = new_code_cell(outputs=[new_output("display_data", data=bundle) for bundle in data])
    notebook, _ = SafeOutputs(**settings).preprocess(new_notebook(cells=[cell]), {})
    once = [dict(output.get("data", {"text": output.get("text")})) for output in cell.outputs]
    SafeOutputs(**settings).preprocess(notebook, {})
    again = [dict(output.get("data", {"text": output.get("text")})) for output in cell.outputs]
    assert again == once
    return once


def test_a_pandas_table_stays_a_table():
    table = pd.DataFrame({"x<1": [1.5, 2.5], "y": ["<b>", "&"]})
    (data,) = safe({"text/html": table._repr_html_(), "text/plain": repr(table)})
    assert '<table class="dataframe">' in data["text/html"]
    assert data["text/html"].count("<td>") == 4
    assert "<style" not in data["text/html"]
    assert "&lt;b&gt;" in data["text/html"]


def test_a_plotly_figure_falls_back_to_its_picture_or_its_text():
    figure = go.Figure(go.Scatter(x=[1, 2], y=[3, 4]))
    html = figure.to_html(include_plotlyjs=False, full_html=False)
    (with_picture,) = safe({"text/html": html, "image/png": PNG})
    assert with_picture == {"image/png": PNG}
    (with_text,) = safe({"text/html": html, "text/plain": "Figure(…)"})
    assert with_text == {"text/plain": "Figure(…)"}
    assert safe({"text/html": html}) == [{"text/plain": INTERACTIVE}]


def test_a_picture_must_be_what_it_says():
    assert safe({"image/png": PNG + "\n"}) == [{"image/png": PNG}]
    for wrong in ('"><script>', base64.b64encode(b"<svg onload=x>").decode(), "ñ"):
        assert safe({"image/png": wrong, "text/plain": "x"}) == [{"text/plain": "x"}]


def test_what_is_too_long_is_cut_and_says_so():
    (data,) = safe({"text/plain": "x" * 50}, max_text=20)
    assert data["text/plain"] == "x" * 20 + CUT
    assert safe({"image/png": PNG}, max_image=10) == [{"text/plain": TOO_BIG}]
    assert safe({"text/plain": "x" * 500}, max_page=100) == [{"text": TOO_BIG}]


def test_how_a_cell_ended_is_never_cut_away():
    error = new_output("error", ename="Incorrect", evalue="Mal.", traceback=["Mal."])
    cell = new_code_cell(outputs=[new_output("stream", text="x" * 900), error])
    SafeOutputs(max_page=100).preprocess(new_notebook(cells=[cell]), {})
    assert cell.outputs[-1].ename == "Incorrect"


def test_metadata_attachments_and_escape_sequences_go():
    text = "\x1b[31mrojo\x1b[0m \x1b]8;;http://x\x07\x00"
    output = new_output("display_data", {"text/plain": text}, metadata={"isolated": True})
    cell = new_code_cell(outputs=[output], metadata={"tags": ["a-b", '"><script>']})
    pasted = new_markdown_cell("![x](attachment:x.png)", attachments={"x.png": {"image/png": PNG}})
    SafeOutputs().preprocess(new_notebook(cells=[cell, pasted]), {})
    assert cell.outputs[0].metadata == {}
    assert cell.outputs[0].data["text/plain"] == "\x1b[31mrojo\x1b[0m ]8;;http://x"
    assert cell.metadata.tags == ["a-b"]
    assert "attachments" not in pasted
    assert "no se muestra" in safe_markdown(pasted.source)


def masters_formulas() -> set[str]:
    texts = [
        cell.source
        for path in sorted(Path(ROOT, "source").glob("*/*.ipynb"))
        for cell in read_notebook(path).cells
        if cell.cell_type == "markdown"
    ]
    found = re.findall(r"\$\$(.+?)\$\$|(?<!\$)\$([^$\n]+?)\$", "\n\n".join(texts), re.DOTALL)
    return {block or inline for block, inline in found}


def test_every_formula_of_the_masters_becomes_mathml():
    formulas = masters_formulas()
    assert len(formulas) > 300
    for formula in formulas:
        mathml = to_mathml(formula)
        assert mathml.startswith("<math"), formula
        shown = re.sub(r"<[^>]+>", "", mathml)
        assert "\\" not in shown, (formula, shown)  # no command was left as it stood
        assert "&amp;#" not in shown, (formula, shown)


@pytest.mark.parametrize(
    "formula", [r"\href{javascript:1}{x}", r"\text{<script>1</script>}", r"\unicode{x3c}script>"]
)
def test_a_formula_is_no_way_around_the_cleaning(formula: str):
    html = safe_markdown(f'${formula}$ ![${formula}$](figuras/a.png "${formula}$")')
    assert "<script" not in html
    assert "href=" not in html


def test_what_looks_like_a_place_for_a_formula_is_none():
    html = safe_markdown('<span class="formula-0-0"></span> $x$ <span class="formula-1"></span>')
    assert html.count("<math") == 1
    assert "formula-" not in html


@pytest.mark.parametrize("sign", ["[", ">", "*a ", "`", "![a](", "<a ", "$", "$x$ ", "- ", "<div>"])
def test_markdown_of_any_kind_becomes_a_page_of_bounded_size(sign: str):
    assert len(safe_markdown(sign * 60_000)) < 3_000_000
