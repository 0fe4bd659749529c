# %% right: TensorFlow, clipped
def log_reg(w, b, X):
    return tf.sigmoid(tf.matmul(X, w) + b)


def bce(y_true, y_pred):
    p = tf.clip_by_value(y_pred, 1e-7, 1 - 1e-7)
    return -tf.reduce_mean(y_true * tf.math.log(p) + (1 - y_true) * tf.math.log(1 - p))

# %% right: by the formula, small constant inside
def log_reg(w, b, X):
    z = X @ w + b
    return 1 / (1 + tf.exp(-z))


def bce(y_true, y_pred):
    eps = 1e-7
    perdidas = -(y_true * tf.math.log(y_pred + eps) + (1 - y_true) * tf.math.log(1 - y_pred + eps))
    return tf.reduce_sum(perdidas) / len(perdidas)

# %% right: NumPy
def log_reg(w, b, X):
    X, w, b = np.array(X), np.array(w), np.array(b)
    return 1.0 / (1.0 + np.exp(-(X.dot(w) + b)))


def bce(y_true, y_pred):
    y, p = np.array(y_true), np.array(y_pred)
    p = np.clip(p, 1e-7, 1 - 1e-7)
    return float(np.mean(np.where(y == 1, -np.log(p), -np.log(1 - p))))

# %% right: Keras
def log_reg(w, b, X):
    return keras.ops.sigmoid(keras.ops.matmul(X, w) + b)


def bce(y_true, y_pred):
    return keras.losses.BinaryCrossentropy()(y_true, y_pred)

# %% right: functional Keras loss
def log_reg(w, b, X):
    return tf.nn.sigmoid(tf.tensordot(X, w, axes=1) + b)


def bce(y_true, y_pred):
    return tf.reduce_mean(keras.losses.binary_crossentropy(y_true, y_pred))

# %% right: loops and lists
import math


def log_reg(w, b, X):
    salida = []
    for fila in X.numpy():
        z = float(b)
        for j in range(len(fila)):
            z += float(fila[j]) * float(w[j, 0])
        salida.append([1 / (1 + math.exp(-z))])
    return salida


def bce(y_true, y_pred):
    total = 0.0
    for y, p in zip(np.ravel(y_true), np.ravel(y_pred)):
        p = min(max(float(p), 1e-9), 1 - 1e-9)
        total -= y * math.log(p) + (1 - y) * math.log(1 - p)
    return total / len(y_true)

# %% right: xlogy, maximum
def log_reg(w, b, X):
    return 0.5 * (1 + tf.tanh((X @ w + b) / 2))


def bce(y_true, y_pred):
    q = tf.where(y_true > 0.5, y_pred, 1 - y_pred)
    return tf.reduce_mean(-tf.math.log(tf.maximum(q, tf.cast(1e-12, q.dtype))))

# %% right: noisy
import sys
import warnings


def log_reg(w, b, X):
    print(X.shape, file=sys.stderr)
    return tf.sigmoid(X @ w + b)


def bce(y_true, y_pred):
    warnings.warn("se recorta")
    p = tf.clip_by_value(y_pred, 1e-6, 1 - 1e-6)
    return tf.reduce_mean(-y_true * tf.math.log(p) - (1 - y_true) * tf.math.log(1 - p))

# %% wrong: sign in the exponent
# points: 0+0
# says: Parece que falta el signo menos en el exponente: así sale 1 − p.
# from: TensorFlow, clipped
# replace: tf.sigmoid(tf.matmul(X, w) + b) → 1 / (1 + tf.exp(X @ w + b))

# %% wrong: no sigmoid
# points: 0+0
# says: Falta la sigmoide: devolviste X w + b.
# from: Keras
# replace: keras.ops.sigmoid(keras.ops.matmul(X, w) + b) → X @ w + b

# %% wrong: without b
# points: 0+0
# says: A `log_reg` le falta sumar b.
# from: Keras
# replace: keras.ops.sigmoid(keras.ops.matmul(X, w) + b) → tf.sigmoid(X @ w)

# %% wrong: hard classes
# points: 0+0
# says: Redondeaste las probabilidades a 0 y 1; se piden sin redondear.
# from: Keras
# replace: keras.ops.sigmoid(keras.ops.matmul(X, w) + b) → tf.round(tf.sigmoid(X @ w + b))

# %% wrong: flat probabilities
# points: 0+0
# says: `log_reg` devuelve (n,); se pide (n, 1).
# from: Keras
# replace: keras.ops.sigmoid(keras.ops.matmul(X, w) + b) → tf.sigmoid(tf.linalg.matvec(X, tf.squeeze(w, axis=1)) + b)

# %% wrong: flat weights against a column
# points: 0+0
# says: `log_reg` devuelve una tabla (n, n): multiplica X (n, d) por w (d, 1) sin aplanar ninguno.
# from: Keras
# replace:
#     return keras.ops.sigmoid(keras.ops.matmul(X, w) + b)
# with:
#     z = X @ w + b
#     return tf.sigmoid((z + tf.reshape(z, [-1])) / 2)

# %% wrong: (n,) against (n, 1)
#    points: 0+0
#    says: `bce` mezcló formas (n,) y (n, 1): sin error, pero con una tabla (n, n) dentro.
def log_reg(w, b, X):
    return tf.sigmoid(X @ w + b)


def bce(y_true, y_pred):
    y = tf.squeeze(y_true)
    p = tf.clip_by_value(y_pred, 1e-7, 1 - 1e-7)
    return -tf.reduce_mean(y * tf.math.log(p) + (1 - y) * tf.math.log(1 - p))

# %% wrong: log of zero
#    points: 0+0
#    says: Con p exactamente 0 o 1
def log_reg(w, b, X):
    return tf.sigmoid(X @ w + b)


def bce(y_true, y_pred):
    return -tf.reduce_mean(y_true * tf.math.log(y_pred) + (1 - y_true) * tf.math.log(1 - y_pred))

# %% wrong: clipped in float64 only
# points: 0+0
# says: aleja p de los extremos
# from: TensorFlow, clipped
# replace: tf.matmul(X, w) → X @ w
# replace: -7, 1 - 1e-7 → -12, 1 - 1e-12

# %% wrong: sum
# points: 0+0
# says: `bce` suma; se pide la media.
# from: TensorFlow, clipped
# replace: tf.matmul(X, w) → X @ w
# replace: tf.reduce_mean → tf.reduce_sum

# %% wrong: sign of the loss
# points: 0+0
# says: A `bce` le falta el signo menos.
# from: TensorFlow, clipped
# replace: tf.matmul(X, w) → X @ w
# replace: -tf.reduce_mean → tf.reduce_mean

# %% wrong: one loss per example
# points: 0+0
# says: `bce` devuelve una pérdida por ejemplo, sin promediar.
# from: Keras
# replace: keras.ops.sigmoid(keras.ops.matmul(X, w) + b) → tf.sigmoid(X @ w + b)
# replace: BinaryCrossentropy() → binary_crossentropy

# %% wrong: only the positive term
#    points: 0+0
#    says: `bce` solo mira los ejemplos de la clase 1: falta el término de la clase 0.
def log_reg(w, b, X):
    return tf.sigmoid(X @ w + b)


def bce(y_true, y_pred):
    return -tf.reduce_mean(y_true * tf.math.log(tf.maximum(y_pred, 1e-7)))

# %% wrong: squared error
#    points: 0+0
#    says: `bce` calcula el error cuadrático, no la entropía cruzada.
def log_reg(w, b, X):
    return tf.sigmoid(X @ w + b)


def bce(y_true, y_pred):
    return tf.reduce_mean((y_true - y_pred) ** 2)

# %% wrong: bce untouched
#    points: 0+0
#    says: Todavía no escribiste tu solución
def log_reg(w, b, X):
    return tf.sigmoid(X @ w + b)


def bce(y_true, y_pred):
    raise NotImplementedError()

# %% wrong: bias subtracted
# points: 0+0
# says: En `log_reg` restaste b: se suma.
# from: by the formula, small constant inside
# replace: X @ w + b → X @ w - b

# %% wrong: minus in the denominator
# points: 0+0
# says: Tu sigmoide resta en el denominador: revisa su signo.
# from: TensorFlow, clipped
# replace: tf.sigmoid(tf.matmul(X, w) + b) → tf.exp(X @ w + b) / (1 - tf.exp(X @ w + b))

# %% wrong: terms subtracted
# points: 0+0
# says: En `bce` los dos términos se restan: van con el mismo signo.
# from: TensorFlow, clipped
# replace: tf.math.log(p) + (1 → tf.math.log(p) - (1

# %% wrong: no logarithm of p
# points: 0+0
# says: Al término de la clase 1 le falta el logaritmo.
# from: TensorFlow, clipped
# replace: y_true * tf.math.log(p) → y_true * p

# %% wrong: no logarithm of 1 - p
# points: 0+0
# says: Al término de la clase 0 le falta el logaritmo.
# from: TensorFlow, clipped
# replace: tf.math.log(1 - p) → (1 - p)

# %% wrong: second term not weighted
# points: 0+0
# says: El término de la clase 0 cuenta en todos los ejemplos: falta multiplicarlo por 1 − y.
# from: TensorFlow, clipped
# replace: + (1 - y_true) * → +

# %% wrong: first term not weighted
# points: 0+0
# says: El término de la clase 1 cuenta en todos los ejemplos: falta multiplicarlo por y.
# from: TensorFlow, clipped
# replace: y_true * tf.math.log(p) → tf.math.log(p)

# %% wrong: log1p of p
# points: 0+0
# says: `bce` calcula ln(1 + p) donde va ln p.
# from: TensorFlow, clipped
# replace: tf.math.log(p) → tf.math.log1p(p)

# %% wrong: logarithm of 1 + p
# points: 0+0
# says: `bce` calcula ln(1 + p) donde va ln(1 − p).
# from: TensorFlow, clipped
# replace: tf.math.log(1 - p) → tf.math.log(1 + p)

# %% wrong: weight 1 + y
# points: 0+0
# says: El término de la clase 0 lleva el peso 1 + y: va 1 − y.
# from: TensorFlow, clipped
# replace: (1 - y_true) → (1 + y_true)

# %% wrong: limits of the clip exchanged
# points: 0+0
# says: Los límites del recorte están al revés: primero va el menor.
# from: TensorFlow, clipped
# replace: tf.clip_by_value(y_pred, 1e-7, 1 - 1e-7) → tf.clip_by_value(y_pred, 1 - 1e-7, 1e-7)

# %% wrong: from logits
# points: 0+0
# says: `bce` toma las probabilidades por logits y les aplica otra sigmoide: ¿sobra `from_logits`?
# from: functional Keras loss
# replace: binary_crossentropy(y_true, y_pred) → binary_crossentropy(y_true, y_pred, from_logits=True)

# %% wrong: arguments swapped
# points: 0+0
# says: `bce` toma las etiquetas por probabilidades: van al revés.
# from: functional Keras loss
# replace: binary_crossentropy(y_true, y_pred) → binary_crossentropy(y_pred, y_true)

# %% wrong: a column of losses
# points: 0+0
# says: `bce` devuelve una columna con la pérdida de cada ejemplo: falta promediar.
# from: TensorFlow, clipped
# replace: -tf.reduce_mean(y_true * tf.math.log(p) + (1 - y_true) * tf.math.log(1 - p)) → -(y_true * tf.math.log(p) + (1 - y_true) * tf.math.log(1 - p))
