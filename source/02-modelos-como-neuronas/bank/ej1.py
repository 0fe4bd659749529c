# %% right: vectorised
def suma_errores_cuadraticos(w0, w1, X, y):
    return np.sum((y - (w0 + w1 * X)) ** 2)

# %% right: loop over pairs
def suma_errores_cuadraticos(w0, w1, X, y):
    total = 0.0
    for xi, yi in zip(X, y):
        total += (yi - w0 - w1 * xi) ** 2
    return total

# %% right: pandas all the way
def suma_errores_cuadraticos(w0, w1, X, y):
    datos = pd.DataFrame({"X": X, "y": y})
    return datos["y"].sub(datos["X"].mul(w1).add(w0)).pow(2).sum()

# %% right: tensorflow float32
def suma_errores_cuadraticos(w0, w1, X, y):
    X = tf.constant(np.asarray(X), dtype=tf.float32)
    y = tf.constant(np.asarray(y), dtype=tf.float32)
    return tf.reduce_sum(tf.square(y - (w0 + w1 * X)))

# %% right: design matrix and norm, noisy
import logging
import sys
import warnings

def suma_errores_cuadraticos(w0, w1, X, y):
    print("calculando S…")
    print("aviso", file=sys.stderr)
    logging.warning("esto va a stderr")
    warnings.warn("esto también")
    A = np.column_stack([np.ones(len(X)), X])
    return float(np.linalg.norm(np.asarray(y) - A @ np.array([w0, w1])) ** 2)

# %% right: index loop, dot product
def suma_errores_cuadraticos(w0, w1, X, y):
    errores = np.array([y[i] - (w0 + w1 * X[i]) for i in range(len(X))])
    return errores @ errores

# %% wrong: missing brackets
#    points: 0+0
#    says: Faltan paréntesis: a cada y hay que restarle la predicción entera.
def suma_errores_cuadraticos(w0, w1, X, y):
    return ((y - w0 + w1 * X) ** 2).sum()

# %% wrong: mean
#    points: 0+0
#    says: Devolviste la media de los cuadrados; S es su suma.
def suma_errores_cuadraticos(w0, w1, X, y):
    return ((y - (w0 + w1 * X)) ** 2).mean()

# %% wrong: absolute values
#    points: 0+0
#    says: Sumaste valores absolutos: aquí cada error va al cuadrado.
def suma_errores_cuadraticos(w0, w1, X, y):
    return np.abs(y - (w0 + w1 * X)).sum()

# %% wrong: not squared
#    points: 0+0
#    says: Sumaste los errores sin elevarlos al cuadrado: los de signo contrario se anulan.
def suma_errores_cuadraticos(w0, w1, X, y):
    return (y - (w0 + w1 * X)).sum()

# %% wrong: slope and intercept exchanged
#    points: 0+0
#    says: Intercambiaste los papeles: w0 es la ordenada al origen y w1 la pendiente.
def suma_errores_cuadraticos(w0, w1, X, y):
    return ((y - (w1 + w0 * X)) ** 2).sum()

# %% wrong: integer result
#    points: 0+0
#    says: Devolviste solo la parte entera de S: no conviertas el resultado a `int`.
def suma_errores_cuadraticos(w0, w1, X, y):
    return int(((y - (w0 + w1 * X)) ** 2).sum())

# %% wrong: only arrays
#    points: 0+0
#    says: con Series de pandas no
def suma_errores_cuadraticos(w0, w1, X, y):
    return ((y.reshape(-1) - (w0 + w1 * X.reshape(-1))) ** 2).sum()

# %% wrong: no return
#    points: 0+0
#    says: falta el `return`
def suma_errores_cuadraticos(w0, w1, X, y):
    s = ((y - (w0 + w1 * X)) ** 2).sum()

# %% wrong: stub
#    points: 0+0
#    says: Todavía no escribiste
def suma_errores_cuadraticos(w0, w1, X, y):
    raise NotImplementedError()

# %% right: product of a column, an array of one number
def suma_errores_cuadraticos(w0, w1, X, y):
    e = (np.asarray(y, dtype="float32") - (w0 + w1 * np.asarray(X, dtype="float32"))).reshape(-1, 1)
    return (e.T @ e)[0]

# %% wrong: mean of the absolute values
#    points: 0+0
#    says: Promediaste los errores sin su signo: van al cuadrado, y se suman.
def suma_errores_cuadraticos(w0, w1, X, y):
    return abs(y - (w0 + w1 * X)).mean()

# %% wrong: missing brackets, and the mean
#    points: 0+0
#    says: Faltan paréntesis en cada error; y además se pide la suma, no la media.
def suma_errores_cuadraticos(w0, w1, X, y):
    return ((y - w0 + w1 * X) ** 2).mean()

# %% wrong: square of the sum
#    points: 0+0
#    says: Elevaste al cuadrado la suma de los errores; se suman los cuadrados.
def suma_errores_cuadraticos(w0, w1, X, y):
    return np.sum(y - (w0 + w1 * X)) ** 2

# %% wrong: root of the sum, another way
#    points: 0+0
#    says: Sacaste la raíz de la suma: S es la suma de los cuadrados, sin raíz.
def suma_errores_cuadraticos(w0, w1, X, y):
    return np.sqrt(np.sum((y - (w0 + w1 * X)) ** 2))

# %% wrong: return inside the loop
#    points: 0+0
#    says: Solo cuenta el primer punto: ¿hay un `return` dentro del bucle?
def suma_errores_cuadraticos(w0, w1, X, y):
    S = 0
    for i in range(len(X)):
        S += (y[i] - (w0 + w1 * X[i])) ** 2
        return S

# %% wrong: no prediction
# points: 0+0
# says: Elevaste al cuadrado `y` sola: falta restarle la predicción.
# from: vectorised
# replace: (y - (w0 + w1 * X)) → y

# %% wrong: prediction added
# points: 0+0
# says: Sumaste la predicción a `y`: el error es la diferencia.
# from: vectorised
# replace: (y - (w0 + w1 * X)) → (y + (w0 + w1 * X))

# %% wrong: only the intercept
# points: 0+0
# says: A tu predicción le falta w1 X: solo restaste w0.
# from: vectorised
# replace: (w0 + w1 * X) → w0

# %% wrong: only the slope
# points: 0+0
# says: A tu predicción le falta w0: solo restaste w1 X.
# from: vectorised
# replace: (w0 + w1 * X) → w1 * X

# %% wrong: slope without X
# points: 0+0
# says: A tu predicción le falta multiplicar w1 por X.
# from: vectorised
# replace: w1 * X → w1

# %% wrong: doubled
# points: 0+0
# says: Multiplicaste los errores por 2: el cuadrado se escribe `** 2`.
# from: vectorised
# replace: ** 2 → * 2

# %% wrong: cubed
# points: 0+0
# says: Elevaste los errores al cubo: van al cuadrado.
# from: vectorised
# replace: ** 2 → ** 3

# %% wrong: base and exponent exchanged
# points: 0+0
# says: Elevaste 2 a cada error: es cada error elevado a 2.
# from: vectorised
# replace: (y - (w0 + w1 * X)) ** 2 → 2 ** (y - (w0 + w1 * X))

# %% wrong: not summed
# points: 0+0
# says: Devolviste un cuadrado por cada dato: falta sumarlos.
# from: vectorised
# replace: np.sum((y - (w0 + w1 * X)) ** 2) → (y - (w0 + w1 * X)) ** 2

# %% wrong: only the last point
#    points: 0+0
#    says: Solo cuenta el último punto: en cada vuelta del bucle se suma, con `+=`.
def suma_errores_cuadraticos(w0, w1, X, y):
    S = 0
    for xi, yi in zip(X, y):
        S = (yi - w0 - w1 * xi) ** 2
    return S

# %% wrong: half of the sum
# points: 0+0
# says: Tu S es la mitad: aquí la suma de los cuadrados no se divide por 2.
# from: vectorised
# replace: np.sum( → 0.5 * np.sum(
