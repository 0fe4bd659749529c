# %% right: library
def cross_entropy(y_real, y_pred):
    y = tf.cast(y_real, tf.int32)
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=y_pred))


# %% right: logsumexp and gather
def cross_entropy(y_real, y_pred):
    y = tf.cast(y_real, tf.int64)
    propios = tf.gather(y_pred, y, batch_dims=1)
    return tf.reduce_mean(tf.reduce_logsumexp(y_pred, axis=1) - propios)


# %% right: one hot and log_softmax
def cross_entropy(y_real, y_pred):
    y = tf.one_hot(y_real, y_pred.shape[-1], dtype=y_pred.dtype)
    return -tf.reduce_mean(tf.reduce_sum(y * tf.nn.log_softmax(y_pred), axis=-1))


# %% right: keras function
def cross_entropy(y_real, y_pred):
    return tf.reduce_mean(
        tf.keras.losses.sparse_categorical_crossentropy(y_real, y_pred, from_logits=True)
    )


# %% right: keras class, float32
def cross_entropy(y_real, y_pred):
    return tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)(y_real, y_pred)


# %% right: by hand, subtracting the largest
def cross_entropy(y_real, y_pred):
    z = y_pred - tf.reduce_max(y_pred, axis=1, keepdims=True)
    log_p = z - tf.math.log(tf.reduce_sum(tf.exp(z), axis=1, keepdims=True))
    n = tf.shape(z)[0]
    indices = tf.stack([tf.range(n), tf.cast(y_real, tf.int32)], axis=1)
    return -tf.reduce_sum(tf.gather_nd(log_p, indices)) / tf.cast(n, log_p.dtype)


# %% right: loop over examples
def cross_entropy(y_real, y_pred):
    total = 0.0
    for k in range(len(y_real)):
        total += tf.reduce_logsumexp(y_pred[k]) - y_pred[k][int(y_real[k])]
    return total / len(y_real)


# %% right: noisy
def cross_entropy(y_real, y_pred):
    import sys
    import warnings

    print("pérdida")
    warnings.warn("cuidado")
    print("cuidado", file=sys.stderr)
    y = tf.one_hot(tf.cast(y_real, tf.int32), tf.shape(y_pred)[1], dtype=y_pred.dtype)
    return tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=y_pred))


# %% wrong: sum
# points: 0+0
# says: Parece que sumaste los ejemplos; se pide el promedio.
# from: library
# replace: tf.reduce_mean → tf.reduce_sum

# %% wrong: clipped probabilities
#    points: 0+0
#    says: Parece que recortaste las probabilidades (`clip` o un épsilon): con logits enormes la pérdida deja de crecer.
def cross_entropy(y_real, y_pred):
    p = tf.clip_by_value(tf.nn.softmax(y_pred), 1e-10, 1.0)
    y = tf.one_hot(y_real, y_pred.shape[1], dtype=p.dtype)
    return -tf.reduce_mean(tf.reduce_sum(y * tf.math.log(p), axis=1))


# %% wrong: logarithm of the logits
#    points: 0+0
#    says: Parece que tomaste el logaritmo de los logits, como si fueran probabilidades.
def cross_entropy(y_real, y_pred):
    y = tf.one_hot(y_real, y_pred.shape[1], dtype=y_pred.dtype)
    return -tf.reduce_mean(tf.reduce_sum(y * tf.math.log(y_pred), axis=1))


# %% wrong: library that takes probabilities
#    points: 0+0
#    says: La función que usaste tomó tus logits por probabilidades: ¿tiene `from_logits`?
def cross_entropy(y_real, y_pred):
    return tf.reduce_mean(tf.keras.losses.sparse_categorical_crossentropy(y_real, y_pred))


# %% wrong: overflows
#    points: 0+0
#    says: Con logits de ±1000 el logaritmo de la softmax desborda: da NaN o infinito.
def cross_entropy(y_real, y_pred):
    e = tf.exp(y_pred)
    p = e / tf.reduce_sum(e, axis=1, keepdims=True)
    propias = tf.gather(p, tf.cast(y_real, tf.int32), batch_dims=1)
    return -tf.reduce_mean(tf.math.log(propias))


# %% wrong: softmax twice
#    points: 0+0
#    says: Parece que aplicaste la softmax dos veces.
def cross_entropy(y_real, y_pred):
    y = tf.cast(y_real, tf.int32)
    p = tf.nn.softmax(y_pred)
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=p))


# %% wrong: sign
#    points: 0+0
#    says: Te falta el signo menos: una pérdida no es negativa.
def cross_entropy(y_real, y_pred):
    propios = tf.gather(y_pred, tf.cast(y_real, tf.int32), batch_dims=1)
    return tf.reduce_mean(propios - tf.reduce_logsumexp(y_pred, axis=1))


# %% wrong: one loss an example
# points: 0+0
# says: Devolviste una pérdida por ejemplo; falta el promedio.
# from: library
# replace: reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=y_pred)) → nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=y_pred)

# %% wrong: mean over the classes too
#    points: 0+0
#    says: Parece que promediaste también sobre las clases.
def cross_entropy(y_real, y_pred):
    y = tf.one_hot(y_real, y_pred.shape[1], dtype=y_pred.dtype)
    return -tf.reduce_mean(y * tf.nn.log_softmax(y_pred))


# %% wrong: labels not converted
#    points: 0+0
#    says: con uint8 falla: conviértelas
def cross_entropy(y_real, y_pred):
    return tf.reduce_mean(
        tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y_real, logits=y_pred)
    )


# %% wrong: numpy
#    points: 0+0
#    says: a cinta no puede derivar tu pérdida
def cross_entropy(y_real, y_pred):
    z, y = np.asarray(y_pred), np.asarray(y_real).astype(int)
    z = z - z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y])

# %% wrong: softmax over the examples
#    points: 0+0
#    says: Tu softmax suma 1 sobre los ejemplos; debe sumar 1 sobre las clases.
def cross_entropy(y_real, y_pred):
    y = tf.one_hot(tf.cast(y_real, tf.int32), y_pred.shape[1], dtype=tf.float64)
    return -tf.reduce_mean(tf.reduce_sum(y * tf.nn.log_softmax(y_pred, axis=0), axis=1))

# %% wrong: squared error
#    points: 0+0
#    says: Mediste el error cuadrático de las probabilidades; se pide la entropía cruzada.
def cross_entropy(y_real, y_pred):
    y = tf.one_hot(tf.cast(y_real, tf.int32), y_pred.shape[1], dtype=tf.float64)
    return tf.reduce_mean(tf.square(y - tf.nn.softmax(y_pred)))
