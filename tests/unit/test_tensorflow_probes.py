"""Why a gradient by tape is None, as the probes of TensorFlow code see it."""

from collections.abc import Callable
from typing import Any

import pytest

from course_utils.checks import tensorflow_probes as probes

tf = pytest.importorskip("tensorflow")


def _derivative(f: Any, x: Any) -> Any:
    with tf.GradientTape() as tape:
        y = f(x)
    return tape.gradient(y, x)


def _closed(f: Any, x: Any) -> Any:
    with tf.GradientTape() as tape:
        pass
    return tape.gradient(f(x), x)


def _other_tensor(f: Any, x: Any) -> Any:
    x = tf.convert_to_tensor(x)
    with tf.GradientTape() as tape:
        tape.watch(tf.identity(x))
        y = f(x)
    return tape.gradient(y, x)


def _nothing_back(f: Any, x: Any) -> None:
    _derivative(f, x)


def _raises(f: Any, x: Any) -> Any:
    raise ValueError


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (_derivative, ""),
        (_closed, probes.TAPE_CLOSED),
        (_other_tensor, probes.NOT_WATCHED),
        (_nothing_back, probes.NOT_RETURNED),
        (_raises, ""),
        (lambda f, x: None, ""),
    ],
)
def test_a_derivative_that_is_none_is_explained(function: Callable[..., Any], said: str):
    assert probes.why_none(function) == said


def _loss(w: Any, b: Any) -> Any:
    return (2.0 * w + b) ** 2


def _gradients(w: Any, b: Any) -> Any:
    with tf.GradientTape() as tape:
        loss = _loss(w, b)
    return tape.gradient(loss, [w, b])


def _empty_tape(w: Any, b: Any) -> Any:
    with tf.GradientTape() as tape:
        pass
    return tape.gradient(_loss(w, b), [w, b])


def _loss_after(w: Any, b: Any) -> Any:
    with tf.GradientTape() as tape:
        z = 2.0 * w + b
    return tape.gradient(z**2, [w, b])


def _numpy_inside(w: Any, b: Any) -> Any:
    with tf.GradientTape() as tape:
        loss = tf.constant(_loss(w, b).numpy())
    return tape.gradient(loss, [w, b])


def _constant_bias(w: Any, b: Any) -> Any:
    with tf.GradientTape() as tape:
        loss = _loss(w, b.numpy())
    return tape.gradient(loss, [w, b])


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (_gradients, ""),
        (_empty_tape, probes.NOTHING_TAPED),
        (_loss_after, probes.LOSS_NOT_TAPED),
        (_numpy_inside, probes.LOSS_NOT_TAPED),
        (_constant_bias, probes.ONE_NOT_TAPED),
        (lambda w, b: [None, None], probes.NO_TAPE),
        (lambda w, b: [4.0, 2.0], ""),
    ],
)
def test_gradients_that_are_none_are_explained(function: Callable[..., Any], said: str):
    assert probes.why_untaped(function, tf.Variable(1.5), tf.Variable(0.5)) == said


def test_the_tapes_are_as_they_were_after_a_probe():
    enter, leave, gradient = (
        tf.GradientTape.__enter__,
        tf.GradientTape.__exit__,
        tf.GradientTape.gradient,
    )
    probes.why_none(_derivative)
    assert probes.tapes_of(_gradients, tf.Variable(1.5), tf.Variable(0.5)) == [2]
    assert tf.GradientTape.__enter__ is enter
    assert tf.GradientTape.__exit__ is leave
    assert tf.GradientTape.gradient is gradient


@pytest.mark.parametrize(
    ("function", "reaches"),
    [
        (_loss, True),
        (lambda w, b: _loss(w.numpy(), b), False),
        (lambda w, b: float(_loss(w, b)), False),
    ],
)
def test_a_gradient_reaches_an_argument(function: Callable[..., Any], reaches: bool):
    assert probes.reaches(function, 0, tf.constant(1.5), tf.constant(0.5)) is reaches
