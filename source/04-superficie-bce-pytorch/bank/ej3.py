# %% right: clamp
def criterion(yhat, y):
    p = yhat.clamp(1e-7, 1 - 1e-7)
    return -(y * torch.log(p) + (1 - y) * torch.log(1 - p)).mean()

# %% right: library module
def criterion(yhat, y):
    return nn.BCELoss()(yhat, y)

# %% right: logarithm clamped at -100
def criterion(yhat, y):
    positive = y * torch.log(yhat).clamp(min=-100)
    negative = (1 - y) * torch.log(1 - yhat).clamp(min=-100)
    return -1 * torch.mean(positive + negative)

# %% right: a loop over the examples
def criterion(yhat, y):
    total = 0
    for p, t in zip(yhat, y):
        total = total - torch.log(p + 1e-12) if t == 1 else total - torch.log(1 - p + 1e-12)
    return total / len(y)

# %% right: small epsilon, float64 inside
def criterion(yhat, y):
    p, t = yhat.double(), y.double()
    eps = 1e-8
    loss = t * torch.log(p + eps) + (1 - t) * torch.log(1 - p + eps)
    return -loss.sum() / t.numel()

# %% right: probability of the observed label
def criterion(yhat, y):
    observed = torch.where(y > 0.5, yhat, 1 - yhat)
    return -observed.clamp_min(1e-9).log().mean()

# %% right: noisy
import logging
import sys
import warnings
import torch.nn.functional as F

def criterion(yhat, y):
    print("perdida", yhat.shape)
    warnings.warn("un aviso")
    logging.warning("otro")
    print("ruido", file=sys.stderr)
    return F.binary_cross_entropy(yhat, y)

# %% wrong: sign
# points: 0+0
# says: El signo está al revés: la BCE es positiva, porque ln de una probabilidad es negativo.
# from: clamp
# replace: -(y * torch.log(p) + (1 - y) * torch.log(1 - p)) → (y * torch.log(p) + (1 - y) * torch.log(1 - p))

# %% wrong: sum
# points: 0+0
# says: Sumaste los ejemplos: la BCE es su media.
# from: clamp
# replace: (y * torch.log(p) + (1 - y) * torch.log(1 - p)).mean → (y * torch.log(p) + (1 - y) * torch.log(1 - p)).sum

# %% wrong: log of zero
# points: 0+0
# says: evita el logaritmo de 0
def criterion(yhat, y):
    return -(y * torch.log(yhat) + (1 - y) * torch.log(1 - yhat)).mean()

# %% wrong: infinite where it is wrong
# points: 0+0
# says: Donde la etiqueta y una probabilidad de 0 o 1 se contradicen, la pérdida sale infinita: acótala.
def criterion(yhat, y):
    return -torch.log(torch.where(y > 0.5, yhat, 1 - yhat)).mean()

# %% wrong: only the positive term
# points: 0+0
# says: Solo contaste los ejemplos con y = 1: falta el término de y = 0.
def criterion(yhat, y):
    return -(y * torch.log(yhat.clamp_min(1e-7))).mean()

# %% wrong: only the negative term
# points: 0+0
# says: Solo contaste los ejemplos con y = 0: falta el término de y = 1.
def criterion(yhat, y):
    return -((1 - y) * torch.log((1 - yhat).clamp_min(1e-7))).mean()

# %% wrong: a float
# points: 0+0
# says: devuelve un número suelto
# from: clamp
# replace: (y * torch.log(p) + (1 - y) * torch.log(1 - p)).mean() → (y * torch.log(p) + (1 - y) * torch.log(1 - p)).mean().item()

# %% wrong: detached
# points: 0+0
# says: no lleva gradiente: un `.detach()`
#    like: a float
# from: clamp
# replace: p = yhat.clamp → p = yhat.detach().clamp

# %% wrong: base 2
# points: 0+0
# says: Usaste otro logaritmo: la BCE lleva el natural (`torch.log`), no `log2`.
# from: clamp
# replace: log(p) + (1 - y) * torch.log → log2(p) + (1 - y) * torch.log2

# %% wrong: squared error
# points: 0+0
# says: Eso es el error cuadrático medio, no la BCE.
def criterion(yhat, y):
    return ((yhat - y) ** 2).mean()

# %% wrong: no mean
# points: 0+0
# says: Quedó una pérdida por ejemplo: falta la media.
# from: clamp
# replace: (y * torch.log(p) + (1 - y) * torch.log(1 - p)).mean() → (y * torch.log(p) + (1 - y) * torch.log(1 - p))

# %% wrong: terms subtracted
# points: 0+0
# says: Restaste los dos términos: se suman.
# from: clamp
# replace: (y * torch.log(p) + (1 - y) * torch.log(1 - p)) → (y * torch.log(p) - (1 - y) * torch.log(1 - p))

# %% wrong: no logarithm of p
# points: 0+0
# says: Al término de y = 1 le falta el logaritmo.
# from: clamp
# replace: (y * torch.log(p) + (1 - y) * torch.log(1 - p)) → (y * p + (1 - y) * torch.log(1 - p))

# %% wrong: no logarithm of 1 - p
# points: 0+0
# says: Al término de y = 0 le falta el logaritmo.
# from: clamp
# replace: (y * torch.log(p) + (1 - y) * torch.log(1 - p)) → (y * torch.log(p) + (1 - y) * (1 - p))

# %% wrong: second term not weighted
# points: 0+0
# says: El término de y = 0 cuenta en todos los ejemplos: falta multiplicarlo por 1 − y.
# from: clamp
# replace: (y * torch.log(p) + (1 - y) * torch.log(1 - p)) → (y * torch.log(p) + torch.log(1 - p))

# %% wrong: first term not weighted
# points: 0+0
# says: El término de y = 1 cuenta en todos los ejemplos: falta multiplicarlo por y.
# from: clamp
# replace: (y * torch.log(p) + (1 - y) * torch.log(1 - p)) → (torch.log(p) + (1 - y) * torch.log(1 - p))

# %% wrong: log1p of p
# points: 0+0
# says: Calculas ln(1 + p) donde va ln p.
# from: clamp
# replace: (y * torch.log(p) + (1 - y) * torch.log(1 - p)) → (y * torch.log1p(p) + (1 - y) * torch.log(1 - p))

# %% wrong: logarithm of 1 + p
# points: 0+0
# says: Calculas ln(1 + p) donde va ln(1 − p).
# from: clamp
# replace: (y * torch.log(p) + (1 - y) * torch.log(1 - p)) → (y * torch.log(p) + (1 - y) * torch.log(1 + p))

# %% wrong: weight 1 + y
# points: 0+0
# says: El término de y = 0 lleva el peso 1 + y: va 1 − y.
# from: clamp
# replace: (y * torch.log(p) + (1 - y) * torch.log(1 - p)) → (y * torch.log(p) + (1 + y) * torch.log(1 - p))

# %% wrong: limits of clamp exchanged
# points: 0+0
# says: Los límites de `clamp` están al revés: primero va el menor.
# from: clamp
# replace: clamp(1e-7, 1 - 1e-7) → clamp(1 - 1e-7, 1e-7)

# %% wrong: arguments swapped
# points: 0+0
# says: Intercambiaste los papeles: el logaritmo es de `yhat` y las etiquetas lo multiplican.
def criterion(yhat, y):
    e = 1e-7
    return -(yhat * torch.log(y + e) + (1 - yhat) * torch.log(1 - y + e)).mean()

# %% wrong: a tenth inside the logarithm
# points: 0+0
# says: Sumaste algo demasiado grande dentro del logaritmo: cambia también las probabilidades comunes.
def criterion(yhat, y):
    return -(y * torch.log(yhat + 0.1) + (1 - y) * torch.log(1 - yhat + 0.1)).mean()
