"""Each mutation operator makes what it says, on a small source."""

import pytest

from benchmarks import mutations
from benchmarks.mutants import SILENT
from benchmarks.mutations import difference, mutants


@pytest.mark.parametrize(
    ("operator", "source", "made"),
    [
        ("arithmetic", "y = a @ b + c", ["y = a * b + c", "y = a @ b - c"]),
        ("arithmetic", "w -= g", ["w += g"]),
        ("sign", "y = -x", ["y = x"]),
        ("term", "y = a + b", ["y = a"]),
        ("operands", "y = a - b * c", ["y = b * c - a"]),
        ("comparison", "y = a > b", ["y = a >= b", "y = a < b"]),
        ("constant", "y = f(1, 0.5, 0.0, True)", [
            "y = f(2, 0.5, 0.0, True)", "y = f(1, 1.0, 0.0, True)", "y = f(1, 0.5, 1.0, True)",
            "y = f(1, 0.5, 0.0, False)"]),
        ("axis", "y = f(x, axis=0)", ["y = f(x, axis=1)"]),
        ("axis", "y = f(x, axis=-1)", ["y = f(x, axis=0)"]),
        ("name", "y = x.std() + f('mse')", ["y = x.var() + f('mse')", "y = x.std() + f('mae')"]),
        ("keyword", "y = f(x, axis=0, name='a')", ["y = f(x, name='a')"]),
        ("arguments", "y = f(a, b, c)", ["y = f(b, a, c)", "y = f(a, c, b)"]),
        ("call", "y = np.abs(x).copy()", ["y = np.abs(x)", "y = x.copy()"]),
        ("call", "y = tf.math.log(x)", ["y = x"]),
        ("loop", "for i in range(n):\n    f(i)", ["for i in range(n + 1):\n    f(i)"]),
        ("results", "def f():\n    return a, b", [
            "def f():\n    return (b, a)", "def f():\n    return b", "def f():\n    return a"]),
        ("items", "y = [a, b]", ["y = [b]", "y = [a]"]),
        ("items", "y = {'a': 1, 'b': 2}", ["y = {'a': 2, 'b': 1}"]),
        ("statement", "def f():\n    'Text.'\n    o.zero_grad()\n    return a", [
            "def f():\n    'Text.'\n    pass\n    return a",
            "def f():\n    'Text.'\n    o.zero_grad()\n    pass"]),
        ("block", "with f():\n    g()", ["if True:\n    g()"]),
    ],
)  # fmt: skip
def test_an_operator_makes_one_step(operator, source, made):
    found = mutants(source, (getattr(mutations, operator),))

    assert [text.replace('"""', "'") for text in found] == made


def test_a_mutant_comes_once_and_is_never_the_answer():
    source = "y = x.sum() * 1\nz = (a + a, 0)"

    found = mutants(source)

    assert len(set(found)) == len(found) > 5
    assert source not in found
    assert found == mutants(source)


def test_the_changed_line_is_shown():
    assert difference("a = 1  # one\nb = 2", "a = 1\nb = 3") == ("b = 2", "b = 3")


@pytest.mark.parametrize(
    ("sentence", "silent"),
    [
        ("`mu` debe ser [1., 2.] y es [3., 4.].", True),
        ("`mu` tiene forma (3,) y debe tener forma (2,).", True),
        ("`la BCE` contiene NaN o infinitos.", True),
        ("Tu código terminó con un error de tipo KeyError (su mensaje: 'a').", True),
        ("`f` debe devolver 2 valores y devolvió 1.", False),
        ("Tus números son los esperados, pero con el signo opuesto.", False),
    ],
)
def test_a_sentence_that_says_nothing_is_known(sentence, silent):
    assert bool(SILENT.match(sentence)) is silent
