# %% right: no_grad and item
def precision(model, x, y):
    with torch.no_grad():
        predicted = (model(x) > 0.5).float()
    return (predicted == y).float().mean().item()

# %% right: inference mode, a 0-d tensor
def precision(model, x, y):
    with torch.inference_mode():
        return ((model(x) > 0.5) == (y > 0.5)).double().mean()

# %% right: decorator and a count
@torch.no_grad()
def precision(model, x, y):
    hits = torch.sum((model(x) > 0.5).long() == y.long())
    return hits.item() / y.shape[0]

# %% right: numpy
def precision(model, x, y):
    with torch.no_grad():
        p = model(x).numpy()
    return np.mean((p > 0.5) == (y.numpy() == 1))

# %% right: a loop over the examples
def precision(model, x, y):
    hits = 0
    for xi, yi in zip(x, y):
        with torch.no_grad():
            p = model(xi.view(1, -1)).item()
        hits += int((1 if p > 0.5 else 0) == int(yi.item()))
    return hits / len(x)

# %% right: both flattened, where, evaluation mode
def precision(model, x, y):
    model.eval()
    with torch.no_grad():
        p = model(x).squeeze()
    predicted = torch.where(p > 0.5, 1.0, 0.0)
    return predicted.eq(y.squeeze()).to(torch.float32).mean()

# %% right: torch.round and the mean distance
def precision(model, x, y):
    with torch.inference_mode():
        return 1 - (torch.round(model(x)) - y).abs().mean().item()

# %% right: noisy
import logging
import sys
import warnings

def precision(model, x, y):
    print("midiendo")
    warnings.warn("aviso")
    logging.warning("aviso")
    print("ruido", file=sys.stderr)
    with torch.no_grad():
        return np.float64(((model(x) > 0.5).float() == y).float().mean())

# %% wrong: percentage
# points: 0+0
# says: Eso es un porcentaje: la precisión va de 0 a 1.
# from: no_grad and item
# replace: (predicted == y) → 100 * (predicted == y)

# %% wrong: mean of a ByteTensor
# points: 0+0
# says: Promedias un tensor de enteros
# from: no_grad and item
# replace: float().mean().item → type(torch.ByteTensor).mean

# %% wrong: integer division
# points: 0+0
# says: Sale 0: ¿hay una división entera, o un promedio de enteros? Convierte los aciertos a float.
# from: no_grad and item
# replace: float().mean().item() → type(torch.ByteTensor).sum().item() // len(y)

# %% wrong: another threshold
# points: 0+0
# says: Parece que usas otro umbral: clase 1 donde la probabilidad es mayor que 0.5.
# from: no_grad and item
# replace: model(x) > 0.5 → model(x) > 0.7

# %% wrong: threshold of a logit
# points: 0+0
# says: Tratas la probabilidad como si fuera z: el umbral es 0.5, no 0.
# from: no_grad and item
# replace: model(x) > 0.5 → model(x) > 0

# %% wrong: greater or equal
# points: 0+0
# says: Con probabilidad 0.5 justa la clase es 0: usa mayor, no mayor o igual.
# from: no_grad and item
# replace: model(x) > 0 → model(x) >= 0

# %% wrong: broadcasting
# points: 0+0
# says: Salieron n × n comparaciones, de (n,) con (n, 1): iguala las formas.
# from: no_grad and item
# replace: model(x) > 0 → model(x).squeeze() > 0

# %% wrong: gradient on
# points: 0+0
# says: La predicción registra gradientes
def precision(model, x, y):
    predicted = (model(x) > 0.5).float()
    return (predicted == y).float().mean().item()

# %% wrong: detached afterwards
# points: 0+0
# says: registra gradientes: usa `with torch.no_grad
def precision(model, x, y):
    predicted = (model(x).detach() > 0.5).float()
    return (predicted == y).float().mean().item()

# %% wrong: gradient off for good
# points: 0+0
# says: deja el gradiente apagado
def precision(model, x, y):
    torch.set_grad_enabled(False)
    predicted = (model(x) > 0.5).float()
    return (predicted == y).float().mean().item()

# %% wrong: a count
# points: 0+0
# says: Es la cantidad de aciertos: falta dividir por n.
# from: no_grad and item
# replace: float().mean → sum

# %% wrong: error rate
# points: 0+0
# says: Es la fracción de errores, no la de aciertos.
# from: no_grad and item
# replace: predicted == y → predicted != y

# %% wrong: x in place of the model
# points: 0+0
# says: Comparaste otra cosa que la respuesta del modelo, o el umbral no es 0.5.
# from: no_grad and item
# replace: model(x) > 0.5 → x > 0.5

# %% wrong: argmax over one column
# points: 0+0
# says: Predices siempre la clase 0: ¿`argmax` sobre una sola columna? Compara con 0.5.
def precision(model, x, y):
    with torch.no_grad():
        p = model(x).argmax(dim=1)
    return (p == y.squeeze()).float().mean().item()

# %% wrong: compares the other way round
# points: 0+0
# says: Comparas al revés: la clase es 1 donde la probabilidad es mayor que 0.5.
# from: no_grad and item
# replace: model(x) > 0.5 → model(x) < 0.5

# %% wrong: number of errors
# points: 0+0
# says: Es la cantidad de errores: se pide la fracción de aciertos.
# from: no_grad and item
# replace: (predicted == y).float().mean() → (predicted != y).float().sum()

# %% wrong: distances to the labels
# points: 0+0
# says: Promediaste cuánto se acerca la probabilidad a la etiqueta: primero decide la clase.
def precision(model, x, y):
    with torch.no_grad():
        return 1 - (model(x) - y).abs().mean().item()

# %% wrong: precision among the predicted ones
# points: 0+0
# says: Contaste aciertos solo entre los que predices como 1: aquí cuentan todos los ejemplos.
# from: no_grad and item
# replace: (predicted == y).float().mean() → ((predicted * y).sum() / predicted.sum())

# %% wrong: the probability itself against the label
# points: 0+0
# says: Comparas la probabilidad misma con la etiqueta: primero decide la clase.
# from: no_grad and item
# replace: (model(x) > 0.5).float() → model(x)
