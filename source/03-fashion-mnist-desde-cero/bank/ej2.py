# %% right: tensorflow's generator
def iniciar_parametros(desvio, semilla):
    generador = tf.random.Generator.from_seed(semilla)
    pesos = tf.Variable(generador.normal((784, 10), stddev=desvio, dtype=tf.float64))
    return pesos, tf.Variable(tf.zeros(10, tf.float64))


# %% right: numpy's generator
def iniciar_parametros(desvio, semilla):
    azar = np.random.default_rng(semilla)
    return tf.Variable(azar.normal(0, desvio, (784, 10))), tf.Variable(np.zeros(10))


# %% right: stateless
def iniciar_parametros(desvio, semilla):
    w = tf.random.stateless_normal((784, 10), seed=[semilla, 0], stddev=desvio, dtype=tf.float64)
    return [tf.Variable(w, name="w"), tf.Variable([0.0] * 10, dtype=tf.float64)]


# %% right: global seed
def iniciar_parametros(desvio, semilla):
    tf.random.set_seed(semilla)
    w = tf.random.normal((784, 10), dtype=tf.float64) * desvio
    return tf.Variable(w), tf.Variable(tf.zeros((10,), dtype="float64"))


# %% right: legacy numpy, loops
def iniciar_parametros(desvio, semilla):
    np.random.seed(semilla)
    filas = [[np.random.randn() * desvio for _ in range(10)] for _ in range(784)]
    return tf.Variable(filas, dtype=tf.float64), tf.Variable(np.zeros(10), dtype=tf.float64)


# %% right: keras initializer
def iniciar_parametros(desvio, semilla):
    inicial = tf.keras.initializers.RandomNormal(stddev=desvio, seed=semilla)
    pesos = tf.Variable(inicial((784, 10), dtype="float64"))
    return pesos, tf.Variable(tf.zeros(10, tf.float64))


# %% right: noisy
def iniciar_parametros(desvio, semilla):
    import sys

    print("semilla", semilla)
    print("aviso", file=sys.stderr)
    azar = np.random.RandomState(semilla)
    return tf.Variable(azar.randn(784, 10) * desvio), tf.Variable(np.zeros(10))


# %% wrong: zeros
#    points: 0
#    says: Tus pesos son todos cero
def iniciar_parametros(desvio, semilla):
    return tf.Variable(np.zeros((784, 10))), tf.Variable(np.zeros(10))


# %% wrong: constants
# points: 0
# says: no son `tf.Variable`
# from: numpy's generator
# replace: Variable(azar.normal(0, desvio, (784, 10))), tf.Variable → constant(azar.normal(0, desvio, (784, 10))), tf.constant

# %% wrong: not repeatable
#    points: 0
#    says: La misma semilla dio otros pesos la segunda vez
def iniciar_parametros(desvio, semilla):
    pesos = tf.random.normal((784, 10), stddev=desvio, seed=semilla, dtype=tf.float64)
    return tf.Variable(pesos), tf.Variable(tf.zeros(10, tf.float64))


# %% wrong: seed ignored
# points: 0
# says: Dos semillas distintas dieron los mismos pesos
# from: numpy's generator
# replace: default_rng(semilla) → default_rng(0)

# %% wrong: deviation ignored
# points: 0
# says: El desvío de tus pesos es 1, pidas el que pidas: usa `desvio`.
# from: numpy's generator
# replace: desvio, (784, 10) → 1, (784, 10)

# %% wrong: random bias
# points: 0
# says: El bias debe empezar en cero
# from: numpy's generator
# replace: np.zeros(10) → azar.normal(0, desvio, 10)

# %% wrong: single precision
#    points: 0
#    says: Tus parámetros no son float64
def iniciar_parametros(desvio, semilla):
    azar = np.random.default_rng(semilla)
    pesos = azar.normal(0, desvio, (784, 10)).astype("float32")
    return tf.Variable(pesos), tf.Variable(tf.zeros(10))


# %% wrong: transposed
# points: 0
# says: Las formas deben ser
# from: numpy's generator
# replace: desvio, (784, 10) → desvio, (10, 784)

# %% wrong: only the weights
# points: 0
# says: otra cantidad de valores
# from: numpy's generator
# replace: Variable(azar.normal(0, desvio, (784, 10))), tf.Variable(np.zeros(10)) → Variable(azar.normal(0, desvio, (784, 10)))
