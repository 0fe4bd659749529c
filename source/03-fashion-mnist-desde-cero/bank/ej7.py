# %% right: argmax and cast
def aciertos(y_real, y_predicho):
    clase = tf.argmax(y_predicho, axis=1)
    return tf.reduce_mean(tf.cast(tf.cast(y_real, tf.int64) == clase, tf.float64))


# %% right: numpy
def aciertos(y_real, y_predicho):
    return np.mean(np.argmax(np.asarray(y_predicho), axis=1) == np.asarray(y_real))


# %% right: loop
def aciertos(y_real, y_predicho):
    bien = 0
    for y, fila in zip(np.asarray(y_real), np.asarray(y_predicho)):
        bien += int(max(range(len(fila)), key=lambda k: fila[k]) == y)
    return bien / len(y_real)


# %% right: softmax first, float32
def aciertos(y_real, y_predicho):
    p = tf.nn.softmax(y_predicho)
    bien = tf.equal(tf.argmax(p, axis=-1, output_type=tf.int32), tf.cast(y_real, tf.int32))
    return tf.reduce_mean(tf.cast(bien, tf.float32))


# %% right: in_top_k
def aciertos(y_real, y_predicho):
    logits = tf.cast(y_predicho, tf.float32)
    bien = tf.math.in_top_k(tf.cast(y_real, tf.int32), logits, 1)
    return float(tf.reduce_mean(tf.cast(bien, tf.float32)))


# %% right: keras metric
def aciertos(y_real, y_predicho):
    return tf.reduce_mean(tf.keras.metrics.sparse_categorical_accuracy(y_real, y_predicho))


# %% right: noisy
def aciertos(y_real, y_predicho):
    import sys
    import warnings

    print("contando")
    warnings.warn("cuidado")
    print("cuidado", file=sys.stderr)
    bien = tf.cast(tf.argmax(y_predicho, 1), tf.int32) == tf.cast(y_real, tf.int32)
    return tf.math.count_nonzero(bien) / len(y_real)


# %% wrong: percentage
#    points: 0+0
#    says: Parece un porcentaje; se pide una fracción entre 0 y 1.
def aciertos(y_real, y_predicho):
    return 100 * np.mean(np.argmax(np.asarray(y_predicho), axis=1) == np.asarray(y_real))


# %% wrong: compares the logits with the labels
#    points: 0+0
#    says: Parece que comparaste etiquetas con logits: primero elige la clase de cada fila.
def aciertos(y_real, y_predicho):
    return np.mean(np.asarray(y_predicho) == np.asarray(y_real).astype(float))


# %% wrong: compares the largest logit
#    points: 0+0
#    says: Parece que comparaste la etiqueta con el logit mayor, y no con su posición.
def aciertos(y_real, y_predicho):
    mayor = tf.reduce_max(y_predicho, axis=1)
    return tf.reduce_mean(tf.cast(mayor == tf.cast(y_real, mayor.dtype), tf.float64))


# %% wrong: count
#    points: 0+0
#    says: Devolviste cuántas acertaste; falta dividir por n.
def aciertos(y_real, y_predicho):
    return np.sum(np.argmax(np.asarray(y_predicho), axis=1) == np.asarray(y_real))


# %% wrong: argmax over the examples
#    points: 0+0
#    says: Buscaste el máximo de cada columna; se busca en cada fila.
def aciertos(y_real, y_predicho):
    return np.mean(np.argmax(np.asarray(y_predicho), axis=0) == np.asarray(y_real))


# %% wrong: errors
#    points: 0+0
#    says: Devolviste la fracción de errores.
def aciertos(y_real, y_predicho):
    return np.mean(np.argmax(np.asarray(y_predicho), axis=1) != np.asarray(y_real))


# %% wrong: integer mean
#    points: 0+0
#    says: El promedio se hizo con enteros: convierte los aciertos a coma flotante.
def aciertos(y_real, y_predicho):
    bien = tf.cast(tf.argmax(y_predicho, 1), tf.int32) == tf.cast(y_real, tf.int32)
    return tf.reduce_mean(tf.cast(bien, tf.int32))


# %% wrong: dtypes that do not match
#    points: 0+0
#    says: TensorFlow no mezcla tipos de número
def aciertos(y_real, y_predicho):
    return tf.reduce_mean(tf.cast(tf.argmax(y_predicho, axis=1) == y_real, tf.float64))


# %% wrong: one value an example
# points: 0+0
# says: Devolviste un valor por ejemplo; falta el promedio.
# from: argmax and cast
# replace: reduce_mean(tf.cast(tf.cast(y_real, tf.int64) == clase, tf.float64)) → cast(tf.cast(y_real, tf.int64) == clase, tf.float64)

# %% wrong: right only where logits are positive
#    points: 0+0
#    says: Tu función se equivoca con logits negativos: no mires su tamaño sin el signo.
def aciertos(y_real, y_predicho):
    z = np.abs(np.asarray(y_predicho))
    return np.mean(np.argmax(z, axis=1) == np.asarray(y_real))

# %% wrong: argmin
#    points: 0+0
#    says: Buscaste el logit menor de cada ejemplo; gana el mayor.
def aciertos(y_real, y_predicho):
    return tf.reduce_mean(tf.cast(tf.argmin(y_predicho, axis=1) == tf.cast(y_real, tf.int64), tf.float64))
