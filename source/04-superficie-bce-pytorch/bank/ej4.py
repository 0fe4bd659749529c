# %% right: broadcasting with logaddexp
def superficie_bce(w, b, x, y):
    z = w[..., None] * x.ravel() + b[..., None]
    return (np.logaddexp(0, z) - y.ravel() * z).mean(axis=-1)

# %% right: two loops, clipped probabilities
def superficie_bce(w, b, x, y):
    out = np.zeros(w.shape)
    for i in range(w.shape[0]):
        for j in range(w.shape[1]):
            p = 1 / (1 + np.exp(-(w[i, j] * x + b[i, j])))
            p = np.clip(p, 1e-12, 1 - 1e-12)
            out[i, j] = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
    return out

# %% right: a loop over the data, float32
def superficie_bce(w, b, x, y):
    total = np.zeros_like(w, dtype=np.float32)
    for xi, yi in zip(x[:, 0].astype(np.float32), y[:, 0]):
        z = w.astype(np.float32) * xi + b.astype(np.float32)
        m = -z if yi == 1 else z
        total += np.maximum(m, 0) + np.log1p(np.exp(-np.abs(m)))
    return total / len(x)

# %% right: torch
def superficie_bce(w, b, x, y):
    W, B = torch.from_numpy(w)[:, :, None], torch.from_numpy(b)[:, :, None]
    z = W * torch.from_numpy(x).view(1, 1, -1) + B
    t = torch.from_numpy(y).view(1, 1, -1).expand_as(z)
    return nn.functional.binary_cross_entropy_with_logits(z, t, reduction="none").mean(-1)

# %% right: axes of the meshgrid, epsilon
def superficie_bce(w, b, x, y):
    ws, bs = w[0, :], b[:, 0]
    out = np.empty((len(bs), len(ws)))
    for r, bias in enumerate(bs):
        for k, weight in enumerate(ws):
            p = 1 / (1 + np.exp(-(weight * x + bias)))
            out[r, k] = (-y * np.log(p + 1e-12) - (1 - y) * np.log(1 - p + 1e-12)).mean()
    return out

# %% right: a nested list
import math

def superficie_bce(w, b, x, y):
    def height(weight, bias):
        s = 0.0
        for xi, yi in zip(x.ravel().tolist(), y.ravel().tolist()):
            z = weight * xi + bias
            s += max(z, 0) - yi * z + math.log1p(math.exp(-abs(z)))
        return s / len(x)
    return [[height(p, q) for p, q in zip(row_w, row_b)] for row_w, row_b in zip(w.tolist(), b.tolist())]

# %% right: flattened product, noisy
import logging
import sys
import warnings

def superficie_bce(w, b, x, y):
    print("superficie", w.shape)
    warnings.warn("aviso")
    logging.warning("aviso")
    sys.stderr.write("ruido\n")
    z = np.outer(x, w) + np.outer(np.ones_like(x), b)
    losses = np.logaddexp(0, -z) * y + np.logaddexp(0, z) * (1 - y)
    return losses.mean(axis=0).reshape(w.shape)

# %% wrong: log-likelihood
# points: 0+0
# says: Sale negativa: eso es la log-verosimilitud.
# from: broadcasting with logaddexp
# replace: (np.logaddexp(0, z) - y.ravel() * z) → -(np.logaddexp(0, z) - y.ravel() * z)

# %% wrong: transposed
# points: 0+0
# says: La superficie sale traspuesta.
# from: broadcasting with logaddexp
# replace: mean(axis=-1) → mean(axis=-1).T

# %% wrong: transposed in the loop
# points: 0+0
# says: Con una cuadrícula de 3×3 tu función corre y con una de 2×3 falla
def superficie_bce(w, b, x, y):
    out = np.zeros(w.shape)
    for i in range(w.shape[0]):
        for j in range(w.shape[1]):
            z = w[j, i] * x + b[j, i]
            out[i, j] = np.mean(np.logaddexp(0, z) - y * z)
    return out

# %% wrong: sum
# points: 0+0
# says: Sumaste sobre los datos: la superficie lleva la media.
# from: broadcasting with logaddexp
# replace: mean(axis=-1) → sum(axis=-1)

# %% wrong: NaN at the corners
# points: 0+0
# says: En las esquinas de la cuadrícula salen NaN o infinitos
def superficie_bce(w, b, x, y):
    z = (w[..., None] * x.ravel() + b[..., None]).astype(np.float32)
    p = 1 / (1 + np.exp(-z))
    t = y.ravel()
    return -(t * np.log(p) + (1 - t) * np.log(1 - p)).mean(axis=-1)

# %% wrong: b forgotten
# points: 0+0
# says: No usas b.
# from: broadcasting with logaddexp
# replace: ravel() + b[..., None] → ravel()

# %% wrong: squared error
# points: 0+0
# says: Esa es la superficie del error cuadrático, no la de la BCE.
# from: broadcasting with logaddexp
# replace: np.logaddexp(0, z) - y.ravel() * z → (1 / (1 + np.exp(-z)) - y.ravel()) ** 2

# %% wrong: only the positive examples
# points: 0+0
# says: Solo contaste los ejemplos con y = 1: falta el término de y = 0.
# from: broadcasting with logaddexp
# replace: np.logaddexp(0, z) - y.ravel() * z → y.ravel() * np.logaddexp(0, -z)

# %% wrong: a term dropped where z is large
# points: 0+0
# says: la pérdida sale negativa
def superficie_bce(w, b, x, y):
    z = w[..., None] * x.ravel() + b[..., None]
    t = y.ravel()
    exact = np.log(1 + np.exp(np.minimum(z, 8.5))) - t * z
    return np.where(np.abs(z) < 8.5, exact, -t * z).mean(axis=-1)

# %% wrong: y not flattened
# points: 0+0
# says: Falta aplanar y: llega en columna.
# from: broadcasting with logaddexp
# replace: y.ravel() * z → y * z

# %% wrong: x not flattened
# points: 0+0
# says: Falta aplanar x: llega en columna.
# from: broadcasting with logaddexp
# replace: x.ravel() + b → x + b

# %% wrong: neither x nor y flattened
# points: 0+0
# says: Falta aplanar x e y: llegan en columna.
def superficie_bce(w, b, x, y):
    z = w[..., None] * x + b[..., None]
    return (np.logaddexp(0, z) - y * z).mean(axis=-1)

# %% wrong: x forgotten
# points: 0+0
# says: No usas x.
# from: broadcasting with logaddexp
# replace: w[..., None] * x.ravel() + b → w[..., None] + b

# %% wrong: b subtracted
# points: 0+0
# says: Restaste b: en z se suma.
# from: broadcasting with logaddexp
# replace: x.ravel() + b[ → x.ravel() - b[

# %% wrong: one mean for the whole grid
# points: 0+0
# says: Promediaste también sobre la cuadrícula: va una BCE por cada punto.
# from: broadcasting with logaddexp
# replace: (np.logaddexp(0, z) - y.ravel() * z).mean(axis=-1) → (np.logaddexp(0, z) - y.ravel() * z).mean()

# %% wrong: no mean
# points: 0+0
# says: Quedó un valor por punto y por ejemplo: falta promediar los ejemplos.
# from: broadcasting with logaddexp
# replace: (np.logaddexp(0, z) - y.ravel() * z).mean(axis=-1) → np.logaddexp(0, z) - y.ravel() * z

# %% wrong: labels forgotten
# points: 0+0
# says: Falta el término y·z: tu pérdida no mira las etiquetas.
# from: broadcasting with logaddexp
# replace: (np.logaddexp(0, z) - y.ravel() * z).mean(axis=-1) → np.logaddexp(0, z).mean(axis=-1)

# %% wrong: labels added
# points: 0+0
# says: Sumaste el término y·z: se resta.
# from: broadcasting with logaddexp
# replace: (np.logaddexp(0, z) - y.ravel() * z).mean(axis=-1) → (np.logaddexp(0, z) + y.ravel() * z).mean(axis=-1)

# %% wrong: label without z
# points: 0+0
# says: Restaste y sola: falta multiplicarla por z.
# from: broadcasting with logaddexp
# replace: (np.logaddexp(0, z) - y.ravel() * z).mean(axis=-1) → (np.logaddexp(0, z) - y.ravel()).mean(axis=-1)

# %% wrong: mean over the rows of the grid
# points: 0+0
# says: Promediaste las filas de la cuadrícula: se promedian los ejemplos.
# from: broadcasting with logaddexp
# replace: (np.logaddexp(0, z) - y.ravel() * z).mean(axis=-1) → (np.logaddexp(0, z) - y.ravel() * z).mean(axis=0)

# %% wrong: mean over the columns of the grid
# points: 0+0
# says: Promediaste las columnas de la cuadrícula: se promedian los ejemplos.
# from: broadcasting with logaddexp
# replace: (np.logaddexp(0, z) - y.ravel() * z).mean(axis=-1) → (np.logaddexp(0, z) - y.ravel() * z).mean(axis=1)

# %% wrong: a thousandth inside the logarithm
# points: 0+0
# says: Lo que sumas dentro del logaritmo es demasiado grande: cambia la altura también lejos de 0 y 1.
def superficie_bce(w, b, x, y):
    S = np.zeros(w.shape)
    for i in range(w.shape[0]):
        for j in range(w.shape[1]):
            p = 1 / (1 + np.exp(-(w[i, j] * x + b[i, j])))
            S[i, j] = -np.mean(y * np.log(p + 1e-3) + (1 - y) * np.log(1 - p + 1e-3))
    return S

# %% wrong: x and y swapped
# points: 0+0
# says: Intercambiaste los papeles de x e y: z se calcula con x, y las etiquetas son y.
def superficie_bce(w, b, x, y):
    z = w[..., None] * y.ravel() + b[..., None]
    return np.mean(np.logaddexp(0, z) - x.ravel() * z, axis=-1)

# %% wrong: square grid
# points: 0+0
# says: Recorriste tantas columnas como filas hay: el segundo bucle va hasta `w.shape[1]`.
def superficie_bce(w, b, x, y):
    S = np.zeros_like(w)
    for i in range(w.shape[0]):
        for j in range(w.shape[0]):
            z = w[i, j] * x + b[i, j]
            S[i, j] = np.mean(np.logaddexp(0, z) - y * z)
    return S
