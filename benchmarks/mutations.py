"""Small wrong steps in a right answer: each gives the answer's text with one thing changed.

An operator is a function that takes a node of the syntax tree and gives what may stand in its
place. ``mutants`` puts each of these in turn into the tree; the order is that of the tree, so it is
the same in every run. A mutant's text has no comments: it is written from the tree.
"""

import ast
import difflib
from collections.abc import Callable, Iterator
from typing import Final

Operator = Callable[[ast.AST], Iterator[ast.AST]]
Slot = tuple[ast.AST, str, int | None]  # a node's parent, the parent's field, the place in a list

ARITHMETIC: Final = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.Pow: ast.Mult, ast.MatMult: ast.Mult, ast.FloorDiv: ast.Div,
}  # fmt: skip
COMPARISONS: Final = {
    ast.Gt: (ast.GtE, ast.Lt), ast.Lt: (ast.LtE, ast.Gt), ast.Eq: (ast.NotEq,),
    ast.GtE: (ast.Gt, ast.LtE), ast.LtE: (ast.Lt, ast.GtE), ast.NotEq: (ast.Eq,),
}  # fmt: skip
# Names that are taken for one another, both ways.
PAIRS: Final = (
    ("mean", "sum"), ("reduce_mean", "reduce_sum"), ("max", "min"), ("argmax", "argmin"),
    ("std", "var"), ("zeros", "ones"), ("softmax", "sigmoid"), ("mse", "mae"), ("SGD", "Adam"),
    ("BinaryCrossentropy", "MeanSquaredError"), ("sin", "cos"), ("square", "sqrt"),
    ("log", "log1p"), ("float32", "float64"), ("column_stack", "vstack"),
    ("sparse_categorical_crossentropy", "categorical_crossentropy"),
)  # fmt: skip
NAMES: Final = dict(PAIRS) | {b: a for a, b in PAIRS}
LIBRARIES: Final = frozenset({"np", "tf", "torch", "nn", "keras", "super"})
# Arguments that change only what is printed, or what something is called.
ONLY_SHOWN: Final = frozenset({"name", "verbose"})


def arithmetic(node: ast.AST) -> Iterator[ast.AST]:
    """``a + b`` becomes ``a - b``; likewise * and /, ** and *, @ and *."""
    if type(node) in ARITHMETIC:
        yield ARITHMETIC[type(node)]()


def sign(node: ast.AST) -> Iterator[ast.AST]:
    """``-x`` becomes ``x``."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield node.operand


def term(node: ast.AST) -> Iterator[ast.AST]:
    """``a + b`` becomes ``a``; so does every other operation on two values."""
    if isinstance(node, ast.BinOp):
        yield node.left


def operands(node: ast.AST) -> Iterator[ast.AST]:
    """``a - b`` becomes ``b - a``, where the order counts."""
    if isinstance(node, ast.BinOp) and not isinstance(node.op, (ast.Add, ast.Mult)):
        yield ast.BinOp(node.right, node.op, node.left)


def comparison(node: ast.AST) -> Iterator[ast.AST]:
    """``a > b`` becomes ``a >= b`` and ``a < b``."""
    for other in COMPARISONS.get(type(node), ()):
        yield other()


def constant(node: ast.AST) -> Iterator[ast.AST]:
    """A number becomes the next one (a fraction: its double); a truth value becomes the other."""
    if not isinstance(node, ast.Constant):
        return
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield ast.Constant(node.value + 1)
    elif isinstance(node.value, float):
        yield ast.Constant(node.value * 2 or 1.0)


def axis(node: ast.AST) -> Iterator[ast.AST]:
    """``axis=0`` becomes ``axis=1``; every other number of an axis becomes 0."""
    if isinstance(node, ast.keyword) and node.arg == "axis":
        first = isinstance(node.value, ast.Constant) and node.value.value == 0
        yield ast.keyword("axis", ast.Constant(int(first)))


def name(node: ast.AST) -> Iterator[ast.AST]:
    """A function's name, or a text that names something, becomes its counterpart's."""
    if isinstance(node, ast.Attribute) and node.attr in NAMES:
        yield ast.Attribute(node.value, NAMES[node.attr], node.ctx)
    elif isinstance(node, ast.Constant) and node.value in NAMES:
        yield ast.Constant(NAMES[node.value])


def keyword(node: ast.AST) -> Iterator[ast.AST]:
    """``f(x, axis=0)`` becomes ``f(x)``; each keyword in turn."""
    if isinstance(node, ast.Call):
        for one in node.keywords:
            if one.arg not in ONLY_SHOWN:
                left = [other for other in node.keywords if other is not one]
                yield ast.Call(node.func, node.args, left)


def arguments(node: ast.AST) -> Iterator[ast.AST]:
    """``f(a, b)`` becomes ``f(b, a)``; each two neighbours in turn."""
    if isinstance(node, ast.Call):
        for args in _swapped(node.args):
            yield ast.Call(node.func, args, node.keywords)


def call(node: ast.AST) -> Iterator[ast.AST]:
    """``np.abs(x)`` becomes ``x``, and so does ``x.copy()``."""
    if not isinstance(node, ast.Call):
        return
    if isinstance(node.func, ast.Attribute) and not _of_library(node.func):
        yield node.func.value
    elif node.args and not isinstance(node.args[0], ast.Starred):
        yield node.args[0]


def loop(node: ast.AST) -> Iterator[ast.AST]:
    """``range(n)`` becomes ``range(n + 1)``."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "range" and len(node.args) == 1:
        yield ast.Call(node.func, [ast.BinOp(node.args[0], ast.Add(), ast.Constant(1))], [])


def results(node: ast.AST) -> Iterator[ast.AST]:
    """``return a, b`` becomes ``return b, a``, ``return b`` and ``return a``."""
    if isinstance(node, ast.Return) and isinstance(node.value, (ast.Tuple, ast.List)):
        kind, parts = type(node.value), node.value.elts
        for order in _swapped(parts):
            yield ast.Return(kind(order, ast.Load()))
        for left in _shorter(parts):
            yield ast.Return(left[0] if len(left) == 1 else kind(left, ast.Load()))


def items(node: ast.AST) -> Iterator[ast.AST]:
    """``[a, b]`` becomes ``[b]`` and ``[a]``; the values of a dictionary change places."""
    if isinstance(node, ast.List):
        for left in _shorter(node.elts):
            yield ast.List(left, node.ctx)
    elif isinstance(node, ast.Dict):
        for values in _swapped(node.values):
            yield ast.Dict(node.keys, values)


def statement(node: ast.AST) -> Iterator[ast.AST]:
    """A simple statement is dropped; docstrings and definitions stay."""
    simple = isinstance(node, (ast.Assign, ast.AugAssign, ast.Break, ast.Return))
    if simple or (isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)):
        yield ast.Pass()


def block(node: ast.AST) -> Iterator[ast.AST]:
    """``with f():`` becomes ``if True:``, so that its body stands alone."""
    if isinstance(node, ast.With):
        yield ast.If(ast.Constant(True), node.body, [])


OPERATORS: Final[tuple[Operator, ...]] = (
    arithmetic, sign, term, operands, comparison, constant, axis, name, keyword, arguments, call,
    loop, results, items, statement, block,
)  # fmt: skip


def mutants(source: str, operators: tuple[Operator, ...] = OPERATORS) -> list[str]:
    """The texts that come of one step in an answer, each once, in the order of the tree."""
    tree = ast.parse(source)
    original = ast.unparse(tree)
    found: dict[str, None] = {}
    for parent, field, at in list(_slots(tree)):
        node = _get(parent, field, at)
        for operator in operators:
            for new in operator(node):
                _put(parent, field, at, new)
                found[ast.unparse(tree)] = None
                _put(parent, field, at, node)
    found.pop(original, None)
    return list(found)


def difference(source: str, mutant: str) -> tuple[str, str]:
    """The line that was changed, before and after; an empty text where there is none."""
    before = ast.unparse(ast.parse(source)).splitlines()
    lines = [line for line in difflib.ndiff(before, mutant.splitlines()) if line[0] in "+-"]
    gone = next((line[2:].strip() for line in lines if line[0] == "-"), "")
    come = next((line[2:].strip() for line in lines if line[0] == "+"), "")
    return gone, come


def _slots(tree: ast.AST) -> Iterator[Slot]:
    """Every place of the tree that holds a node, from the top to the bottom of the text."""
    for field, value in ast.iter_fields(tree):
        if isinstance(value, ast.AST):
            yield tree, field, None
            yield from _slots(value)
        elif isinstance(value, list):
            for at, one in enumerate(value):
                if isinstance(one, ast.AST):
                    yield tree, field, at
                    yield from _slots(one)


def _get(parent: ast.AST, field: str, at: int | None) -> ast.AST:
    value = getattr(parent, field)
    return value if at is None else value[at]


def _put(parent: ast.AST, field: str, at: int | None, node: ast.AST) -> None:
    if at is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[at] = node


def _swapped(parts: list[ast.expr]) -> Iterator[list[ast.expr]]:
    for at in range(len(parts) - 1):
        yield [*parts[:at], parts[at + 1], parts[at], *parts[at + 2 :]]


def _shorter(parts: list[ast.expr]) -> Iterator[list[ast.expr]]:
    for at in range(len(parts)):
        yield parts[:at] + parts[at + 1 :]


def _of_library(function: ast.Attribute) -> bool:
    """Whether a function is reached through a library's name, as in ``tf.math.log``."""
    names = {one.id for one in ast.walk(function) if isinstance(one, ast.Name)}
    calls = any(isinstance(one, ast.Call) for one in ast.walk(function.value))
    return bool(names & LIBRARIES) and not calls
