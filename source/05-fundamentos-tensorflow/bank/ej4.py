# %% right: apply_gradients
def minimizar(optimizador, f, x0, pasos):
    x, valores = tf.Variable(float(x0)), []
    for _ in range(pasos):
        with tf.GradientTape() as tape:
            y = f(x)
        optimizador.apply_gradients([(tape.gradient(y, x), x)])
        valores.append(f(x).numpy())
    return valores

# %% right: apply, built first
def minimizar(optimizador, f, x0, pasos):
    x = keras.Variable(x0)
    optimizador.build([x])
    valores = np.zeros(pasos)
    for i in range(pasos):
        with tf.GradientTape() as tape:
            y = f(x.value)
        optimizador.apply([tape.gradient(y, x.value)], [x])
        valores[i] = float(f(x.value))
    return valores

# %% right: tensors in a list
def minimizar(optimizador, f, x0, pasos):
    x = tf.Variable(x0, dtype=tf.float32)
    valores = []
    while len(valores) < pasos:
        with tf.GradientTape() as cinta:
            y = f(x)
        g = cinta.gradient(y, [x])
        optimizador.apply_gradients(zip(g, [x]))
        valores += [f(x)]
    return valores

# %% right: float64, stacked
def minimizar(optimizador, f, x0, pasos):
    x = tf.Variable(x0, dtype=tf.float64)
    valores = []
    for _ in range(pasos):
        with tf.GradientTape() as tape:
            y = f(x)
        optimizador.apply([tape.gradient(y, x)], [x])
        valores.append(f(x))
    return tf.stack(valores)

# %% right: values from the next tape
def minimizar(optimizador, f, x0, pasos):
    x, valores = tf.Variable(x0), []
    for _ in range(pasos + 1):
        with tf.GradientTape() as tape:
            y = f(x)
        valores.append(float(y))
        if len(valores) <= pasos:
            optimizador.apply_gradients([(tape.gradient(y, x), x)])
    return valores[1:]

# %% right: a vector of one element
def minimizar(optimizador, f, x0, pasos):
    x, valores = tf.Variable([x0]), []
    for _ in range(pasos):
        with tf.GradientTape() as tape:
            y = f(x)
        optimizador.apply_gradients([(tape.gradient(y, x), x)])
        valores.append(f(x).numpy())
    return np.array(valores)

# %% right: noisy
import sys
import warnings


def minimizar(optimizador, f, x0, pasos):
    x, valores = tf.Variable(x0), []
    warnings.warn("hola")
    for paso in range(pasos):
        with tf.GradientTape() as tape:
            y = f(x)
        optimizador.apply_gradients([(tape.gradient(y, x), x)])
        valores.append(float(f(x)))
        print(paso, valores[-1], file=sys.stderr)
    return valores

# %% wrong: ignores the optimizer
# points: 0+0
# says: Ignoras el optimizador que recibes: siempre das pasos de SGD con tasa 0.01.
# from: apply_gradients
# replace: Variable(float(x0)) → Variable(x0)
# replace: optimizador.apply_gradients([(tape.gradient(y, x), x)]) → x.assign_sub(0.01 * tape.gradient(y, x))
# replace: f(x).numpy() → float(f(x))

# %% wrong: only the optimizer's rate
# points: 0+0
# says: Usas la tasa del optimizador, pero el paso lo das a mano: deja que él aplique el gradiente.
# from: apply_gradients
# replace: Variable(float(x0)) → Variable(x0)
# replace: optimizador.apply_gradients([(tape.gradient(y, x), x)]) → x.assign_sub(float(optimizador.learning_rate) * tape.gradient(y, x))
# replace: f(x).numpy() → float(f(x))

# %% wrong: value before the step
# points: 0+0
# says: Guardas f antes de dar el paso: se pide su valor después.
# from: apply_gradients
# replace: Variable(float(x0)) → Variable(x0)
# replace: f(x).numpy() → float(y)

# %% wrong: with the start
# points: 0+0
# says: Sobra el valor de f en la partida: la lista tiene `pasos` números.
# from: apply_gradients
# replace:
#     x, valores = tf.Variable(float(x0)), []
# with:
#     x = tf.Variable(x0)
#     valores = [float(f(x))]
# replace: f(x).numpy() → float(f(x))

# %% wrong: one step too few
# points: 0+0
# says: Falta un paso: la lista tiene `pasos` números.
# from: apply_gradients
# replace: Variable(float(x0)) → Variable(x0)
# replace: range(pasos) → range(1, pasos)
# replace: f(x).numpy() → float(f(x))

# %% wrong: fixed number of steps
# points: 0+0
# says: La cantidad de valores que devuelves no es `pasos`.
# from: apply_gradients
# replace: Variable(float(x0)) → Variable(x0)
# replace: range(pasos) → range(20)
# replace: f(x).numpy() → float(f(x))

# %% wrong: values of x
# points: 0+0
# says: Devolviste los valores de x; se piden los de f(x).
# from: apply_gradients
# replace: Variable(float(x0)) → Variable(x0)
# replace: f(x).numpy() → float(x)

# %% wrong: only the last
#    points: 0+0
#    says: Devolviste solo el último valor: guarda uno por paso.
def minimizar(optimizador, f, x0, pasos):
    x = tf.Variable(x0)
    for _ in range(pasos):
        with tf.GradientTape() as tape:
            y = f(x)
        optimizador.apply_gradients([(tape.gradient(y, x), x)])
    return float(f(x))

# %% wrong: Keras 2's minimize
#    points: 0+0
#    says: no tiene `minimize`
def minimizar(optimizador, f, x0, pasos):
    x, valores = tf.Variable(x0), []
    for _ in range(pasos):
        optimizador.minimize(lambda: f(x), [x])
        valores.append(float(f(x)))
    return valores

# %% wrong: untouched stub
#    points: 0+0
#    says: Todavía no escribiste tu solución
def minimizar(optimizador, f, x0, pasos):
    raise NotImplementedError()

# %% wrong: one step more
# points: 0+0
# says: Das un paso de más: la lista tiene `pasos` números.
# from: apply_gradients
# replace: range(pasos) → range(pasos + 1)

# %% wrong: never moves
# points: 0+0
# says: Tus valores son todos el de la partida: x no se mueve, falta aplicar el gradiente.
# from: apply_gradients
# replace:
#         optimizador.apply_gradients([(tape.gradient(y, x), x)])
# with:

# %% wrong: empty list
# points: 0+0
# says: La lista salió vacía: guarda f(x) después de cada paso.
# from: apply_gradients
# replace:
#         valores.append(f(x).numpy())
# with:
