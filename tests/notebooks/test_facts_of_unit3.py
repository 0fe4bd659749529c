"""What unit 3 says of starts, learned weights and overfitting, in the notebook's own cells."""

import contextlib
import importlib
import io
import re
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

from course_utils.datasets import drawn_clothes
from course_utils.datasets.fashion_mnist import CLASS_NAMES, load_or_draw
from course_utils.plots.scales import set_log_scale
from course_utils.plots.steps import plot_steps
from course_utils.training.steps import batches_of, run_steps
from tests.notebooks.facts import numbers, run_cell, source, states
from tests.unit.clothes import real_or_drawn

TRAIN, TEST = 700, 200  # images: as many as there are real ones


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The names of the notebook once its answers and trainings ran on few images."""
    tf = importlib.import_module("tensorflow")
    folder = real_or_drawn(tmp_path_factory.mktemp("clothes") / "some", TRAIN, TEST)
    names: dict[str, Any] = {
        "tf": tf, "np": np, "plt": plt, "CLASS_NAMES": CLASS_NAMES, "run_steps": run_steps,
        "batches_of": batches_of, "plot_weight_images": lambda *_, **__: None,
        "plot_steps": plot_steps, "set_log_scale": set_log_scale, "said": {},
        "datos": load_or_draw(root=folder),
    }  # fmt: skip
    cells = [f"u3-ej{number}" for number in range(1, 9)]
    cells += ["u3-demo-preparados", "u3-demo-lotes", "u3-demo-entrenar", "u3-demo-sobreajuste"]
    cells += ["u3-demo-oculta", "u3-demo-pesos"]
    for cell in cells:
        with contextlib.redirect_stdout(io.StringIO()) as said:
            run_cell(3, cell, names)
        names["said"][cell] = said.getvalue()
    return names


def measured(names: dict[str, Any], spread: float) -> dict[str, tuple[float, float]]:
    """Accuracy and loss on all training and validation images after the notebook's training."""
    _, weights, bias = names["corridas"][spread]
    found = {}
    for part in ("train", "val"):
        x, y = (np.asarray(names[f"{letter}_{part}"]) for letter in "xy")
        z = x @ weights.numpy() + bias.numpy()
        z = z - z.max(axis=1, keepdims=True)
        log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        found[part] = (z.argmax(axis=1) == y).mean(), -log_p[np.arange(len(y)), y].mean()
    return found


def test_zeros_do_as_well_as_a_small_start(trained):
    zero, small, large = (measured(trained, spread) for spread in (0.0, 0.01, 1.0))
    assert zero["val"][0] == pytest.approx(small["val"][0], abs=0.025)
    assert zero["train"][1] == pytest.approx(small["train"][1], rel=0.05)
    assert large["val"][0] < small["val"][0] - 0.05
    assert "Con una sola capa, como aquí, el cero también sirve" in source(3, "u3-t05")
    assert "**simetría**" in source(3, "u3-t05")


def test_hidden_neurons_that_start_alike_stay_alike():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(20, 3)), rng.integers(0, 2, 20)
    inner, outer = np.full((3, 4), 0.3), np.full((4, 1), 0.5)
    for _ in range(200):
        hidden = np.tanh(x @ inner)
        error = (1 / (1 + np.exp(-(hidden @ outer))) - y[:, None]) / len(y)
        inner = inner - x.T @ (error @ outer.T * (1 - hidden**2))
        outer = outer - hidden.T @ error
    assert np.ptp(inner, axis=1).max() < 1e-9
    assert np.abs(inner - 0.3).max() > 0.1


def test_few_images_overfit_and_the_report_says_what_is_measured(trained):
    found = measured(trained, 0.01)
    line = trained["said"]["u3-demo-entrenar"].splitlines()[3]
    for accuracy, loss in found.values():
        assert f"{100 * accuracy:.1f} % (pérdida {loss:.3f})" in line
    (few,) = numbers(source(3, "u3-t15b"), "y vio {} imágenes")
    assert int(few) == trained["POCAS"] == trained["FEW"]
    report = trained["said"]["u3-demo-sobreajuste"]
    seen, new = re.findall(r"([\d.]+) % \(pérdida ([\d.]+)\)", report)
    assert float(seen[0]) > float(new[0]) + 5
    assert 2 * float(seen[1]) < float(new[1])


def test_the_model_has_the_parameters_that_the_text_counts(trained):
    _, weights, bias = trained["corridas"][0.01]
    (count,) = numbers(source(3, "u3-t15b"), "Tiene {} parámetros")
    assert int(count) == np.size(weights) + np.size(bias)


def test_the_start_of_1_is_still_there_in_the_pixels_that_are_often_lit(trained):
    final, start, often = trained["final"], trained["inicial"], trained["muchas"]
    assert often.mean() > 0.5
    assert np.corrcoef(final[often].ravel(), start[often].ravel())[0, 1] > 0.95
    assert f"iniciales: {trained['parecido']:.3f}" in trained["said"]["u3-demo-pesos"]
    assert 0.15 < trained["aprendido"].std() < 0.25  # "unas dos décimas"
    assert "mueven un peso típico unas dos décimas" in source(3, "u3-t18")


def test_the_sum_over_classes_is_conserved_and_dark_pixels_hardly_move(trained):
    learned = trained["aprendido"]
    assert np.abs(learned.sum(axis=1)).max() < 1e-9
    dark, often = trained["encendido"] < 0.005, trained["muchas"]
    assert dark.any()
    assert learned[dark].std() < 0.1 * learned[often].std()


def test_templates_show_in_what_was_learned_from_a_large_start(trained):
    """They are like those of a small start, which can be read; the final weights are not."""
    small = trained["corridas"][0.01][1].numpy().ravel()
    likeness = [
        np.corrcoef(small, weights.ravel())[0, 1]
        for weights in (trained["final"], trained["aprendido"])
    ]
    assert likeness[1] > 2 * likeness[0]


def test_the_stand_in_borrows_as_many_outlines_as_the_text_says(monkeypatch):
    n = 20_000
    mixed, labels = drawn_clothes.draw_clothes(n, 0)
    monkeypatch.setattr(drawn_clothes, "_ALIKE", np.arange(10))
    own, _ = drawn_clothes.draw_clothes(n, 0)
    borrowed = (mixed != own).any(axis=(1, 2))
    for cell in ("u3-t02", "u3-reflexion-enunciado"):
        (percent,) = numbers(source(3, cell), "un {} % ")
        assert 100 * borrowed.mean() == pytest.approx(float(percent), abs=0.6)
    assert set(labels[borrowed]) == set(range(10))


def test_the_notice_of_the_stand_in_tells_of_borrowed_outlines(monkeypatch, capsys):
    from course_utils.datasets import fashion_mnist

    def none(*_: object, **__: object) -> None:
        raise fashion_mnist.DownloadError("sin conexión")

    monkeypatch.setattr(fashion_mnist, "load_fashion_mnist", none)
    monkeypatch.setattr(fashion_mnist, "draw_clothes", lambda n, seed: (np.zeros(n), np.zeros(n)))
    assert not fashion_mnist.load_or_draw().real
    assert "un 9 % lleva la silueta de otra clase" in capsys.readouterr().out


def test_a_shirt_may_have_the_outline_that_the_text_names():
    borrowed = {CLASS_NAMES[k]: CLASS_NAMES[j] for k, j in enumerate(drawn_clothes._ALIKE)}
    assert borrowed["camisa"] == "camiseta"
    assert "una camisa con forma de camiseta" in source(3, "u3-t02")


def test_the_last_sixth_is_validation_and_no_image_has_two_parts(trained):
    assert len(trained["x_val"]) == TRAIN // 6
    assert len(trained["x_train"]) + len(trained["x_val"]) == TRAIN
    assert "La sexta parte de las imágenes de entrenamiento" in source(3, "u3-t04b")


def test_small_batches_get_further_for_the_images_seen_in_more_steps(trained):
    last = [trained["by_size"][size][-1][1] for size in (500, 128, 1)]
    assert last[0] > last[1] > last[2]
    said = trained["said"]["u3-demo-lotes"]
    steps = {int(n): int(count) for n, count in re.findall(r"lote de (\d+): (\d+) pasos", said)}
    one, full = numbers(source(3, "u3-t14c"), "El lote de 1 da {} pasos ruidosos; el completo, {}")
    single, middle = numbers(source(3, "u3-t14c"), "{} pasos de una imagen tardan mucho más que {}")
    assert [int(n) for n in (one, full, single, middle)] == [
        steps[1], steps[500], steps[1], steps[128]
    ]  # fmt: skip


def test_the_error_of_a_batch_falls_as_the_root_says(trained):
    sizes, errors = np.array(trained["sizes"]), np.array(trained["errors"])
    assert errors == pytest.approx(errors[0] / np.sqrt(sizes), rel=0.25)


def test_the_hidden_network_overfits(trained):
    seen, new = (
        [loss for _, loss in trained["curves"][k]] for k in ("entrenamiento", "validación")
    )
    assert seen[-1] < 0.5 * seen[len(seen) // 3]
    assert new[-1] > new[len(new) // 3] - 0.02
    assert new[-1] > 2 * seen[-1]


def test_the_challenges_have_the_numbers_that_the_text_gives(trained):
    states(source(3, "u3-repaso"), "1. {}, con cualquier imagen", np.log(10))
    count = sum(np.size(trained[name]) for name in ("W1", "b1", "W2", "b2"))
    assert r"= 101\,770$" in source(3, "u3-repaso")
    assert count == 101_770
