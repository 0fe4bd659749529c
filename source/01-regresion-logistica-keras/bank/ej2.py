# %% right: one line
def aplicar_normalizacion(x_nuevo, mu, sigma):
    return (x_nuevo - mu) / sigma

# %% right: loops and lists
def aplicar_normalizacion(x_nuevo, mu, sigma):
    return [[(v - m) / s for v, m, s in zip(fila, mu, sigma)] for fila in x_nuevo]

# %% right: TensorFlow, float32
def aplicar_normalizacion(x_nuevo, mu, sigma):
    x, m, s = (tf.cast(v, tf.float32) for v in (x_nuevo, mu, sigma))
    return tf.divide(tf.subtract(x, m), s)

# %% right: column by column, with shapes as rows
def aplicar_normalizacion(x_nuevo, mu, sigma):
    mu, sigma = np.ravel(mu), np.ravel(sigma)
    salida = np.empty(np.shape(x_nuevo), dtype=float)
    for j in range(len(mu)):
        salida[:, j] = (x_nuevo[:, j] - mu[j]) / sigma[j]
    return salida

# %% right: scikit-learn's scaler filled by hand
def aplicar_normalizacion(x_nuevo, mu, sigma):
    from sklearn.preprocessing import StandardScaler

    escala = StandardScaler()
    escala.mean_, escala.scale_ = np.asarray(mu), np.asarray(sigma)
    return escala.transform(x_nuevo)

# %% right: noisy
def aplicar_normalizacion(x_nuevo, mu, sigma):
    import logging
    import warnings

    logging.warning("normalizando %s ejemplos", len(x_nuevo))
    warnings.warn("ojo")
    print(x_nuevo)
    return np.divide(np.subtract(x_nuevo, mu), sigma)

# %% wrong: not started
#    points: 0+0
#    says: Todavía no escribiste
def aplicar_normalizacion(x_nuevo, mu, sigma):
    raise NotImplementedError()

# %% wrong: statistics of the new data
#    points: 0+0
#    says: Parece que calculaste media y desviación con los datos nuevos; usa las que recibes.
def aplicar_normalizacion(x_nuevo, mu, sigma):
    return (x_nuevo - x_nuevo.mean(axis=0)) / x_nuevo.std(axis=0)

# %% wrong: mean of the new data
#    points: 0+0
#    says: La media se calculó con los datos nuevos: usa la `mu` que recibes.
def aplicar_normalizacion(x_nuevo, mu, sigma):
    return (x_nuevo - x_nuevo.mean(axis=0)) / sigma

# %% wrong: deviation of the new data
#    points: 0+0
#    says: La desviación se calculó con los datos nuevos: usa la `sigma` que recibes.
def aplicar_normalizacion(x_nuevo, mu, sigma):
    return (x_nuevo - mu) / x_nuevo.std(axis=0)

# %% wrong: fails on one row
#    points: 0+0
#    says: Con un solo ejemplo
def aplicar_normalizacion(x_nuevo, mu, sigma):
    return np.squeeze((x_nuevo - mu) / sigma)

# %% wrong: divides before subtracting
#    points: 0+0
#    says: Parece que divides antes de restar: primero resta mu, después divide.
def aplicar_normalizacion(x_nuevo, mu, sigma):
    return x_nuevo / sigma - mu

# %% wrong: mu and sigma swapped
#    points: 0+0
#    says: Parece que intercambiaste `mu` y `sigma`.
def aplicar_normalizacion(x_nuevo, mu, sigma):
    return (x_nuevo - sigma) / mu

# %% wrong: only subtracts
#    points: 0+0
#    says: Restaste mu, pero falta dividir por sigma.
def aplicar_normalizacion(x_nuevo, mu, sigma):
    return x_nuevo - mu

# %% wrong: multiplies
#    points: 0+0
#    says: Parece que multiplicas por sigma: eso deshace la normalización.
def aplicar_normalizacion(x_nuevo, mu, sigma):
    return (x_nuevo - mu) * sigma

# %% right: a table of pandas
def aplicar_normalizacion(x_nuevo, mu, sigma):
    return pd.DataFrame(x_nuevo).sub(mu).div(sigma)

# %% wrong: sample statistics of the new data
#    points: 0+0
#    says: Calculaste media y desviación (con n − 1) de los datos nuevos: usa las que recibes.
def aplicar_normalizacion(x_nuevo, mu, sigma):
    return (x_nuevo - np.mean(x_nuevo, axis=0)) / np.std(x_nuevo, axis=0, ddof=min(1, len(x_nuevo) - 1))

# %% wrong: brackets around the quotient
#    points: 0+0
#    says: Dividiste mu por sigma y luego restaste: primero resta mu, después divide.
def aplicar_normalizacion(x_nuevo, mu, sigma):
    return x_nuevo - mu / sigma

# %% wrong: mean and deviation of all new data
#    points: 0+0
#    says: Normalizaste con la media y la desviación de todo `x_nuevo`: usa las que recibes.
def aplicar_normalizacion(x_nuevo, mu, sigma):
    mu = x_nuevo.mean()
    sigma = x_nuevo.std()
    return (x_nuevo - mu) / sigma

# %% wrong: the way back
#    points: 0+0
#    says: Multiplicaste por sigma y sumaste mu, que es el camino de vuelta: se resta y se divide.
def aplicar_normalizacion(x_nuevo, mu, sigma):
    return x_nuevo * sigma + mu

# %% wrong: variance
#    points: 0+0
#    says: Dividiste por `sigma` al cuadrado; va `sigma` tal cual.
def aplicar_normalizacion(x_nuevo, mu, sigma):
    return (x_nuevo - mu) / sigma ** 2

# %% wrong: return inside the loop
#    points: 0+0
#    says: Devolviste solo la primera fila: ¿hay un `return` dentro del bucle?
def aplicar_normalizacion(x_nuevo, mu, sigma):
    for i in range(len(x_nuevo)):
        return (x_nuevo[i] - mu) / sigma

# %% wrong: only divides
# points: 0+0
# says: Dividiste por sigma, pero antes falta restar mu.
# from: one line
# replace: return (x_nuevo - mu) / sigma → return x_nuevo / sigma

# %% wrong: adds mu
# points: 0+0
# says: Parece que sumaste mu: se resta.
# from: one line
# replace: x_nuevo - mu → x_nuevo + mu

# %% wrong: upside down
# points: 0+0
# says: El cociente está al revés: lo que divide es sigma.
# from: one line
# replace: return (x_nuevo - mu) / sigma → return sigma / (x_nuevo - mu)
