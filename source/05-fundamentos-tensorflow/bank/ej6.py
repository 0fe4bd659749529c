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
#    points: 0+0
#    says: La pérdida no baja
def entrenar_log_reg(X, Y, pasos, tasa):
    w, b = tf.Variable([[1.0], [-1.0]]), tf.Variable(0.5)
    perdida, losses = keras.losses.BinaryCrossentropy(), []
    for _ in range(pasos):
        with tf.GradientTape() as tape:
            loss = perdida(Y, tf.sigmoid(X @ w + b))
        dw, db = tape.gradient(loss, [w, b])
        w.assign_add(tasa * dw)
        b.assign_add(tasa * db)
        losses.append(float(loss))
    return w, b, losses

# %% wrong: never updates
#    points: 0+0
#    says: Los parámetros que devuelves son los de la partida
def entrenar_log_reg(X, Y, pasos, tasa):
    w, b = tf.Variable([[1.0], [-1.0]]), tf.Variable(0.5)
    perdida, losses = keras.losses.BinaryCrossentropy(), []
    for _ in range(pasos):
        loss = perdida(Y, tf.sigmoid(X @ w + b))
        losses.append(float(loss))
    return w, b, losses

# %% wrong: starts at zero
#    points: 0+0
#    says: Partes de w = 0 y b = 0
def entrenar_log_reg(X, Y, pasos, tasa):
    w, b = tf.Variable([[0.0], [0.0]]), tf.Variable(0.0)
    perdida, losses = keras.losses.BinaryCrossentropy(), []
    for _ in range(pasos):
        with tf.GradientTape() as tape:
            loss = perdida(Y, tf.sigmoid(X @ w + b))
        dw, db = tape.gradient(loss, [w, b])
        w.assign_sub(tasa * dw)
        b.assign_sub(tasa * db)
        losses.append(float(loss))
    return w, b, losses

# %% wrong: random start
#    points: 0+0
#    says: La primera pérdida no es la esperada
def entrenar_log_reg(X, Y, pasos, tasa):
    w, b = tf.Variable(tf.random.normal([2, 1])), tf.Variable(0.0)
    perdida, losses = keras.losses.BinaryCrossentropy(), []
    for _ in range(pasos):
        with tf.GradientTape() as tape:
            loss = perdida(Y, tf.sigmoid(X @ w + b))
        dw, db = tape.gradient(loss, [w, b])
        w.assign_sub(tasa * dw)
        b.assign_sub(tasa * db)
        losses.append(float(loss))
    return w, b, losses

# %% wrong: only the last loss
#    points: 0+0
#    says: y tiene 1.
def entrenar_log_reg(X, Y, pasos, tasa):
    w, b = tf.Variable([[1.0], [-1.0]]), tf.Variable(0.5)
    perdida = keras.losses.BinaryCrossentropy()
    for _ in range(pasos):
        with tf.GradientTape() as tape:
            loss = perdida(Y, tf.sigmoid(X @ w + b))
        dw, db = tape.gradient(loss, [w, b])
        w.assign_sub(tasa * dw)
        b.assign_sub(tasa * db)
    return w, b, float(loss)

# %% wrong: one loss too many
#    points: 0+0
#    says: y tiene 21.
def entrenar_log_reg(X, Y, pasos, tasa):
    w, b = tf.Variable([[1.0], [-1.0]]), tf.Variable(0.5)
    perdida = keras.losses.BinaryCrossentropy()
    losses = [float(perdida(Y, tf.sigmoid(X @ w + b)))]
    for _ in range(pasos):
        with tf.GradientTape() as tape:
            loss = perdida(Y, tf.sigmoid(X @ w + b))
        dw, db = tape.gradient(loss, [w, b])
        w.assign_sub(tasa * dw)
        b.assign_sub(tasa * db)
        losses.append(float(perdida(Y, tf.sigmoid(X @ w + b))))
    return w, b, losses

# %% wrong: fixed number of steps
#    points: 0+0
#    says: y tiene 50.
def entrenar_log_reg(X, Y, pasos, tasa):
    w, b = tf.Variable([[1.0], [-1.0]]), tf.Variable(0.5)
    perdida, losses = keras.losses.BinaryCrossentropy(), []
    for _ in range(50):
        with tf.GradientTape() as tape:
            loss = perdida(Y, tf.sigmoid(X @ w + b))
        dw, db = tape.gradient(loss, [w, b])
        w.assign_sub(tasa * dw)
        b.assign_sub(tasa * db)
        losses.append(float(loss))
    return w, b, losses

# %% wrong: updates only w
#    points: 0+0
#    says: b no cambió
def entrenar_log_reg(X, Y, pasos, tasa):
    w, b = tf.Variable([[1.0], [-1.0]]), tf.Variable(0.5)
    perdida, losses = keras.losses.BinaryCrossentropy(), []
    for _ in range(pasos):
        with tf.GradientTape() as tape:
            loss = perdida(Y, tf.sigmoid(X @ w + b))
        w.assign_sub(tasa * tape.gradient(loss, w))
        losses.append(float(loss))
    return w, b, losses

# %% wrong: updates only b
#    points: 0+0
#    says: w no cambió
def entrenar_log_reg(X, Y, pasos, tasa):
    w, b = tf.Variable([[1.0], [-1.0]]), tf.Variable(0.5)
    perdida, losses = keras.losses.BinaryCrossentropy(), []
    for _ in range(pasos):
        with tf.GradientTape() as tape:
            loss = perdida(Y, tf.sigmoid(X @ w + b))
        b.assign_sub(tasa * tape.gradient(loss, b))
        losses.append(float(loss))
    return w, b, losses

# %% wrong: fixed rate
#    points: 0+0
#    says: El paso no depende de `tasa`
def entrenar_log_reg(X, Y, pasos, tasa):
    w, b = tf.Variable([[1.0], [-1.0]]), tf.Variable(0.5)
    perdida, losses = keras.losses.BinaryCrossentropy(), []
    for _ in range(pasos):
        with tf.GradientTape() as tape:
            loss = perdida(Y, tf.sigmoid(X @ w + b))
        dw, db = tape.gradient(loss, [w, b])
        w.assign_sub(0.5 * dw)
        b.assign_sub(0.5 * db)
        losses.append(float(loss))
    return w, b, losses

# %% wrong: sum instead of mean
#    points: 0+0
#    says: Sumas la pérdida de los ejemplos
def entrenar_log_reg(X, Y, pasos, tasa):
    w, b = tf.Variable([[1.0], [-1.0]]), tf.Variable(0.5)
    losses = []
    for _ in range(pasos):
        with tf.GradientTape() as tape:
            z = X @ w + b
            loss = tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(Y, z))
        dw, db = tape.gradient(loss, [w, b])
        w.assign_sub(tasa * dw)
        b.assign_sub(tasa * db)
        losses.append(float(loss))
    return w, b, losses

# %% wrong: mean loss, gradient of the sum
#    points: 0+0
#    says: Tu gradiente es el de la suma
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
#    points: 0+0
#    says: `losses` no vale lo que debe
def entrenar_log_reg(X, Y, pasos, tasa):
    w, b = tf.Variable([[1.0], [-1.0]]), tf.Variable(0.5)
    perdida, losses = keras.losses.BinaryCrossentropy(), []
    for paso in range(pasos):
        losses.append(float(perdida(Y, tf.sigmoid(X @ w + b))))
        i = paso % len(X)
        with tf.GradientTape() as tape:
            loss = perdida(Y[i : i + 1], tf.sigmoid(X[i : i + 1] @ w + b))
        dw, db = tape.gradient(loss, [w, b])
        w.assign_sub(tasa * dw)
        b.assign_sub(tasa * db)
    return w, b, losses

# %% wrong: returns the losses only
#    points: 0+0
#    says: debe devolver 3 valores
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
    return losses

# %% wrong: untouched stub
#    points: 0+0
#    says: Todavía no escribiste tu solución
def entrenar_log_reg(X, Y, pasos, tasa):
    raise NotImplementedError()

# %% wrong: squared error
#    points: 0+0
#    says: Entrenaste con el error cuadrático; se pide la entropía cruzada binaria.
def entrenar_log_reg(X, Y, pasos, tasa):
    w, b = tf.Variable([[1.0], [-1.0]]), tf.Variable(0.5)
    losses = []
    for _ in range(pasos):
        with tf.GradientTape() as t:
            p = tf.sigmoid(X @ w + b)
            L = tf.reduce_mean((p - Y) ** 2)
        gw, gb = t.gradient(L, [w, b])
        w.assign_sub(tasa * gw)
        b.assign_sub(tasa * gb)
        losses.append(float(L))
    return w, b, losses

# %% wrong: Adam
#    points: 0+0
#    says: Los pasos son los de Adam; se pide el descenso por gradiente a secas.
def entrenar_log_reg(X, Y, pasos, tasa):
    w, b = tf.Variable([[1.0], [-1.0]]), tf.Variable(0.5)
    opt = keras.optimizers.Adam(tasa)
    losses = []
    for _ in range(pasos):
        with tf.GradientTape() as t:
            L = keras.losses.BinaryCrossentropy()(Y, tf.sigmoid(X @ w + b))
        opt.apply_gradients(zip(t.gradient(L, [w, b]), [w, b]))
        losses.append(float(L))
    return w, b, losses
