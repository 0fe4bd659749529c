# %% right: vectorised
def importancia(w):
    desvios = np.abs(w - w.mean(axis=1, keepdims=True)).mean(axis=1)
    return desvios / desvios.sum()

# %% right: loops and lists
def importancia(w):
    a = []
    for fila in w:
        media = sum(fila) / len(fila)
        a.append(sum(abs(v - media) for v in fila) / len(fila))
    return [v / sum(a) for v in a]

# %% right: sums in place of means
def importancia(w):
    K = w.shape[1]
    a = np.sum(np.abs(w.T - np.sum(w, axis=1) / K), axis=0)
    return a / np.linalg.norm(a, 1)

# %% right: TensorFlow, float32
def importancia(w):
    w = tf.cast(w, tf.float32)
    a = tf.reduce_mean(tf.abs(w - tf.reduce_mean(w, axis=1, keepdims=True)), axis=1)
    return a / tf.reduce_sum(a)

# %% right: pandas
def importancia(w):
    import pandas as pd

    tabla = pd.DataFrame(w)
    a = tabla.sub(tabla.mean(axis=1), axis=0).abs().mean(axis=1)
    return a / a.sum()

# %% right: noisy
def importancia(w):
    import sys
    import warnings

    print(w)
    print("aviso", file=sys.stderr)
    warnings.warn("ojo")
    a = np.array([np.mean(np.abs(fila - np.mean(fila))) for fila in w])
    return a / np.sum(a)

# %% wrong: not started
#    points: 0+0
#    says: Todavía no escribiste
def importancia(w):
    raise NotImplementedError()

# %% wrong: plain absolute weights
#    points: 0+0
#    says: Usaste los |w| tal cual: resta antes la media de cada fila.
def importancia(w):
    a = np.abs(w).mean(axis=1)
    return a / a.sum()

# %% wrong: not scaled
#    points: 0+0
#    says: Falta escalar: divide para que la suma sea 1.
def importancia(w):
    return np.abs(w - w.mean(axis=1, keepdims=True)).mean(axis=1)

# %% wrong: over the wrong axis
#    points: 0+0
#    says: Sumaste por columnas: va un número por entrada (fila), no por clase.
def importancia(w):
    a = np.abs(w - w.mean(axis=1, keepdims=True)).mean(axis=0)
    return a / a.sum()

# %% wrong: signed deviations
#    points: 0+0
#    says: los desvíos de una fila se anulan
def importancia(w):
    a = (w - w.mean(axis=1, keepdims=True)).mean(axis=1)
    return a / a.sum()

# %% wrong: signed difference of two classes
#    points: 0+0
#    says: Hay importancias negativas
def importancia(w):
    a = w[:, 1] - w[:, 0]
    return a / np.abs(a).sum()

# %% wrong: mean of each column
#    points: 0+0
#    says: Restaste la media de cada columna; va la de cada fila.
def importancia(w):
    a = np.abs(w - w.mean(axis=0)).mean(axis=1)
    return a / a.sum()

# %% wrong: mean of the whole matrix
#    points: 0+0
#    says: Restaste la media de toda la matriz; va la de cada fila.
def importancia(w):
    a = np.abs(w - w.mean()).mean(axis=1)
    return a / a.sum()

# %% wrong: standard deviation
#    points: 0+0
#    says: Elevaste los desvíos al cuadrado; va su valor absoluto.
def importancia(w):
    a = w.std(axis=1)
    return a / a.sum()

# %% wrong: divided by the largest
#    points: 0+0
#    says: Dividiste por el valor más grande; va la suma, para que el total sea 1.
def importancia(w):
    a = np.abs(w - w.mean(axis=1, keepdims=True)).mean(axis=1)
    return a / a.max()

# %% right: NumPy floats of a list
def importancia(w):
    w = np.asarray(w, dtype=np.float32)
    a = [np.mean(np.abs(fila - np.mean(fila))) for fila in w]
    return list(np.array(a) / np.sum(a))

# %% wrong: absolute value after the mean
#    points: 0+0
#    says: se anulan entre sí
def importancia(w):
    a = np.abs((w - w.mean(axis=1, keepdims=True)).mean(axis=1))
    return a / a.sum()

# %% wrong: sums of the deviations, not scaled
#    points: 0+0
#    says: Sumaste los desvíos sin escalar: divide para que el total sea 1.
def importancia(w):
    return np.abs(w - w.mean(axis=1, keepdims=True)).sum(axis=1)

# %% wrong: plain weights over the wrong axis
#    points: 0+0
#    says: Sumaste los |w| de cada clase: va un número por entrada, de los desvíos de su fila.
def importancia(w):
    a = np.abs(w).sum(axis=0)
    return a / a.sum()

# %% wrong: range of each row
#    points: 0+0
#    says: Mediste el mayor peso menos el menor de cada fila; va la media de los desvíos sin signo.
def importancia(w):
    a = w.max(axis=1) - w.min(axis=1)
    return a / a.sum()

# %% wrong: one mean for all
# points: 0+0
# says: Promediaste toda la matriz y quedó un solo número: va uno por cada entrada.
# from: vectorised
# replace: keepdims=True)).mean(axis=1) → keepdims=True)).mean()

# %% wrong: deviations not averaged
# points: 0+0
# says: Quedó un número por peso: falta promediar los desvíos de cada fila.
# from: vectorised
# replace: keepdims=True)).mean(axis=1) → keepdims=True))

# %% wrong: mean added to the weights
# points: 0+0
# says: Los desvíos no son respecto de la media de la fila: a cada peso se le resta esa media.
# from: vectorised
# replace: w - w.mean → w + w.mean
