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
# says: x[12] = 0.2 cuenta como 1
class Data(Dataset):
    def __init__(self):
        self.x = torch.arange(-1, 1, 0.1).view(-1, 1)
        self.y = (self.x >= 0.2).float()

    def __getitem__(self, index):
        return self.x[index], self.y[index]

    def __len__(self):
        return len(self.x)

# %% wrong: 21 points
# points: 0+0
# says: son 20 puntos (el 1 no entra)
class Data(Dataset):
    def __init__(self):
        self.x = torch.linspace(-1, 1, 21).view(-1, 1)
        self.y = (self.x > 0.201).float()

    def __getitem__(self, index):
        return self.x[index], self.y[index]

    def __len__(self):
        return len(self.x)

# %% wrong: flat vectors
# points: 0+0
# says: el 1 no entra), en columna
class Data(Dataset):
    def __init__(self):
        self.x = torch.arange(-1, 1, 0.1)
        self.y = (self.x > 0.2).float()

    def __getitem__(self, index):
        return self.x[index], self.y[index]

    def __len__(self):
        return len(self.x)

# %% wrong: no slices
# points: 0+0
# says: el índice también puede ser un corte
class Data(Dataset):
    def __init__(self):
        self.x = torch.arange(-1, 1, 0.1).view(-1, 1)
        self.y = (self.x > 0.2).float()

    def __getitem__(self, index):
        index = int(index)
        return self.x[index], self.y[index]

    def __len__(self):
        return len(self.x)

# %% wrong: integer labels
# points: 0+1
# says: `data.y` es int64
class Data(Dataset):
    def __init__(self):
        self.x = torch.arange(-1, 1, 0.1).view(-1, 1)
        self.y = (self.x > 0.2).long()

    def __getitem__(self, index):
        return self.x[index], self.y[index]

    def __len__(self):
        return len(self.x)

# %% wrong: eight ones from a grid of Python floats
# points: 0+0
# says: cuenta como 1: usa `>` y compara en float32
class Data(Dataset):
    def __init__(self):
        grid = [-1 + 0.1 * i for i in range(20)]
        self.x = torch.tensor([[p] for p in grid])
        self.y = torch.tensor([[1.0 if p > 0.2 else 0.0] for p in grid])

    def __getitem__(self, index):
        return self.x[index], self.y[index]

    def __len__(self):
        return len(self.x)

# %% wrong: float64 points
# points: 0+1
# says: `data.x` es float64
class Data(Dataset):
    def __init__(self):
        self.x = torch.arange(-1, 1, 0.1).view(-1, 1)
        self.y = (self.x > 0.2).float()
        self.x = self.x.double()

    def __getitem__(self, index):
        return self.x[index], self.y[index]

    def __len__(self):
        return len(self.x)

# %% wrong: always the first example
# points: 0+0
# says: siempre el mismo ejemplo
class Data(Dataset):
    def __init__(self):
        self.x = torch.arange(-1, 1, 0.1).view(-1, 1)
        self.y = (self.x > 0.2).float()

    def __getitem__(self, index):
        return self.x[0], self.y[0]

    def __len__(self):
        return len(self.x)

# %% wrong: only x
# points: 0+0
# says: `__getitem__` debe devolver 2 valores
class Data(Dataset):
    def __init__(self):
        self.x = torch.arange(-1, 1, 0.1).view(-1, 1)
        self.y = (self.x > 0.2).float()

    def __getitem__(self, index):
        return self.x[index]

    def __len__(self):
        return len(self.x)

# %% wrong: len that counts something else
# points: 0+0
# says: `len(data)` es 1
class Data(Dataset):
    def __init__(self):
        self.x = torch.arange(-1, 1, 0.1).view(-1, 1)
        self.y = (self.x > 0.2).float()

    def __getitem__(self, index):
        return self.x[index], self.y[index]

    def __len__(self):
        return self.x.shape[1]
