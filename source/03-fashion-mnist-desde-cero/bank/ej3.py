# %% right: matmul
def logistic_regression(x, pesos, bias):
    return tf.matmul(x, pesos) + bias


# %% right: operator
def logistic_regression(x, pesos, bias):
    return x @ pesos + bias


# %% right: bias_add
def logistic_regression(x, pesos, bias):
    return tf.nn.bias_add(tf.linalg.matmul(x, pesos), bias)


# %% right: einsum
def logistic_regression(x, pesos, bias):
    return tf.add(tf.einsum("nd,dk->nk", x, pesos), tf.reshape(bias, (1, -1)))


# %% right: row by row
def logistic_regression(x, pesos, bias):
    filas = [tf.linalg.matvec(pesos, fila, transpose_a=True) + bias for fila in x]
    return tf.stack(filas)


# %% right: flattens first, casts
def logistic_regression(x, pesos, bias):
    x = tf.reshape(tf.cast(x, tf.float64), (-1, 784))
    return tf.tensordot(x, pesos, axes=1) + bias


# %% right: noisy
def logistic_regression(x, pesos, bias):
    import sys
    import warnings

    print("logits de", x.shape)
    warnings.warn("cuidado")
    print("cuidado", file=sys.stderr)
    return tf.matmul(x, pesos) + bias


# %% wrong: softmax applied
#    points: 0
#    says: Parece que ya aplicaste la softmax; se piden los logits.
def logistic_regression(x, pesos, bias):
    return tf.nn.softmax(tf.matmul(x, pesos) + bias)


# %% wrong: no bias
#    points: 0
#    says: Parece que te olvidaste del bias.
def logistic_regression(x, pesos, bias):
    return tf.matmul(x, pesos)


# %% wrong: transposed result
#    points: 0
#    says: Tus logits están traspuestos.
def logistic_regression(x, pesos, bias):
    return tf.transpose(tf.matmul(x, pesos) + bias)


# %% wrong: numpy
#    points: 0
#    says: no llega hasta los pesos
def logistic_regression(x, pesos, bias):
    return x.numpy() @ pesos.numpy() + bias.numpy()


# %% wrong: elementwise product
#    points: 0
#    says: Las formas de dos arrays no encajan
def logistic_regression(x, pesos, bias):
    return x * pesos + bias


# %% wrong: no return
#    points: 0
#    says: devolvió None
def logistic_regression(x, pesos, bias):
    logits = tf.matmul(x, pesos) + bias

# %% wrong: bias subtracted
#    points: 0
#    says: Restaste el bias; se suma.
def logistic_regression(x, pesos, bias):
    return tf.matmul(x, pesos) - bias

# %% wrong: sigmoid
#    points: 0
#    says: Parece que ya aplicaste la sigmoide; se pide el logit tal cual.
def logistic_regression(x, pesos, bias):
    return tf.sigmoid(x @ pesos + bias)
