"""Each kind of exception that students meet is told in Spanish, by what really raises it."""

import bdb
import importlib
import linecache
import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from course_utils.checks import ExecutionError, NotStarted, check
from course_utils.checks.explain import explain
from course_utils.grading.feedback.sentences import told


def _tf() -> Any:
    return importlib.import_module("tensorflow")


def _keras() -> Any:
    return importlib.import_module("keras")


def _torch() -> Any:
    return importlib.import_module("torch")


def _two(a: Any, b: Any) -> Any:
    return a + b


def _item(holder: Any, key: Any) -> Any:
    return holder[key]


def _call(function: Any) -> Any:
    return function(1)


def _use_before() -> None:
    total += 1  # noqa: F821, F841


def _endless(n: int) -> int:
    return _endless(n)


def _model() -> Any:
    keras = _keras()
    return keras.Sequential([keras.Input(shape=(2,)), keras.layers.Dense(1)])


def _backward_twice() -> None:
    loss = (_torch().zeros(1, requires_grad=True) ** 2).sum()
    loss.backward()
    loss.backward()


def _fit_with_other_sizes() -> None:
    model = _model()
    model.compile(loss="mse")
    model.fit(np.zeros((4, 2)), np.zeros((3, 1)), verbose=0)


def _fit_without_loss() -> None:
    model = _model()
    model.compile("sgd")
    model.fit(np.zeros((4, 2)), np.zeros((4, 1)), verbose=0)


def _derive_by_a_number() -> None:
    with _tf().GradientTape() as tape:
        y = 2.0 * _tf().constant(3.0)
    tape.gradient(y, 3.0)


def _assign_item() -> None:
    _tf().zeros(3)[0] = 1.0


def _fit_without_labels() -> None:
    model = _model()
    model.compile(loss="mse")
    model.fit(np.zeros((4, 2)), verbose=0)


def _hat(number: Any) -> Any:
    return number ^ 2


def _step_of_two_variables() -> None:
    optimizer = _sgd()
    for _ in range(2):
        optimizer.apply_gradients([(_tf().constant(1.0), _tf().Variable(1.0))])


def _sgd() -> Any:
    return _keras().optimizers.SGD(0.1)


def _gradient_outside() -> None:
    w = _tf().Variable(1.0)
    with _tf().GradientTape() as tape:
        pass
    w.assign_sub(0.1 * tape.gradient(w * w, w))


def _variable_lost() -> None:
    w = _tf().Variable(1.0)
    for _ in range(2):
        with _tf().GradientTape() as tape:
            loss = w * w
        w = w - 0.1 * tape.gradient(loss, w)


def _assign_to_lost() -> None:
    w = _tf().Variable(1.0)
    w = w - 0.1
    w.assign_sub(0.1)


def _watch_float() -> None:
    with _tf().GradientTape() as tape:
        tape.watch(5.0)


def _gradient_of(value: Any) -> None:
    with _tf().GradientTape() as tape:
        x = _tf().Variable(1.0)
    tape.gradient(value, x)


def _dense_with_input_shape() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _keras().layers.Dense(1, input_shape=(4,))


def _quit_debugger() -> None:
    raise bdb.BdbQuit


KINDS: dict[str, tuple[str, Callable[[], Any]]] = {
    "NumPy broadcast": ("encajan (son (2,3) y (4,))", lambda: np.zeros((2, 3)) + np.zeros(4)),
    "NumPy matmul": ("no encajan", lambda: np.zeros((2, 3)) @ np.zeros((4, 2))),
    "NumPy concatenate": ("no encajan", lambda: np.concatenate([np.ones((2, 3)), np.ones(2)])),
    "NumPy reshape": ("cantidad de elementos", lambda: np.zeros(5).reshape(2, 3)),
    "NumPy truth": ("si un array entero es verdadero", lambda: bool(np.zeros(3))),
    "NumPy too many indices": ("Usas 2 índices en un array de 1", lambda: np.zeros(3)[:, 0]),
    "NumPy axis": ("Pides el eje 1", lambda: np.zeros(3).mean(axis=1)),
    "NumPy ragged": ("distinto largo", lambda: np.array([[1, 2], [3]])),
    "NumPy integers": ("array de enteros", lambda: np.zeros(3, dtype=int).__iadd__(1.5)),
    "NumPy text": ("texto como si fuera", lambda: np.array(["a"]) * 1.0),
    "math on an array": ("un solo número", lambda: math.exp(np.zeros(3))),
    "other library's name": ("`numpy` no tiene `softmax`", lambda: np.softmax(1)),
    "TensorFlow matmul": ("son [2,3] y [4,2]", lambda: _tf().zeros((2, 3)) @ _tf().zeros((4, 2))),
    "TensorFlow add": ("son [2,3] y [4]", lambda: _tf().zeros((2, 3)) + _tf().zeros(4)),
    "TensorFlow dtype": ("hay `int32` y `float`", lambda: _tf().constant(1) * _tf().constant(1.5)),
    "TensorFlow labels": (
        "acepta int32, int64",
        lambda: _tf().nn.sparse_softmax_cross_entropy_with_logits(
            labels=_tf().zeros(3), logits=_tf().zeros((3, 2))
        ),
    ),
    "TensorFlow item": ("elemento por elemento", _assign_item),
    "derivative by a number": ("recibió el número 3.0", _derive_by_a_number),
    "clip limits first": (
        "Las formas de dos arrays",
        lambda: _tf().clip_by_value(1e-7, _tf().zeros((3, 1)), 1.0),
    ),
    "a number assigned to a matrix": (
        "Las formas de dos arrays",
        lambda: _tf().Variable(_tf().zeros((2, 1))).assign_sub(0.5),
    ),
    "no loss": ("falta `loss` en `compile`", _fit_without_loss),
    "input without a shape": ("falta `shape`", lambda: _keras().Input()),
    "a number among layers": (
        "otra cosa: `1`",
        lambda: _keras().Sequential([_keras().Input(shape=(2,)), 1]),
    ),
    "TensorFlow constant": ("crea una `tf.Variable`", lambda: _tf().constant(1.0).assign(2.0)),
    "TensorFlow position": ("posición que no existe", lambda: _tf().zeros((2, 3))[5]),
    "TensorFlow None": ("recibió un None donde va", lambda: _tf().convert_to_tensor(None)),
    "fit without labels": ("las etiquetas de `fit`", _fit_without_labels),
    "Keras class for an object": (
        "créalo con paréntesis, `SGD(…)`",
        lambda: _model().compile(_keras().optimizers.SGD, "mse"),
    ),
    "a new variable in each step": ("una sola vez, antes del bucle", _step_of_two_variables),
    "apply, no lists": (
        "recibe dos listas",
        lambda: _sgd().apply(_tf().constant(1.0), _tf().Variable(1.0)),
    ),
    "NumPy's mean of a tensor": (
        "usa `torch.mean`",
        lambda: np.mean(_torch().zeros(3)),
    ),
    "torch loss made of tensors": (
        "`nn.BCELoss()(p, y)`",
        lambda: _torch().nn.BCELoss(_torch().zeros(3), _torch().zeros(3)),
    ),
    "TensorFlow matmul with a scalar": (
        "no encajan",
        lambda: _tf().matmul(_tf().zeros((2, 1)), _tf().constant(0.5)),
    ),
    "^ of NumPy": ("se escribe `**`", lambda: np.zeros(3) ^ 2),
    "^ of Python": ("se escribe `**`", lambda: _hat(1.5)),
    "no gradient": (
        "ningún gradiente",
        lambda: _keras().optimizers.SGD().apply_gradients([(None, _tf().Variable(1.0))]),
    ),
    "Keras input": ("entradas de otra forma", lambda: _model()(np.zeros((4, 3)))),
    "Keras sizes": ("misma cantidad de ejemplos", _fit_with_other_sizes),
    "Keras name": ("«sigmod»", lambda: _keras().layers.Dense(1, activation="sigmod")),
    "Keras argument": ("argumento `activate`", lambda: _keras().layers.Dense(1, activate="relu")),
    "Keras not compiled": ("`compile`", lambda: _model().fit(np.zeros((4, 2)), np.zeros((4, 1)))),
    "torch matmul": ("son 2x3 y 4x2", lambda: _torch().zeros(2, 3) @ _torch().zeros(4, 2)),
    "torch dtype": (
        "hay `Double` y `Float`",
        lambda: _torch().nn.Linear(2, 1)(_torch().zeros(3, 2, dtype=_torch().float64)),
    ),
    "torch labels": (
        "hay `Long` y `Float`",
        lambda: _torch().nn.BCELoss()(_torch().zeros(3), _torch().zeros(3, dtype=int)),
    ),
    "torch array": ("recibió un `ndarray`", lambda: _torch().sigmoid(np.zeros(3))),
    "torch no gradient": ("no se puede derivar", lambda: _torch().zeros(1).sum().backward()),
    "torch to NumPy": (".detach()", lambda: _torch().zeros(1, requires_grad=True).numpy()),
    "torch backward twice": ("dos veces", _backward_twice),
    "torch in place": (
        "torch.no_grad()",
        lambda: _torch().zeros(1, requires_grad=True).add_(1),
    ),
    "torch many losses": (
        "un solo número",
        lambda: (_torch().zeros(3, requires_grad=True) * 2).backward(),
    ),
    "torch probabilities": (
        "¿falta la sigmoide?",
        lambda: _torch().nn.BCELoss()(_torch().full((3,), 2.0), _torch().zeros(3)),
    ),
    "None as a list": ("como si fuera una lista", lambda: len(None)),
    "None as a function": ("Llamas a un None", lambda: _call(None)),
    "gradient outside of its tape": ("es un gradiente que no llegó", _gradient_outside),
    "a variable that became a tensor": ("`w = w - …` reemplazó", _variable_lost),
    "assign after w = w - …": ("`w = w - …` deja un tensor", _assign_to_lost),
    "gradient of None": ("Pides el gradiente de un None", lambda: _gradient_of(None)),
    "tape watches a float": ("recibió un `float`", _watch_float),
    "float without dtype": ("tipo `float` no tiene `dtype`", lambda: _gradient_of(25.0)),
    "float64 into float32": (
        "va `float32` y llegó `float64`",
        lambda: _tf().Variable(1.0).assign(_tf().constant(1.0, "float64")),
    ),
    "minimize": ("`SGD` no tiene `minimize` en Keras 3", lambda: _sgd().minimize(len, [])),
    "apply_gradients, two arguments": (
        "lista de pares (gradiente, variable)",
        lambda: _sgd().apply_gradients([1.0], [2.0]),
    ),
    "apply_gradients, no pairs": (
        "`[(gradiente, variable)]`",
        lambda: _sgd().apply_gradients([_tf().constant(1.0)]),
    ),
    "apply_gradients, swapped": (
        "recibió un tensor donde va una variable",
        lambda: _sgd().apply_gradients([(_tf().Variable(1.0), _tf().constant(1.0))]),
    ),
    "SGD(lr=…)": ("se llama `learning_rate`", lambda: _keras().optimizers.SGD(lr=0.1)),
    "SGD, another argument": ("argumento `rate`", lambda: _keras().optimizers.SGD(rate=0.1)),
    "SGD, text": ("`learning_rate` recibió un valor", lambda: _keras().optimizers.SGD("0.1")),
    "keras.Input(4)": ("recibió `4`: una forma es una tupla", lambda: _keras().Input(4)),
    "Dense(2.5)": ("`units` recibió un valor", lambda: _keras().layers.Dense(2.5)),
    "Dense(input_shape=…)": ("no lleva `input_shape`", _dense_with_input_shape),
    "torch, another argument": (
        "`SGD` no tiene ningún argumento `learning_rate`",
        lambda: _torch().optim.SGD([_torch().zeros(1)], learning_rate=0.1),
    ),
    "torch, one parameter": (
        "espera una lista de parámetros",
        lambda: _torch().optim.SGD(_torch().zeros(1), lr=0.1),
    ),
    "torch, arguments": ("`mean` recibe otros", lambda: _torch().zeros(3).mean(dims=0)),
    "torch, grad before backward": ("(`grad`) es None", lambda: _torch().zeros(1).grad.zero_()),
    "NumPy, argument": ("ningún argumento `dim`", lambda: np.zeros(3).mean(dim=0)),
    "library not imported": ("`sns`, que parece una biblioteca", lambda: sns),  # noqa: F821
    "debugger left": ("parada del depurador", _quit_debugger),
    "attribute of None": ("Buscas `shape` en un None", lambda: None.shape),
    "sum with None": ("función sin `return`, o es un gradiente", lambda: _two(None, 1)),
    "wrong arguments": ("`_two` recibe otros argumentos", lambda: _two(1)),
    "name": ("No existe `nada`", lambda: nada),  # noqa: F821
    "local name": ("usa `total` antes de darle un valor", _use_before),
    "library": ("biblioteca `sklear`", lambda: importlib.import_module("sklear")),
    "file": ("el archivo nada.csv", lambda: np.loadtxt("nada.csv")),
    "position": ("posición que no existe", lambda: [1][3]),
    "text as position": ("número entero", lambda: _item([1], "a")),
    "key": ("la clave 'b'", lambda: {"a": 1}["b"]),
    "column": ("la clave 'b'", lambda: pd.DataFrame({"a": [1]})["b"]),
    "list arithmetic": ("Las listas no saben", lambda: _two([1], 1)),
    "text arithmetic": ("texto como si fuera", lambda: _two("a", 1)),
    "call of a number": ("paréntesis detrás de un `float`", lambda: _call(1.5)),
    "number as a list": ("Tratas un `float`", lambda: _item(1.5, 0)),
    "unpacking": ("cuántos devuelve tu `return`", lambda: [a for a, b in [(1, 2, 3)]]),
    "zero": ("divide por cero", lambda: 1 / 0),
    "overflow": ("más grande de lo que cabe", lambda: math.exp(1000)),
    "logarithm of zero": ("Un logaritmo", lambda: math.log(0)),
    "NaN": ("NaN o infinito", lambda: int(float("nan"))),
    "endless recursion": ("a sí misma sin fin", lambda: _endless(1)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_an_exception_is_told_in_spanish(kind: str):
    sentence, raise_it = KINDS[kind]
    with pytest.raises(Exception) as caught:
        raise_it()
    assert sentence in explain(caught.value)


def test_an_unknown_exception_is_named_with_its_message():
    assert explain(LookupError("odd")) == (
        "Tu código terminó con un error de tipo LookupError (su mensaje: odd)."
    )


def test_an_endless_loop_that_the_student_stops_reads_as_an_error_of_execution():
    def interrupted(x: Any) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(ExecutionError, match="hay un bucle que no termina"):
        check("u9-ej1")(lambda c: c.call(interrupted, 1))


def test_a_sentence_for_an_error_speaks_only_for_the_error_that_it_was_written_for():
    def said(raised: Exception, on_error: Any) -> str:
        def answer() -> None:
            raise raised

        with pytest.raises(ExecutionError) as caught:
            check("u9-ej1")(lambda c: c.call(answer, on_error=on_error))
        return str(caught.value)

    sentence = "Falla con una sola fila."
    assert said(ValueError("odd"), sentence) == sentence
    assert "No existe `nada`" in said(NameError("name 'nada' is not defined"), sentence)
    assert "a sí misma sin fin" in said(RecursionError(), sentence)
    assert said(IndexError("list index out of range"), (sentence, "IndexError")) == sentence
    assert said(KeyError("b"), (sentence, "LookupError")) == sentence  # a class above it
    assert "divide por cero" in said(ZeroDivisionError(), (sentence, "ValueError", "IndexError"))


STUB = 'def f(x):\n    """Doble."""\n    raise NotImplementedError()\n'


@pytest.mark.parametrize("rest", ["    return 2 * x\n", "\n    y = 2 * x\n    return y\n"])
def test_a_stub_left_above_an_answer_is_said_with_its_line(rest: str):
    function = defined(STUB + rest)
    with pytest.raises(ExecutionError, match="delante de tu solución") as caught:
        check("u9-ej1")(lambda c: c.call(function, 1))
    assert caught.value.details == ("En tu código, línea 3: raise NotImplementedError()",)


def test_a_stub_alone_is_not_started():
    with pytest.raises(NotStarted):
        check("u9-ej1")(lambda c: c.call(defined(STUB), 1))


def defined(source: str) -> Any:
    """The function of a cell."""
    linecache.cache["<answer>"] = (len(source), None, source.splitlines(keepends=True), "<answer>")
    names: dict[str, Any] = {}
    exec(compile(source, "<answer>", "exec"), names)
    return names["f"]


def test_what_is_not_known_keeps_its_kind_on_a_page():
    sentence = explain(ValueError("Odd thing."))
    assert "ValueError" in told("ExecutionError", sentence, "pass", "", hidden=True)
