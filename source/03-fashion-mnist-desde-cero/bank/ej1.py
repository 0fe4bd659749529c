# %% right: reshape and divide
def preparar(imagenes):
    return imagenes.reshape(len(imagenes), 784) / 255


# %% right: float first, minus one
def preparar(imagenes):
    return imagenes.astype("float64").reshape(-1, 28 * 28) * (1 / 255.0)


# %% right: loops
def preparar(imagenes):
    salida = np.zeros((len(imagenes), 784))
    for k, imagen in enumerate(imagenes):
        for i in range(28):
            for j in range(28):
                salida[k, 28 * i + j] = int(imagen[i, j]) / 255
    return salida


# %% right: list of lists
def preparar(imagenes):
    return [[int(pixel) / 255 for pixel in imagen.ravel()] for imagen in imagenes]


# %% right: tensorflow
def preparar(imagenes):
    return tf.reshape(tf.cast(imagenes, tf.float64) / 255.0, (-1, 784))


# %% right: float32
def preparar(imagenes):
    return np.float32(imagenes).reshape(imagenes.shape[0], -1) / np.float32(255)


# %% right: noisy
def preparar(imagenes):
    import sys
    import warnings

    print("preparando", imagenes.shape)
    warnings.warn("un aviso")
    print("otro aviso", file=sys.stderr)
    return imagenes.reshape((-1, 784)).astype(float) / 255.0


# %% wrong: no scaling
#    points: 0+0
#    says: Parece que no escalaste: los píxeles siguen entre 0 y 255.
def preparar(imagenes):
    return imagenes.reshape(-1, 784).astype("float64")


# %% wrong: scaled by the batch's largest
#    points: 0+0
#    says: Parece que dividiste por el máximo del lote; el divisor es siempre el mismo.
def preparar(imagenes):
    return imagenes.reshape(-1, 784) / imagenes.max()


# %% wrong: scaled by each image's largest
#    points: 0+0
#    says: Parece que dividiste cada imagen por su propio máximo: así se pierde cuál era oscura.
def preparar(imagenes):
    x = imagenes.reshape(-1, 784)
    return x / x.max(axis=1, keepdims=True)


# %% wrong: integer division
#    points: 0+0
#    says: Parece una división entera: `//` (o volver a enteros) deja casi todo en 0.
def preparar(imagenes):
    return (imagenes // 255).reshape(-1, 784).astype("float64")


# %% wrong: divided by 256
#    points: 0+0
#    says: Parece que dividiste por 256; el mayor valor de un píxel es 255.
def preparar(imagenes):
    return imagenes.reshape(-1, 784) / 256


# %% wrong: centred
#    points: 0+0
#    says: Parece que llevaste los píxeles a [−1, 1]; se pide [0, 1].
def preparar(imagenes):
    return imagenes.reshape(-1, 784) / 127.5 - 1


# %% wrong: not flattened
#    points: 0+0
#    says: Las imágenes siguen siendo cuadros de 28×28: falta aplanarlas.
def preparar(imagenes):
    return imagenes / 255


# %% wrong: one image a column
#    points: 0+0
#    says: Hay una imagen por columna; debe haber una por fila.
def preparar(imagenes):
    return imagenes.reshape(-1, 784).T / 255


# %% wrong: pixels transposed
#    points: 0+0
#    says: Los píxeles de cada imagen quedaron traspuestos: se leen por filas.
def preparar(imagenes):
    return imagenes.transpose(0, 2, 1).reshape(-1, 784) / 255


# %% wrong: reshaped into columns, pixels of all images mixed
#    points: 0+0
#    says: Se mezclaron píxeles de imágenes distintas: cada fila de x es una imagen.
def preparar(imagenes):
    return imagenes.reshape(784, -1).T / 255


# %% wrong: scales only what is above one
#    points: 0+0
#    says: Tu escala depende de los píxeles que hay en el lote: prueba con imágenes casi negras.
def preparar(imagenes):
    x = imagenes.reshape(-1, 784).astype("float64")
    return x / 255 if x.max() > 1 else x


# %% wrong: changes its input
#    points: 0+0
#    says: Tu función modifica las imágenes que recibe.
def preparar(imagenes):
    x = imagenes.reshape(-1, 784) / 255
    imagenes[:] = 0
    return x


# %% wrong: not finished
#    points: 0+0
#    says: Todavía no escribiste tu solución
def preparar(imagenes):
    raise NotImplementedError()

# %% wrong: inverted greys
#    points: 0+0
#    says: Invertiste los grises: un píxel 0 sigue siendo 0.
def preparar(imagenes):
    return 1 - imagenes.reshape(-1, 784) / 255.0

# %% wrong: standardised
#    points: 0+0
#    says: Restaste la media y dividiste por el desvío; aquí solo se divide por 255.
def preparar(imagenes):
    v = imagenes.reshape(-1, 784).astype(float)
    return (v - v.mean()) / v.std()

# %% wrong: images in columns
#    points: 0+0
#    says: Dejaste (784, n): cada imagen va en una fila.
def preparar(imagenes):
    return imagenes.reshape(784, -1) / 255.0
