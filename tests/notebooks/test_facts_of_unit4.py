"""What unit 4 says of BCE and MSE, computed anew."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib

matplotlib.use("Agg")

import numpy as np
import pytest
import torch
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from course_utils.plots.start_maps import accuracy_of_starts
from tests.notebooks.facts import numbers, run_cell, source, states

X = np.arange(-1, 1, 0.1, dtype=np.float32).astype(float)
Y = (X > 0.21).astype(float)
STARTS = ((5, 10), (-5, -5), (-10, -10), (-13, -12))
BATCHES = [slice(at, at + 3) for at in range(0, 20, 3)]
RATE = 2.0
W_STARTS, B_STARTS = np.linspace(-15, 15, 30), np.linspace(-13, 13, 30)


def sigmoid(z):
    return 0.5 * (1 + np.tanh(z / 2))


@cache
def paths(loss: str, epochs: int):
    """(w, b) after every step from all starts, (1 + 7 epochs, 2, starts): SGD in plain NumPy."""
    w, b = np.array(STARTS, dtype=float).T
    path = [(w, b)]
    for _ in range(epochs):
        for batch in BATCHES:
            x, y = X[batch, None], Y[batch, None]
            p = sigmoid(w * x + b)
            error = p - y if loss == "bce" else 2 * (p - y) * p * (1 - p)
            w, b = w - RATE * (error * x).mean(axis=0), b - RATE * error.mean(axis=0)
            path.append((w, b))
    return np.array(path)


def accuracies(loss: str, epochs: int):
    """Accuracy after each epoch, (epochs, starts)."""
    w, b = paths(loss, epochs)[7::7].transpose(1, 0, 2)
    says_one = w[:, None] * X[None, :, None] + b[:, None] > 0
    return (says_one == Y[None, :, None]).mean(axis=1)


def first_perfect(loss: str, epochs: int):
    """For each start the epoch after which all is right, None where there is none."""
    perfect = accuracies(loss, epochs) == 1
    return [int(column.argmax()) + 1 if column.any() else None for column in perfect.T]


def bce(w: float, b: float) -> float:
    z = w * X + b
    return float(np.mean(np.logaddexp(0, z) - Y * z))


def test_the_epochs_of_the_table_are_those_of_the_trainings():
    text = source(4, "u4-t18")
    slow = first_perfect("mse", 3000)
    for (w, b), fast, late in zip(STARTS, first_perfect("bce", 100), slow, strict=True):
        if late is None:
            (epoch, patience) = numbers(text, f"| $({w}, {b})$ | {{}} | no en {{}} |")
            assert (int(epoch), int(patience)) == (fast, 3000)
        else:
            states(text, f"| $({w}, {b})$ | {{}} | {{}} |", fast, late)
    assert slow[2:] == [None, None]


def test_the_introduction_and_the_reflection_state_the_same_epochs():
    (_, fast, *_), (_, late, *_) = first_perfect("bce", 100), first_perfect("mse", 3000)
    found = accuracies("mse", 3000)[:, 1:3]
    states(source(4, "u4-t01"), "en {} épocas y el otro necesita {};", fast, late)
    (patience,) = numbers(source(4, "u4-t01"), "desde otro, {} no le alcanzan")
    assert found[: int(patience), 1].max() < 1
    text = source(4, "u4-reflexion-enunciado")
    states(text, "una precisión de $1.0$ en {} épocas", fast)
    states(text, "el MSE sigue en ${}$ tras 100 y no llega hasta la {}.", found[99, 0], late)
    (patience,) = numbers(text, "Desde $(-10, -10)$, ni en {}.")
    assert found[: int(patience), 1].max() < 1


def test_mse_waits_at_the_accuracy_of_who_always_says_0():
    text = source(4, "u4-t18")
    (waiting, level) = numbers(text, "pasa más de {} épocas con una precisión de ${}$")
    at_first = accuracies("mse", 3000)[: int(waiting), 1]
    assert at_first == pytest.approx(float(level))
    states(text, "$13/20 = {}$", (Y == 0).mean())
    assert accuracies("mse", 3000)[2:, 2:] == pytest.approx((Y == 0).mean())


def test_mse_from_minus_5_minus_5_never_stands_still():
    steps = np.abs(np.diff(paths("mse", 514)[:, :, 1][::7], axis=0)).max(axis=1)
    assert (steps > 0).all()


def test_the_first_two_epochs_bring_most_of_the_fall():
    path = paths("bce", 100)[:, :, 0]
    losses = [bce(*path[7 * epoch]) for epoch in range(3)]
    sentence = "baja de {} a {} en la primera época y a {} en la segunda"
    states(source(4, "u4-t16"), sentence, *losses)


def test_the_path_of_the_last_epoch_goes_to_and_fro():
    moves = np.diff(paths("bce", 100)[-8:, :, 0], axis=0)
    length, away = np.hypot(*moves.T).sum(), np.hypot(*moves.sum(axis=0))
    states(source(4, "u4-t16"), "recorren {} y dejan los parámetros a solo {} de", length, away)
    # Not to be seen in a map that is 30 wide: a line is as thick as 0.2 of its units.
    assert length < 0.2


@cache
def start_map(loss: str, epochs: int = 100, rate: float = RATE):
    """Accuracy from the 900 starts of the map."""
    return accuracy_of_starts(X, Y, loss, W_STARTS, B_STARTS, epochs=epochs, rate=rate)


def arrived(loss: str, **settings: float) -> float:
    return 100 * float((start_map(loss, **settings) == 1).mean())


def test_the_map_shows_what_the_text_reads_in_it():
    text, bce_map, mse_map = source(4, "u4-t26"), start_map("bce"), start_map("mse")
    (starts, epochs) = numbers(text, "desde los {} comienzos; en realidad le bastan {} épocas.")
    assert bce_map.size == int(starts) == 900
    assert (bce_map == 1).all()
    assert arrived("bce", epochs=int(epochs)) == 100 > arrived("bce", epochs=int(epochs) - 1)
    states(text, "El MSE llega desde {}, el {} %", (mse_map == 1).sum(), arrived("mse"))
    low, high = np.isclose(mse_map, 0.65), np.isclose(mse_map, 0.35)
    states(
        text, "izquierda, {}:** {} comienzos desde los que la neurona contesta $0$", 0.65, low.sum()
    )
    states(text, "izquierda, {}:** {} comienzos desde los que contesta $1$", 0.35, high.sum())
    states(text, "$13/20 = {}$", (Y == 0).mean())
    states(text, "$7/20 = {}$", (Y == 1).mean())
    assert 0 < ((mse_map < 1) & ~low & ~high).sum() < 10, "nearly all the others"
    (limit,) = numbers(text, "con $w$ mayor que ${}$, llegan todos")
    assert (mse_map[:, float(limit) < W_STARTS] == 1).all()


def test_the_two_regions_answer_always_the_same():
    w, b = np.meshgrid(W_STARTS, B_STARTS)
    for level, answer in ((0.65, 0.0), (0.35, 1.0)):
        chosen = np.isclose(start_map("mse"), level)
        w_end, b_end = _mse_end(w[chosen], b[chosen])
        says_one = w_end * X[:, None] + b_end > 0
        assert (says_one == (answer == 1)).all()
    rows = [B_STARTS[np.isclose(start_map("mse"), level)[:, 0]] for level in (0.65, 0.35)]
    assert rows[0].max() < rows[1].min(), "below and above"


def _mse_end(w, b):
    for _ in range(100):
        for batch in BATCHES:
            x, y = X[batch, None], Y[batch, None]
            p = sigmoid(w * x + b)
            slope = 2 * (p - y) * p * (1 - p)
            w, b = w - RATE * (slope * x).mean(axis=0), b - RATE * slope.mean(axis=0)
    return w, b


def test_the_summary_the_predictions_and_the_challenges_state_the_same_map():
    text = source(4, "u4-t25")
    states(text, "con la BCE, aquí, se llega desde los {}.", (start_map("bce") == 1).sum())
    states(text, "1. El {} %:", arrived("mse", epochs=1000))
    assert round(arrived("mse", epochs=1000) - arrived("mse")) == 10
    slow = arrived("mse", rate=0.2), arrived("bce", rate=0.2)
    states(text, "2. El MSE, el {} %; la BCE, el {} %.", *slow)


def test_the_first_step_is_that_of_the_prediction():
    step = paths("bce", 100)[1, :, 0] - paths("bce", 100)[0, :, 0]
    assert step == pytest.approx([1.8, -2.0], abs=0.01)


class Neuron(nn.Module):
    """A logistic neuron as exercise 4.2 asks for it."""

    def __init__(self, n_inputs):
        super().__init__()
        self.linear = nn.Linear(n_inputs, 1)

    def forward(self, x):
        """Give probabilities, (n, 1)."""
        return torch.sigmoid(self.linear(x))


def _precision(model, x, y):
    with torch.no_grad():
        return ((model(x) > 0.5) == (y == 1)).float().mean().item()


def test_the_tumours_are_told_as_the_cell_finds_them(capsys):
    names = {
        **{"np": np, "torch": torch, "nn": nn, "DataLoader": DataLoader},
        **{"TensorDataset": TensorDataset, "Path": Path, "TemporaryDirectory": TemporaryDirectory},
        **{"load_breast_cancer": load_breast_cancer, "train_test_split": train_test_split},
        **{"logistic_regression": Neuron, "precision": _precision},
    }
    run_cell(4, "u4-demo-reales", names)
    assert "contesta lo mismo: True" in capsys.readouterr().out
    x, y = names["x_test"], names["y_test"] == 1
    with torch.no_grad():
        p = names["tumours"](x)
    right, train = int(((p > 0.5) == y).sum()), (names["x_train"], names["y_train"])
    text = source(4, "u4-t28")
    states(text, "Acierta {} de los {} tumores", right, len(x))
    assert abs(right / len(x) - _precision(names["tumours"], *train)) < 0.01
    missed = int(((p <= 0.5) & y).sum())
    states(text, "De los {} malignos, {} pasaron por benignos", int(y.sum()), missed)
    counts = [int(((p <= 0.1) & y).sum()), int(((p > 0.1) & ~y).sum())]
    sentence = "3. Se escapa {} y hay {} falsas alarmas; con $0.5$ eran {} y {}."
    states(source(4, "u4-t25"), sentence, *counts, missed, int(((p > 0.5) & ~y).sum()))
    states(source(4, "u4-t27"), "ahora {} tumores de mama", len(x) + len(train[0]))
