"""What unit 2 says of lines, networks, features, noise and real data, computed anew."""

import re
import tomllib
from collections.abc import Callable

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import train_test_split

from course_utils.datasets.regression import make_regression_dataset, regression_mean
from course_utils.plots.regression import plot_fits
from tests.notebooks.facts import COURSE, numbers, output, run_cell, source, states
from tests.notebooks.small_network import Networks, started, train

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
        "validation = make_regression_dataset(n_samples=30, noise=1.25, random_state=65)"
    )
    assert drawn_by_cell in source(2, "u2-datos")
    assert "para **validar**" in source(2, "u2-t02")
    for cell in ("u2-demo-experimentos", "u2-demo-capa-oculta", "u2-demo-logistica"):
        assert "test" not in source(2, cell)
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
        "networks": {"8 ocultas, sigmoide": (Network(), 100)},
        "X": x,
        "y": x,
    }
    names = run_cell(2, "u2-demo-escalones", {**names, "plot_fits": plot_fits})
    assert len(names["left"].lines) == 8
    (total,) = names["total"].values()
    np.testing.assert_allclose(total(x), net[:, 0], atol=2e-3)
    plt.close("all")


def test_the_figure_before_the_reflection_goes_from_minus_10_to_10():
    names = {
        "np": np,
        "plt": plt,
        "plain": np.asarray,
        "networks": {"8 ocultas, sigmoide": (abs, 100)},
    }
    names |= {"X": TRAIN[0], "y": TRAIN[1], "finalists": dict(MODELS), "plot_fits": plot_fits}
    ax = run_cell(2, "u2-demo-lejos", names)["ax"]
    curves = {line.get_label(): line for line in ax.lines}
    for name, model in MODELS.items():
        x, y = curves[name].get_data()
        assert (x[0], x[-1]) == (-10, 10)
        np.testing.assert_allclose(y, model(x))
    plt.close("all")


# The first line, and one neuron.


def sum_of_squares(w0: float, w1: float) -> float:
    x, y = TRAIN
    return float(((y - w0 - w1 * x) ** 2).sum())


def test_the_first_words_about_y_are_true():
    y = TRAIN[1]
    text = source(2, "u2-t03")
    states(text, "La media de $y$ es {} y su desviación {}.", y.mean(), y.std(ddof=1))
    assert round(np.abs(y - y.mean()).mean()) == 3  # "unas tres unidades"


def test_the_best_line_has_the_sum_that_the_text_and_the_cell_say():
    slope, intercept = np.polyfit(*TRAIN, 1)
    best = sum_of_squares(intercept, slope)
    text = source(2, "u2-t08")
    states(text, "tenía $S = {}$; la mejor tiene {}, y ninguna", sum_of_squares(2, 1), best)
    printed = output(2, "u2-demo-recta")
    states(printed, "scikit-learn: pendiente {}, ordenada {}", slope, intercept)
    states(printed, "S = {} error", best)
    said = answers()["u2-p1"]["explanation"]
    sums = (sum_of_squares(*line) for line in ((2, 1), (0, 1.5), (4, 0.3)))
    states(said, "S = {}, cerca de la mitad que A ({}) y C ({})", *sums)


def answers() -> dict[str, dict[str, str]]:
    path = COURSE.predictions(COURSE.units()[1])
    return tomllib.loads(path.read_text(encoding="utf-8"))


def neurons(loss: str, batch: int, rate: float, epochs: int, starts: int = 50):
    """Slopes and intercepts (starts, 2) of a linear neuron after SGD from zero."""
    x, y = TRAIN
    rng, w = np.random.default_rng(0), np.zeros((starts, 2))
    for _ in range(epochs):
        order = rng.permuted(np.tile(np.arange(len(x)), (starts, 1)), axis=1)
        for k in range(0, len(x), batch):
            rows = order[:, k : k + batch]
            error = w[:, :1] * x[rows] + w[:, 1:] - y[rows]
            g = 2 * error if loss == "mse" else np.sign(error)
            w = w - rate * np.stack([(g * x[rows]).mean(axis=1), g.mean(axis=1)], axis=1)
    return w


def mse_of(w):
    x, y = TRAIN
    return ((y - w[:, :1] * x - w[:, 1:]) ** 2).mean(axis=1)


def test_batches_of_one_are_first_after_an_epoch_and_the_slow_cases_have_not_arrived():
    assert answers()["u2-p3"]["answer"] == "a"
    first = {
        case: mse_of(neurons("mse", *case, 1)) for case in ((1, 0.01), (100, 0.01), (20, 0.001))
    }
    one, *others = first.values()
    assert all(one.max() < other.min() for other in others)
    best = sum_of_squares(*np.polyfit(*TRAIN, 1)[::-1]) / 100
    for case in (("mae", 20, 0.01), ("mse", 100, 0.01), ("mse", 20, 0.001)):
        assert mse_of(neurons(*case, 25)).min() > 1.2 * best
    assert np.median(mse_of(neurons("mse", 20, 0.1, 3))) < 1.1 * best


# Networks.


def shown(starts: int, **settings) -> Networks:
    """Networks trained with the settings that the playground calls by these names."""
    width, activation = settings.pop("width", 8), settings.pop("activation", "sigmoid")
    return train(started(starts, width, activation), settings.pop("data", TRAIN), **settings)


def errors(networks: Networks, data):
    x, y = data
    return np.abs(networks(x) - y).mean(axis=1)


def most(values) -> tuple[float, float]:
    """Between what nine of ten lie."""
    low, high = np.quantile(values, (0.05, 0.95))
    return low, high


def near(text: str, sentence: str, *computed: float) -> None:
    """Like ``states``, to 0.02: rounding errors of a machine change a training a little."""
    for written, true in zip(numbers(text, sentence), computed, strict=True):
        assert float(written) == pytest.approx(true, abs=0.02), f"{true} is true: {sentence!r}"


def test_the_fast_networks_learn_as_those_of_keras_do():
    import keras

    x, y = TRAIN
    networks = started(2, 8, "sigmoid")
    model = keras.Sequential(
        [keras.Input((1,)), keras.layers.Dense(8, "sigmoid"), keras.layers.Dense(1)]
    )
    model.compile(loss="mse", optimizer=keras.optimizers.Adam(0.1))
    w1, b1, w2, b2 = (p[1] for p in networks.parameters)
    model.set_weights([w1[None], b1, w2[:, None], b2])
    model.fit(x[:, None], y[:, None], epochs=3, batch_size=20, shuffle=False, verbose=0)
    train(networks, TRAIN, epochs=3, shuffle=False)
    np.testing.assert_allclose(np.ravel(model(x[:, None])), networks(x)[1], rtol=1e-3, atol=1e-3)


ROWS = {
    '| `activation="linear"` | de {} a {} |': {"activation": "linear"},
    "| `width=1` | de {} a {} |": {"width": 1},
    "| `width=4` | de {} a {} |": {"width": 4},
    "| `width=64` | de {} a {} |": {"width": 64},
    '| `activation="relu"` | de {} a {} |': {"activation": "relu"},
    "| `rate=0.01` | de {} a {} |": {"rate": 0.01},
    "con `epochs=300`, de {} a {} |": {"rate": 0.01, "epochs": 300},
    "| `rate=1.0` | de {} a {} |": {"rate": 1.0},
    "| `batch=1` | de {} a {} |": {"batch": 1},
    "| `batch=100` | de {} a {} |": {"batch": 100},
    '| `loss="mae"` | de {} a {} |': {"loss": "mae"},
    "sin cambios: de {} a {}.": {},
}


@pytest.mark.parametrize("sentence", ROWS)
def test_the_playground_s_table_is_true(sentence: str):
    found = errors(shown(40, **ROWS[sentence]), TRAIN)
    near(source(2, "u2-t19c"), sentence, *most(found))
    if ROWS[sentence] == {"width": 4}:
        states(source(2, "u2-t19c"), "{} de 40 bajaron de 1 |", (found < 1).sum())


def test_the_network_learns_as_the_text_beside_the_animation_says():
    after = [most(errors(shown(40, epochs=epochs), TRAIN)) for epochs in (5, 60)]
    sentence = "(MAE) entre {} y {} tras 5 épocas, y entre {} y {} tras 60."
    near(source(2, "u2-t19b"), sentence, *after[0], *after[1])
    ends = [
        float(np.median(shown(40, epochs=e)(np.array([-4.0, 4.0])), axis=0)[0]) for e in (5, 60)
    ]
    assert ends[0] < 0 < ends[1]  # the left end turns up late; the right one is there by then
    assert np.median(shown(40, epochs=5)(np.array([4.0]))) > 5


def test_far_from_the_data_the_network_says_what_the_text_says():
    at_10 = shown(40, epochs=100)(np.array([10.0]))
    states(source(2, "u2-t22c"), "nuestros cuarenta comienzos, entre {} y {}.", *most(at_10))


def test_twelve_examples_are_learnt_by_heart():
    few = tuple(part[:12] for part in TRAIN)
    networks = shown(40, width=64, data=few, batch=12, epochs=1000)
    text = source(2, "u2-repaso")
    sentence = "entre {} y {} en los 12, y entre {} y {} en validación."
    near(text, sentence, *most(errors(networks, few)), *most(errors(networks, VALIDATION)))
    all_of_them = most(errors(shown(40, width=64), VALIDATION))
    near(text, "la misma red queda entre {} y {} en validación", *all_of_them)


# Logistic neurons, and real data.


def test_the_penalty_halves_the_weights_and_leaves_the_boundary():
    x, y = TRAIN
    features = np.column_stack([x, x**2])
    weights, crossings = {}, {}
    for c in (1, 1e6):
        model = LogisticRegression(C=c, max_iter=5000).fit(features, y > 0)
        weights[c] = model.coef_[0]
        crossings[c] = np.sort(np.roots([*model.coef_[0][::-1], model.intercept_[0]]))
    assert (weights[1] < weights[1e6] / 2).all()
    np.testing.assert_allclose(crossings[1], crossings[1e6], atol=0.2)
    states(source(2, "u2-t23"), "con $c = 1$ y $p = {}$, $\\ell \\approx {}$", 0.01, -np.log(0.01))


def patients():
    data = load_diabetes(scaled=False)
    return train_test_split(data.data, data.target, test_size=142, random_state=42)


def test_on_diabetes_the_hidden_layer_gains_nothing():
    x, x_test, y, y_test = patients()
    x, x_test = x[:, 2], x_test[:, 2]
    slope, intercept = np.polyfit(x, y, 1)
    line = np.abs(y_test - intercept - slope * x_test).mean()
    text = source(2, "u2-t28")
    mean = np.abs(y_test - y.mean()).mean()
    states(text, "la media se equivoca en {} y la recta, en {}.", mean, line)
    networks = shown(40, data=((x - x.mean()) / x.std(), (y - y.mean()) / y.std()), epochs=100)
    found = networks((x_test - x.mean()) / x.std()) * y.std() + y.mean()
    found = np.abs(found - y_test).mean(axis=1)
    low, high = map(float, numbers(text, "quedó entre {} y {};"))
    assert (low, high) == pytest.approx(most(found), abs=0.15)
    (below,) = numbers(text, "solo {} de los cuarenta bajaron de la recta")
    assert int(below) == pytest.approx((found < line).sum(), abs=2)
    assert line - found.min() < 1  # "por muy poco"
    states(source(2, "u2-t26b"), "(de {} a {}). Con {} entrenamos y con {} probamos.",
           min(y.min(), y_test.min()), max(y.max(), y_test.max()), len(y), len(y_test))  # fmt: skip


def test_other_inputs_do_gain_on_diabetes():
    x, x_test, y, y_test = patients()
    model = LinearRegression().fit(x, y)
    both = [np.abs(t - model.predict(v)).mean() for v, t in ((x, y), (x_test, y_test))]
    line = np.polynomial.Polynomial.fit(x[:, 2], y, 1)
    alone = np.abs(y_test - line(x_test[:, 2])).mean()
    sentence = "{} en entrenamiento y {} en prueba; con una sola entrada, la recta tenía {}."
    states(source(2, "u2-repaso"), sentence, *both, alone)


def tumours(columns: list[int]):
    """Shares of right answers, and the test set's classes and probabilities, as the cell trains."""
    data = load_breast_cancer()
    x, x_test, c, c_test = train_test_split(
        data.data[:, columns], (data.target == 0) * 1, test_size=169, random_state=42
    )
    mu, sigma = x.mean(axis=0), x.std(axis=0)
    x, x_test = (x - mu) / sigma, (x_test - mu) / sigma
    w, b = np.zeros(len(columns)), 0.0
    for _ in range(500):
        error = 1 / (1 + np.exp(-(x @ w + b))) - c
        w, b = w - 0.5 * x.T @ error / len(x), b - 0.5 * error.mean()
    right = [np.mean((t @ w + b > 0) == k) for t, k in ((x, c), (x_test, c_test))]
    return right, c_test, 1 / (1 + np.exp(-(x_test @ w + b)))


def test_the_neuron_judges_tumours_as_cell_and_text_say():
    (train_share, share), c, p = tumours([0, 1])
    printed, text = output(2, "u2-demo-cancer"), source(2, "u2-t29")
    states(printed, "tu neurona: {} en entrenamiento, {} en prueba", train_share, share)
    states(text, "pasa de {} a {} en la prueba", np.mean(c == 0), share)
    missed = [np.sum((p <= t) & (c == 1)) for t in (0.5, 0.2)]
    alarms = [np.sum((p > t) & (c == 0)) for t in (0.5, 0.2)]
    states(text, "umbral en {} se le escapan {} de {} malignos", 0.5, missed[0], c.sum())
    sentence = "umbral en {} se escapa {}, a cambio de {} falsas alarmas en vez de {}."
    states(text, sentence, 0.2, missed[1], alarms[1], alarms[0])


def test_more_columns_judge_better_as_the_challenge_says():
    pairs = [tumours(columns)[0] for columns in ([7, 1], list(range(30)))]
    sentence = "{} en entrenamiento y {} en prueba; con las 30, {} y {}."
    states(source(2, "u2-repaso"), sentence, *pairs[0], *pairs[1])


def test_the_answers_to_the_predictions_about_the_cubic_are_true():
    said = answers()
    cube, wave = MODELS["x, x², x³"], MODELS["x, sen x, x²"]
    validation = [mae(model, VALIDATION) for model in (cube, wave)]
    states(said["u2-p5"]["explanation"], "{} contra {}:", *validation)
    final = [mae(model, fresh()) for model in (wave, cube)]
    states(said["u2-p7"]["explanation"], "tiene {} y el cúbico, {}.", *final)
    assert (said["u2-p5"]["answer"], said["u2-p7"]["answer"]) == ("b", "b")


def test_the_reflection_s_numbers_for_those_who_did_not_run_everything_are_true():
    text = source(2, "u2-reflexion-enunciado")
    line = np.polynomial.Polynomial.fit(*TRAIN, 1)
    for model, sentence in (
        (line, "la recta, {} y {}, con"),
        (MODELS["x, sen x, x²"], "x^2$, {} y {}, con"),
    ):
        states(text, sentence, mae(model, TRAIN), mae(model, VALIDATION))
    networks = shown(40, epochs=100)
    typical = [float(np.median(errors(networks, data))) for data in (TRAIN, VALIDATION)]
    near(text, "ocho sigmoides, {} y {}, con", *typical)
