# %% right: everything in place
def gradiente(x, y, pesos, bias):
    with tf.GradientTape() as cinta:
        logits = tf.matmul(x, pesos) + bias
        perdidas = tf.nn.sparse_softmax_cross_entropy_with_logits(
            labels=tf.cast(y, tf.int32), logits=logits
        )
        perdida = tf.reduce_mean(perdidas)
    return cinta.gradient(perdida, [pesos, bias])


# %% right: with the earlier exercises
def gradiente(x, y, pesos, bias):
    with tf.GradientTape() as tape:
        loss = cross_entropy(y, logistic_regression(x, pesos, bias))
    return tape.gradient(loss, [pesos, bias])


# %% right: tuple, persistent tape
def gradiente(x, y, pesos, bias):
    with tf.GradientTape(persistent=True) as t:
        t.watch([pesos, bias])
        loss = cross_entropy(y, logistic_regression(x, pesos, bias))
    return t.gradient(loss, pesos), t.gradient(loss, bias)


# %% right: numpy results
def gradiente(x, y, pesos, bias):
    with tf.GradientTape() as t:
        loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)(y, x @ pesos + bias)
    dw, db = t.gradient(loss, (pesos, bias))
    return [dw.numpy(), db.numpy()]


# %% right: helper and tf.function
@tf.function
def _paso(x, y, pesos, bias):
    with tf.GradientTape() as t:
        loss = cross_entropy(y, logistic_regression(x, pesos, bias))
    return t.gradient(loss, [pesos, bias])


def gradiente(x, y, pesos, bias):
    return _paso(x, y, pesos, bias)


# %% right: noisy
def gradiente(x, y, pesos, bias):
    import sys
    import warnings

    print("derivando")
    warnings.warn("cuidado")
    print("cuidado", file=sys.stderr)
    with tf.GradientTape() as t:
        y1 = tf.one_hot(tf.cast(y, tf.int64), 10, dtype=tf.float64)
        loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(y1, x @ pesos + bias))
    return t.gradient(loss, [pesos, bias])


# %% wrong: order
# points: 0+0
# says: Los dos gradientes están al revés
# from: with the earlier exercises
# replace: [pesos, bias] → [bias, pesos]

# %% wrong: nothing taped
#    points: 0+0
#    says: tu cinta no vio pasar ni los pesos ni el bias
def gradiente(x, y, pesos, bias):
    loss = cross_entropy(y, logistic_regression(x, pesos, bias))
    with tf.GradientTape() as tape:
        pass
    return tape.gradient(loss, [pesos, bias])


# %% wrong: loss after the tape
#    points: 0+0
#    says: la pérdida no quedó unida a ellos
#    like: nothing taped
def gradiente(x, y, pesos, bias):
    with tf.GradientTape() as tape:
        logits = logistic_regression(x, pesos, bias)
    loss = cross_entropy(y, logits)
    return tape.gradient(loss, [pesos, bias])


# %% wrong: None
# points: 0+0
# says: `gradiente` devolvió None
# from: with the earlier exercises
# replace: return tape.gradient → tape.gradient

# %% wrong: only the weights
# points: 0+0
# says: debe devolver 2 valores
# from: with the earlier exercises
# replace: [pesos, bias] → pesos

# %% wrong: sum of the losses
# points: 0+0
# says: El gradiente sale n veces más grande: la pérdida es el promedio, no la suma.
# from: with the earlier exercises
# replace: (y, logistic_regression(x, pesos, bias)) → (y, logistic_regression(x, pesos, bias)) * len(x)

# %% wrong: descends too
#    points: 0+0
#    says: Tu función cambió los pesos o el bias
def gradiente(x, y, pesos, bias):
    with tf.GradientTape() as tape:
        loss = cross_entropy(y, logistic_regression(x, pesos, bias))
    g = tape.gradient(loss, [pesos, bias])
    pesos.assign_sub(0.01 * g[0])
    bias.assign_sub(0.01 * g[1])
    return g


# %% wrong: minus sign
# points: 0+0
# says: Tus gradientes tienen el signo cambiado: se pide la derivada de la pérdida.
# from: with the earlier exercises
# replace: cross_entropy → -cross_entropy

# %% wrong: constant bias
# points: 0+0
# says: la pérdida quedó unida a uno solo de los dos parámetros
# from: with the earlier exercises
# replace: x, pesos, bias → x, pesos, tf.constant(bias.numpy())

# %% wrong: forgets the bias in the logits
# points: 0+0
# says: Parece que calculaste la pérdida sin el bias en los logits.
# from: with the earlier exercises
# replace: logistic_regression(x, pesos, bias) → tf.matmul(x, pesos) + bias - bias.numpy()

# %% wrong: bias subtracted
# points: 0+0
# says: Restaste bias: en los logits se suma.
# from: everything in place
# replace: tf.matmul(x, pesos) + bias → tf.matmul(x, pesos) - bias
