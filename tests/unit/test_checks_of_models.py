"""``train_once`` gives the numbers that follow from a model's formula, loss and optimizer."""

import numpy as np
import pytest

from course_utils.checks import Check, ExecutionError, Incorrect
from course_utils.checks.models import train_once

keras = pytest.importorskip("keras")
X, Y = np.array([[1.0], [-3.0]]), np.array([[2.0], [-4.0]])


def neuron(*layers, loss="mse"):
    model = keras.Sequential(layers or [keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(0.05), loss=loss)
    return model


def trained(model, **options):
    return train_once(Check("u2-ej3"), model, X, Y, start=0.5, parameters=2, **options)


def test_answers_and_loss_of_two_steps():
    before, measures, first, second = trained(neuron(), steps=2)
    assert before.tolist() == [[1.0], [-1.0]]
    assert measures == [5.0]
    np.testing.assert_allclose(first, [[1.4], [-2.6]], rtol=1e-5)
    np.testing.assert_allclose(second, [[1.6], [-3.36]], rtol=1e-5)


@pytest.mark.parametrize(
    ("layers", "sentence"),
    [
        ([keras.layers.Dense(1)], "aún no tiene pesos"),
        ([keras.Input((1,)), keras.layers.Dense(3), keras.layers.Dense(1)], "10 parámetros"),
        ([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)], "cantidad de parámetros"),
    ],
)
def test_a_model_with_other_parameters_is_named(layers, sentence):
    with pytest.raises(Incorrect, match=sentence):
        trained(neuron(*layers))


def test_a_model_that_is_not_compiled_is_named():
    with pytest.raises(Incorrect, match="Falta compilar"):
        trained(keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)]))


def test_a_loss_that_refuses_whole_numbers_is_named_with_what_it_said():
    model = neuron(keras.Input((1,)), keras.layers.Dense(3), loss="categorical_crossentropy")
    with pytest.raises(ExecutionError, match="no entrena con etiquetas enteras") as caught:
        train_once(Check("u1-ej3"), model, X, np.array([0, 2]), start=0.0, parameters=6)
    assert caught.value.details
