# %% right: one hot
def gradiente_analitico(x, y, pesos, bias):
    p = tf.nn.softmax(tf.matmul(x, pesos) + bias)
    delta = (p - tf.one_hot(y, 10, dtype=p.dtype)) / tf.cast(tf.shape(x)[0], p.dtype)
    return [tf.matmul(x, delta, transpose_a=True), tf.reduce_sum(delta, axis=0)]


# %% right: with an earlier exercise
def gradiente_analitico(x, y, pesos, bias):
    p = tf.nn.softmax(logistic_regression(x, pesos, bias))
    delta = p - tf.one_hot(tf.cast(y, tf.int32), 10, dtype=tf.float64)
    return [tf.transpose(x) @ delta / len(x), tf.reduce_mean(delta, axis=0)]


# %% right: numpy
def gradiente_analitico(x, y, pesos, bias):
    x, y, w, b = (np.asarray(v) for v in (x, y, pesos, bias))
    z = x @ w + b
    e = np.exp(z - z.max(axis=1, keepdims=True))
    d = e / e.sum(axis=1, keepdims=True)
    d[np.arange(len(y)), y] -= 1
    d /= len(y)
    return x.T @ d, d.sum(axis=0)


# %% right: loop over examples
def gradiente_analitico(x, y, pesos, bias):
    dw, db = 0.0, 0.0
    for k in range(len(x)):
        p = tf.nn.softmax(tf.linalg.matvec(pesos, x[k], transpose_a=True) + bias)
        delta = p - tf.one_hot(y[k], 10, dtype=tf.float64)
        dw += tf.tensordot(x[k], delta, axes=0)
        db += delta
    return [dw / len(x), db / len(x)]


# %% right: einsum, single precision
def gradiente_analitico(x, y, pesos, bias):
    x, w, b = (tf.cast(v, tf.float32) for v in (x, pesos, bias))
    delta = tf.nn.softmax(x @ w + b) - tf.one_hot(y, 10)
    return [tf.einsum("nd,nk->dk", x, delta) / len(x), tf.reduce_mean(delta, 0)]


# %% right: noisy
def gradiente_analitico(x, y, pesos, bias):
    import sys
    import warnings

    print("a mano")
    warnings.warn("cuidado")
    print("cuidado", file=sys.stderr)
    delta = tf.nn.softmax(x @ pesos + bias) - np.eye(10)[np.asarray(y)]
    n = x.shape[0]
    return [tf.transpose(x) @ (delta / n), tf.reduce_sum(delta / n, axis=0)]


# %% wrong: not divided by n
# points: 0+0
# says: Falta dividir por n: es un promedio.
def gradiente_analitico(x, y, pesos, bias):
    delta = tf.nn.softmax(x @ pesos + bias) - tf.one_hot(y, 10, dtype=tf.float64)
    return [tf.transpose(x) @ delta, tf.reduce_sum(delta, axis=0)]


# %% wrong: sign
# points: 0+0
# says: El signo está al revés: es P − Y.
def gradiente_analitico(x, y, pesos, bias):
    delta = (tf.one_hot(y, 10, dtype=tf.float64) - tf.nn.softmax(x @ pesos + bias)) / len(x)
    return [tf.transpose(x) @ delta, tf.reduce_sum(delta, axis=0)]


# %% wrong: bias not summed
# points: 0+0
# says: `dbias` tiene una fila por ejemplo: falta sumar sobre el lote.
def gradiente_analitico(x, y, pesos, bias):
    delta = (tf.nn.softmax(x @ pesos + bias) - tf.one_hot(y, 10, dtype=tf.float64)) / len(x)
    return [tf.transpose(x) @ delta, delta]


# %% wrong: bias summed over classes
# points: 0+0
# says: Sumaste dbias sobre las clases: se suma sobre los ejemplos y queda una por clase.
def gradiente_analitico(x, y, pesos, bias):
    delta = (tf.nn.softmax(x @ pesos + bias) - tf.one_hot(y, 10, dtype=tf.float64)) / len(x)
    return [tf.transpose(x) @ delta, tf.reduce_sum(delta, axis=1)]


# %% wrong: tape
# points: 0+0
# says: Entraste en un `GradientTape`
def gradiente_analitico(x, y, pesos, bias):
    with tf.GradientTape() as tape:
        loss = cross_entropy(y, logistic_regression(x, pesos, bias))
    return tape.gradient(loss, [pesos, bias])


# %% wrong: bias divided twice
# points: 0+0
# says: Parece que dividiste dbias dos veces por n: promediaste lo que ya era un promedio.
def gradiente_analitico(x, y, pesos, bias):
    delta = (tf.nn.softmax(x @ pesos + bias) - tf.one_hot(y, 10, dtype=tf.float64)) / len(x)
    return [tf.transpose(x) @ delta, tf.reduce_mean(delta, axis=0)]


# %% wrong: bias not divided
# points: 0+0
# says: Parece que dividiste dpesos por n, pero no dbias.
def gradiente_analitico(x, y, pesos, bias):
    delta = tf.nn.softmax(x @ pesos + bias) - tf.one_hot(y, 10, dtype=tf.float64)
    return [tf.transpose(x) @ delta / len(x), tf.reduce_sum(delta, axis=0)]


# %% wrong: order
# points: 0+0
# says: Los dos gradientes están al revés: primero el de los pesos, después el del bias.
def gradiente_analitico(x, y, pesos, bias):
    delta = (tf.nn.softmax(x @ pesos + bias) - tf.one_hot(y, 10, dtype=tf.float64)) / len(x)
    return [tf.reduce_sum(delta, axis=0), tf.transpose(x) @ delta]


# %% wrong: no softmax
# points: 0+0
# says: Parece que restaste el one-hot a los logits: falta la softmax.
def gradiente_analitico(x, y, pesos, bias):
    delta = (x @ pesos + bias - tf.one_hot(y, 10, dtype=tf.float64)) / len(x)
    return [tf.transpose(x) @ delta, tf.reduce_sum(delta, axis=0)]


# %% wrong: softmax over the batch
# points: 0+0
# says: Tu softmax normaliza por columna: cada fila (cada imagen) debe sumar 1.
def gradiente_analitico(x, y, pesos, bias):
    p = tf.nn.softmax(x @ pesos + bias, axis=0)
    delta = (p - tf.one_hot(y, 10, dtype=tf.float64)) / len(x)
    return [tf.transpose(x) @ delta, tf.reduce_sum(delta, axis=0)]


# %% wrong: transposed
# points: 0+0
# says: `dpesos` está traspuesto: debe ser (784, 10), como los pesos.
def gradiente_analitico(x, y, pesos, bias):
    delta = (tf.nn.softmax(x @ pesos + bias) - tf.one_hot(y, 10, dtype=tf.float64)) / len(x)
    return [tf.transpose(delta) @ x, tf.reduce_sum(delta, axis=0)]


# %% wrong: bias left out of the logits
# points: 0+0
# says: Parece que calculaste las probabilidades sin el bias en los logits.
def gradiente_analitico(x, y, pesos, bias):
    delta = (tf.nn.softmax(x @ pesos) - tf.one_hot(y, 10, dtype=tf.float64)) / len(x)
    return [tf.transpose(x) @ delta, tf.reduce_sum(delta, axis=0)]

# %% wrong: bias subtracted
# points: 0+0
# says: Restaste bias: en los logits se suma.
# from: one hot
# replace: tf.matmul(x, pesos) + bias → tf.matmul(x, pesos) - bias

# %% wrong: sigmoid
# points: 0+0
# says: Parece que usaste sigmoid: las probabilidades son las de softmax.
# from: one hot
# replace: tf.nn.softmax( → tf.nn.sigmoid(

# %% wrong: labels forgotten
# points: 0+0
# says: El error son las probabilidades menos las etiquetas: falta restar las etiquetas.
def gradiente_analitico(x, y, pesos, bias):
    probabilidades = tf.nn.softmax(tf.matmul(x, pesos) + bias)
    error = probabilidades
    error = error / len(x)
    return [tf.matmul(x, error, transpose_a=True), tf.reduce_sum(error, axis=0)]

# %% wrong: labels added
# points: 0+0
# says: Sumaste las etiquetas a las probabilidades: se restan.
def gradiente_analitico(x, y, pesos, bias):
    probabilidades = tf.nn.softmax(tf.matmul(x, pesos) + bias)
    error = probabilidades + tf.one_hot(tf.cast(y, tf.int32), 10, dtype=tf.float64)
    error = error / len(x)
    return [tf.matmul(x, error, transpose_a=True), tf.reduce_sum(error, axis=0)]

# %% wrong: one number for the bias
# points: 0+0
# says: `dbias` es un solo número: suma el error de cada clase por separado.
def gradiente_analitico(x, y, pesos, bias):
    probabilidades = tf.nn.softmax(tf.matmul(x, pesos) + bias)
    error = probabilidades - tf.one_hot(tf.cast(y, tf.int32), 10, dtype=tf.float64)
    error = error / len(x)
    return [tf.matmul(x, error, transpose_a=True), tf.reduce_sum(error)]

# %% wrong: labels without one-hot
# points: 0+0
# says: Restaste el número de la clase a todas las probabilidades: pásala antes a one-hot.
def gradiente_analitico(x, y, pesos, bias):
    P = tf.nn.softmax(x @ pesos + bias)
    n = x.shape[0]
    d = P - tf.cast(tf.reshape(y, (-1, 1)), tf.float64)
    return [tf.transpose(x) @ d / n, tf.reduce_sum(d, axis=0) / n]

# %% wrong: divided by the pixels
# points: 0+0
# says: Dividiste dpesos por la cantidad de píxeles; se divide por n, la de ejemplos.
def gradiente_analitico(x, y, pesos, bias):
    P = tf.nn.softmax(x @ pesos + bias)
    Y = tf.one_hot(tf.cast(y, tf.int32), 10, dtype=tf.float64)
    return [tf.transpose(x) @ (P - Y) / x.shape[1], tf.reduce_mean(P - Y, axis=0)]
