# %% right: an affine layer of its own
class Affine(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(1, n))
        self.bias = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        return x @ self.weight.T + self.bias

class logistic_regression(nn.Module):
    def __init__(self, n_inputs):
        super().__init__()
        self.linear = Affine(n_inputs)

    def forward(self, x):
        return 1 / (1 + torch.exp(-self.linear(x)))

# %% right: linear and torch.sigmoid
class logistic_regression(nn.Module):
    def __init__(self, n_inputs):
        super().__init__()
        self.linear = nn.Linear(n_inputs, 1)

    def forward(self, x):
        return torch.sigmoid(self.linear(x))

# %% right: sigmoid layer, old style of super
class logistic_regression(nn.Module):
    def __init__(self, n_inputs):
        super(logistic_regression, self).__init__()
        self.linear = nn.Linear(in_features=n_inputs, out_features=1, bias=True)
        self.activation = nn.Sigmoid()

    def forward(self, x):
        z = self.linear(x)
        return self.activation(z)

# %% right: formula by hand
class logistic_regression(nn.Module):
    def __init__(self, n_inputs):
        nn.Module.__init__(self)
        self.linear = nn.Linear(n_inputs, 1)

    def forward(self, x):
        return 1 / (1 + torch.exp(-self.linear(x)))

# %% right: matrix product with the layer's own parameters
class logistic_regression(nn.Module):
    def __init__(self, n_inputs):
        super().__init__()
        self.linear = nn.Linear(n_inputs, 1)

    def forward(self, x):
        z = x @ self.linear.weight.T + self.linear.bias
        return z.sigmoid()

# %% right: functional, weights started by hand
import torch.nn.functional as F

class logistic_regression(nn.Module):
    def __init__(self, d):
        super().__init__()
        layer = nn.Linear(d, 1)
        nn.init.normal_(layer.weight, std=0.5)
        nn.init.constant_(layer.bias, 0.1)
        self.linear = layer

    def forward(self, inputs):
        return F.sigmoid(self.linear(inputs))

# %% right: a softmax over two logits of which one is zero
class logistic_regression(nn.Module):
    def __init__(self, n_inputs):
        super().__init__()
        self.linear = nn.Linear(n_inputs, 1)

    def forward(self, x):
        z = self.linear(x)
        both = torch.cat([torch.zeros_like(z), z], dim=1)
        return torch.softmax(both, dim=1)[:, 1:]

# %% right: noisy
import logging
import sys
import warnings

class logistic_regression(nn.Module):
    def __init__(self, n_inputs):
        super().__init__()
        print("modelo de", n_inputs)
        logging.error("ruido")
        self.linear = nn.Linear(n_inputs, 1)

    def forward(self, x):
        warnings.warn("un aviso")
        print(x.shape, file=sys.stderr)
        return torch.sigmoid(self.linear(x))

# %% wrong: no sigmoid
# points: 0+0
# says: El modelo devuelve z sin pasar por la sigmoide.
# from: linear and torch.sigmoid
# replace: torch.sigmoid(self.linear(x)) → self.linear(x)

# %% wrong: softmax
# points: 0+0
# says: Con softmax sobre una sola columna todo sale 1.
# from: linear and torch.sigmoid
# replace: sigmoid(self.linear(x)) → softmax(self.linear(x), dim=1)

# %% wrong: softmax over the examples
# points: 0+0
# says: Parece un softmax sobre los ejemplos: cada fila es independiente de las demás.
# from: linear and torch.sigmoid
# replace: sigmoid(self.linear(x)) → softmax(self.linear(x), dim=0)

# %% wrong: fixed to one input
# points: 0+0
# says: `linear.weight` es de (1, 1)
# from: linear and torch.sigmoid
# replace: Linear(n_inputs, 1) → Linear(1, 1)

# %% wrong: other name
# points: 0+0
# says: debe llamarse `linear`
# from: linear and torch.sigmoid
# replace: self.linear = nn → self.capa = nn
# replace: self.linear(x) → self.capa(x)

# %% wrong: two outputs
# points: 0+0
# says: `linear.weight` es de (2, 3)
# from: linear and torch.sigmoid
# replace: Linear(n_inputs, 1) → Linear(n_inputs, 2)
# replace: sigmoid(self.linear(x)) → softmax(self.linear(x), dim=1)[:, 1:]

# %% wrong: no bias
# points: 0+0
# says: no tiene sesgo
# from: linear and torch.sigmoid
# replace: Linear(n_inputs, 1) → Linear(n_inputs, 1, bias=False)

# %% wrong: sigmoid twice
# points: 0+0
# says: Parece que aplicaste la sigmoide dos veces.
# from: linear and torch.sigmoid
# replace: self.linear(x) → torch.sigmoid(self.linear(x))

# %% wrong: detached output
# points: 0+0
# says: no lleva gradiente hasta los pesos
# from: linear and torch.sigmoid
# replace: sigmoid(self.linear(x)) → sigmoid(self.linear(x)).detach()

# %% wrong: sign of the exponent
# points: 0+0
# says: La capa calcula z, pero la salida es 1 − ŷ: revisa el signo del exponente.
# from: linear and torch.sigmoid
# replace: torch.sigmoid(self.linear(x)) → 1 / (1 + torch.exp(self.linear(x)))

# %% wrong: rounded
#    points: 0+0
#    says: Redondeas la salida: se pide la probabilidad, no la clase.
class logistic_regression(nn.Module):
    def __init__(self, n_inputs):
        super().__init__()
        self.linear = nn.Linear(n_inputs, 1)
    def forward(self, x):
        return torch.round(torch.sigmoid(self.linear(x)))
