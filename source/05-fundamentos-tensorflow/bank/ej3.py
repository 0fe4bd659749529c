# %% right: Variable and floats
def descenso_gradiente(f, x0, tasa, tolerancia, max_pasos):
    x = tf.Variable(float(x0))
    trayectoria = [float(x)]
    for _ in range(max_pasos):
        with tf.GradientTape() as tape:
            y = f(x)
        g = tape.gradient(y, x)
        if abs(float(g)) <= tolerancia:
            break
        x.assign_sub(tasa * g)
        trayectoria.append(float(x))
    return float(x), trayectoria

# %% right: constants, tensors in the list
def descenso_gradiente(f, x0, tasa, tolerancia, max_pasos):
    x = tf.constant(x0, tf.float32)
    camino = [x]
    while len(camino) <= max_pasos:
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = f(x)
        g = tape.gradient(y, x)
        if tf.abs(g) <= tolerancia:
            break
        x = x - tasa * g
        camino.append(x)
    return x, camino

# %% right: looks at the slope after using it
def descenso_gradiente(f, x0, tasa, tolerancia, max_pasos):
    x = tf.Variable(x0, dtype=tf.float64)
    camino, g, n = [x.numpy()], np.inf, 0
    while n < max_pasos and abs(g) > tolerancia:
        with tf.GradientTape() as tape:
            y = f(x)
        g = tape.gradient(y, x).numpy()
        x.assign_sub(tasa * g)
        camino.append(x.numpy())
        n += 1
    return x.numpy(), np.array(camino)

# %% right: an optimizer
def descenso_gradiente(f, x0, tasa, tolerancia, max_pasos):
    x, sgd = tf.Variable(x0), keras.optimizers.SGD(tasa)
    camino = [x.numpy()]
    for _ in range(max_pasos):
        with tf.GradientTape() as tape:
            y = f(x)
        g = tape.gradient(y, x)
        if abs(g) <= tolerancia:
            break
        sgd.apply_gradients([(g, x)])
        camino.append(x.numpy())
    return x, tf.stack(camino)

# %% right: a helper and an array
def _pendiente(f, x):
    t = tf.constant(x, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(t)
        y = f(t)
    return tape.gradient(y, t).numpy()


def descenso_gradiente(f, x0, tasa, tolerancia, max_pasos):
    x, pasos = x0, 0
    t = np.array([x0])
    g = _pendiente(f, x)
    while abs(g) > tolerancia and pasos < max_pasos:
        x = x - tasa * g
        g = _pendiente(f, x)
        pasos += 1
        t = np.append(t, x)
    return x, t

# %% right: copies of the variable
def descenso_gradiente(f, x0, tasa, tolerancia, max_pasos):
    x = tf.Variable(x0)
    t = [tf.identity(x)]
    for paso in range(max_pasos):
        with tf.GradientTape() as tape:
            y = f(x)
        g = tape.gradient(y, x)
        if tf.math.abs(g).numpy() <= tolerancia:
            return x.read_value(), t
        x.assign(x - tasa * g)
        t.append(tf.identity(x))
    return x.read_value(), t

# %% right: noisy
import logging
import sys


def descenso_gradiente(f, x0, tasa, tolerancia, max_pasos):
    x = tf.Variable(x0)
    t = [x.numpy().item()]
    for i in range(max_pasos):
        with tf.GradientTape() as tape:
            y = f(x)
        g = tape.gradient(y, x)
        print(i, g)
        logging.warning("paso %d", i)
        if abs(g) <= tolerancia:
            break
        x.assign_sub(tasa * g)
        t.append(x.numpy().item())
    print("fin", file=sys.stderr)
    return t[-1], t

# %% right: plain
def descenso_gradiente(f, x0, tasa, tolerancia, max_pasos):
    x = tf.Variable(x0)
    t = [float(x)]
    for _ in range(max_pasos):
        with tf.GradientTape() as tape:
            y = f(x)
        g = tape.gradient(y, x)
        if abs(g) <= tolerancia:
            break
        x.assign_sub(tasa * g)
        t.append(float(x))
    return float(x), t

# %% wrong: ascent
#    points: 0+0
#    says: Subes en lugar de bajar
def descenso_gradiente(f, x0, tasa, tolerancia, max_pasos):
    x = tf.Variable(x0)
    t = [float(x)]
    for _ in range(max_pasos):
        with tf.GradientTape() as tape:
            y = f(x)
        g = tape.gradient(y, x)
        if abs(g) <= tolerancia:
            break
        x.assign_add(tasa * g)
        t.append(float(x))
    return float(x), t

# %% wrong: stops at once
#    points: 0+0
#    says: Te detienes en x0 = 7
def descenso_gradiente(f, x0, tasa, tolerancia, max_pasos):
    x = tf.Variable(x0)
    t = [float(x)]
    for _ in range(max_pasos):
        with tf.GradientTape() as tape:
            y = f(x)
        g = tape.gradient(y, x)
        if abs(g) >= tolerancia:
            break
        x.assign_sub(tasa * g)
        t.append(float(x))
    return float(x), t

# %% wrong: signed slope
#    points: 0+0
#    says: Te detienes en x0 = -1
def descenso_gradiente(f, x0, tasa, tolerancia, max_pasos):
    x = tf.Variable(x0)
    t = [float(x)]
    for _ in range(max_pasos):
        with tf.GradientTape() as tape:
            y = f(x)
        g = tape.gradient(y, x)
        if g <= tolerancia:
            break
        x.assign_sub(tasa * g)
        t.append(float(x))
    return float(x), t

# %% wrong: ignores the tolerance
#    points: 0+0
#    says: sigues hasta `max_pasos`
def descenso_gradiente(f, x0, tasa, tolerancia, max_pasos):
    x = tf.Variable(x0)
    t = [float(x)]
    for _ in range(max_pasos):
        with tf.GradientTape() as tape:
            y = f(x)
        x.assign_sub(tasa * tape.gradient(y, x))
        t.append(float(x))
    return float(x), t

# %% wrong: fixed tolerance
#    points: 0+0
#    says: el momento de parar debe depender de `tolerancia`
def descenso_gradiente(f, x0, tasa, tolerancia, max_pasos):
    x = tf.Variable(x0)
    t = [float(x)]
    for _ in range(max_pasos):
        with tf.GradientTape() as tape:
            y = f(x)
        g = tape.gradient(y, x)
        if abs(g) <= 0.01:
            break
        x.assign_sub(tasa * g)
        t.append(float(x))
    return float(x), t

# %% wrong: ignores max_pasos
#    points: 0+0
#    says: Haces más actualizaciones que las que permite
def descenso_gradiente(f, x0, tasa, tolerancia, max_pasos):
    x = tf.Variable(x0)
    t = [float(x)]
    while True:
        with tf.GradientTape() as tape:
            y = f(x)
        g = tape.gradient(y, x)
        if abs(g) <= tolerancia or len(t) > 1000:
            break
        x.assign_sub(tasa * g)
        t.append(float(x))
    return float(x), t

# %% wrong: aliases
#    points: 0+0
#    says: guardaste la misma variable muchas veces
def descenso_gradiente(f, x0, tasa, tolerancia, max_pasos):
    x = tf.Variable(x0)
    t = [x]
    for _ in range(max_pasos):
        with tf.GradientTape() as tape:
            y = f(x)
        g = tape.gradient(y, x)
        if abs(g) <= tolerancia:
            break
        x.assign_sub(tasa * g)
        t.append(x)
    return x, t

# %% wrong: without the start
#    points: 0+0
#    says: A la trayectoria le falta el punto de partida
def descenso_gradiente(f, x0, tasa, tolerancia, max_pasos):
    x = tf.Variable(x0)
    t = []
    for _ in range(max_pasos):
        with tf.GradientTape() as tape:
            y = f(x)
        g = tape.gradient(y, x)
        if abs(g) <= tolerancia:
            break
        x.assign_sub(tasa * g)
        t.append(float(x))
    return float(x), t

# %% wrong: only x
#    points: 0+0
#    says: debe devolver 2 valores
def descenso_gradiente(f, x0, tasa, tolerancia, max_pasos):
    x = tf.Variable(x0)
    for _ in range(max_pasos):
        with tf.GradientTape() as tape:
            y = f(x)
        x.assign_sub(tasa * tape.gradient(y, x))
    return float(x)

# %% wrong: f of the text
#    points: 0+0
#    says: deriva siempre la f del texto
def descenso_gradiente(f, x0, tasa, tolerancia, max_pasos):
    x, t = x0, [x0]
    for _ in range(max_pasos):
        g = 20 * x - 5
        if abs(g) <= tolerancia:
            break
        x = x - tasa * g
        t.append(x)
    return x, t

# %% wrong: fixed rate
#    points: 0+0
#    says: no depende de `tasa`
def descenso_gradiente(f, x0, tasa, tolerancia, max_pasos):
    x = tf.Variable(x0)
    t = [float(x)]
    for _ in range(max_pasos):
        with tf.GradientTape() as tape:
            y = f(x)
        g = tape.gradient(y, x)
        if abs(g) <= tolerancia:
            break
        x.assign_sub(0.01 * g)
        t.append(float(x))
    return float(x), t

# %% wrong: returns f(x) as x
#    points: 0+0
#    says: x (el último de la trayectoria)
def descenso_gradiente(f, x0, tasa, tolerancia, max_pasos):
    x = tf.Variable(x0)
    t = [float(x)]
    for _ in range(max_pasos):
        with tf.GradientTape() as tape:
            y = f(x)
        g = tape.gradient(y, x)
        if abs(g) <= tolerancia:
            break
        x.assign_sub(tasa * g)
        t.append(float(x))
    return float(f(x)), t

# %% wrong: tolerance on the step
#    points: 0+0
#    says: ¿cuándo se detiene?
def descenso_gradiente(f, x0, tasa, tolerancia, max_pasos):
    x = tf.Variable(x0)
    t = [float(x)]
    for _ in range(max_pasos):
        with tf.GradientTape() as tape:
            y = f(x)
        paso = tasa * tape.gradient(y, x)
        if abs(paso) <= tolerancia:
            break
        x.assign_sub(paso)
        t.append(float(x))
    return float(x), t

# %% wrong: untouched stub
#    points: 0+0
#    says: Todavía no escribiste tu solución
def descenso_gradiente(f, x0, tasa, tolerancia, max_pasos):
    raise NotImplementedError()

# %% wrong: results swapped
#    points: 0+0
#    says: ¿están al revés `x` y la trayectoria?
def descenso_gradiente(f, x0, tasa, tolerancia, max_pasos):
    x = tf.Variable(x0)
    t = [float(x)]
    for _ in range(max_pasos):
        with tf.GradientTape() as tape:
            y = f(x)
        g = tape.gradient(y, x)
        if abs(g) <= tolerancia:
            break
        x.assign_sub(tasa * g)
        t.append(float(x))
    return t, float(x)

# %% wrong: slope without absolute value
#    points: 0+0
#    says: Te detienes donde la pendiente es negativa: compara su valor absoluto con `tolerancia`.
def descenso_gradiente(f, x0, tasa, tolerancia, max_pasos):
    x = tf.Variable(float(x0))
    tray = [float(x0)]
    for _ in range(max_pasos):
        with tf.GradientTape() as t:
            y = f(x)
        g = t.gradient(y, x)
        if g <= tolerancia:
            break
        x.assign_sub(tasa * g)
        tray.append(float(x))
    return float(x), tray

# %% wrong: no rate
#    points: 0+0
#    says: Restaste la pendiente entera: falta multiplicarla por `tasa`.
def descenso_gradiente(f, x0, tasa, tolerancia, max_pasos):
    x = float(x0)
    tray = [x]
    for _ in range(max_pasos):
        v = tf.Variable(x)
        with tf.GradientTape() as t:
            y = f(v)
        g = float(t.gradient(y, v))
        if abs(g) <= tolerancia:
            break
        x = x - g
        tray.append(x)
    return x, tray

# %% wrong: values of f
#    points: 0+0
#    says: La trayectoria guarda los valores de f; van los de x.
def descenso_gradiente(f, x0, tasa, tolerancia, max_pasos):
    x = tf.Variable(float(x0)); t = [float(f(x))]
    for _ in range(max_pasos):
        with tf.GradientTape() as c:
            y = f(x)
        g = c.gradient(y, x)
        if abs(g) <= tolerancia: break
        x.assign_sub(tasa * g); t.append(float(f(x)))
    return float(x), t
