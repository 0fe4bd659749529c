# %% right: vectorised
def normalizar(x):
    mu = x.mean(axis=0)
    sigma = x.std(axis=0)
    sigma = np.where(sigma == 0, 1.0, sigma)
    return (x - mu) / sigma, mu, sigma

# %% right: Python loops and lists
def normalizar(x):
    filas = x.tolist()
    n, d = len(filas), len(filas[0])
    mu = [sum(fila[j] for fila in filas) / n for j in range(d)]
    sigma = [(sum((fila[j] - mu[j]) ** 2 for fila in filas) / n) ** 0.5 for j in range(d)]
    x_norm = [
        [(fila[j] - mu[j]) / sigma[j] if sigma[j] > 0 else 0.0 for j in range(d)] for fila in filas
    ]
    return x_norm, mu, sigma

# %% right: sample deviation, kept dimensions
def normalizar(x):
    mu = np.mean(x, axis=0, keepdims=True)
    sigma = np.std(x, axis=0, ddof=1, keepdims=True)
    return (x - mu) / np.where(sigma > 0, sigma, 1), mu, sigma

# %% right: float32 tensors
def normalizar(x):
    t = tf.cast(x, tf.float32)
    mu = tf.reduce_mean(t, axis=0)
    sigma = tf.math.reduce_std(t, axis=0)
    return tf.math.divide_no_nan(t - mu, sigma), mu, sigma

# %% right: tiny number in the denominator
def normalizar(x):
    mu, sigma = x.mean(0), x.std(0)
    return (x - mu) / (sigma + 1e-9), mu, sigma + 1e-9

# %% right: NaN replaced afterwards, with NumPy's warning
def normalizar(x):
    mu, sigma = x.mean(0), x.std(0)
    return np.nan_to_num((x - mu) / sigma), mu, sigma

# %% right: column by column into a float array
def normalizar(x):
    x_norm = np.zeros(x.shape)
    mu, sigma = np.zeros(x.shape[1]), np.zeros(x.shape[1])
    for j in range(x.shape[1]):
        mu[j], sigma[j] = np.mean(x[:, j]), np.std(x[:, j])
        if sigma[j] != 0:
            x_norm[:, j] = (x[:, j] - mu[j]) / sigma[j]
    return [x_norm, mu, sigma]

# %% right: scikit-learn
def normalizar(x):
    from sklearn.preprocessing import StandardScaler

    escala = StandardScaler().fit(x)
    return escala.transform(x), escala.mean_, escala.scale_

# %% right: noisy
def normalizar(x):
    import sys
    import warnings

    print("media:", x.mean(axis=0))
    print("aviso", file=sys.stderr)
    warnings.warn("ojo")
    mu, sigma = x.mean(axis=0), x.std(axis=0)
    return (x - mu) / np.where(sigma == 0, 1, sigma), mu, sigma

# %% wrong: not started
#    points: 0+0
#    says: Todavía no escribiste
def normalizar(x):
    raise NotImplementedError()

# %% wrong: mean of the whole matrix
#    points: 0+0
#    says: Parece que usaste la media de toda la matriz; cada columna lleva la suya.
def normalizar(x):
    mu, sigma = x.mean(), x.std(axis=0)
    return (x - mu) / sigma, mu, sigma

# %% wrong: mean of each row
#    points: 0+0
#    says: Parece que promediaste cada fila; la media va columna por columna.
def normalizar(x):
    mu, sigma = x.mean(axis=1), x.std(axis=1)
    return (x - mu[:, None]) / sigma[:, None], mu, sigma

# %% wrong: in place
#    points: 0+0
#    says: Cambiaste la matriz
def normalizar(x):
    mu, sigma = x.mean(axis=0), x.std(axis=0)
    x -= mu
    x /= np.where(sigma == 0, 1, sigma)
    return x, mu, sigma

# %% wrong: integers truncated
#    points: 0+0
#    says: Con enteros se pierden los decimales: ¿guardas en un array de enteros?
def normalizar(x):
    x_norm = np.zeros_like(x)
    mu, sigma = x.mean(axis=0), x.std(axis=0)
    for j in range(x.shape[1]):
        x_norm[:, j] = (x[:, j] - mu[j]) / (sigma[j] or 1.0)
    return x_norm, mu, sigma

# %% wrong: variance
#    points: 0+0
#    says: `sigma` es la varianza: falta la raíz.
def normalizar(x):
    mu, sigma = x.mean(axis=0), x.var(axis=0)
    return (x - mu) / np.where(sigma == 0, 1, sigma), mu, sigma

# %% wrong: constant column gives NaN
#    points: 0+0
#    says: columna constante debe quedar en ceros
def normalizar(x):
    mu, sigma = x.mean(axis=0), x.std(axis=0)
    return (x - mu) / sigma, mu, sigma

# %% wrong: not divided
#    points: 0+0
#    says: Restaste la media, pero falta dividir por la desviación.
def normalizar(x):
    mu, sigma = x.mean(axis=0), x.std(axis=0)
    return x - mu, mu, sigma

# %% wrong: min-max scaling
#    points: 0+0
#    says: Eso es escalar entre el mínimo y el máximo; aquí van media y desviación.
def normalizar(x):
    low, high = x.min(axis=0), x.max(axis=0)
    return (x - low) / np.where(high > low, high - low, 1), x.mean(axis=0), x.std(axis=0)

# %% wrong: min-max scaling, its own statistics
#    points: 0+0
#    says: Escalaste entre el mínimo y el máximo: se resta la media y se divide por la desviación.
def normalizar(x):
    low, high = x.min(axis=0), x.max(axis=0)
    return (x - low) / np.where(high > low, high - low, 1), low, high - low

# %% wrong: divided by the range
#    points: 0+0
#    says: Parece que dividiste por el rango (máximo menos mínimo) y no por la desviación.
def normalizar(x):
    mu, span = x.mean(axis=0), x.max(axis=0) - x.min(axis=0)
    return (x - mu) / np.where(span == 0, 1, span), mu, x.std(axis=0)

# %% wrong: deviation of the whole matrix
#    points: 0+0
#    says: Usaste la desviación de toda la matriz; cada columna lleva la suya.
def normalizar(x):
    mu, sigma = x.mean(axis=0), x.std(axis=0)
    return (x - mu) / x.std(), mu, sigma

# %% wrong: divided before subtracting
#    points: 0+0
#    says: Parece que dividiste antes de restar: los paréntesis importan.
def normalizar(x):
    mu, sigma = x.mean(axis=0), x.std(axis=0)
    sigma = np.where(sigma == 0, 1, sigma)
    return x - mu / sigma, mu, sigma

# %% wrong: order of the results
#    points: 0+0
#    says: El orden de los resultados es x_norm, mu, sigma.
def normalizar(x):
    mu, sigma = x.mean(axis=0), x.std(axis=0)
    return (x - mu) / np.where(sigma == 0, 1, sigma), sigma, mu

# %% wrong: two ways of counting
#    points: 0+0
#    says: `sigma` y `x_norm` deben usar el mismo ddof.
def normalizar(x):
    mu, sigma = x.mean(axis=0), x.std(axis=0, ddof=1)
    return (x - mu) / np.where(sigma == 0, 1, sigma), mu, x.std(axis=0)

# %% wrong: returns the matrix alone
#    points: 0+0
#    says: debe devolver 3 valores
def normalizar(x):
    return (x - x.mean(axis=0)) / x.std(axis=0)

# %% wrong: no return
#    points: 0+0
#    says: devolvió None
def normalizar(x):
    x_norm = (x - x.mean(axis=0)) / x.std(axis=0)

# %% right: pandas
def normalizar(x):
    tabla = pd.DataFrame(x)
    mu, sigma = tabla.mean(), tabla.std(ddof=0).replace(0, 1)
    return (tabla - mu) / sigma, mu, sigma

# %% right: float32, statistics as rows
def normalizar(x):
    x = np.asarray(x, dtype="float32")
    mu, sigma = x.mean(axis=0, keepdims=True), x.std(axis=0, keepdims=True)
    return np.divide(x - mu, sigma, out=np.zeros_like(x), where=sigma > 0), mu, sigma

# %% wrong: mean and deviation of the whole matrix
#    points: 0+0
#    says: Usaste la media y la desviación de toda la matriz; cada columna lleva las suyas.
def normalizar(x):
    return (x - x.mean()) / x.std(), x.mean(), x.std()

# %% wrong: a copy of the integers, column by column
#    points: 0+0
#    says: guardas en un array de enteros
def normalizar(x):
    x_norm, mu, sigma = x.copy(), x.mean(axis=0), x.std(axis=0)
    for j in range(x.shape[1]):
        x_norm[:, j] = (x[:, j] - mu[j]) / max(sigma[j], 1e-9)
    return x_norm, mu, sigma

# %% wrong: mean of each row, kept as a column
#    points: 0+0
#    says: Calculaste media y desviación de cada fila; van columna por columna.
def normalizar(x):
    mu, sigma = x.mean(axis=1, keepdims=True), x.std(axis=1, keepdims=True)
    return (x - mu) / sigma, mu, sigma

# %% wrong: mean of the squares without the root
#    points: 0+0
#    says: varianza: falta la raíz
def normalizar(x):
    mu = x.mean(axis=0)
    sigma = ((x - mu) ** 2).mean(axis=0)
    return np.nan_to_num((x - mu) / sigma), mu, sigma

# %% wrong: median
# points: 0+0
# says: Usaste la mediana de cada columna; `mu` es su media.
# from: vectorised
# replace: x.mean(axis=0) → np.median(x, axis=0)
# replace: sigma = np.where(sigma == 0, 1.0, sigma) → sigma[sigma == 0] = 1

# %% wrong: mean absolute deviation
# points: 0+0
# says: `sigma` es la media de los desvíos sin signo; va la raíz de la media de sus cuadrados.
# from: vectorised
# replace: x.std(axis=0) → np.abs(x - mu).mean(axis=0)
# replace: 0, 1.0, sigma → 0, 1, sigma

# %% wrong: a tenth added to sigma
#    points: 0+0
#    says: Sumaste algo a `sigma` al dividir: con un número tan grande cambia el resultado.
def normalizar(x):
    mu = x.mean(axis=0)
    sigma = x.std(axis=0)
    return (x - mu) / (sigma + 1e-1), mu, sigma

# %% wrong: deviation before the mean
# points: 0+0
# says: Devolviste `sigma` antes que `mu`: el orden es x_norm, mu, sigma.
# from: vectorised
# replace: return (x - mu) / sigma, mu, sigma → return (x - mu) / sigma, sigma, mu

# %% wrong: mean before the matrix
# points: 0+0
# says: Devolviste `mu` antes que `x_norm`: el orden es x_norm, mu, sigma.
# from: vectorised
# replace: return (x - mu) / sigma, mu, sigma → return mu, (x - mu) / sigma, sigma

# %% wrong: mean not subtracted
# points: 0+0
# says: Parece que dividiste por sigma sin restar antes la media.
# from: vectorised
# replace: return (x - mu) / sigma → return x / sigma

# %% wrong: mean added
# points: 0+0
# says: Parece que sumaste la media: se resta.
# from: vectorised
# replace: return (x - mu) → return (x + mu)

# %% wrong: multiplied by sigma
# points: 0+0
# says: Parece que multiplicaste por sigma: después de restar la media, se divide.
# from: vectorised
# replace: return (x - mu) / sigma → return (x - mu) * sigma

# %% wrong: one sigma for the whole matrix
# points: 0+0
# says: `sigma` es un solo número, la desviación de toda la matriz: cada columna lleva la suya.
# from: vectorised
# replace: x.std(axis=0) → x.std()

# %% wrong: where the other way round
# points: 0+0
# says: Tu `sigma` vale 1 justo en las columnas que varían: revisa la condición de `np.where` y el orden de lo que recibe.
# from: vectorised
# replace: np.where(sigma == 0, 1.0, sigma) → np.where(sigma == 0, sigma, 1.0)

# %% wrong: a constant column's sigma is two
# points: 0+0
# says: La `sigma` de una columna constante debe ser 0 o 1.
# from: vectorised
# replace: np.where(sigma == 0, 1.0, sigma) → np.where(sigma == 0, 2.0, sigma)

# %% wrong: one mean for the whole matrix
# points: 0+0
# says: `mu` es un solo número, la media de toda la matriz: cada columna lleva la suya.
# from: vectorised
# replace: x.mean(axis=0) → x.mean()
