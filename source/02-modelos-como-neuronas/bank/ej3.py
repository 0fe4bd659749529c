# %% right: Sequential
def crear_neurona(tasa):
    m = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    m.compile(optimizer=keras.optimizers.SGD(learning_rate=tasa), loss="mean_squared_error")
    return m

# %% right: functional, loss object, a metric
def crear_neurona(tasa):
    entrada = keras.Input(shape=(1,))
    salida = keras.layers.Dense(1, activation="linear")(entrada)
    m = keras.Model(entrada, salida)
    m.compile(keras.optimizers.SGD(tasa), keras.losses.MeanSquaredError(), metrics=["mae"])
    return m

# %% right: built at the first call
def crear_neurona(tasa):
    m = keras.Sequential([keras.layers.Dense(1, kernel_initializer="zeros")])
    m.compile(optimizer=keras.optimizers.SGD(tasa), loss="mse")
    return m

# %% right: subclass with its own loss, noisy
import sys

class Recta(keras.Model):
    def __init__(self):
        super().__init__()
        self.capa = keras.layers.Dense(units=1)

    def call(self, x):
        return self.capa(x)

def crear_neurona(tasa):
    print("creo la neurona", file=sys.stderr)
    m = Recta()
    m.compile(
        optimizer=keras.optimizers.SGD(tasa),
        loss=lambda y, p: keras.ops.mean(keras.ops.square(y - p), axis=-1),
    )
    m.build((None, 1))
    return m

# %% right: weights of its own
class Peso(keras.layers.Layer):
    def build(self, forma):
        self.w = self.add_weight(shape=(), initializer="ones")
        self.b = self.add_weight(shape=(), initializer="zeros")

    def call(self, x):
        return self.w * x + self.b

def crear_neurona(tasa):
    m = keras.Sequential([keras.Input((1,)), Peso()])
    m.compile(optimizer=keras.optimizers.SGD(tasa), loss="mse")
    return m

# %% right: small start, momentum of zero
def crear_neurona(tasa):
    inicio = keras.initializers.RandomNormal(mean=0.0, stddev=0.05)
    m = keras.Sequential()
    m.add(keras.Input(shape=(1,)))
    m.add(keras.layers.Dense(1, kernel_initializer=inicio, bias_initializer=inicio))
    m.compile("sgd", "mse")
    m.compile(optimizer=keras.optimizers.SGD(learning_rate=tasa, momentum=0.0), loss="mse")
    return m

# %% wrong: sigmoid
# points: 0+0
# says: ¿hay activación?
# from: built at the first call
# replace: layers.Dense(1, kernel_initializer="zeros") → Input((1,)), keras.layers.Dense(1, activation="sigmoid")

# %% wrong: no bias
# points: 0+0
# says: Falta el sesgo.
# from: built at the first call
# replace: layers.Dense(1, kernel_initializer="zeros") → Input((1,)), keras.layers.Dense(1, use_bias=False)

# %% wrong: Adam
# points: 0+0
# says: Los dos parámetros se movieron justo `tasa`, como con Adam: aquí va SGD.
# from: Sequential
# replace: SGD(learning_rate=tasa), loss="mean_squared_error" → Adam(tasa), loss="mse"

# %% wrong: fixed rate
# points: 0+0
# says: El paso es el de una tasa de 0.01 y pedí 0.05: parece que dejaste la tasa fija.
# from: Sequential
# replace: keras.optimizers.SGD(learning_rate=tasa), loss="mean_squared_error" → "sgd", loss="mse"

# %% wrong: MAE
# points: 0+0
# says: El paso no crece con el error: parece que la pérdida es MAE y no MSE.
# from: Sequential
# replace: SGD(learning_rate=tasa), loss="mean_squared_error" → SGD(tasa), loss="mae"

# %% wrong: not compiled
#    points: 0+0
#    says: Falta compilar
def crear_neurona(tasa):
    return keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])

# %% wrong: momentum
# points: 0+0
# says: El segundo paso no es el de SGD a secas: ¿le pusiste momento?
# from: Sequential
# replace: SGD(learning_rate=tasa), loss="mean_squared_error" → SGD(tasa, momentum=0.9), loss="mse"

# %% wrong: summed loss
# points: 0+0
# says: El paso crece con la cantidad de datos: la pérdida es la media y no la suma.
# from: Sequential
# replace: SGD(learning_rate=tasa), loss="mean_squared_error" → SGD(tasa), loss=keras.losses.MeanSquaredError(reduction="sum")

# %% wrong: half the loss
#    points: 0+0
#    says: El paso mide la mitad: la pérdida es la media de los cuadrados, sin dividir por 2.
def crear_neurona(tasa):
    m = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    mitad = lambda y, p: keras.ops.mean(keras.ops.square(y - p), axis=-1) / 2
    m.compile(optimizer=keras.optimizers.SGD(tasa), loss=mitad)
    return m

# %% wrong: two outputs
# points: 0+0
# says: Tu modelo da dos números por dato: es una sola neurona.
# from: built at the first call
# replace: layers.Dense(1, kernel_initializer="zeros") → Input((1,)), keras.layers.Dense(2)

# %% wrong: a linear hidden layer
# points: 0+0
# says: sobra una capa oculta
# from: built at the first call
# replace: layers.Dense(1, kernel_initializer="zeros") → Input((1,)), keras.layers.Dense(4), keras.layers.Dense(1)

# %% right: neuron and bias in layers of their own
class Sesgo(keras.layers.Layer):
    def build(self, forma):
        self.b = self.add_weight(shape=(1,), initializer="zeros")

    def call(self, x):
        return x + self.b

def crear_neurona(tasa):
    m = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False), Sesgo()])
    m.compile(keras.optimizers.SGD(tasa), keras.losses.mean_squared_error, metrics=["mae", "mse"])
    return m

# %% wrong: ReLU
# points: 0+0
# says: no responde 0.5 x + 0.5
# from: built at the first call
# replace: layers.Dense(1, kernel_initializer="zeros") → Input((1,)), keras.layers.Dense(1, activation="relu")

# %% wrong: RMSprop
# points: 0+0
# says: El paso no sigue al gradiente: el optimizador debe ser SGD, con pérdida MSE.
# from: Sequential
# replace: SGD(learning_rate=tasa), loss="mean_squared_error" → RMSprop(tasa), loss="mse"

# %% wrong: optimizer not passed on
# points: 0+0
# says: Los pesos se movieron como con RMSprop, el que usa `compile` si no recibe otro: pásale SGD con `tasa`.
def crear_neurona(tasa):
    neurona = keras.Sequential([keras.Input(shape=(1,)), keras.layers.Dense(1)])
    neurona.compile(loss="mse")
    return neurona
