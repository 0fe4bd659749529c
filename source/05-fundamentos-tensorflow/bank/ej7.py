# %% right: objects
def crear_modelo_keras(tasa):
    modelo = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1, activation="sigmoid")])
    modelo.compile(optimizer=keras.optimizers.SGD(tasa), loss=keras.losses.BinaryCrossentropy(),
                   metrics=[keras.metrics.BinaryAccuracy()])
    return modelo

# %% right: names
def crear_modelo_keras(tasa):
    m = keras.models.Sequential()
    m.add(keras.Input(shape=(2,)))
    m.add(keras.layers.Dense(units=1, activation="sigmoid"))
    m.compile(keras.optimizers.SGD(learning_rate=tasa), "binary_crossentropy", metrics=["accuracy"])
    return m

# %% right: activation layer
def crear_modelo_keras(tasa):
    m = keras.Sequential([
        keras.layers.InputLayer(shape=(2,)),
        keras.layers.Dense(1, kernel_initializer="zeros"),
        keras.layers.Activation("sigmoid"),
    ])
    m.compile(loss="bce", optimizer=keras.optimizers.SGD(tasa), metrics=["binary_accuracy"])
    return m

# %% right: not built until it is called
def crear_modelo_keras(tasa):
    m = tf.keras.Sequential([tf.keras.layers.Dense(1, activation=tf.nn.sigmoid)])
    m.compile(loss="binary_crossentropy", optimizer=tf.keras.optimizers.SGD(tasa), metrics=["acc"])
    return m

# %% right: further metrics, several losses names
def crear_modelo_keras(tasa):
    m = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, activation=keras.activations.sigmoid)],
                         name="neurona")
    m.compile(loss=keras.losses.binary_crossentropy, optimizer=keras.optimizers.SGD(tasa),
              metrics=["mse", keras.metrics.BinaryAccuracy(threshold=0.5, name="aciertos")])
    return m

# %% right: functional model
def crear_modelo_keras(tasa):
    x = keras.Input((2,))
    m = keras.Model(x, keras.layers.Dense(1, activation="sigmoid")(x))
    m.compile(loss="binary_crossentropy", optimizer=keras.optimizers.SGD(tasa), metrics=["accuracy"],
              run_eagerly=True)
    return m

# %% right: noisy
import sys
import warnings


def crear_modelo_keras(tasa):
    m = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1, activation="sigmoid")])
    m.compile(loss="binary_crossentropy", optimizer=keras.optimizers.SGD(tasa), metrics=["accuracy"])
    m.summary()
    warnings.warn("hecho")
    print("listo", file=sys.stderr)
    return m

# %% wrong: softmax over one
#    points: 0+0
#    says: Una softmax sobre una sola salida da siempre 1: no distingue nada.
def crear_modelo_keras(tasa):
    m = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1, activation="softmax")])
    m.compile(loss="binary_crossentropy", optimizer=keras.optimizers.SGD(tasa), metrics=["accuracy"])
    return m

# %% wrong: linear output
#    points: 0+0
#    says: La salida es lineal, X w + b: falta la sigmoide.
def crear_modelo_keras(tasa):
    m = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1)])
    m.compile(loss=keras.losses.BinaryCrossentropy(from_logits=True),
              optimizer=keras.optimizers.SGD(tasa), metrics=["accuracy"])
    return m

# %% wrong: rate ignored
#    points: 0+0
#    says: SGD no usa la tasa que recibe la función.
def crear_modelo_keras(tasa):
    m = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1, activation="sigmoid")])
    m.compile(loss="binary_crossentropy", optimizer="sgd", metrics=["accuracy"])
    return m

# %% wrong: no metric
#    points: 0+0
#    says: Métricas que informa: []
def crear_modelo_keras(tasa):
    m = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1, activation="sigmoid")])
    m.compile(loss="binary_crossentropy", optimizer=keras.optimizers.SGD(tasa))
    return m

# %% wrong: another metric
#    points: 0+0
#    says: La métrica que informa el modelo no es la exactitud binaria.
def crear_modelo_keras(tasa):
    m = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1, activation="sigmoid")])
    m.compile(loss="binary_crossentropy", optimizer=keras.optimizers.SGD(tasa), metrics=["mse"])
    return m

# %% wrong: squared error
#    points: 0+0
#    says: La pérdida es el error cuadrático medio; se pide la entropía cruzada binaria.
def crear_modelo_keras(tasa):
    m = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1, activation="sigmoid")])
    m.compile(loss="mse", optimizer=keras.optimizers.SGD(tasa), metrics=["accuracy"])
    return m

# %% wrong: logits twice
#    points: 0+0
#    says: La pérdida trata la salida como logits, pero ya pasó por la sigmoide: `from_logits` sobra.
def crear_modelo_keras(tasa):
    m = keras.Sequential([keras.layers.Input((2,)), 
                          keras.layers.Dense(1, activation=lambda z: 1 / (1 + keras.ops.exp(-z)))])
    m.compile(loss=keras.losses.BinaryCrossentropy(from_logits=True),
              optimizer=keras.optimizers.SGD(tasa), metrics=["accuracy"])
    return m

# %% wrong: Adam
#    points: 0+0
#    says: El optimizador no es SGD: sus pasos son los de Adam.
def crear_modelo_keras(tasa):
    m = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1, activation="sigmoid")])
    m.compile(loss="binary_crossentropy", optimizer=keras.optimizers.Adam(tasa), metrics=["accuracy"])
    return m

# %% wrong: momentum
#    points: 0+0
#    says: El SGD pedido no lleva momento: cada paso depende solo del gradiente de ahora.
def crear_modelo_keras(tasa):
    m = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1, activation="sigmoid")])
    m.compile(loss="binary_crossentropy", optimizer=keras.optimizers.SGD(tasa, momentum=0.9),
              metrics=["accuracy"])
    return m

# %% wrong: not compiled
#    points: 0+0
#    says: Falta compilar el modelo
def crear_modelo_keras(tasa):
    return keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1, activation="sigmoid")])

# %% wrong: hidden layer
#    points: 0+0
#    says: El modelo tiene 17 parámetros y una neurona con 2 entradas tiene 3: sobran capas o neuronas.
def crear_modelo_keras(tasa):
    m = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(4, activation="relu"),
                          keras.layers.Dense(1, activation="sigmoid")])
    m.compile(loss="binary_crossentropy", optimizer=keras.optimizers.SGD(tasa), metrics=["accuracy"])
    return m

# %% wrong: no bias
#    points: 0+0
#    says: Al modelo le falta el sesgo b.
def crear_modelo_keras(tasa):
    m = keras.Sequential([keras.layers.Input((2,)),
                          keras.layers.Dense(1, activation="sigmoid", use_bias=False)])
    m.compile(loss="binary_crossentropy", optimizer=keras.optimizers.SGD(tasa), metrics=["accuracy"])
    return m

# %% wrong: three inputs
#    points: 0+0
#    says: La capa espera entradas de otra forma
def crear_modelo_keras(tasa):
    m = keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(1, activation="sigmoid")])
    m.compile(loss="binary_crossentropy", optimizer=keras.optimizers.SGD(tasa), metrics=["accuracy"])
    return m

# %% wrong: two outputs
#    points: 0+0
#    says: El modelo tiene dos salidas: se pide una sola, la probabilidad de la clase 1.
def crear_modelo_keras(tasa):
    m = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(2, activation="softmax")])
    m.compile(loss="sparse_categorical_crossentropy", optimizer=keras.optimizers.SGD(tasa),
              metrics=["accuracy"])
    return m

# %% wrong: forgot return
#    points: 0+0
#    says: ¿falta el `return`?
def crear_modelo_keras(tasa):
    m = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1, activation="sigmoid")])
    m.compile(loss="binary_crossentropy", optimizer=keras.optimizers.SGD(tasa), metrics=["accuracy"])

# %% wrong: untouched stub
#    points: 0+0
#    says: Todavía no escribiste tu solución
def crear_modelo_keras(tasa):
    raise NotImplementedError()

# %% wrong: optimizer not passed on
# points: 0+0
# says: Los pesos se movieron como con RMSprop, el que usa `compile` si no recibe otro: pásale SGD con `tasa`.
# from: objects
# replace: optimizer=keras.optimizers.SGD(tasa), loss → loss

# %% wrong: inputs of shape (2, 1)
# points: 0+0
# says: La entrada tiene forma (2, 1): un ejemplo son dos números, de forma (2,).
# from: objects
# replace: Input((2,)) → Input((2, 1))

# %% wrong: always the same rate
# points: 1+0
# says: Con otra `tasa` los pesos no se mueven como los mueve SGD.
# from: objects
# replace: SGD(tasa) → SGD(0.3)

# %% wrong: no activation, usual loss
# points: 0+0
# says: Falta la activación: la salida es x·w + b, y debe ser su sigmoide.
# from: objects
# replace: , activation="sigmoid" →
