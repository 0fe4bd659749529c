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
#    points: 0+0
#    says: falta el signo menos en el exponente
def log_reg(w, b, X):
    return 1 / (1 + tf.exp(X @ w + b))


def bce(y_true, y_pred):
    p = tf.clip_by_value(y_pred, 1e-7, 1 - 1e-7)
    return -tf.reduce_mean(y_true * tf.math.log(p) + (1 - y_true) * tf.math.log(1 - p))

# %% wrong: no sigmoid
#    points: 0+0
#    says: Falta la sigmoide
def log_reg(w, b, X):
    return X @ w + b


def bce(y_true, y_pred):
    return keras.losses.BinaryCrossentropy()(y_true, y_pred)

# %% wrong: without b
#    points: 0+0
#    says: le falta sumar b
def log_reg(w, b, X):
    return tf.sigmoid(X @ w)


def bce(y_true, y_pred):
    return keras.losses.BinaryCrossentropy()(y_true, y_pred)

# %% wrong: hard classes
#    points: 0+0
#    says: Redondeaste las probabilidades
def log_reg(w, b, X):
    return tf.round(tf.sigmoid(X @ w + b))


def bce(y_true, y_pred):
    return keras.losses.BinaryCrossentropy()(y_true, y_pred)

# %% wrong: flat probabilities
#    points: 0+0
#    says: `log_reg` devuelve (n,)
def log_reg(w, b, X):
    return tf.sigmoid(tf.linalg.matvec(X, tf.squeeze(w, axis=1)) + b)


def bce(y_true, y_pred):
    return keras.losses.BinaryCrossentropy()(y_true, y_pred)

# %% wrong: flat weights against a column
#    points: 0+0
#    says: sin aplanar ninguno
def log_reg(w, b, X):
    z = X @ w + b
    return tf.sigmoid((z + tf.reshape(z, [-1])) / 2)


def bce(y_true, y_pred):
    return keras.losses.BinaryCrossentropy()(y_true, y_pred)

# %% wrong: (n,) against (n, 1)
#    points: 0+0
#    says: mezcló formas (n,) y (n, 1)
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
#    points: 0+0
#    says: aleja p de los extremos
def log_reg(w, b, X):
    return tf.sigmoid(X @ w + b)


def bce(y_true, y_pred):
    p = tf.clip_by_value(y_pred, 1e-12, 1 - 1e-12)
    return -tf.reduce_mean(y_true * tf.math.log(p) + (1 - y_true) * tf.math.log(1 - p))

# %% wrong: sum
#    points: 0+0
#    says: `bce` suma
def log_reg(w, b, X):
    return tf.sigmoid(X @ w + b)


def bce(y_true, y_pred):
    p = tf.clip_by_value(y_pred, 1e-7, 1 - 1e-7)
    return -tf.reduce_sum(y_true * tf.math.log(p) + (1 - y_true) * tf.math.log(1 - p))

# %% wrong: sign of the loss
#    points: 0+0
#    says: A `bce` le falta el signo menos
def log_reg(w, b, X):
    return tf.sigmoid(X @ w + b)


def bce(y_true, y_pred):
    p = tf.clip_by_value(y_pred, 1e-7, 1 - 1e-7)
    return tf.reduce_mean(y_true * tf.math.log(p) + (1 - y_true) * tf.math.log(1 - p))

# %% wrong: one loss per example
#    points: 0+0
#    says: devuelve una pérdida por ejemplo
def log_reg(w, b, X):
    return tf.sigmoid(X @ w + b)


def bce(y_true, y_pred):
    return keras.losses.binary_crossentropy(y_true, y_pred)

# %% wrong: only the positive term
#    points: 0+0
#    says: falta el término de la clase 0
def log_reg(w, b, X):
    return tf.sigmoid(X @ w + b)


def bce(y_true, y_pred):
    return -tf.reduce_mean(y_true * tf.math.log(tf.maximum(y_pred, 1e-7)))

# %% wrong: squared error
#    points: 0+0
#    says: calcula el error cuadrático
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

# %% wrong: minus in the denominator
#    points: 0+0
#    says: Tu sigmoide resta en el denominador: es e^z / (1 + e^z).
def log_reg(w, b, X):
    return tf.exp(X @ w + b) / (1 - tf.exp(X @ w + b))
def bce(y_true, y_pred):
    p = tf.clip_by_value(y_pred, 1e-7, 1 - 1e-7)
    return -tf.reduce_mean(y_true * tf.math.log(p) + (1 - y_true) * tf.math.log(1 - p))

# %% wrong: from logits
#    points: 0+0
#    says: `bce` toma las probabilidades por logits: `from_logits` sobra.
def log_reg(w, b, X):
    return tf.sigmoid(tf.matmul(X, w) + b)
def bce(y_true, y_pred):
    return tf.reduce_mean(keras.losses.binary_crossentropy(y_true, y_pred, from_logits=True))

# %% wrong: arguments swapped
#    points: 0+0
#    says: `bce` toma las etiquetas por probabilidades: van al revés.
def log_reg(w, b, X):
    return tf.sigmoid(tf.matmul(X, w) + b)
def bce(y_true, y_pred):
    return tf.reduce_mean(keras.losses.binary_crossentropy(y_pred, y_true))
