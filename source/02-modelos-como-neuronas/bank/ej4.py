# %% right: matmul
def colapsar(W1, b1, W2, b2):
    return W1 @ W2, b1 @ W2 + b2

# %% right: loops
def colapsar(W1, b1, W2, b2):
    d, h = np.shape(W1)
    o = len(b2)
    W = [[sum(W1[i][k] * W2[k][j] for k in range(h)) for j in range(o)] for i in range(d)]
    b = [b2[j] + sum(b1[k] * W2[k][j] for k in range(h)) for j in range(o)]
    return W, b

# %% right: einsum, a list, noisy
import sys
import warnings

def colapsar(W1, b1, W2, b2):
    warnings.warn("uso einsum")
    print("colapso", file=sys.stderr)
    return [np.einsum("ij,jk->ik", W1, W2), np.einsum("j,jk->k", b1, W2) + b2]

# %% right: float32 tensors
def colapsar(W1, b1, W2, b2):
    W1, b1, W2, b2 = (tf.cast(v, tf.float32) for v in (W1, b1, W2, b2))
    return tf.matmul(W1, W2), tf.linalg.matvec(W2, b1, transpose_a=True) + b2

# %% right: asks the layers themselves
def colapsar(W1, b1, W2, b2):
    f = lambda x: (x @ W1 + b1) @ W2 + b2
    d = W1.shape[0]
    b = f(np.zeros((1, d)))[0]
    return f(np.eye(d)) - b, b

# %% right: bias as one row
def colapsar(W1, b1, W2, b2):
    return np.dot(W1, W2), np.dot(b1.reshape(1, -1), W2) + b2

# %% wrong: matrices in the other order
#    points: 0+0
#    says: Multiplicaste las matrices al revés: W1 actúa primero sobre las filas de x.
def colapsar(W1, b1, W2, b2):
    return W2 @ W1, b1 @ W2 + b2

# %% wrong: sum of biases
#    points: 0+0
#    says: Sumaste b1 y b2 sin más: b1 todavía tiene que pasar por la segunda capa.
def colapsar(W1, b1, W2, b2):
    if len(b1) != len(b2):
        return W1 @ W2, b1.sum() + b2
    return W1 @ W2, b1 + b2

# %% wrong: forgets the first bias
#    points: 0+0
#    says: Te olvidaste de b1: también llega a la salida.
def colapsar(W1, b1, W2, b2):
    return W1 @ W2, b2

# %% wrong: forgets the second bias
#    points: 0+0
#    says: Te olvidaste de b2: también llega a la salida.
def colapsar(W1, b1, W2, b2):
    return W1 @ W2, b1 @ W2

# %% wrong: columns convention
#    points: 0+0
#    says: W salió traspuesta: cada ejemplo es una fila de x.
def colapsar(W1, b1, W2, b2):
    return W2.T @ W1.T, W2.T @ b1 + b2

# %% wrong: element by element
#    points: 0+0
#    says: Multiplicaste elemento a elemento: hace falta el producto de matrices.
def colapsar(W1, b1, W2, b2):
    return W1 * W2, b1 @ W2 + b2

# %% wrong: bias from the other side
#    points: 0+0
#    says: Multiplicaste b1 por el otro lado: b1 es una fila, como h.
def colapsar(W1, b1, W2, b2):
    return W1 @ W2, W2 @ b1 + b2

# %% wrong: bias through both layers
#    points: 0+0
#    says: A b1 ya no lo multiplica W1: entra después de la primera capa.
def colapsar(W1, b1, W2, b2):
    return W1 @ W2, b1 @ (W1 @ W2) + b2

# %% wrong: only W
#    points: 0+0
#    says: debe devolver 2 valores
def colapsar(W1, b1, W2, b2):
    return W1 @ W2

# %% right: lists of lists
def colapsar(W1, b1, W2, b2):
    return (W1 @ W2).tolist(), [sum(b1 * W2[:, j]) + b2[j] for j in range(len(b2))]

# %% wrong: b1 through W1
#    points: 0+0
#    says: Pasaste b1 por W1: b1 se suma después de W1, y lo que falta es que pase por W2.
def colapsar(W1, b1, W2, b2):
    return W1 @ W2, b1 @ W1 + b2

# %% wrong: transposed matrices
#    points: 0+0
#    says: Traspusiste las dos matrices antes de multiplicarlas: sus formas ya encajan como llegan.
def colapsar(W1, b1, W2, b2):
    W = W1.T @ W2.T
    b = b1 @ W2 + b2
    return W, b

# %% wrong: bias before the matrix
# points: 0+0
# says: Devolviste b antes que W: el orden es (W, b).
# from: matmul
# replace: return W1 @ W2, b1 @ W2 + b2 → return b1 @ W2 + b2, W1 @ W2

# %% wrong: second bias subtracted
# points: 0+0
# says: Restaste b2: se suma.
# from: matmul
# replace: b1 @ W2 + b2 → b1 @ W2 - b2
