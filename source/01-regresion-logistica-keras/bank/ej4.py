# %% right: fit
def entrenar(modelo, x, y, epocas, lote):
    historia = modelo.fit(x, y, epochs=epocas, batch_size=lote, verbose=0)
    return historia.history["loss"]

# %% right: an epoch at a time, noisy
def entrenar(modelo, x, y, epocas, lote):
    import sys
    import warnings

    warnings.warn("ojo")
    print("empieza", file=sys.stderr)
    perdidas = []
    for epoca in range(epocas):
        historia = modelo.fit(x, y, epochs=1, batch_size=lote, verbose=2)
        perdidas.append(historia.history["loss"][0])
    return perdidas

# %% right: tf.data
def entrenar(modelo, x, y, epocas, lote):
    datos = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x)).batch(lote)
    return list(modelo.fit(datos, epochs=epocas, verbose=0).history["loss"])

# %% right: callback
def entrenar(modelo, x, y, epocas, lote):
    perdidas = []
    anota = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoca, logs: perdidas.append(float(logs["loss"]))
    )
    modelo.fit(x, y, lote, epocas, verbose=0, callbacks=[anota])
    return perdidas

# %% right: train_on_batch by hand
def entrenar(modelo, x, y, epocas, lote):
    x, y = np.asarray(x), np.asarray(y)
    perdidas = []
    for _ in range(epocas):
        orden, suma = np.random.permutation(len(x)), 0.0
        for i in range(0, len(x), lote):
            parte = orden[i : i + lote]
            modelo.reset_metrics()
            suma += float(np.ravel(modelo.train_on_batch(x[parte], y[parte]))[0]) * len(parte)
        perdidas.append(suma / len(x))
    return perdidas

# %% right: tape and NumPy array
def entrenar(modelo, x, y, epocas, lote):
    x, y = np.asarray(x, dtype="float32"), np.asarray(y)
    perdidas = np.zeros(epocas)
    for e in range(epocas):
        for i in range(0, len(x), lote):
            with tf.GradientTape() as cinta:
                por_ejemplo = keras.losses.sparse_categorical_crossentropy(
                    y[i : i + lote], modelo(x[i : i + lote])
                )
                perdida = tf.reduce_mean(por_ejemplo)
            pesos = modelo.trainable_variables
            modelo.optimizer.apply_gradients(zip(cinta.gradient(perdida, pesos), pesos))
            perdidas[e] += float(tf.reduce_sum(por_ejemplo)) / len(x)
    return perdidas

# %% wrong: not started
#    points: 0+0
#    says: Todavía no escribiste
def entrenar(modelo, x, y, epocas, lote):
    raise NotImplementedError()

# %% wrong: only the last loss
#    points: 0+0
#    says: Devolviste un solo número: va una pérdida por época.
def entrenar(modelo, x, y, epocas, lote):
    return modelo.fit(x, y, epochs=epocas, batch_size=lote, verbose=0).history["loss"][-1]

# %% wrong: only the last loss, in a list
#    points: 0+0
#    says: Tu lista tiene un solo valor: va la pérdida de todas las épocas.
def entrenar(modelo, x, y, epocas, lote):
    return modelo.fit(x, y, epochs=epocas, batch_size=lote, verbose=0).history["loss"][-1:]

# %% wrong: History object
#    points: 0+0
#    says: de tipo `History`
def entrenar(modelo, x, y, epocas, lote):
    return modelo.fit(x, y, epochs=epocas, batch_size=lote, verbose=0)

# %% wrong: the whole dictionary
#    points: 0+0
#    says: de tipo `dict`
def entrenar(modelo, x, y, epocas, lote):
    return modelo.fit(x, y, epochs=epocas, batch_size=lote, verbose=0).history

# %% wrong: fixed number of epochs
#    points: 0+0
#    says: La lista no tiene un valor por época: ¿usas `epocas` o entrenas siempre la misma cantidad?
def entrenar(modelo, x, y, epocas, lote):
    return modelo.fit(x, y, epochs=10, batch_size=lote, verbose=0).history["loss"]

# %% wrong: ignores the batch
#    points: 0+0
#    says: La cantidad de pasos no sale de `lote`.
def entrenar(modelo, x, y, epocas, lote):
    return modelo.fit(x, y, epochs=epocas, verbose=0).history["loss"]

# %% wrong: trains another model
#    points: 0+0
#    says: El modelo recibido quedó como estaba: ¿entrenaste otro?
def entrenar(modelo, x, y, epocas, lote):
    otro = keras.models.clone_model(modelo)
    otro.compile(optimizer="sgd", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return otro.fit(x, y, epochs=epocas, batch_size=lote, verbose=0).history["loss"]

# %% wrong: compiles the model anew
#    points: 0+0
#    says: El modelo no quedó como lo deja su propio optimizador: ¿lo compilaste de nuevo?
def entrenar(modelo, x, y, epocas, lote):
    modelo.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return modelo.fit(x, y, epochs=epocas, batch_size=lote, verbose=0).history["loss"]

# %% wrong: loss after each epoch
#    points: 0+0
#    says: Mides la pérdida al terminar cada época; va la media durante la época.
def entrenar(modelo, x, y, epocas, lote):
    perdidas = []
    for _ in range(epocas):
        modelo.fit(x, y, epochs=1, batch_size=lote, verbose=0)
        perdidas.append(float(np.ravel(modelo.evaluate(x, y, verbose=0))[0]))
    return perdidas

# %% wrong: last batch of each epoch
#    points: 0+0
#    says: Anotas solo el último lote de cada época; va la media sobre todos.
def entrenar(modelo, x, y, epocas, lote):
    perdidas = []
    for _ in range(epocas):
        for i in range(0, len(x), lote):
            modelo.reset_metrics()
            ultima = np.ravel(modelo.train_on_batch(x[i : i + lote], y[i : i + lote]))[0]
        perdidas.append(float(ultima))
    return perdidas

# %% wrong: loss of each batch
#    points: 0+0
#    says: Anotaste la pérdida de cada lote; va una por época.
def entrenar(modelo, x, y, epocas, lote):
    perdidas = []
    for _ in range(epocas):
        for i in range(0, len(x), lote):
            modelo.reset_metrics()
            perdidas.append(float(np.ravel(modelo.train_on_batch(x[i : i + lote], y[i : i + lote]))[0]))
    return perdidas

# %% wrong: accuracy in place of loss
#    points: 0+0
#    says: Eso es la exactitud de cada época; se pide la pérdida.
def entrenar(modelo, x, y, epocas, lote):
    return modelo.fit(x, y, epochs=epocas, batch_size=lote, verbose=0).history["accuracy"]

# %% wrong: no return
#    points: 0+0
#    says: devolvió None
def entrenar(modelo, x, y, epocas, lote):
    modelo.fit(x, y, epochs=epocas, batch_size=lote, verbose=0)

# %% right: goes on from the epoch before, as an array
def entrenar(modelo, x, y, epocas, lote):
    perdidas = []
    for epoca in range(epocas):
        historia = modelo.fit(x, y, lote, epochs=epoca + 1, initial_epoch=epoca, verbose=0)
        perdidas += historia.history["loss"]
    return np.array(perdidas, dtype="float32")

# %% wrong: all the epochs in each turn of a loop
#    points: 0+0
#    says: Tu lista tiene listas dentro: va un solo número por época (¿`fit` en un bucle?).
def entrenar(modelo, x, y, epocas, lote):
    perdidas = []
    for _ in range(epocas):
        perdidas.append(modelo.fit(x, y, epochs=epocas, batch_size=lote, verbose=0).history["loss"])
    return perdidas

# %% wrong: all the epochs in each turn of a loop, the last loss of each
#    points: 0+0
#    says: Hay más pasos de los pedidos: ¿`fit` con todas las épocas dentro de un bucle?
def entrenar(modelo, x, y, epocas, lote):
    return [
        modelo.fit(x, y, epochs=epocas, batch_size=lote, verbose=0).history["loss"][-1]
        for _ in range(epocas)
    ]

# %% wrong: leaves the short batch out
#    points: 0+0
#    says: Dejas fuera el último lote, que es más corto: también se entrena.
def entrenar(modelo, x, y, epocas, lote):
    n = len(x) // lote * lote
    return modelo.fit(x[:n], y[:n], epochs=epocas, batch_size=lote, verbose=0).history["loss"]

# %% wrong: mean of the batches' means
#    points: 0+0
#    says: Promedias los lotes como si fueran iguales: el último tiene menos ejemplos.
def entrenar(modelo, x, y, epocas, lote):
    perdidas = []
    for _ in range(epocas):
        por_lote = []
        for i in range(0, len(x), lote):
            modelo.reset_metrics()
            por_lote.append(float(np.ravel(modelo.train_on_batch(x[i : i + lote], y[i : i + lote]))[0]))
        perdidas.append(np.mean(por_lote))
    return perdidas

# %% wrong: epochs and batch by position
#    points: 0+0
#    says: La lista tiene `lote` pérdidas: por posición, `fit` recibe antes el lote que las épocas. Escribe `epochs=` y `batch_size=`.
def entrenar(modelo, x, y, epocas, lote):
    h = modelo.fit(x, y, epocas, lote, verbose=0)
    return h.history["loss"]

# %% wrong: all epochs in each turn
#    points: 0+0
#    says: Entrenaste todas las épocas en cada vuelta del bucle: salen más pasos de los pedidos.
def entrenar(modelo, x, y, epocas, lote):
    perdidas = []
    for e in range(epocas):
        h = modelo.fit(x, y, epochs=epocas, batch_size=lote, verbose=0)
        perdidas.append(h.history["loss"][0])
    return perdidas

# %% wrong: one epoch
# points: 0+0
# says: Entrenaste una sola época: ¿le pasas `epocas` a `fit`?
# from: fit
# replace: epochs=epocas, batch_size → batch_size
