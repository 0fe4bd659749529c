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
#    points: 0+0
#    says: siempre das pasos de SGD con tasa 0.01
def minimizar(optimizador, f, x0, pasos):
    x, valores = tf.Variable(x0), []
    for _ in range(pasos):
        with tf.GradientTape() as tape:
            y = f(x)
        x.assign_sub(0.01 * tape.gradient(y, x))
        valores.append(float(f(x)))
    return valores

# %% wrong: only the optimizer's rate
#    points: 0+0
#    says: deja que él aplique el gradiente
def minimizar(optimizador, f, x0, pasos):
    x, valores = tf.Variable(x0), []
    for _ in range(pasos):
        with tf.GradientTape() as tape:
            y = f(x)
        x.assign_sub(float(optimizador.learning_rate) * tape.gradient(y, x))
        valores.append(float(f(x)))
    return valores

# %% wrong: value before the step
#    points: 0+0
#    says: Guardas f antes de dar el paso
def minimizar(optimizador, f, x0, pasos):
    x, valores = tf.Variable(x0), []
    for _ in range(pasos):
        with tf.GradientTape() as tape:
            y = f(x)
        optimizador.apply_gradients([(tape.gradient(y, x), x)])
        valores.append(float(y))
    return valores

# %% wrong: with the start
#    points: 0+0
#    says: Sobra el valor de f en la partida
def minimizar(optimizador, f, x0, pasos):
    x = tf.Variable(x0)
    valores = [float(f(x))]
    for _ in range(pasos):
        with tf.GradientTape() as tape:
            y = f(x)
        optimizador.apply_gradients([(tape.gradient(y, x), x)])
        valores.append(float(f(x)))
    return valores

# %% wrong: one step too few
#    points: 0+0
#    says: tiene forma (2,) y debe tener forma (3,)
def minimizar(optimizador, f, x0, pasos):
    x, valores = tf.Variable(x0), []
    for _ in range(1, pasos):
        with tf.GradientTape() as tape:
            y = f(x)
        optimizador.apply_gradients([(tape.gradient(y, x), x)])
        valores.append(float(f(x)))
    return valores

# %% wrong: fixed number of steps
#    points: 0+0
#    says: La cantidad de valores que devuelves no es `pasos`
def minimizar(optimizador, f, x0, pasos):
    x, valores = tf.Variable(x0), []
    for _ in range(20):
        with tf.GradientTape() as tape:
            y = f(x)
        optimizador.apply_gradients([(tape.gradient(y, x), x)])
        valores.append(float(f(x)))
    return valores

# %% wrong: values of x
#    points: 0+0
#    says: Devolviste los valores de x
def minimizar(optimizador, f, x0, pasos):
    x, valores = tf.Variable(x0), []
    for _ in range(pasos):
        with tf.GradientTape() as tape:
            y = f(x)
        optimizador.apply_gradients([(tape.gradient(y, x), x)])
        valores.append(float(x))
    return valores

# %% wrong: only the last
#    points: 0+0
#    says: Devolviste solo el último valor
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

# %% wrong: a step too many
#    points: 0+0
#    says: Das un paso de más: la lista tiene `pasos` números.
def minimizar(optimizador, f, x0, pasos):
    x = tf.Variable(float(x0)); v = []
    for _ in range(pasos + 1):
        with tf.GradientTape() as t:
            y = f(x)
        optimizador.apply_gradients([(t.gradient(y, x), x)])
        v.append(float(f(x)))
    return v
