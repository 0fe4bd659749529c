"""Payloads: what the examiner sends arrives as it was."""

import keras
import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader, TensorDataset

from course_utils.grading.examiner import payload


def sent(value: object) -> object:
    """What arrives of a value."""
    return payload.unpack(payload.pack(value, lambda _: None), lambda number: number)


TENSORS = {
    "matrix": torch.ones(5, 3),
    "transposed": torch.arange(6.0).reshape(2, 3).t(),
    "every other": torch.arange(6.0)[::2],
    "number": torch.tensor(2.5),
    "empty": torch.zeros(0, 3),
    "truth values": torch.tensor([True, False]),
    "short integers": torch.arange(4, dtype=torch.int16),
    "double": torch.ones(3, dtype=torch.float64),
    "bfloat16": torch.ones(3).bfloat16(),
    "sparse": torch.eye(3).to_sparse(),
    "complex": torch.ones(2, dtype=torch.complex64),
    "with gradient": torch.ones(2, requires_grad=True),
    "parameter": torch.nn.Parameter(torch.ones(2, 2)),
    "frozen parameter": torch.nn.Parameter(torch.ones(2), requires_grad=False),
}


@pytest.mark.parametrize("tensor", TENSORS.values(), ids=TENSORS)
def test_a_tensor_arrives_as_it_was(tensor: torch.Tensor):
    there = sent(tensor)
    assert type(there) is type(tensor)
    assert (there.dtype, there.shape, there.layout) == (tensor.dtype, tensor.shape, tensor.layout)
    assert there.requires_grad == tensor.requires_grad
    assert torch.equal(there.to_dense(), tensor.to_dense())


def test_what_arrives_can_be_written_to_and_is_nobody_elses():
    tensor = torch.zeros(3)
    there = sent(tensor)
    there += 1
    assert tensor.sum() == 0


def test_a_model_and_its_optimizer_stay_together():
    model = torch.nn.Linear(3, 1)
    optimizer = torch.optim.Adam(model.parameters())
    model(torch.ones(2, 3)).sum().backward()
    optimizer.step()
    there, its_optimizer = sent((model, optimizer))
    assert its_optimizer.param_groups[0]["params"][0] is there.weight
    slots = its_optimizer.state[there.weight]
    assert torch.equal(slots["exp_avg"], optimizer.state[model.weight]["exp_avg"])


def _sequential() -> keras.Model:
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, activation="softmax")])
    model.compile(keras.optimizers.SGD(0.25), "sparse_categorical_crossentropy", ["accuracy"])
    return model


def _eager() -> keras.Model:
    model = _sequential()
    model.compile("adam", "sparse_categorical_crossentropy", run_eagerly=True)
    return model


def _functional() -> keras.Model:
    entry = keras.Input((3,))
    inner = keras.layers.Dropout(0.5)(keras.layers.BatchNormalization()(entry))
    model = keras.Model(entry, keras.layers.Dense(2)(inner))
    rate = keras.optimizers.schedules.ExponentialDecay(0.1, 3, 0.9)
    model.compile(keras.optimizers.RMSprop(rate), "mse")
    return model


def _trained() -> keras.Model:
    model = _sequential()
    model.compile(keras.optimizers.Adam(0.1), "sparse_categorical_crossentropy")
    model.fit(np.ones((4, 3)), np.zeros(4), epochs=2, verbose=0)
    return model


@pytest.mark.parametrize("make", [_sequential, _eager, _functional, _trained])
def test_a_keras_model_arrives_as_it_was(make):
    model = make()
    there = sent(model)
    assert type(there) is type(model)
    assert there.get_config() == model.get_config()
    assert there.get_compile_config() == model.get_compile_config()
    assert there.run_eagerly == model.run_eagerly
    for one, other in zip(there.variables, model.variables, strict=True):
        assert np.array_equal(one, other)
    before = model.optimizer.variables  # Adam's others come with its first step
    for one, other in zip(there.optimizer.variables, before, strict=False):
        assert np.array_equal(one, other)


def test_a_trained_model_goes_on_where_it_was():
    model = _trained()
    there = sent(model)
    x, y = np.ones((4, 3)), np.ones(4)
    losses = [
        m.fit(x, y, epochs=3, shuffle=False, verbose=0).history["loss"] for m in (model, there)
    ]
    assert np.allclose(*losses, rtol=1e-6)


def test_a_model_that_is_not_built_or_not_compiled_arrives_as_it_was():
    assert not sent(keras.Sequential([keras.layers.Dense(2)])).built
    plain = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    there = sent(plain)
    assert not there.compiled
    assert np.array_equal(there.get_weights()[0], plain.get_weights()[0])


def test_a_loader_gives_the_same_batches():
    x = torch.randn(5, 2)
    loader = sent(DataLoader(TensorDataset(x, x[:, 0]), batch_size=2))
    assert torch.equal(torch.cat([batch for batch, _ in loader]), x)
