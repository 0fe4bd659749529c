"""What unit 4 says of BCE and MSE, computed anew."""

from functools import cache

import numpy as np
import pytest

from tests.notebooks.facts import numbers, source, states

X = np.arange(-1, 1, 0.1, dtype=np.float32).astype(float)
Y = (X > 0.21).astype(float)
STARTS = ((5, 10), (-5, -5), (-10, -10), (-13, -12))
BATCHES = [slice(at, at + 3) for at in range(0, 20, 3)]
RATE = 2.0


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
