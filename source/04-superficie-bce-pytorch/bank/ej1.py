# %% right: arange and comparison
class Data(Dataset):
    def __init__(self):
        self.x = torch.arange(-1, 1, 0.1).view(-1, 1)
        self.y = (self.x > 0.2).float()

    def __getitem__(self, index):
        return self.x[index], self.y[index]

    def __len__(self):
        return self.x.shape[0]

# %% right: zeros and a mask, len kept, super called
class Data(Dataset):
    def __init__(self):
        super().__init__()
        self.x = torch.arange(-1, 1, 0.1).unsqueeze(1)
        self.y = torch.zeros(self.x.shape[0], 1)
        self.y[self.x[:, 0] > 0.2] = 1
        self.n = len(self.x)

    def __getitem__(self, i):
        pair = (self.x[i], self.y[i])
        return pair

    def __len__(self):
        return self.n

# %% right: a loop over tensor items
class Data(Dataset):
    def __init__(self):
        points = torch.arange(-1.0, 1.0, 0.1)
        labels = []
        for p in points:
            if p > 0.2:
                labels.append([1.0])
            else:
                labels.append([0.0])
        self.x = points.reshape(20, 1)
        self.y = torch.tensor(labels)

    def __getitem__(self, idx):
        return [self.x[idx], self.y[idx]]

    def __len__(self):
        return len(self.y)

# %% right: numpy float32 arrays inside
class Data(Dataset):
    def __init__(self):
        self.x = np.arange(-1, 1, 0.1).astype(np.float32).reshape(-1, 1)
        self.y = (self.x > np.float32(0.2)).astype(np.float32)

    def __getitem__(self, index):
        return self.x[index], self.y[index]

    def __len__(self):
        return 20

# %% right: torch.where and linspace
class Data(Dataset):
    def __init__(self):
        self.x = torch.linspace(-1, 0.9, 20)[:, None]
        self.y = torch.where(self.x > 0.2001, torch.tensor(1.0), torch.tensor(0.0))

    def __getitem__(self, index):
        return self.x[index], self.y[index]

    def __len__(self):
        return self.x.size(0)

# %% right: TensorDataset inside
class Data(Dataset):
    def __init__(self):
        self.x = torch.arange(-1, 1, 0.1).view(-1, 1)
        self.y = self.x.gt(0.2).to(torch.float32)
        self.pairs = TensorDataset(self.x, self.y)

    def __getitem__(self, index):
        return self.pairs[index]

    def __len__(self):
        return len(self.pairs)

# %% right: noisy
import logging
import sys
import warnings

class Data(Dataset):
    def __init__(self):
        print("creando datos")
        warnings.warn("un aviso")
        logging.warning("otro aviso")
        sys.stderr.write("ruido\n")
        self.x = torch.arange(-1, 1, 0.1).view(-1, 1)
        self.y = (self.x > 0.2).type(torch.FloatTensor)

    def __getitem__(self, index):
        print("pides", index)
        return self.x[index], self.y[index]

    def __len__(self):
        return len(self.x)

# %% wrong: greater or equal
# points: 0+0
# says: `x[12]` = 0.2 cuenta como 1: usa `>` y compara en float32.
# from: arange and comparison
# replace: self.x > 0.2 → self.x >= 0.2
# replace: self.x.shape[0] → len(self.x)

# %% wrong: 21 points
# points: 0+0
# says: son 20 puntos (el 1 no entra)
# from: arange and comparison
# replace: arange(-1, 1, 0.1) → linspace(-1, 1, 21)
# replace: self.x > 0.2 → self.x > 0.201
# replace: self.x.shape[0] → len(self.x)

# %% wrong: flat vectors
# points: 0+0
# says: el 1 no entra), en columna
# from: arange and comparison
# replace: arange(-1, 1, 0.1).view(-1, 1) → arange(-1, 1, 0.1)
# replace: self.x.shape[0] → len(self.x)

# %% wrong: no slices
# points: 0+0
# says: el índice también puede ser un corte
# from: arange and comparison
# replace:
#     def __getitem__(self, index):
# with:
#     def __getitem__(self, index):
#         index = int(index)
# replace: self.x.shape[0] → len(self.x)

# %% wrong: integer labels
# points: 0+1
# says: data.y: int64
# from: arange and comparison
# replace: (self.x > 0.2).float → (self.x > 0.2).long
# replace: self.x.shape[0] → len(self.x)

# %% wrong: eight ones from a grid of Python floats
# points: 0+0
# says: cuenta como 1: usa `>` y compara en float32.
# from: arange and comparison
# replace:
#         self.x = torch.arange(-1, 1, 0.1).view(-1, 1)
#         self.y = (self.x > 0.2).float()
# with:
#         grid = [-1 + 0.1 * i for i in range(20)]
#         self.x = torch.tensor([[p] for p in grid])
#         self.y = torch.tensor([[1.0 if p > 0.2 else 0.0] for p in grid])
# replace: self.x.shape[0] → len(self.x)

# %% wrong: float64 points
# points: 0+1
# says: data.x: float64
# from: TensorDataset inside
# replace: self.x.gt(0.2).to(torch.float32) → (self.x > 0.2).float()
# replace: pairs = TensorDataset(self.x, self.y) → x = self.x.double()
# replace: pairs[index] → x[index], self.y[index]
# replace: len(self.pairs) → len(self.x)

# %% wrong: always the first example
# points: 0+0
# says: `data[i]` devuelve siempre el mismo ejemplo: usa el índice que recibe.
# from: arange and comparison
# replace: x[index], self.y[index] → x[0], self.y[0]
# replace: self.x.shape[0] → len(self.x)

# %% wrong: only x
# points: 0+0
# says: `__getitem__` debe devolver 2 valores
# from: arange and comparison
# replace: x[index], self.y[index] → x[index]
# replace: self.x.shape[0] → len(self.x)

# %% wrong: len that counts something else
# points: 0+0
# says: `len(data)` es 1
# from: arange and comparison
# replace: self.x.shape[0] → self.x.shape[1]

# %% wrong: labels the other way round
# points: 0+0
# says: Las etiquetas están al revés: y = 1 donde x es mayor que 0.2.
# from: arange and comparison
# replace: self.x > 0.2 → self.x < 0.2

# %% wrong: linspace to 1
# points: 0+0
# says: Tus 20 puntos llegan hasta 1: el paso es 0.1 y el último es 0.9.
class Data(Dataset):
    def __init__(self):
        self.x = torch.linspace(-1, 1, 20).view(-1, 1)
        self.y = (self.x > 0.2).float()
    def __getitem__(self, index):
        return self.x[index], self.y[index]
    def __len__(self):
        return len(self.x)

# %% wrong: 21 points and a length of 20
# points: 0+0
# says: las formas, (21, 1) y (21, 1)
# like: 21 points
# from: arange and comparison
# replace: arange(-1, 1, 0.1) → linspace(-1, 1, 21)
# replace: self.x.shape[0] → 20
