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
# points: 0+0
# says: Subes en lugar de bajar: revisa el signo de la actualización.
# from: plain
# replace: x.assign_sub → x.assign_add

# %% wrong: stops at once
# points: 0+0
# says: Te detienes en x0, sin dar ningún paso: ¿cuándo se cumple tu condición de parada?
# from: plain
# replace: abs(g) <= tolerancia → abs(g) >= tolerancia

# %% wrong: signed slope
# points: 0+0
# says: Desde x0 = -1 te detienes enseguida: allí la pendiente es negativa; mira su valor absoluto.
# from: plain
# replace: abs(g) <= tolerancia → g <= tolerancia

# %% wrong: ignores the tolerance
# points: 0+0
# says: Ignoras `tolerancia`: sigues hasta `max_pasos` aunque la pendiente ya sea pequeña.
# from: plain
# replace:
#         g = tape.gradient(y, x)
#         if abs(g) <= tolerancia:
#             break
#         x.assign_sub(tasa * g)
# with:
#         x.assign_sub(tasa * tape.gradient(y, x))

# %% wrong: fixed tolerance
# points: 0+0
# says: Te detienes más tarde de lo que pide `tolerancia`: ¿tu umbral es siempre el mismo?
# from: plain
# replace: abs(g) <= tolerancia → abs(g) <= 0.01

# %% wrong: ignores max_pasos
# points: 0+0
# says: Haces más actualizaciones que las que permite `max_pasos`.
# from: plain
# replace: for _ in range(max_pasos) → while True
# replace: abs(g) <= tolerancia → abs(g) <= tolerancia or len(t) > 1000

# %% wrong: aliases
# points: 0+0
# says: Todos los valores son iguales: guardaste la misma variable muchas veces; guarda su valor.
# from: plain
# replace: t = [float(x)] → t = [x]
# replace: append(float(x)) → append(x)
# replace: return float(x) → return x

# %% wrong: without the start
# points: 0+0
# says: A la trayectoria le falta el punto de partida.
# from: plain
# replace: t = [float(x)] → t = []

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
#    says: Tu función deriva siempre la f del texto: usa la que recibe.
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
# points: 0+0
# says: El tamaño de tu paso no depende de `tasa`.
# from: plain
# replace: assign_sub(tasa * g) → assign_sub(0.01 * g)

# %% wrong: returns f(x) as x
# points: 0+0
# says: Primero va `x`, y devolviste f(x).
# from: plain
# replace: return float(x) → return float(f(x))

# %% wrong: tolerance on the step
# points: 0+0
# says: Comparas con `tolerancia` el paso, `tasa` por la pendiente: se compara la pendiente.
# from: plain
# replace: g = tape.gradient → paso = tasa * tape.gradient
# replace: abs(g) <= tolerancia → abs(paso) <= tolerancia
# replace: assign_sub(tasa * g) → assign_sub(paso)

# %% wrong: untouched stub
#    points: 0+0
#    says: Todavía no escribiste tu solución
def descenso_gradiente(f, x0, tasa, tolerancia, max_pasos):
    raise NotImplementedError()

# %% wrong: results swapped
# points: 0+0
# says: ¿están al revés `x` y la trayectoria?
# from: plain
# replace: return float(x), t → return t, float(x)

# %% wrong: never moves
# points: 0+0
# says: Tu x no se mueve: falta el paso de descenso.
# from: plain
# replace:
#         x.assign_sub(tasa * g)
# with:

# %% wrong: steps of one size
# points: 0+0
# says: Cada paso mide lo mismo, `tasa`: falta multiplicarla por la derivada.
# from: plain
# replace: assign_sub(tasa * g) → assign_sub(tasa)

# %% wrong: rate divided by the slope
# points: 0+0
# says: Dividiste `tasa` por la derivada: se multiplican.
# from: plain
# replace: assign_sub(tasa * g) → assign_sub(tasa / g)

# %% wrong: no rate
# points: 0+0
# says: Restaste la pendiente entera: falta multiplicarla por `tasa`.
# from: plain
# replace: assign_sub(tasa * g) → assign_sub(g)

# %% wrong: keeps the variable
# points: 0+0
# says: La lista guarda la misma variable una y otra vez, y cambia con ella: guarda `float(x)`.
# from: Variable and floats
# replace: trayectoria.append(float(x)) → trayectoria.append(x)

# %% wrong: values of f
# points: 0+0
# says: La trayectoria guarda los valores de f; van los de x.
# from: plain
# replace: t = [float(x)] → t = [float(f(x))]
# replace: t.append(float(x)) → t.append(float(f(x)))

# %% wrong: the variable at the start
# points: 0+0
# says: El primer valor de la trayectoria es la variable misma, y cambia con ella: guarda `float(x)`.
# from: plain
# replace: t = [float(x)] → t = [x]

# %% wrong: tolerance on the value of f
# points: 0+0
# says: Te detienes cuando f(x) ya es pequeña: se compara con `tolerancia` la pendiente.
# from: plain
# replace: abs(g) <= tolerancia → y <= tolerancia
