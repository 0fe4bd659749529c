# %% right: by sign of z
def neurona_logistica(x, w, b):
    z = x @ w + b
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))

# %% right: loops and math
import math

def neurona_logistica(x, w, b):
    salida = []
    for fila in x:
        z = sum(a * c for a, c in zip(fila, w)) + b
        salida.append(1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z)))
    return salida

# %% right: hyperbolic tangent
def neurona_logistica(x, w, b):
    return 0.5 * (1 + np.tanh((np.dot(x, w) + b) / 2))

# %% right: clipped exponent, noisy
import logging
import sys
import warnings

def neurona_logistica(x, w, b):
    warnings.warn("recorto z")
    logging.warning("recorto z")
    print("recorto z", file=sys.stderr)
    z = np.clip(x.dot(w) + b, -500, 500)
    return 1 / (1 + np.exp(-z))

# %% right: TensorFlow in float32
def neurona_logistica(x, w, b):
    z = tf.linalg.matvec(tf.cast(x, tf.float32), tf.cast(w, tf.float32)) + b
    return tf.sigmoid(z)

# %% right: logaddexp
def neurona_logistica(x, w, b):
    return np.exp(-np.logaddexp(0.0, -((x * w).sum(axis=1) + b)))

# %% right: masks
def neurona_logistica(x, w, b):
    z = np.asarray(x) @ np.asarray(w) + b
    p = np.empty_like(z)
    m = z >= 0
    p[m] = 1 / (1 + np.exp(-z[m]))
    p[~m] = np.exp(z[~m]) / (1 + np.exp(z[~m]))
    return p

# %% wrong: overflow
#    points: 0+0
#    says: la exponencial desborda
def neurona_logistica(x, w, b):
    return 1 / (1 + np.exp(-(x @ w + b)))

# %% wrong: quotient of exponentials
#    points: 0+0
#    says: dos exponenciales enormes
def neurona_logistica(x, w, b):
    e = np.exp(x @ w + b)
    return e / (1 + e)

# %% wrong: math.exp raises
#    points: 0+0
#    says: termina en error
import math

def neurona_logistica(x, w, b):
    return np.array([1 / (1 + math.exp(-(float(f @ w) + b))) for f in x])

# %% wrong: missing minus sign
#    points: 0+0
#    says: Falta un signo menos en el exponente: más z debe dar más probabilidad.
def neurona_logistica(x, w, b):
    return 1 / (1 + np.exp(np.clip(x @ w + b, -500, 500)))

# %% wrong: hard classes
#    points: 0+0
#    says: Devolviste clases; se piden probabilidades entre 0 y 1.
def neurona_logistica(x, w, b):
    return (x @ w + b > 0).astype(int)

# %% wrong: fails for several inputs
#    points: 0+0
#    says: Cada ejemplo da un solo número: suma sobre sus entradas.
def neurona_logistica(x, w, b):
    return 0.5 * (1 + np.tanh((x * w + b) / 2))

# %% wrong: only the first input
#    points: 0+0
#    says: Parece que solo entra la primera columna de x: cada entrada lleva su peso.
def neurona_logistica(x, w, b):
    return 0.5 * (1 + np.tanh((x[:, 0] * w[0] + b) / 2))

# %% wrong: no bias
#    points: 0+0
#    says: Te olvidaste del sesgo b.
def neurona_logistica(x, w, b):
    return 0.5 * (1 + np.tanh((x @ w) / 2))

# %% wrong: z itself
#    points: 0+0
#    says: Devolviste z: falta pasarla por la función logística.
def neurona_logistica(x, w, b):
    return x @ w + b

# %% wrong: a column
#    points: 0+0
#    says: en una columna, (n, 1)
def neurona_logistica(x, w, b):
    return 0.5 * (1 + np.tanh((x @ np.reshape(w, (-1, 1)) + b) / 2))

# %% right: SciPy
def neurona_logistica(x, w, b):
    from scipy.special import expit

    return expit(np.einsum("nd,d->n", x, w) + b)

# %% right: Series of float32
def neurona_logistica(x, w, b):
    z = np.float32(x) @ np.float32(w) + np.float32(b)
    return pd.Series(np.float32(0.5) + np.tanh(z / 2) / 2)

# %% wrong: rounded
#    points: 0+0
#    says: se piden probabilidades
def neurona_logistica(x, w, b):
    return np.round(0.5 * (1 + np.tanh((x @ w + b) / 2)))

# %% wrong: missing minus sign, not stable
#    points: 0+0
#    says: Falta un signo menos en el exponente: con más z debe salir más probabilidad.
def neurona_logistica(x, w, b):
    return 1 / (1 + np.exp(x @ w + b))

# %% wrong: z clipped to 1
#    points: 0+0
#    says: Recortaste z entre −1 y 1: ahí cambian las probabilidades. El recorte tiene que quedar mucho más lejos.
def neurona_logistica(x, w, b):
    z = np.clip(x @ w + b, -1, 1)
    return 1 / (1 + np.exp(-z))

# %% wrong: tanh
#    points: 0+0
#    says: Usaste la tangente hiperbólica, que va de −1 a 1; se pide la sigmoide.
def neurona_logistica(x, w, b):
    z = x @ w + b
    return np.tanh(z)

# %% wrong: mean over the inputs
#    points: 0+0
#    says: Promediaste los productos de x y w; z es su suma, más b.
def neurona_logistica(x, w, b):
    z = np.mean(x * w, axis=1) + b
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)))

# %% wrong: softmax over the examples
#    points: 0+0
#    says: Tus probabilidades suman 1 entre todos los ejemplos: cada ejemplo lleva su propia sigmoide.
def neurona_logistica(x, w, b):
    z = x @ w + b
    e = np.exp(z - z.max())
    return e / e.sum()

# %% wrong: bias subtracted
# points: 0+0
# says: Restaste b: en z se suma.
# from: by sign of z
# replace: x @ w + b → x @ w - b

# %% wrong: no absolute value
# points: 0+0
# says: Donde z es negativa sale 1 − p: ¿falta el valor absoluto en el exponente?
# from: by sign of z
# replace: np.exp(-np.abs(z)) → np.exp(-z)

# %% wrong: no denominator
# points: 0+0
# says: Falta dividir: quedó el numerador solo.
# from: by sign of z
# replace: 1 / (1 + e), e / (1 + e) → 1.0, e

# %% wrong: denominator with a minus
# points: 0+0
# says: En el denominador restaste la exponencial: se suma.
# from: by sign of z
# replace: where(z >= 0, 1 / (1 + e), e / (1 + e)) → where(z >= 0, 1.0, e) / (1.0 - e)

# %% wrong: multiplied in place of divided
# points: 0+0
# says: Multiplicaste donde va una división.
# from: by sign of z
# replace: where(z >= 0, 1 / (1 + e), e / (1 + e)) → where(z >= 0, 1.0, e) * (1.0 + e)

# %% wrong: upside down
# points: 0+0
# says: El cociente está al revés: p nunca es mayor que 1.
# from: by sign of z
# replace: np.where(z >= 0, 1 / (1 + e), e / (1 + e)) → (1.0 + e) / np.where(z >= 0, 1.0, e)
