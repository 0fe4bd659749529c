# %% right: cast and watch
def derivada(f, x):
    x = tf.cast(x, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = f(x)
    return tape.gradient(y, x)

# %% right: own Variable
def derivada(f, x):
    v = tf.Variable(float(x))
    with tf.GradientTape() as cinta:
        valor = f(v)
    return cinta.gradient(valor, v)

# %% right: float64, a Python float back
def derivada(f, x):
    x = tf.constant(float(x), dtype=tf.float64)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = f(x)
    g = float(tape.gradient(y, x))
    del tape
    return g

# %% right: by type, NumPy back
def derivada(f, x):
    if not isinstance(x, (tf.Tensor, tf.Variable)):
        x = tf.constant(float(x))
    elif not x.dtype.is_floating:
        x = tf.cast(x, tf.float32)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(x)
        y = f(x)
    return tape.gradient(y, x).numpy()

# %% right: compiled
def derivada(f, x):
    @tf.function
    def g(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = f(x)
        return tape.gradient(y, x)

    return g(tf.cast(x, tf.float32))

# %% right: list of sources
def derivada(f, x):
    t = tf.convert_to_tensor(x, dtype=tf.float32)
    with tf.GradientTape() as tape:
        tape.watch([t])
        y = f(t)
    [g] = tape.gradient(y, [t])
    return g

# %% right: forward mode
def derivada(f, x):
    x = tf.cast(x, tf.float32)
    with tf.autodiff.ForwardAccumulator(x, tf.ones_like(x)) as acc:
        y = f(x)
    return acc.jvp(y)

# %% right: noisy
import sys
import warnings


def derivada(f, x):
    warnings.warn("ojo")
    print("derivando", file=sys.stderr)
    v = tf.Variable(x, dtype=tf.float32)
    with tf.GradientTape() as tape:
        y = f(v)
    print(tape.gradient(y, v) if False else "")
    return tape.gradient(y, v)

# %% wrong: not watched
#    points: 0+0
#    says: A una constante la cinta no la sigue
def derivada(f, x):
    if not isinstance(x, tf.Variable):
        x = tf.constant(float(x))
    with tf.GradientTape() as tape:
        y = f(x)
    return tape.gradient(y, x)

# %% wrong: not watched, as it comes
#    points: 0+0
#    says: ¿usaste `watch`?
def derivada(f, x):
    with tf.GradientTape() as tape:
        y = f(x)
    return tape.gradient(y, x)

# %% wrong: watches another tensor
#    points: 0+0
#    says: no observaba a x: `watch` va antes de f
def derivada(f, x):
    t = tf.cast(x, tf.float32) + 0.0
    with tf.GradientTape() as tape:
        tape.watch(tf.identity(t))
        y = f(t)
    return tape.gradient(y, t)

# %% wrong: tape closed before f
# points: 0+0
# says: Tu cinta ya estaba cerrada al evaluar f
# like: watches another tensor
# from: cast and watch
# replace:
#         y = f(x)
# with:
#     y = f(x)

# %% wrong: forward differences
#    points: 0+0
#    says: Tu derivada es casi la correcta: parece que la aproximaste con un cociente; la cinta da la exacta.
def derivada(f, x):
    x, h = float(x), 1e-3
    return (f(tf.constant(x + h, tf.float64)) - f(tf.constant(x, tf.float64))) / h

# %% wrong: central differences
#    points: 0+0
#    says: Tu derivada es casi la correcta, como la de un cociente centrado; la cinta da la exacta.
def derivada(f, x):
    x, h = tf.constant(float(x), tf.float64), 1e-2
    return (f(x + h) - f(x - h)) / (2 * h)

# %% wrong: fine central differences
#    points: 0+0
#    says: Con una f de valores grandes tu derivada falla: los cocientes pierden decimales y la cinta no.
def derivada(f, x):
    x, h = tf.constant(float(x), tf.float64), 1e-5
    return (f(x + h) - f(x - h)) / (2 * h)

# %% wrong: specific f
#    points: 0+0
#    says: Tu función deriva siempre la misma f, la del texto: usa la que recibe como argumento.
def derivada(f, x):
    return 20.0 * float(x) - 5.0

# %% wrong: specific f, by tape
#    points: 0+0
#    says: usa la que recibe como argumento
def derivada(f, x):
    x = tf.Variable(float(x))
    with tf.GradientTape() as tape:
        y = 10 * x**2 - 5 * x + 4
    return tape.gradient(y, x)

# %% wrong: integer without gradient
# points: 0+0
# says: un tensor entero no se puede derivar
# from: cast and watch
# replace: cast(x, tf.float32) → convert_to_tensor(x)

# %% wrong: Python numbers as they come
# points: 0+0
# says: un float de Python
# from: cast and watch
# replace:
#     x = tf.cast(x, tf.float32)
# with:

# %% wrong: changes the variable
#    points: 0+0
#    says: Tu función cambió el valor de la variable que recibió; déjala como estaba.
def derivada(f, x):
    v = x if isinstance(x, tf.Variable) else tf.Variable(float(x))
    with tf.GradientTape() as tape:
        y = f(v)
    g = tape.gradient(y, v)
    v.assign_sub(0.1 * g)
    return g

# %% wrong: the value of f
#    points: 0+0
#    says: Devolviste f(x); se pide su derivada.
def derivada(f, x):
    return f(tf.cast(x, tf.float32))

# %% wrong: forgot return
# points: 0+0
# says: falta el `return`
# like: watches another tensor
# from: cast and watch
# replace: return tape.gradient → tape.gradient

# %% wrong: untouched stub
#    points: 0+0
#    says: Todavía no escribiste tu solución
def derivada(f, x):
    raise NotImplementedError()

# %% wrong: second derivative
# points: 0+0
# says: Derivaste dos veces: se pide la primera derivada.
def derivada(f, x):
    x = tf.Variable(float(x))
    with tf.GradientTape() as segunda:
        with tf.GradientTape() as primera:
            y = f(x)
        g = primera.gradient(y, x)
    return segunda.gradient(g, x)
