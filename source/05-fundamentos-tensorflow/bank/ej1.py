# %% right: slices
def operaciones(A, B):
    return {
        "suma": A + B,
        "elemento": A * B,
        "matricial": A @ B,
        "primera_fila": A[0, :],
        "segunda_columna": A[:, 1],
        "filas_invertidas": A[::-1, :],
    }

# %% right: tf functions
def operaciones(A, B):
    return dict(
        suma=tf.add(A, B),
        elemento=tf.multiply(A, B),
        matricial=tf.linalg.matmul(A, B),
        primera_fila=tf.gather(A, 0),
        segunda_columna=tf.gather(A, 1, axis=1),
        filas_invertidas=tf.reverse(A, axis=[0]),
    )

# %% right: NumPy
def operaciones(A, B):
    A, B = np.array(A), np.array(B)
    return {
        "suma": np.add(A, B),
        "elemento": np.multiply(A, B),
        "matricial": A.dot(B),
        "primera_fila": A[0],
        "segunda_columna": A.T[1],
        "filas_invertidas": np.flipud(A),
    }

# %% right: loops and lists
def operaciones(A, B):
    a, b = A.numpy().tolist(), B.numpy().tolist()
    n = len(a)
    r = {}
    r["suma"] = [[a[i][j] + b[i][j] for j in range(n)] for i in range(n)]
    r["elemento"] = [[a[i][j] * b[i][j] for j in range(n)] for i in range(n)]
    r["matricial"] = [
        [sum(a[i][k] * b[k][j] for k in range(n)) for j in range(n)] for i in range(n)
    ]
    r["primera_fila"] = a[0]
    r["segunda_columna"] = [fila[1] for fila in a]
    r["filas_invertidas"] = a[::-1]
    return r

# %% right: keras ops, float64, further keys
def operaciones(A, B):
    A, B = tf.cast(A, tf.float64), tf.cast(B, tf.float64)
    return {
        "filas_invertidas": keras.ops.flip(A, axis=0),
        "segunda_columna": tf.transpose(A)[1],
        "primera_fila": tf.unstack(A)[0],
        "matricial": keras.ops.matmul(A, B),
        "elemento": keras.ops.multiply(A, B),
        "suma": keras.ops.add(A, B),
        "extra": tf.reduce_sum(A),
    }

# %% right: Variables
def operaciones(A, B):
    A, B = tf.Variable(A), tf.Variable(B)
    return {
        "suma": tf.Variable(A + B),
        "elemento": A * B,
        "matricial": tf.einsum("ik,kj->ij", A, B),
        "primera_fila": A[0],
        "segunda_columna": tf.squeeze(A[:, 1:2], axis=1),
        "filas_invertidas": tf.stack(tf.unstack(A)[::-1]),
    }

# %% right: noisy
import logging
import sys
import warnings


def operaciones(A, B):
    print("calculando", A)
    warnings.warn("un aviso")
    logging.warning("otro")
    print("uno más", file=sys.stderr)
    return {"suma": A + B, "elemento": A * B, "matricial": tf.matmul(A, B), "primera_fila": A[0],
            "segunda_columna": A[:, 1], "filas_invertidas": tf.reverse(A, [0])}

# %% wrong: star for matmul
#    points: 0+0
#    says: En `matricial` usaste `*`: no es el producto de matrices.
def operaciones(A, B):
    return {"suma": A + B, "elemento": A * B, "matricial": A * B, "primera_fila": A[0],
            "segunda_columna": A[:, 1], "filas_invertidas": A[::-1]}

# %% wrong: matmul for star
#    points: 0+0
#    says: En `elemento` calculaste el producto de matrices; va posición por posición.
def operaciones(A, B):
    return {"suma": A + B, "elemento": A @ B, "matricial": A @ B, "primera_fila": A[0],
            "segunda_columna": A[:, 1], "filas_invertidas": A[::-1]}

# %% wrong: columns reversed
#    points: 0+0
#    says: En `filas_invertidas` invertiste las columnas, no las filas.
def operaciones(A, B):
    return {"suma": A + B, "elemento": A * B, "matricial": A @ B, "primera_fila": A[0],
            "segunda_columna": A[:, 1], "filas_invertidas": A[:, ::-1]}

# %% wrong: both reversed
#    points: 0+0
#    says: Diste la vuelta a filas y columnas; solo cambia el orden de las filas.
def operaciones(A, B):
    return {"suma": A + B, "elemento": A * B, "matricial": A @ B, "primera_fila": A[0],
            "segunda_columna": A[:, 1], "filas_invertidas": tf.reverse(A, [0, 1])}

# %% wrong: row for column
#    points: 0+0
#    says: En `segunda_columna` tomaste una fila: ¿qué índice recorre las columnas?
def operaciones(A, B):
    return {"suma": A + B, "elemento": A * B, "matricial": A @ B, "primera_fila": A[0],
            "segunda_columna": A[1], "filas_invertidas": A[::-1]}

# %% wrong: column for row
#    points: 0+0
#    says: En `primera_fila` tomaste una columna: el primer índice de un tensor recorre las filas.
def operaciones(A, B):
    return {"suma": A + B, "elemento": A * B, "matricial": A @ B, "primera_fila": A[:, 0],
            "segunda_columna": A[:, 1], "filas_invertidas": A[::-1]}

# %% wrong: first column
#    points: 0+0
#    says: En `segunda_columna` tomaste la primera; los índices empiezan en 0.
def operaciones(A, B):
    return {"suma": A + B, "elemento": A * B, "matricial": A @ B, "primera_fila": A[0],
            "segunda_columna": A[:, 0], "filas_invertidas": A[::-1]}

# %% wrong: only two by two
# points: 0+0
# says: Con matrices más grandes que 2×2 tu función ya no acierta: no escribas posiciones a mano.
# from: slices
# replace:
#         "matricial": A @ B,
#         "primera_fila": A[0, :],
# with:
#         "matricial": tf.stack([
#             tf.stack([A[0, 0] * B[0, 0] + A[0, 1] * B[1, 0], A[0, 0] * B[0, 1] + A[0, 1] * B[1, 1]]),
#             tf.stack([A[1, 0] * B[0, 0] + A[1, 1] * B[1, 0], A[1, 0] * B[0, 1] + A[1, 1] * B[1, 1]]),
#         ]),
#         "primera_fila": A[0],
# replace: "filas_invertidas": A[::-1, :] → "filas_invertidas": A[::-1]

# %% wrong: last column
#    points: 0+0
#    says: `segunda_columna` no es la última: con más de dos columnas no coinciden.
def operaciones(A, B):
    return {"suma": A + B, "elemento": A * B, "matricial": A @ B, "primera_fila": A[0],
            "segunda_columna": A[:, -1], "filas_invertidas": A[::-1]}

# %% wrong: product in the other order
#    points: 0+0
#    says: En `matricial` el orden importa: se pide A por B, no B por A.
def operaciones(A, B):
    return {"suma": A + B, "elemento": A * B, "matricial": B @ A, "primera_fila": A[0],
            "segunda_columna": A[:, 1], "filas_invertidas": A[::-1]}

# %% wrong: a key is missing
#    points: 0+0
#    says: la clave `elemento`
def operaciones(A, B):
    return {"suma": A + B, "elementos": A * B, "matricial": A @ B, "primera_fila": A[0],
            "segunda_columna": A[:, 1], "filas_invertidas": A[::-1]}

# %% wrong: a tuple
#    points: 0+0
#    says: mira qué hay en esa variable y qué devuelve
def operaciones(A, B):
    return A + B, A * B, A @ B, A[0], A[:, 1], A[::-1]

# %% wrong: column kept as a matrix
#    points: 0+0
#    says: en una columna, (n, 1)
def operaciones(A, B):
    return {"suma": A + B, "elemento": A * B, "matricial": A @ B, "primera_fila": A[0],
            "segunda_columna": A[:, 1:2], "filas_invertidas": A[::-1]}

# %% wrong: untouched stub
#    points: 0+0
#    says: Todavía no escribiste tu solución
def operaciones(A, B):
    raise NotImplementedError()

# %% wrong: sum and product exchanged
# points: 0+0
# says: Intercambiaste `suma` y `elemento`.
# from: slices
# replace: "suma": A + B → "suma": A * B
# replace: "elemento": A * B → "elemento": A + B

# %% wrong: row and column exchanged
# points: 0+0
# says: Intercambiaste `primera_fila` y `segunda_columna`.
# from: slices
# replace: "primera_fila": A[0, :] → "primera_fila": A[:, 1]
# replace: "segunda_columna": A[:, 1] → "segunda_columna": A[0, :]

# %% wrong: quotient
# points: 0+0
# says: En `elemento` está el cociente A / B: va el producto, posición por posición.
# from: slices
# replace: A * B → A / B

# %% wrong: second row
# points: 0+0
# says: En `primera_fila` tomaste la segunda: los índices empiezan en 0.
# from: slices
# replace: A[0, :] → A[1, :]

# %% wrong: positions from one
# points: 0+0
# says: Cuentas filas y columnas desde 1: los índices empiezan en 0.
# from: slices
# replace: A[0, :] → A[1, :]
# replace: A[:, 1] → A[:, 2]

# %% wrong: every other row
# points: 0+0
# says: En `filas_invertidas` faltan filas: tu corte da saltos de más de una.
# from: slices
# replace: A[::-1, :] → A[::-2, :]

# %% wrong: products exchanged
# points: 0+0
# says: Intercambiaste `elemento` y `matricial`.
# from: slices
# replace: "elemento": A * B → "elemento": A @ B
# replace: "matricial": A @ B → "matricial": A * B

# %% wrong: difference
# points: 0+0
# says: En `suma` restaste.
# from: slices
# replace: A + B → A - B
