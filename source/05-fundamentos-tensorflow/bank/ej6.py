# %% right: tape, Keras loss
def entrenar_log_reg(X, Y, pasos, tasa):
    w, b = tf.Variable([[1.0], [-1.0]]), tf.Variable(0.5)
    perdida, losses = keras.losses.BinaryCrossentropy(), []
    for _ in range(pasos):
        with tf.GradientTape() as tape:
            loss = perdida(Y, tf.sigmoid(X @ w + b))
        dw, db = tape.gradient(loss, [w, b])
        w.assign_sub(tasa * dw)
        b.assign_sub(tasa * db)
        losses.append(float(loss))
    return w, b, losses

# %% right: an optimizer, losses after each step
def entrenar_log_reg(X, Y, pasos, tasa):
    w = tf.Variable(tf.constant([[1.0], [-1.0]]))
    b = tf.Variable(tf.constant(0.5))
    sgd = keras.optimizers.SGD(learning_rate=tasa)

    def perdida():
        z = X @ w + b
        return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=Y, logits=z))

    losses = []
    for _ in range(pasos):
        with tf.GradientTape() as tape:
            loss = perdida()
        grads = tape.gradient(loss, [w, b])
        sgd.apply_gradients(zip(grads, [w, b]))
        losses.append(perdida())
    return w, b, losses

# %% right: NumPy, gradient by formula
def entrenar_log_reg(X, Y, pasos, tasa):
    X, Y = np.array(X, dtype=float), np.array(Y, dtype=float)
    w, b, losses = np.array([[1.0], [-1.0]]), 0.5, np.empty(pasos)
    for i in range(pasos):
        p = 1 / (1 + np.exp(-(X @ w + b)))
        losses[i] = -np.mean(Y * np.log(p) + (1 - Y) * np.log(1 - p))
        w = w - tasa * X.T @ (p - Y) / len(X)
        b = b - tasa * np.mean(p - Y)
    return w, b, losses

# %% right: compiled step, clipped logarithm
def entrenar_log_reg(X, Y, pasos, tasa):
    w, b = tf.Variable([[1.0], [-1.0]]), tf.Variable([0.5])

    @tf.function
    def paso():
        with tf.GradientTape() as tape:
            p = tf.clip_by_value(tf.sigmoid(X @ w + b), 1e-7, 1 - 1e-7)
            loss = -tf.reduce_mean(Y * tf.math.log(p) + (1 - Y) * tf.math.log(1 - p))
        dw, db = tape.gradient(loss, (w, b))
        w.assign_sub(tasa * dw)
        b.assign_sub(tasa * db)
        return loss

    losses = [paso().numpy() for _ in range(pasos)]
    return w.numpy(), b.numpy(), losses

# %% right: Keras fit, one batch an epoch
def entrenar_log_reg(X, Y, pasos, tasa):
    modelo = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1, activation="sigmoid")])
    modelo.set_weights([np.array([[1.0], [-1.0]]), np.array([0.5])])
    modelo.compile(optimizer=keras.optimizers.SGD(tasa), loss="binary_crossentropy")
    historia = modelo.fit(X, Y, epochs=pasos, batch_size=len(X), verbose=0)
    w, b = modelo.get_weights()
    return w, b[0], historia.history["loss"]

# %% right: float64 constants
def entrenar_log_reg(X, Y, pasos, tasa):
    X, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    w, b = tf.constant([[1.0], [-1.0]], tf.float64), tf.constant(0.5, tf.float64)
    losses = []
    while len(losses) < pasos:
        with tf.GradientTape() as tape:
            tape.watch([w, b])
            z = X @ w + b
            loss = tf.reduce_mean(tf.math.softplus(z) - Y * z)
        dw, db = tape.gradient(loss, [w, b])
        w, b = w - tasa * dw, b - tasa * db
        losses.append(loss.numpy())
    return [w, b, losses]

# %% right: noisy
import logging
import sys


def entrenar_log_reg(X, Y, pasos, tasa):
    w, b = tf.Variable([[1.0], [-1.0]]), tf.Variable(0.5)
    perdida, losses = keras.losses.BinaryCrossentropy(), []
    for paso in range(pasos):
        with tf.GradientTape() as tape:
            loss = perdida(Y, tf.sigmoid(X @ w + b))
        dw, db = tape.gradient(loss, [w, b])
        w.assign_sub(tasa * dw)
        b.assign_sub(tasa * db)
        losses.append(loss)
        print(paso, float(loss))
        logging.warning("paso %d", paso)
        print("sigue", file=sys.stderr)
    return w, b, tf.stack(losses)

# %% wrong: ascent
# points: 0+0
# says: La pérdida no baja
# from: tape, Keras loss
# replace: w.assign_sub → w.assign_add
# replace: b.assign_sub → b.assign_add

# %% wrong: never updates
#    points: 0+0
#    says: Los parámetros que devuelves son los de la partida: devuelve los entrenados.
def entrenar_log_reg(X, Y, pasos, tasa):
    w, b = tf.Variable([[1.0], [-1.0]]), tf.Variable(0.5)
    perdida, losses = keras.losses.BinaryCrossentropy(), []
    for _ in range(pasos):
        loss = perdida(Y, tf.sigmoid(X @ w + b))
        losses.append(float(loss))
    return w, b, losses

# %% wrong: starts at zero
# points: 0+0
# says: Partes de w = 0 y b = 0; la partida es w = [[1], [-1]], b = 0.5.
# from: tape, Keras loss
# replace: Variable([[1.0], [-1.0]]), tf.Variable(0.5) → Variable([[0.0], [0.0]]), tf.Variable(0.0)

# %% wrong: random start
# points: 0+0
# says: La primera pérdida es
# from: tape, Keras loss
# replace: Variable([[1.0], [-1.0]]), tf.Variable(0.5) → Variable(tf.random.normal([2, 1])), tf.Variable(0.0)

# %% wrong: only the last loss
# points: 0+0
# says: tiene 1.
# from: tape, Keras loss
# replace: perdida, losses = keras.losses.BinaryCrossentropy(), [] → perdida = keras.losses.BinaryCrossentropy()
# replace:
#         losses.append(float(loss))
#     return w, b, losses
# with:
#     return w, b, float(loss)

# %% wrong: one loss too many
# points: 0+0
# says: tiene 21.
# from: tape, Keras loss
# replace:
#     perdida, losses = keras.losses.BinaryCrossentropy(), []
# with:
#     perdida = keras.losses.BinaryCrossentropy()
#     losses = [float(perdida(Y, tf.sigmoid(X @ w + b)))]
# replace: append(float(loss)) → append(float(perdida(Y, tf.sigmoid(X @ w + b))))

# %% wrong: fixed number of steps
# points: 0+0
# says: tiene 50.
# from: tape, Keras loss
# replace: range(pasos) → range(50)

# %% wrong: updates only w
# points: 0+0
# says: `b` no cambió: también se entrena.
# from: tape, Keras loss
# replace:
#         dw, db = tape.gradient(loss, [w, b])
#         w.assign_sub(tasa * dw)
#         b.assign_sub(tasa * db)
# with:
#         w.assign_sub(tasa * tape.gradient(loss, w))

# %% wrong: updates only b
# points: 0+0
# says: `w` no cambió: también se entrena.
# from: tape, Keras loss
# replace:
#         dw, db = tape.gradient(loss, [w, b])
#         w.assign_sub(tasa * dw)
#         b.assign_sub(tasa * db)
# with:
#         b.assign_sub(tasa * tape.gradient(loss, b))

# %% wrong: fixed rate
# points: 0+0
# says: El paso no depende de `tasa`: usas siempre la misma.
# from: tape, Keras loss
# replace: assign_sub(tasa * dw) → assign_sub(0.5 * dw)
# replace: assign_sub(tasa * db) → assign_sub(0.5 * db)

# %% wrong: sum instead of mean
# points: 0+0
# says: Sumas la pérdida de los ejemplos; se pide su media.
# from: tape, Keras loss
# replace: perdida, losses = keras.losses.BinaryCrossentropy(), [] → losses = []
# replace:
#             loss = perdida(Y, tf.sigmoid(X @ w + b))
# with:
#             z = X @ w + b
#             loss = tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(Y, z))

# %% wrong: mean loss, gradient of the sum
#    points: 0+0
#    says: Tu gradiente es el de la suma de las pérdidas: divide entre la cantidad de ejemplos.
def entrenar_log_reg(X, Y, pasos, tasa):
    X, Y = np.array(X, dtype=float), np.array(Y, dtype=float)
    w, b, losses = np.array([[1.0], [-1.0]]), 0.5, []
    for _ in range(pasos):
        p = 1 / (1 + np.exp(-(X @ w + b)))
        losses.append(-np.mean(Y * np.log(p) + (1 - Y) * np.log(1 - p)))
        w = w - tasa * X.T @ (p - Y)
        b = b - tasa * np.sum(p - Y)
    return w, b, losses

# %% wrong: one example at a time
# points: 0+0
# says: Cada paso mira un solo ejemplo: usa todos los datos en cada uno.
# from: tape, Keras loss
# replace:
#     for _ in range(pasos):
# with:
#     for paso in range(pasos):
#         losses.append(float(perdida(Y, tf.sigmoid(X @ w + b))))
#         i = paso % len(X)
# replace: loss = perdida(Y, tf.sigmoid(X @ w + b)) → loss = perdida(Y[i : i + 1], tf.sigmoid(X[i : i + 1] @ w + b))
# replace:
#         losses.append(float(loss))
# with:

# %% wrong: returns the losses only
# points: 0+0
# says: debe devolver 3 valores
# from: tape, Keras loss
# replace: w, b, losses → losses

# %% wrong: untouched stub
#    points: 0+0
#    says: Todavía no escribiste tu solución
def entrenar_log_reg(X, Y, pasos, tasa):
    raise NotImplementedError()

# %% wrong: bias before the weights
# points: 0+0
# says: Devolviste b antes que w: el orden es (w, b, losses).
# from: tape, Keras loss
# replace: return w, b, losses → return b, w, losses

# %% wrong: bias moves by the rate alone
# points: 0+0
# says: En cada paso le restas a b la tasa sola: falta multiplicarla por su derivada.
# from: tape, Keras loss
# replace: b.assign_sub(tasa * db) → b.assign_sub(tasa)

# %% wrong: squared error
# points: 0+0
# says: Entrenas con el error cuadrático; se pide la entropía cruzada binaria.
# from: tape, Keras loss
# replace: keras.losses.BinaryCrossentropy() → keras.losses.MeanSquaredError()

# %% wrong: Adam
# points: 0+0
# says: Los pasos son los de Adam; se pide el descenso por gradiente a secas.
# from: an optimizer, losses after each step
# replace: keras.optimizers.SGD(learning_rate=tasa) → keras.optimizers.Adam(learning_rate=tasa)
