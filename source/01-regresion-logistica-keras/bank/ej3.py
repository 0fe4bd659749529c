# %% right: Sequential
def crear_modelo(d_in, clases, optimizador):
    modelo = keras.Sequential(
        [keras.Input(shape=(d_in,)), keras.layers.Dense(clases, activation="softmax")]
    )
    modelo.compile(
        optimizer=optimizador, loss="sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return modelo

# %% right: functional, softmax as a layer
def crear_modelo(d_in, clases, optimizador):
    entrada = keras.Input((d_in,))
    salida = keras.layers.Softmax()(keras.layers.Dense(clases)(entrada))
    modelo = keras.Model(entrada, salida)
    modelo.compile(
        optimizador,
        keras.losses.SparseCategoricalCrossentropy(),
        metrics=[keras.metrics.SparseCategoricalAccuracy(name="aciertos")],
    )
    return modelo

# %% right: tf.keras, add, small start, more metrics
def crear_modelo(d_in, clases, optimizador):
    modelo = tf.keras.Sequential()
    modelo.add(tf.keras.layers.InputLayer(shape=(d_in,)))
    modelo.add(tf.keras.layers.Dense(clases, kernel_initializer=tf.keras.initializers.RandomNormal(0, 0.1)))
    modelo.add(tf.keras.layers.Activation("softmax"))
    modelo.compile(
        optimizer=tf.keras.optimizers.get(optimizador),
        loss="sparse_categorical_crossentropy",
        metrics=["sparse_top_k_categorical_accuracy", "acc"],
    )
    return modelo

# %% right: built at the end
def crear_modelo(d_in, clases, optimizador):
    modelo = keras.Sequential([keras.layers.Dense(clases, activation=keras.activations.softmax)])
    modelo.compile(optimizer=optimizador, loss=keras.losses.sparse_categorical_crossentropy, metrics=["accuracy"])
    modelo.build((None, d_in))
    return modelo

# %% right: class of its own, hand-made loss
def crear_modelo(d_in, clases, optimizador):
    class Softmax(keras.Model):
        def __init__(self):
            super().__init__()
            self.capa = keras.layers.Dense(clases)

        def call(self, x):
            return tf.nn.softmax(self.capa(x))

    def perdida(y, p):
        y = tf.cast(tf.reshape(y, [-1]), tf.int32)
        return -tf.math.log(tf.gather(p, y, batch_dims=1))

    modelo = Softmax()
    modelo(np.zeros((1, d_in)))
    modelo.compile(optimizador, perdida, metrics=[keras.metrics.SparseCategoricalAccuracy()])
    return modelo

# %% right: noisy
def crear_modelo(d_in, clases, optimizador):
    import sys
    import warnings

    modelo = keras.Sequential(
        [keras.Input(shape=(d_in,)), keras.layers.Dense(clases, activation="softmax")]
    )
    modelo.compile(optimizer=optimizador, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    modelo.summary()
    print("listo", file=sys.stderr)
    warnings.warn("ojo")
    return modelo

# %% right: plain
def crear_modelo(d_in, clases, optimizador):
    m = keras.Sequential([keras.Input(shape=(d_in,)), keras.layers.Dense(clases, activation="softmax")])
    m.compile(optimizer=optimizador, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return m

# %% wrong: not started
#    points: 0+0
#    says: Todavía no escribiste
def crear_modelo(d_in, clases, optimizador):
    raise NotImplementedError()

# %% wrong: sigmoid
# points: 0+0
# says: Parece que usaste sigmoid: con clases que se excluyen va softmax.
# from: plain
# replace: activation="softmax" → activation="sigmoid"

# %% wrong: no activation
#    points: 0+0
#    says: La salida no suma 1 en cada ejemplo: falta softmax.
def crear_modelo(d_in, clases, optimizador):
    m = keras.Sequential([keras.Input(shape=(d_in,)), keras.layers.Dense(clases)])
    m.compile(
        optimizer=optimizador,
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return m

# %% wrong: hidden layer
#    points: 0+0
#    says: sobra una capa oculta
def crear_modelo(d_in, clases, optimizador):
    m = keras.Sequential(
        [
            keras.Input(shape=(d_in,)),
            keras.layers.Dense(8, activation="relu"),
            keras.layers.Dense(clases, activation="softmax"),
        ]
    )
    m.compile(optimizer=optimizador, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return m

# %% wrong: sigmoid before softmax
#    points: 0+0
#    says: El modelo debe ser solo x W + b y softmax: hay algo más entre medio.
def crear_modelo(d_in, clases, optimizador):
    m = keras.Sequential(
        [keras.Input(shape=(d_in,)), keras.layers.Dense(clases, activation="sigmoid"), keras.layers.Softmax()]
    )
    m.compile(optimizer=optimizador, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return m

# %% wrong: categorical cross-entropy
# points: 0+0
# says: no entrena con etiquetas
# from: plain
# replace: sparse_categorical_crossentropy → categorical_crossentropy

# %% wrong: optimizer ignored
# points: 0+0
# says: Los pesos se movieron como con SGD de tasa 0.01: usa en `compile` el `optimizador` que recibes.
# from: plain
# replace: optimizador, loss → "sgd", loss

# %% wrong: only names of optimizers
#    points: 0+0
#    says: falla con el optimizador
def crear_modelo(d_in, clases, optimizador):
    m = keras.Sequential([keras.Input(shape=(d_in,)), keras.layers.Dense(clases, activation="softmax")])
    nombre = optimizador.lower()
    m.compile(optimizer=nombre, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return m

# %% wrong: no metric
# points: 0+0
# says: Falta la métrica
# from: plain
# replace: "sparse_categorical_crossentropy", metrics=["accuracy"] → "sparse_categorical_crossentropy"

# %% wrong: another metric
#    points: 0+0
#    says: de exactitud, aquí
def crear_modelo(d_in, clases, optimizador):
    m = keras.Sequential([keras.Input(shape=(d_in,)), keras.layers.Dense(clases, activation="softmax")])
    m.compile(
        optimizer=optimizador,
        loss="sparse_categorical_crossentropy",
        metrics=["sparse_categorical_crossentropy"],
    )
    return m

# %% wrong: two inputs always
# points: 0+0
# says: Parece que quedó fija la cantidad de entradas.
# from: plain
# replace: shape=(d_in,) → shape=(2,)

# %% wrong: two classes always
# points: 0+0
# says: Parece que quedó fija la cantidad de clases.
# from: plain
# replace: clases, activation → 2, activation

# %% wrong: not compiled
#    points: 0+0
#    says: Falta compilar
def crear_modelo(d_in, clases, optimizador):
    return keras.Sequential([keras.Input(shape=(d_in,)), keras.layers.Dense(clases, activation="softmax")])

# %% wrong: not built
# points: 0+0
# says: aún no tiene pesos
# from: plain
# replace: Input(shape=(d_in,)), keras.layers → layers

# %% wrong: no bias
#    points: 0+0
#    says: Falta el sesgo `b`.
def crear_modelo(d_in, clases, optimizador):
    m = keras.Sequential(
        [keras.Input(shape=(d_in,)), keras.layers.Dense(clases, activation="softmax", use_bias=False)]
    )
    m.compile(optimizer=optimizador, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return m

# %% wrong: sum of the losses
#    points: 0+0
#    says: La pérdida no es la entropía cruzada media: parece sumada.
def crear_modelo(d_in, clases, optimizador):
    m = keras.Sequential([keras.Input(shape=(d_in,)), keras.layers.Dense(clases, activation="softmax")])
    m.compile(
        optimizer=optimizador,
        loss=keras.losses.SparseCategoricalCrossentropy(reduction="sum"),
        metrics=["accuracy"],
    )
    return m

# %% wrong: no return
#    points: 0+0
#    says: devolvió None
def crear_modelo(d_in, clases, optimizador):
    m = keras.Sequential([keras.Input(shape=(d_in,)), keras.layers.Dense(clases, activation="softmax")])
    m.compile(optimizer=optimizador, loss="sparse_categorical_crossentropy", metrics=["accuracy"])

# %% right: one neuron a class, joined
def crear_modelo(d_in, clases, optimizador):
    entrada = keras.Input((d_in,))
    z = keras.layers.Concatenate()([keras.layers.Dense(1)(entrada) for _ in range(clases)])
    modelo = keras.Model(entrada, keras.layers.Activation("softmax")(z))
    modelo.compile(optimizador, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return modelo

# %% wrong: a small hidden layer
# points: 0+0
# says: tiene 27 parámetros
# from: plain
# replace: Input(shape=(d_in,)), keras.layers.Dense(clases, activation="softmax") → Input((d_in,)), keras.layers.Dense(clases), keras.layers.Dense(clases, "softmax")

# %% wrong: a misspelt loss
# points: 0+0
# says: revisa la pérdida y las métricas
# from: plain
# replace: Input(shape=(d_in,)), keras.layers.Dense(clases, activation="softmax") → Input((d_in,)), keras.layers.Dense(clases, "softmax")
# replace: sparse_categorical_crossentropy → sparse_categorical_cross_entropy

# %% wrong: always Adam
# points: 0+0
# says: Los pesos se movieron como con Adam: usa en `compile` el `optimizador` que recibes.
# from: plain
# replace: Input(shape=(d_in,)), keras.layers.Dense(clases, activation="softmax") → Input((d_in,)), keras.layers.Dense(clases, "softmax")
# replace: optimizador, loss → "adam", loss

# %% wrong: softmax twice
#    points: 0+0
#    says: Aplicaste la softmax dos veces: la capa densa ya la lleva.
def crear_modelo(d_in, clases, optimizador):
    modelo = keras.Sequential([keras.Input(shape=(d_in,)), keras.layers.Dense(clases, activation="softmax"), keras.layers.Softmax()])
    modelo.compile(optimizer=optimizador, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return modelo

# %% wrong: no activation, usual loss
# points: 0+0
# says: Con los pesos en 0 tu salida es 0 y cada clase debe tener 1/3: falta softmax.
# from: Sequential
# replace: , activation="softmax") → )

# %% wrong: optimizer not passed on
# points: 0+0
# says: Los pesos se movieron como con RMSprop, el que usa `compile` si no recibe otro: pásale `optimizador`.
# from: Sequential
# replace: optimizer=optimizador, loss → loss

# %% wrong: four inputs and three classes always
# points: 1+0
# says: la salida del modelo
# from: functional, softmax as a layer
# replace: Dense(clases) → Dense(3)

# %% wrong: only optimizers that are objects
# points: 1+0
# says: Un objeto de tipo `str` no tiene
# from: plain
# replace: optimizer=optimizador → optimizer=keras.optimizers.SGD(float(optimizador.learning_rate))
