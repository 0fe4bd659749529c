# %% right: Sequential
def crear_red(ocultas, activacion, tasa):
    m = keras.Sequential([keras.Input((1,)), keras.layers.Dense(ocultas, activation=activacion), keras.layers.Dense(1)])
    m.compile(optimizer=keras.optimizers.Adam(learning_rate=tasa), loss="mse")
    return m

# %% right: functional, activation as a layer
def crear_red(ocultas, activacion, tasa):
    x = keras.Input(shape=(1,))
    h = keras.layers.Activation(activacion)(keras.layers.Dense(ocultas)(x))
    m = keras.Model(x, keras.layers.Dense(1, activation="linear")(h))
    m.compile(keras.optimizers.Adam(tasa), keras.losses.MeanSquaredError(), metrics=["mae"])
    return m

# %% right: built afterwards
def crear_red(ocultas, activacion, tasa):
    m = keras.Sequential()
    m.add(keras.layers.Dense(ocultas, activation=getattr(keras.activations, activacion)))
    m.add(keras.layers.Dense(1))
    m.compile(loss="mean_squared_error", optimizer=keras.optimizers.Adam(tasa))
    m.build((None, 1))
    return m

# %% right: subclass, layers in another order, noisy
import sys
import warnings

class Red(keras.Model):
    def __init__(self, ocultas, activacion):
        super().__init__()
        self.salida = keras.layers.Dense(1)
        self.oculta = keras.layers.Dense(ocultas, activation=activacion)

    def call(self, x):
        return self.salida(self.oculta(x))

def crear_red(ocultas, activacion, tasa):
    warnings.warn("red propia")
    print("red", file=sys.stderr)
    m = Red(ocultas, activacion)
    m(np.zeros((1, 1)))
    m.compile(optimizer=keras.optimizers.Adam(tasa), loss="mse")
    return m

# %% right: small normal start
def crear_red(ocultas, activacion, tasa):
    inicio = keras.initializers.RandomNormal(stddev=0.5)
    m = keras.Sequential([
        keras.Input((1,)),
        keras.layers.Dense(ocultas, activation=activacion, kernel_initializer=inicio),
        keras.layers.Dense(1, kernel_initializer=inicio),
    ])
    m.compile(optimizer=keras.optimizers.Adam(tasa), loss=keras.losses.mean_squared_error)
    return m

# %% wrong: activation on the output too
# points: 0+0
# says: La salida también tiene activación: debe ser lineal.
# from: Sequential
# replace: layers.Dense(1) → layers.Dense(1, activation=activacion)
# replace: learning_rate=tasa → tasa

# %% wrong: activation on the output only
# points: 0+0
# says: La activación está en la salida: su lugar es la capa oculta.
# from: Sequential
# replace: Dense(ocultas, activation=activacion), keras.layers.Dense(1) → Dense(ocultas), keras.layers.Dense(1, activation=activacion)
# replace: learning_rate=tasa → tasa

# %% wrong: activation ignored
# points: 0+0
# says: La capa oculta no usa la activación que recibe.
# from: Sequential
# replace: ocultas, activation=activacion → ocultas
# replace: learning_rate=tasa → tasa

# %% wrong: always sigmoid
# points: 0+0
# says: La activación no cambia con `activacion`: parece fija en sigmoid.
# from: Sequential
# replace: activation=activacion → activation="sigmoid"
# replace: learning_rate=tasa → tasa

# %% wrong: fixed width
# points: 0+0
# says: La red tiene siempre 8 neuronas ocultas: usa `ocultas`.
# from: Sequential
# replace: ocultas, activation → 8, activation
# replace: learning_rate=tasa → tasa

# %% wrong: SGD
# points: 0+0
# says: Los pasos no son los de Adam: revisa el optimizador.
# from: Sequential
# replace: Adam(learning_rate=tasa) → SGD(tasa)

# %% wrong: fixed rate
# points: 0+0
# says: El paso es el de Adam con tasa 0.001 y pedí 0.05: pásale `tasa`.
# from: Sequential
# replace: keras.optimizers.Adam(learning_rate=tasa) → "adam"

# %% wrong: MAE
# points: 0+0
# says: La pérdida es el error absoluto medio: debe ser el cuadrático.
# from: Sequential
# replace: Adam(learning_rate=tasa), loss="mse" → Adam(tasa), loss="mae"

# %% wrong: not built
# points: 0+0
# says: aún no tiene pesos
# from: Sequential
# replace: Input((1,)), keras.layers → layers
# replace: learning_rate=tasa → tasa

# %% wrong: not compiled
#    points: 0+0
#    says: Falta compilar
def crear_red(ocultas, activacion, tasa):
    return keras.Sequential([keras.Input((1,)), keras.layers.Dense(ocultas, activation=activacion), keras.layers.Dense(1)])

# %% wrong: no bias
# points: 0+0
# says: A la red le faltan los sesgos: tiene 10 parámetros y van 16.
# from: Sequential
# replace: Dense(ocultas, activation=activacion), keras.layers.Dense(1) → Dense(ocultas, activation=activacion, use_bias=False), keras.layers.Dense(1, use_bias=False)
# replace: learning_rate=tasa → tasa

# %% right: the output in two layers of one bias
def crear_red(ocultas, activacion, tasa):
    x = keras.Input((1,))
    partes = [keras.layers.Dense(1, activation=activacion)(x) for _ in range(ocultas)]
    h = partes[0] if ocultas == 1 else keras.layers.Concatenate()(partes)
    m = keras.Model(x, keras.layers.Dense(1)(h))
    m.compile(optimizer=keras.optimizers.Adam(tasa), loss="mse", metrics=["mae"])
    return m

# %% wrong: sixteen neurons always
# points: 0+0
# says: tiene 49 parámetros
# from: Sequential
# replace: ocultas, activation → 16, activation
# replace: learning_rate=tasa → tasa

# %% wrong: always ReLU
# points: 0+0
# says: La activación no cambia con `activacion`: parece fija en relu.
# from: Sequential
# replace: activation=activacion → activation="relu"
# replace: learning_rate=tasa → tasa

# %% wrong: no hidden layer
# points: 0+0
# says: Falta la capa oculta: tu red tiene los 2 parámetros de una sola neurona.
def crear_red(ocultas, activacion, tasa):
    red = keras.Sequential(
        [
            keras.Input(shape=(1,)),
            
            keras.layers.Dense(1),
        ]
    )
    red.compile(loss="mse", optimizer=keras.optimizers.Adam(tasa))
    return red

# %% wrong: no output layer
# points: 0+0
# says: Falta la capa de salida: tu red termina en la capa oculta.
def crear_red(ocultas, activacion, tasa):
    red = keras.Sequential(
        [
            keras.Input(shape=(1,)),
            keras.layers.Dense(ocultas, activation=activacion),
        ]
    )
    red.compile(loss="mse", optimizer=keras.optimizers.Adam(tasa))
    return red

# %% wrong: optimizer not passed on
# points: 0+0
# says: Los pesos se movieron como con RMSprop, el que usa `compile` si no recibe otro: pásale Adam con `tasa`.
def crear_red(ocultas, activacion, tasa):
    red = keras.Sequential(
        [
            keras.Input(shape=(1,)),
            keras.layers.Dense(ocultas, activation=activacion),
            keras.layers.Dense(1),
        ]
    )
    red.compile(loss="mse")
    return red
