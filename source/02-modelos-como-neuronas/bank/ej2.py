# %% right: deviations
def minimos_cuadrados(X, y):
    X, y = np.asarray(X).ravel(), np.asarray(y).ravel()
    w1 = np.sum((X - X.mean()) * (y - y.mean())) / np.sum((X - X.mean()) ** 2)
    return w1, y.mean() - w1 * X.mean()

# %% right: loops, also over columns
def minimos_cuadrados(X, y):
    xs = [float(np.ravel(v)[0]) for v in X]
    ys = [float(np.ravel(v)[0]) for v in y]
    n = len(xs)
    mx, my = sum(xs) / n, sum(ys) / n
    num = den = 0.0
    for a, b in zip(xs, ys):
        num += (a - mx) * (b - my)
        den += (a - mx) ** 2
    return num / den, my - num / den * mx

# %% right: covariance with one divisor
def minimos_cuadrados(X, y):
    c = np.cov(np.ravel(X), np.ravel(y))
    w1 = c[0, 1] / c[0, 0]
    return (w1, np.mean(np.ravel(y)) - w1 * np.mean(np.ravel(X)))

# %% right: lstsq, a list, noisy
import sys
import warnings

def minimos_cuadrados(X, y):
    warnings.warn("mínimos cuadrados con lstsq")
    print("listo", file=sys.stderr)
    X = np.array(X, dtype=float).flatten()
    A = np.stack([X, np.ones_like(X)], axis=1)
    return list(np.linalg.lstsq(A, np.array(y, dtype=float).flatten(), rcond=None)[0])

# %% right: polyfit's array
def minimos_cuadrados(X, y):
    return np.polyfit(np.ravel(X), np.ravel(y), 1)

# %% right: scikit-learn, arrays of one number
def minimos_cuadrados(X, y):
    from sklearn.linear_model import LinearRegression
    recta = LinearRegression().fit(np.asarray(X).reshape(-1, 1), np.asarray(y).reshape(-1, 1))
    return recta.coef_[0], recta.intercept_

# %% right: normal equations in TensorFlow
def minimos_cuadrados(X, y):
    X = tf.reshape(tf.constant(np.asarray(X)), (-1, 1))
    y = tf.reshape(tf.constant(np.asarray(y)), (-1, 1))
    A = tf.concat([X, tf.ones_like(X)], axis=1)
    w = tf.linalg.solve(tf.transpose(A) @ A, tf.transpose(A) @ y)
    return w[0, 0], w[1, 0]

# %% wrong: swapped
# points: 0+0
# says: Intercambiaste los dos valores: primero la pendiente, después la ordenada.
# from: deviations
# replace: asarray(X).ravel(), np.asarray(y).ravel() → ravel(X), np.ravel(y)
# replace: w1, y.mean() - w1 * X.mean() → y.mean() - w1 * X.mean(), w1

# %% wrong: no intercept
#    points: 0+0
#    says: La recta pasa por el origen: falta restar las medias.
def minimos_cuadrados(X, y):
    X, y = np.ravel(X), np.ravel(y)
    return (X * y).sum() / (X**2).sum(), 0.0

# %% wrong: sample covariance, population variance
#    points: 0+0
#    says: Mezclas covarianza muestral (n − 1) y varianza poblacional.
def minimos_cuadrados(X, y):
    X, y = np.ravel(X), np.ravel(y)
    w1 = np.cov(X, y)[0, 1] / np.var(X)
    return w1, y.mean() - w1 * X.mean()

# %% wrong: population covariance, sample variance
#    points: 0+0
#    says: La pendiente sale (n − 1)/n veces menor: usa el mismo divisor arriba y abajo.
def minimos_cuadrados(X, y):
    X, y = np.ravel(X), np.ravel(y)
    w1 = ((X - X.mean()) * (y - y.mean())).mean() / np.var(X, ddof=1)
    return w1, y.mean() - w1 * X.mean()

# %% wrong: divides by the variation of y
# points: 0+0
# says: Dividiste por la variación de y: el denominador es la de X.
# from: deviations
# replace: asarray(X).ravel(), np.asarray(y).ravel() → ravel(X), np.ravel(y)
# replace: (X - X.mean()) ** 2 → (y - y.mean()) ** 2

# %% wrong: fails on a Series
# points: 0+0
# says: con Series de pandas no
# from: deviations
# replace: np.asarray(X).ravel(), np.asarray(y).ravel() → X.reshape(-1), y.reshape(-1)

# %% wrong: fails on a column
#    points: 0+0
#    says: Con columnas (n, 1)
def minimos_cuadrados(X, y):
    w1 = np.sum((X - X.mean()) * (y - y.mean())) / np.sum((X - X.mean()) ** 2)
    return w1, y.mean() - w1 * X.mean()

# %% wrong: only the slope
#    points: 0+0
#    says: Devolviste solo la pendiente: se piden la pendiente y la ordenada.
def minimos_cuadrados(X, y):
    return np.polyfit(np.ravel(X), np.ravel(y), 1)[0]

# %% right: a column of float32
def minimos_cuadrados(X, y):
    X, y = (np.asarray(v, dtype="float32").reshape(-1) for v in (X, y))
    w1 = np.dot(X - X.mean(), y - y.mean()) / np.dot(X - X.mean(), X - X.mean())
    return np.array([[w1], [y.mean() - w1 * X.mean()]])

# %% wrong: polyfit the other way round
#    points: 0+0
#    says: primero la pendiente, después
def minimos_cuadrados(X, y):
    return np.polyfit(np.ravel(X), np.ravel(y), 1)[::-1]

# %% wrong: fails on a column of y
# points: 0+0
# says: a una sola dimensión
# from: deviations
# replace: X, y = np.asarray(X).ravel(), np.asarray(y).ravel() → X = np.ravel(X)

# %% wrong: slope without the means, intercept with them
#    points: 0+0
#    says: A la pendiente le faltan las medias: se restan a X y a y.
def minimos_cuadrados(X, y):
    X, y = np.ravel(X), np.ravel(y)
    w1 = (X * y).sum() / (X**2).sum()
    return w1, y.mean() - w1 * X.mean()

# %% wrong: correlation for slope
#    points: 0+0
#    says: Devolviste la correlación como pendiente; falta la escala, que pone la variación de cada una.
def minimos_cuadrados(X, y):
    X, y = np.ravel(X), np.ravel(y)
    w1 = np.corrcoef(X, y)[0, 1]
    w0 = y.mean() - w1 * X.mean()
    return w1, w0

# %% wrong: intercept with the other sign
#    points: 0+0
#    says: La ordenada sale sumando w1 por la media de X; se resta.
def minimos_cuadrados(X, y):
    X, y = np.ravel(X), np.ravel(y)
    w1 = np.sum((X - X.mean()) * (y - y.mean())) / np.sum((X - X.mean()) ** 2)
    w0 = y.mean() + w1 * X.mean()
    return w1, w0

# %% wrong: X not centred below
#    points: 0+0
#    says: En el denominador van los cuadrados de X menos su media, no los de X.
def minimos_cuadrados(X, y):
    X = np.ravel(X); y = np.ravel(y)
    w1 = np.sum((X - X.mean()) * y) / np.sum(X ** 2)

# %% wrong: slope not divided
# points: 0+0
# says: A la pendiente le falta dividir por la suma de los cuadrados de X menos su media.
def minimos_cuadrados(X, y):
    X, y = np.ravel(X), np.ravel(y)
    dx, dy = X - X.mean(), y - y.mean()
    w1 = (dx * dy).sum()
    return w1, y.mean() - w1 * X.mean()

# %% wrong: slope upside down
# points: 0+0
# says: El cociente de la pendiente está al revés: abajo va lo que solo depende de X.
def minimos_cuadrados(X, y):
    X, y = np.ravel(X), np.ravel(y)
    dx, dy = X - X.mean(), y - y.mean()
    w1 = (dx**2).sum() / (dx * dy).sum()
    return w1, y.mean() - w1 * X.mean()

# %% wrong: mean over sum
# points: 0+0
# says: En la pendiente promediaste arriba y sumaste abajo: usa lo mismo en las dos partes.
def minimos_cuadrados(X, y):
    X, y = np.ravel(X), np.ravel(y)
    dx, dy = X - X.mean(), y - y.mean()
    w1 = (dx * dy).mean() / (dx**2).sum()
    return w1, y.mean() - w1 * X.mean()

# %% wrong: sum over mean
# points: 0+0
# says: En la pendiente sumaste arriba y promediaste abajo: usa lo mismo en las dos partes.
def minimos_cuadrados(X, y):
    X, y = np.ravel(X), np.ravel(y)
    dx, dy = X - X.mean(), y - y.mean()
    w1 = (dx * dy).sum() / (dx**2).mean()
    return w1, y.mean() - w1 * X.mean()

# %% wrong: X without its mean
# points: 0+0
# says: En la pendiente, a X también hay que restarle su media.
def minimos_cuadrados(X, y):
    X, y = np.ravel(X), np.ravel(y)
    dx, dy = X - 0, y - y.mean()
    w1 = (dx * dy).sum() / (dx**2).sum()
    return w1, y.mean() - w1 * X.mean()

# %% wrong: slope with the other sign
# points: 0+0
# says: La pendiente salió con el signo opuesto: revisa las dos restas con la media.
def minimos_cuadrados(X, y):
    X, y = np.ravel(X), np.ravel(y)
    dx, dy = X.mean() - X, y - y.mean()
    w1 = (dx * dy).sum() / (dx**2).sum()
    return w1, y.mean() - w1 * X.mean()

# %% wrong: intercept is the mean of y
# points: 0+0
# says: Tu ordenada es la media de y: la recta pasa por el punto de las dos medias, y ahí X no es 0.
# from: deviations
# replace: y.mean() - w1 * X.mean() → y.mean()

# %% wrong: intercept without X
# points: 0+0
# says: En la ordenada restaste w1 solo: falta multiplicarlo por la media de X.
# from: deviations
# replace: y.mean() - w1 * X.mean() → y.mean() - w1

# %% wrong: intercept with the sum of X
# points: 0+0
# says: En la ordenada usaste la suma de X: va su media.
# from: deviations
# replace: y.mean() - w1 * X.mean() → y.mean() - w1 * X.sum()

# %% wrong: intercept with the sum of y
# points: 0+0
# says: En la ordenada usaste la suma de y: va su media.
# from: deviations
# replace: y.mean() - w1 * X.mean() → y.sum() - w1 * X.mean()

# %% wrong: intercept of each y
# points: 0+0
# says: La ordenada quedó con un valor por dato: usa la media de y.
# from: deviations
# replace: y.mean() - w1 * X.mean() → y - w1 * X.mean()

# %% wrong: intercept of each X
# points: 0+0
# says: La ordenada quedó con un valor por dato: usa la media de X.
# from: deviations
# replace: y.mean() - w1 * X.mean() → y.mean() - w1 * X

# %% wrong: only the intercept
# points: 0+0
# says: Devolviste solo la ordenada: se piden la pendiente y la ordenada.
# from: deviations
# replace: return w1, y.mean() - w1 * X.mean() → return y.mean() - w1 * X.mean()

# %% wrong: slope of each point
# points: 0+0
# says: La pendiente quedó con un valor por dato: falta sumar los productos.
def minimos_cuadrados(X, y):
    X, y = np.ravel(X), np.ravel(y)
    dx, dy = X - X.mean(), y - y.mean()
    w1 = dx * dy / (dx**2).sum()
    return w1, y.mean() - w1 * X.mean()

# %% wrong: intercept upside down
# points: 0+0
# says: La ordenada salió con el signo opuesto: revisa esa resta.
# from: deviations
# replace: y.mean() - w1 * X.mean() → w1 * X.mean() - y.mean()
