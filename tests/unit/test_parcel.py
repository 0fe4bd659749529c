"""Parcels: what the examiner sends arrives as it was."""

import pytest
import torch
from torch.utils.data import DataLoader, TensorDataset

from course_utils.grading.examiner import parcel


def sent(value: object) -> object:
    """What arrives of a value."""
    return parcel.unpack(parcel.pack(value, lambda _: None), lambda number: number)


@pytest.mark.parametrize(
    "tensor",
    [
        torch.randn(5, 3),
        torch.randn(5, 3).t(),
        torch.randn(6)[::2],
        torch.tensor(2.5),
        torch.zeros(0, 3),
        torch.tensor([True, False]),
        torch.arange(4, dtype=torch.int16),
        torch.randn(3, dtype=torch.float64),
        torch.randn(3).bfloat16(),
        torch.eye(3).to_sparse(),
        torch.randn(2, dtype=torch.complex64),
        torch.randn(2, requires_grad=True),
        torch.nn.Parameter(torch.randn(2, 2)),
        torch.nn.Parameter(torch.randn(2), requires_grad=False),
    ],
    ids=str,
)
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


def test_a_loader_gives_the_same_batches():
    x = torch.randn(5, 2)
    loader = sent(DataLoader(TensorDataset(x, x[:, 0]), batch_size=2))
    assert torch.equal(torch.cat([batch for batch, _ in loader]), x)
