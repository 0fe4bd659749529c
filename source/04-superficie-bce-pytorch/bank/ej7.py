# %% right: logaddexp
def bce_con_logits(z, y):
    return (torch.logaddexp(torch.zeros_like(z), z) - y * z).mean()

# %% right: library module
def bce_con_logits(z, y):
    return nn.BCEWithLogitsLoss()(z, y)

# %% right: clamp and log1p
def bce_con_logits(z, y):
    return (torch.clamp(z, min=0) - z * y + torch.log1p(torch.exp(-torch.abs(z)))).mean()

# %% right: softplus of both signs
import torch.nn.functional as F

def bce_con_logits(z, y):
    return torch.mean(y * F.softplus(-z) + (1 - y) * F.softplus(z))

# %% right: logsigmoid
def bce_con_logits(z, y):
    log_sigmoid = nn.LogSigmoid()
    return -(y * log_sigmoid(z) + (1 - y) * log_sigmoid(-z)).mean()

# %% right: a loop over the examples
def bce_con_logits(z, y):
    losses = []
    for zi, yi in zip(z.flatten(), y.flatten()):
        m = torch.maximum(zi, torch.zeros(()))
        losses.append(m - zi * yi + torch.log(torch.exp(-m) + torch.exp(zi - m)))
    return sum(losses) / len(losses)

# %% right: logsumexp of two columns, float64
def bce_con_logits(z, y):
    both = torch.cat([torch.zeros_like(z), z], dim=1).double()
    return (torch.logsumexp(both, dim=1) - both[torch.arange(len(z)), y[:, 0].long()]).mean()

# %% right: softmax cross-entropy of two classes, noisy
import logging
import sys
import warnings

def bce_con_logits(z, y):
    print("logits", z.shape)
    warnings.warn("aviso")
    logging.warning("aviso")
    print("ruido", file=sys.stderr)
    both = torch.cat([torch.zeros_like(z), z], dim=1)
    return nn.CrossEntropyLoss()(both, y.squeeze(1).long())

# %% wrong: sigmoid then log
# points: 0+0
# says: no pases por la sigmoide
def bce_con_logits(z, y):
    p = torch.sigmoid(z)
    return -(y * torch.log(p) + (1 - y) * torch.log(1 - p)).mean()

# %% wrong: sigmoid then BCELoss
# points: 0+0
# says: Con z = 1000 tu pérdida se queda en 100: ese es el tope de `nn.BCELoss`.
def bce_con_logits(z, y):
    return nn.BCELoss()(torch.sigmoid(z), y)

# %% wrong: sigmoid then clamp
# points: 0+0
# says: Con |z| grande la pérdida debe seguir creciendo y la tuya se queda en un tope: recortas la probabilidad o el logit.
def bce_con_logits(z, y):
    p = torch.sigmoid(z).clamp(1e-7, 1 - 1e-7)
    return -(y * torch.log(p) + (1 - y) * torch.log(1 - p)).mean()

# %% wrong: exp that overflows
# points: 0+0
# says: Con z = 1000 no sale un número finito
def bce_con_logits(z, y):
    return (torch.log(1 + torch.exp(z)) - y * z).mean()

# %% wrong: sign
# points: 0+0
# says: El signo está al revés: la BCE es positiva.
def bce_con_logits(z, y):
    return -nn.functional.binary_cross_entropy_with_logits(z, y)

# %% wrong: sum
# points: 0+0
# says: Sumaste los ejemplos: falta la media.
def bce_con_logits(z, y):
    return nn.BCEWithLogitsLoss(reduction="sum")(z, y)

# %% wrong: labels swapped
# points: 0+0
# says: Tomaste las etiquetas al revés: y = 1 premia z grande.
def bce_con_logits(z, y):
    return nn.BCEWithLogitsLoss()(z, 1 - y)

# %% wrong: label forgotten
# points: 0+0
# says: Falta el término y·z: depende de la etiqueta.
# like: labels swapped
def bce_con_logits(z, y):
    return nn.functional.softplus(z).mean()

# %% wrong: sigmoid twice
# points: 0+0
# says: Aplicas la sigmoide dos veces, o tratas z como si ya fuera una probabilidad.
def bce_con_logits(z, y):
    return nn.BCEWithLogitsLoss()(torch.sigmoid(z), y)

# %% wrong: a number
# points: 0+0
# says: devuelve un número suelto
def bce_con_logits(z, y):
    return nn.BCEWithLogitsLoss()(z, y).item()

# %% wrong: no mean
# points: 0+0
# says: Quedó una pérdida por ejemplo: falta la media.
# from: logaddexp
# replace: (torch.logaddexp(torch.zeros_like(z), z) - y * z).mean() → torch.logaddexp(torch.zeros_like(z), z) - y * z

# %% wrong: label added
# points: 0+0
# says: Sumaste el término y·z: se resta.
# from: logaddexp
# replace: (torch.logaddexp(torch.zeros_like(z), z) - y * z).mean() → (torch.logaddexp(torch.zeros_like(z), z) + y * z).mean()

# %% wrong: label without z
# points: 0+0
# says: Restaste y sola: falta multiplicarla por z.
# from: logaddexp
# replace: (torch.logaddexp(torch.zeros_like(z), z) - y * z).mean() → (torch.logaddexp(torch.zeros_like(z), z) - y).mean()

# %% wrong: logaddexp of z with itself
# points: 0+0
# says: `logaddexp` recibe z dos veces: uno de sus argumentos es 0.
# from: logaddexp
# replace: (torch.logaddexp(torch.zeros_like(z), z) - y * z).mean() → (torch.logaddexp(z, z) - y * z).mean()

# %% wrong: no logaddexp
# points: 0+0
# says: Falta ln(1 + e^z): queda solo el término y·z.
# from: logaddexp
# replace: (torch.logaddexp(torch.zeros_like(z), z) - y * z).mean() → (torch.zeros_like(z) - y * z).mean()

# %% wrong: logits taken for probabilities
# points: 0+0
# says: Tratas z como una probabilidad: recortada y sin sigmoide no es la BCE de un logit.
def bce_con_logits(z, y):
    p = z.clamp(1e-6, 1 - 1e-6)
    return -(y * torch.log(p) + (1 - y) * torch.log(1 - p)).mean()

# %% wrong: arguments swapped
# points: 0+0
# says: Intercambiaste z e y al llamar a la pérdida: primero van los logits.
def bce_con_logits(z, y):
    return nn.functional.binary_cross_entropy_with_logits(y, z)

# %% wrong: exponent without absolute value
# points: 0+0
# says: Falta el valor absoluto en el exponente: es e elevado a −|z|.
def bce_con_logits(z, y):
    return (torch.clamp(z, min=0) - z * y + torch.log1p(torch.exp(-z))).mean()
