# %% right: slices
def evaluar(x, y, pesos, bias, lote):
    bien = 0
    for i in range(0, len(x), lote):
        logits = tf.matmul(x[i : i + lote], pesos) + bias
        clase = tf.argmax(logits, axis=1).numpy()
        bien += int((clase == y[i : i + lote]).sum())
    return bien / len(x)


# %% right: with the earlier exercises
def evaluar(x, y, pesos, bias, lote):
    total = 0.0
    for i in range(0, len(x), lote):
        trozo = slice(i, i + lote)
        logits = logistic_regression(x[trozo], pesos, bias)
        total += float(aciertos(y[trozo], logits)) * len(x[trozo])
    return total / len(x)


# %% right: one pass
def evaluar(x, y, pesos, bias, lote):
    return float(aciertos(y, logistic_regression(x, pesos, bias)))


# %% right: one pass, numpy
def evaluar(x, y, pesos, bias, lote):
    return np.mean(np.argmax(np.asarray(x) @ pesos.numpy() + bias.numpy(), axis=1) == np.asarray(y))


# %% right: tf.data, weighted
def evaluar(x, y, pesos, bias, lote):
    bien, vistos = 0.0, 0
    for xb, yb in tf.data.Dataset.from_tensor_slices((x, y)).batch(lote):
        clase = tf.argmax(xb @ pesos + bias, axis=1)
        bien += tf.reduce_sum(tf.cast(clase == tf.cast(yb, tf.int64), tf.float32))
        vistos += xb.shape[0]
    return bien / vistos


# %% right: keras metric
def evaluar(x, y, pesos, bias, lote):
    metrica = tf.keras.metrics.SparseCategoricalAccuracy()
    for xb, yb in tf.data.Dataset.from_tensor_slices((x, y)).batch(lote):
        metrica.update_state(yb, tf.matmul(xb, pesos) + bias)
    return metrica.result()


# %% right: noisy
def evaluar(x, y, pesos, bias, lote):
    import sys
    import warnings

    print("evaluando")
    warnings.warn("cuidado")
    print("cuidado", file=sys.stderr)
    clases = [int(tf.argmax(tf.linalg.matvec(pesos, f, transpose_a=True) + bias)) for f in x]
    return sum(int(a) == int(b) for a, b in zip(clases, y)) / len(y)


# %% wrong: only the last batch
#    points: 0+0
#    says: Parece que solo cuenta el último lote.
def evaluar(x, y, pesos, bias, lote):
    for i in range(0, len(x), lote):
        resultado = aciertos(y[i : i + lote], logistic_regression(x[i : i + lote], pesos, bias))
    return resultado


# %% wrong: only the first batch
#    points: 0+0
#    says: Parece que solo cuenta el primer lote: ¿hay un `return` dentro del bucle?
def evaluar(x, y, pesos, bias, lote):
    for i in range(0, len(x), lote):
        return aciertos(y[i : i + lote], logistic_regression(x[i : i + lote], pesos, bias))


# %% wrong: mean of the batches' means
#    points: 0+0
#    says: Parece que promediaste los promedios de los lotes: no todos pesan igual.
def evaluar(x, y, pesos, bias, lote):
    partes = [
        aciertos(y[i : i + lote], logistic_regression(x[i : i + lote], pesos, bias))
        for i in range(0, len(x), lote)
    ]
    return np.mean(partes)


# %% wrong: drops the rest
#    points: 0+0
#    says: Parece que dejaste fuera los ejemplos del último lote, el incompleto.
def evaluar(x, y, pesos, bias, lote):
    partes = [
        aciertos(y[i : i + lote], logistic_regression(x[i : i + lote], pesos, bias))
        for i in range(0, len(x) - lote + 1, lote)
    ]
    return np.mean(partes)


# %% wrong: drops the rest but divides by all
#    points: 0+0
#    says: Divides por todos los ejemplos, pero los del último lote no los cuentas entre los aciertos.
def evaluar(x, y, pesos, bias, lote):
    bien = 0.0
    for i in range(0, len(x) - lote + 1, lote):
        parte = aciertos(y[i : i + lote], logistic_regression(x[i : i + lote], pesos, bias))
        bien += float(parte) * lote
    return bien / len(x)


# %% wrong: divides as if every batch were full
#    points: 0+0
#    says: Divides como si todos los lotes estuvieran completos.
def evaluar(x, y, pesos, bias, lote):
    bien, lotes = 0, 0
    for i in range(0, len(x), lote):
        clase = np.argmax(np.asarray(x[i : i + lote]) @ pesos.numpy() + bias.numpy(), axis=1)
        bien += (clase == np.asarray(y[i : i + lote])).sum()
        lotes += 1
    return bien / (lotes * lote)


# %% wrong: percentage
#    points: 0+0
#    says: Parece un porcentaje: se pide una fracción entre 0 y 1.
def evaluar(x, y, pesos, bias, lote):
    return 100 * float(aciertos(y, logistic_regression(x, pesos, bias)))


# %% wrong: count
#    points: 0+0
#    says: Devolviste cuántas acertaste; falta dividir por n.
def evaluar(x, y, pesos, bias, lote):
    return len(y) * float(aciertos(y, logistic_regression(x, pesos, bias)))


# %% wrong: bias forgotten
#    points: 0+0
#    says: Tus logits no llevan el bias.
def evaluar(x, y, pesos, bias, lote):
    return float(aciertos(y, tf.matmul(x, pesos)))


# %% wrong: fails where the batch is larger than the data
#    points: 0+0
#    says: un lote más grande que los datos falla
def evaluar(x, y, pesos, bias, lote):
    assert lote <= len(x), "lote demasiado grande"
    return float(aciertos(y, logistic_regression(x, pesos, bias)))

# %% wrong: counts from one
# points: 0+0
# says: Cuentas un acierto de más: el contador parte de 0.
def evaluar(x, y, pesos, bias, lote):
    correctas = 1
    for inicio in range(0, len(x), lote):
        z = tf.matmul(x[inicio : inicio + lote], pesos) + bias
        clases = tf.argmax(z, axis=1).numpy()
        correctas += int(np.sum(clases == y[inicio : inicio + lote]))
    return correctas / len(x)
