"""What unit 2 says of features, a rival and noise, computed anew."""

import re
from collections.abc import Callable

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np

from course_utils.datasets.regression import make_regression_dataset, regression_mean
from course_utils.plots.regression import plot_fits
from tests.notebooks.facts import numbers, output, run_cell, source, states

WAVE: list[Callable] = [lambda x: x, np.sin, np.square]
CUBE: list[Callable] = [lambda x: x, np.square, lambda x: x**3]


def drawn(n: int, seed: int):
    table = make_regression_dataset(n, 1.25, seed)
    return table["X"].to_numpy(), table["y"].to_numpy()


TRAIN, VALIDATION = drawn(100, 42), drawn(30, 65)


def fitted(columns: list[Callable]):
    def table(x):
        return np.column_stack([np.ones_like(x), *(column(x) for column in columns)])

    x, y = TRAIN
    w = np.linalg.solve(table(x).T @ table(x), table(x).T @ y)
    return lambda x: table(x) @ w


MODELS = {
    "x, sen x, x²": fitted(WAVE),
    "x, x², x³": fitted(CUBE),
    "función sin ruido": regression_mean,
}


def mae(model, data) -> float:
    x, y = data
    return float(np.abs(y - model(x)).mean())


def fresh():
    """The test set of section 8, of the size and the seed that the text and the cell say."""
    said = numbers(source(2, "u2-t26"), "sacamos {} ejemplos nuevos, con la semilla {}.")
    arguments = r"n_samples=(\d+), noise=1.25, random_state=(\d+)"
    ((*drawn_by_cell,),) = re.findall(arguments, source(2, "u2-demo-prueba"))
    assert said == drawn_by_cell
    return drawn(*map(int, said))


def test_the_table_of_the_rival_is_true():
    text = output(2, "u2-demo-rival")
    far = np.array([10.0])
    for name, model in MODELS.items():
        errors = mae(model, TRAIN), mae(model, VALIDATION)
        states(text, f"{name} {{}} {{}} {{}}", *errors, float(model(far)[0]))


def test_the_text_about_the_rival_is_true():
    cube, wave = MODELS["x, x², x³"], MODELS["x, sen x, x²"]
    text = source(2, "u2-t22b")
    states(text, "valida *mejor*: {} contra {}.", mae(cube, VALIDATION), mae(wave, VALIDATION))
    assert mae(cube, TRAIN) > mae(wave, TRAIN)
    far = np.array([10.0])
    sentence = "vale {}; el modelo con $\\sin x$ y $x^2$ dice {} y el cúbico, {}."
    values = [float(m(far)[0]) for m in (regression_mean, wave, cube)]
    states(source(2, "u2-t22c"), sentence, *values)
    states(source(2, "u2-reflexion"), "({}; la verdad es {})", values[1], values[0])
    states(source(2, "u2-reflexion"), "se va a {}.", values[2])


def test_the_true_function_has_the_error_that_the_text_calls_the_floor():
    sentence = "tiene {} en entrenamiento y {} en validación. Quien baja de {} en entrenamiento"
    train, validation = mae(regression_mean, TRAIN), mae(regression_mean, VALIDATION)
    states(source(2, "u2-t19"), sentence, train, validation, train)


def test_the_fresh_test_set_turns_the_order_round_as_the_text_says():
    data = fresh()
    errors = {name: mae(model, data) for name, model in MODELS.items()}
    sentence = "{} con $\\sin x$ y $x^2$, {} el cúbico, y {} la función sin ruido."
    states(source(2, "u2-t26b"), sentence, *errors.values())
    assert all(errors[name] > mae(model, VALIDATION) for name, model in MODELS.items())


def test_the_rival_s_lead_is_small_beside_its_chance():
    x, y = VALIDATION
    each = [np.abs(y - MODELS[name](x)) for name in ("x, sen x, x²", "x, x², x³")]
    lead = each[0] - each[1]
    sentence = "en validación era de {} con {} ejemplos, y una diferencia así puede ser azar"
    states(source(2, "u2-t26b"), sentence, lead.mean(), len(lead))
    assert lead.mean() < 2 * lead.std(ddof=1) / np.sqrt(len(lead))


def test_the_30_points_are_called_validation():
    drawn_by_cell = (
        "validacion = make_regression_dataset(n_samples=30, noise=1.25, random_state=65)"
    )
    assert drawn_by_cell in source(2, "u2-datos")
    assert "para **validar**" in source(2, "u2-t02")
    for cell in ("u2-demo-experimentos", "u2-demo-capa-oculta", "u2-demo-logistica"):
        assert "prueba" not in source(2, cell)
        assert "validación" in source(2, cell)


def test_the_eight_steps_of_the_figure_add_up_to_the_net():
    """Run on a network whose weights are known, in place of the trained one."""
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=shape) for shape in ((1, 8), (8,), (8, 1), (1,))]

    class Network:
        def get_weights(self):
            return weights

    x = np.linspace(-4, 4, 9)
    w1, b1, w2, b2 = weights
    net = (1 / (1 + np.exp(-(x[:, None] @ w1 + b1)))) @ w2 + b2
    names = {
        "np": np,
        "plt": plt,
        "redes": {"8 ocultas, sigmoide": (Network(), 100)},
        "X": x,
        "y": x,
    }
    names = run_cell(2, "u2-demo-escalones", {**names, "plot_fits": plot_fits})
    assert len(names["izquierda"].lines) == 8
    (total,) = names["suma"].values()
    np.testing.assert_allclose(total(x), net[:, 0], atol=2e-3)
    plt.close("all")


def test_the_figure_before_the_reflection_goes_from_minus_10_to_10():
    names = {
        "np": np,
        "plt": plt,
        "plain": np.asarray,
        "redes": {"8 ocultas, sigmoide": (abs, 100)},
    }
    names |= {"X": TRAIN[0], "y": TRAIN[1], "finalistas": dict(MODELS), "plot_fits": plot_fits}
    ax = run_cell(2, "u2-demo-lejos", names)["eje"]
    curves = {line.get_label(): line for line in ax.lines}
    for name, model in MODELS.items():
        x, y = curves[name].get_data()
        assert (x[0], x[-1]) == (-10, 10)
        np.testing.assert_allclose(y, model(x))
    plt.close("all")
