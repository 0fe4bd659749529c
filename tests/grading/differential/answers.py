"""Answers to an exercise: the bank's, and what becomes of a right one under a student's hands."""

import ast
import copy
from collections.abc import Callable, Iterator
from typing import Final

SMALL_BANK: Final[dict[str, dict[str, str]]] = {  # of the small course: which has no bank
    "u1-ej1": {
        "as it came": "def centrar(x):\n    return x",
        "median": "def centrar(x):\n    return x - np.median(x)",
        "in place": "def centrar(x):\n    x -= np.mean(x)\n    return x",
        "a list": "def centrar(x):\n    return [v - sum(x) / len(x) for v in x]",
        "scaled": "def centrar(x):\n    return (x - x.mean()) / x.std()",
        "written down": "def centrar(x):\n    return np.array([-1.0, 1.0])",
        "lambda": "centrar = lambda x: x - sum(x) / len(x)",
    },
    "u1-ej2": {
        "list times number": "def escalar(x, factor):\n    return x * factor",
        "sum": "def escalar(x, factor):\n    return np.asarray(x) + factor",
        "a list": "def escalar(x, factor):\n    return [v * factor for v in x]",
        "integers": "def escalar(x, factor):\n    return np.array(x, dtype=int) * factor",
        "one argument": "def escalar(x):\n    return x",
        "a class": (
            "class escalar:\n    def __new__(cls, x, factor):\n"
            "        return np.asarray(x) * factor"
        ),
    },
}
SWAPS: Final[dict[type[ast.AST], type[ast.AST]]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult,
    ast.Lt: ast.GtE, ast.LtE: ast.Lt, ast.Gt: ast.LtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.And: ast.Or, ast.Or: ast.And, ast.USub: ast.UAdd,
}  # fmt: skip

# name → what becomes of a right answer
CHANGES: Final[dict[str, Callable[[str], str]]] = {
    "syntax error": lambda source: f"{source}\n    return (",
    "cut off": lambda source: source[: len(source) * 2 // 3],
    "empty": lambda _: "",
    "only a comment": lambda _: "# no me salió",
    "raises": lambda source: inside(source, "raise ValueError('no sé')"),
    "raises an own error": lambda source: inside(source, "raise type('Mio', (Exception,), {})()"),
    "raises a classless one": lambda source: inside(source, "raise BaseException"),
    "returns None": lambda source: inside(source, "return None"),
    "prints": lambda source: inside(source, "print('llego')"),
    "warns": lambda source: inside(source, "import warnings; warnings.warn('ojo')"),
    "exits": lambda source: inside(source, "exit()"),
    "asks": lambda source: inside(source, "input()"),
    "kills its process": lambda source: inside(source, "import os; os._exit(1)"),
    "tabs": lambda source: source.replace("    ", "\t"),
    "annotated": lambda source: f"from __future__ import annotations\n{source}",
    "twice in one cell": lambda source: f"{source}\n\n\n{source}",
    "called below": lambda source: f"{source}\nprint(no_definido)",
    "conflict marks": lambda s: f"<<<<<<< HEAD\n{s}\n=======\n{s}\n>>>>>>> otra",
}


def inside(source: str, lines: str) -> str:
    """Put lines at the beginning of an answer's first function; a cell without one stays."""
    before = source.split("\n")
    for at, line in enumerate(before):
        if line.lstrip().startswith("def ") and line.rstrip().endswith(":"):
            indent = " " * (len(line) - len(line.lstrip()) + 4)
            new = [indent + text for text in lines.split("\n")]
            return "\n".join([*before[: at + 1], *new, *before[at + 1 :]])
    return source


def mutants(source: str) -> list[str]:
    """The answer with one operator, constant or statement changed, each in its turn.

    A ``while`` could go on for ever, and a power could fill the memory: such answers have none.
    """
    tree = ast.parse(source)
    if any(isinstance(node, ast.While | ast.Pow) for node in ast.walk(tree)):
        return []
    return [ast.unparse(ast.fix_missing_locations(mutant)) for mutant in _mutated(tree)]


def _mutated(tree: ast.Module) -> Iterator[ast.Module]:
    for at, node in enumerate(ast.walk(tree)):
        for field, value in _changes(node):
            mutant = copy.deepcopy(tree)
            setattr(list(ast.walk(mutant))[at], field, value)
            yield mutant


def _changes(node: ast.AST) -> Iterator[tuple[str, object]]:
    """Fields of a node, each with another value that it could have."""
    if isinstance(node, ast.BinOp | ast.BoolOp | ast.UnaryOp) and type(node.op) in SWAPS:
        yield "op", SWAPS[type(node.op)]()
    if isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS:
        yield "ops", [SWAPS[type(node.ops[0])](), *node.ops[1:]]
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield "value", not node.value
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        yield from (("value", value) for value in (node.value + 1, -node.value, 0))
    if isinstance(node, ast.FunctionDef):
        for at in range(len(node.body)):
            yield "body", [*node.body[:at], ast.Pass(), *node.body[at + 1 :]]
