"""Each kind of exception that students meet is told in Spanish, by what really raises it."""

import importlib
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from course_utils.checks import ExecutionError, check
from course_utils.checks.explain import explain


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


def _assign_item() -> None:
    _tf().zeros(3)[0] = 1.0


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
    "TensorFlow constant": ("crea una `tf.Variable`", lambda: _tf().constant(1.0).assign(2.0)),
    "TensorFlow position": ("posición que no existe", lambda: _tf().zeros((2, 3))[5]),
    "TensorFlow None": ("falta un `return`", lambda: _tf().convert_to_tensor(None)),
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
    "attribute of None": ("falta un `return`", lambda: None.shape),
    "sum with None": ("falta un `return`", lambda: _two(None, 1)),
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
