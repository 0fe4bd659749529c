# %% right: column_stack
def atributos(X):
    return np.column_stack([X, np.sin(X), X**2])

# %% right: loop and lists
import math

def atributos(X):
    return [[x, math.sin(x), x * x] for x in X]

# %% right: table of pandas
def atributos(X):
    return pd.DataFrame({"X": X, "sen": np.sin(X), "cuadrado": X * X})

# %% right: preallocated float32, noisy
import sys
import warnings

def atributos(X):
    warnings.warn("float32")
    print("atributos", file=sys.stderr)
    tabla = np.empty((len(X), 3), dtype=np.float32)
    tabla[:, 0] = X
    tabla[:, 1] = np.sin(X)
    tabla[:, 2] = X**2
    return tabla

# %% right: TensorFlow
def atributos(X):
    x = tf.constant(np.asarray(X))
    return tf.stack([x, tf.sin(x), tf.square(x)], axis=1)

# %% right: transposed array
def atributos(X):
    x = np.asarray(X)
    return np.array([x, np.sin(x), np.power(x, 2)]).T

# %% wrong: degrees
#    points: 0+0
#    says: El seno recibe radianes, que es lo que ya tienes: no conviertas X.
def atributos(X):
    return np.column_stack([X, np.sin(np.radians(X)), X**2])

# %% wrong: square before sine
#    points: 0+0
#    says: El orden es otro: el cuadrado va en la última columna.
def atributos(X):
    return np.column_stack([X, X**2, np.sin(X)])

# %% wrong: sine first
#    points: 0+0
#    says: La primera columna es X tal cual.
def atributos(X):
    return np.column_stack([np.sin(X), X, X**2])

# %% wrong: (3, n)
#    points: 0+0
#    says: La tabla está acostada: cada ejemplo es una fila, la forma es (n, 3).
def atributos(X):
    return np.array([X, np.sin(X), X**2])

# %% wrong: fails on a Series
#    points: 0+0
#    says: con una Series no
def atributos(X):
    x = X.reshape(-1, 1)
    return np.hstack([x, np.sin(x), x**2])

# %% wrong: a column of ones more
#    points: 0+0
#    says: tiene forma (4, 4)
def atributos(X):
    return np.column_stack([np.ones(len(X)), X, np.sin(X), X**2])

# %% wrong: double in place of square
#    points: 0+0
#    says: La última columna es el doble de x y debe ser su cuadrado.
def atributos(X):
    return np.column_stack([X, np.sin(X), 2 * X])

# %% wrong: signed square
#    points: 0+0
#    says: La última columna debe ser x², con su signo siempre positivo.
def atributos(X):
    return np.column_stack([X, np.sin(X), X * np.abs(X)])

# %% right: rows of a Series
def atributos(X):
    return pd.Series(X).apply(lambda x: pd.Series([x, np.sin(x), x**2])).astype("float32")

# %% wrong: degrees, by hand
#    points: 0+0
#    says: no conviertas X
def atributos(X):
    return np.column_stack([X, np.sin(X * np.pi / 180), X**2])

# %% wrong: the order backwards
#    points: 0+0
#    says: las columnas en orden inverso
def atributos(X):
    return np.column_stack([X**2, np.sin(X), X])

# %% wrong: cosine
#    points: 0+0
#    says: La segunda columna es el coseno de x; se pide el seno.
def atributos(X):
    X = np.asarray(X)
    return np.column_stack([X, np.cos(X), X ** 2])

# %% wrong: one long row, another way
#    points: 0+0
#    says: Pusiste los tres atributos uno detrás de otro en una sola dimensión: van como columnas.
def atributos(X):
    X = np.asarray(X)
    return np.hstack([X, np.sin(X), X ** 2])

# %% wrong: no x
# points: 0+0
# says: Falta la columna x.
# from: column_stack
# replace: np.column_stack([X, np.sin(X), X**2]) → np.column_stack([np.sin(X), X**2])

# %% wrong: no sine
# points: 0+0
# says: Falta la columna sen x.
# from: column_stack
# replace: np.column_stack([X, np.sin(X), X**2]) → np.column_stack([X, X**2])

# %% wrong: no square
# points: 0+0
# says: Falta la columna x².
# from: column_stack
# replace: np.column_stack([X, np.sin(X), X**2]) → np.column_stack([X, np.sin(X)])

# %% wrong: x in place of its sine
# points: 0+0
# says: La segunda columna es x otra vez: falta el seno.
# from: column_stack
# replace: np.column_stack([X, np.sin(X), X**2]) → np.column_stack([X, X, X**2])

# %% wrong: x in place of its square
# points: 0+0
# says: La tercera columna es x otra vez: falta elevarla al cuadrado.
# from: column_stack
# replace: np.column_stack([X, np.sin(X), X**2]) → np.column_stack([X, np.sin(X), X])
