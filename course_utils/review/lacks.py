"""What a saved notebook's own code uses that is not there when it is graded."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final

from course_utils.checks.outcomes import exercise_title
from course_utils.checks.stops import debugger_calls, statements
from course_utils.review.saved import Saved, name_of, source_of

OWN_CELL: Final = "una celda tuya"
COLAB: Final = "google.colab"
_INSTALLS = re.compile(
    r"^\s*[!%]+\s*(?:\S*python3?\s+-m\s+)?(?:pip3?|conda|mamba|uv|apt|apt-get)\b", re.MULTILINE
)
_ENDS: Final = ("exit", "quit", "sys.exit", "os._exit", "get_ipython().ask_exit")
_ELSEWHERE: Final = ("/content/", "/kaggle/", "C:\\", "~/")


def lacking(saved: Saved) -> list[str]:
    """What grading does not have, or what has no place in a hand-in: a Spanish sentence each.

    Args:
        saved: the notebook; nothing of it is run.
    """
    places: dict[str, list[str]] = {}
    for place, source in _own_code(saved):
        for sentence in _sentences(source, saved):
            places.setdefault(sentence, []).append(place)
    return [f"{sentence} ({', '.join(dict.fromkeys(of))})." for sentence, of in places.items()]


def _own_code(saved: Saved) -> Iterator[tuple[str, str]]:
    """What the student wrote: where, and the text."""
    answers = {cell.name for cell in saved.released.cells if cell.answer}
    others = {cell.name for cell in saved.released.cells} - answers
    for cell in saved.notebook["cells"]:
        name = name_of(cell)
        if cell.get("cell_type") == "code" and name not in others:
            place = exercise_title(name).lower() if name in answers else OWN_CELL
            yield place, source_of(cell)


def _sentences(source: str, saved: Saved) -> Iterator[str]:
    nodes = [node for statement in statements(source) for node in ast.walk(statement)]
    for module in dict.fromkeys(_imported(nodes)):
        yield from _of_module(module, saved.path.parent)
    if _INSTALLS.search(source):
        yield "Instalas bibliotecas, y al corregir no hay internet ni se instala nada"
    called = {ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)}
    if "input" in called:
        yield "Pides algo por teclado con `input()`, y al corregir nadie contesta"
    bare = {ast.unparse(n.value) for n in nodes if isinstance(n, ast.Expr)} & {"exit", "quit"}
    for name in (name for name in _ENDS if name in called | bare):
        yield f"Tu código termina el programa con `{name}`: quítalo antes de entregar"
    for _, call in debugger_calls(source):
        yield f"Quedó una parada del depurador, `{call}`: quítala antes de entregar"
    for path in dict.fromkeys(_constants(nodes)):
        yield from _of_file(path, saved)


# -- libraries ---------------------------------------------------------------------------------


def _imported(nodes: list[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            is_colab = node.module == "google" and any(a.name == "colab" for a in node.names)
            yield COLAB if is_colab else node.module


def _of_module(module: str, folder: Path) -> Iterator[str]:
    root = module.partition(".")[0]
    known = available()
    if module == COLAB or module.startswith(f"{COLAB}."):
        yield f"Usas `{COLAB}`, que solo existe en Colab"
    elif (folder / f"{root}.py").is_file() or (folder / root / "__init__.py").is_file():
        yield f"Importas `{root}`, un archivo tuyo: entrégalo junto con el notebook"
    elif known and root not in known:
        yield f"Importas `{root}`, que no es una biblioteca del curso y puede faltar al corregir"


@cache
def available() -> frozenset[str]:
    """The modules that grading has for sure: Python's own, and all that the course's package needs.

    Returns:
        Their names; empty where the course's package is not installed.
    """
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    found: set[str] = set()
    pending = ["course-utils"]
    while pending:
        name = canonicalize_name(pending.pop())
        if name in found:
            continue
        found.add(name)
        try:
            needed = map(Requirement, metadata.requires(name) or [])
        except metadata.PackageNotFoundError:
            continue
        wanted = (r for r in needed if not r.marker or r.marker.evaluate({"extra": ""}))
        pending += [requirement.name for requirement in wanted]
    modules = metadata.packages_distributions().items()
    there = {name for name, of in modules if found & {canonicalize_name(one) for one in of}}
    return (
        frozenset(there | set(sys.stdlib_module_names) | {"course_utils"})
        if there
        else (frozenset())
    )


# -- files -------------------------------------------------------------------------------------


def _constants(nodes: list[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _of_file(text: str, saved: Saved) -> Iterator[str]:
    """What to say of a text that names a file which the course does not bring along."""
    if not re.fullmatch(r"[^\n\0<>\"|?*]{3,200}", text) or text in _courses_text(saved):
        return
    path = Path(text)
    if text.startswith(_ELSEWHERE) or (path.is_absolute() and _is_file(path)):
        yield f"Usas el archivo `{text}`, que no se entrega: ponlo junto al notebook"
    elif _is_file(saved.path.parent / path):
        yield f"Usas el archivo `{text}`, que es tuyo: entrégalo junto con el notebook"


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _courses_text(saved: Saved) -> str:
    """The text of the course's cells, which name the files that come with the notebook."""
    others = {cell.name for cell in saved.released.cells if not cell.answer}
    cells = (cell for cell in saved.notebook["cells"] if name_of(cell) in others)
    return "\n".join(map(source_of, cells))
