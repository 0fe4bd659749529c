# %% right: the usual loop
def train_model(model, trainloader, criterion, optimizer, epochs):
    history = []
    for epoch in range(epochs):
        for x, y in trainloader:
            yhat = model(x)
            loss = criterion(yhat, y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            history.append((model.linear.weight.item(), model.linear.bias.item(), loss.item()))
    return history

# %% right: gradient cleared at the end, parameters by iteration
def train_model(model, trainloader, criterion, optimizer, epochs):
    result = []
    model.train()
    for _ in range(epochs):
        for batch in trainloader:
            value = criterion(model(batch[0]), batch[1])
            value.backward()
            optimizer.step()
            optimizer.zero_grad()
            w, b = [float(p.detach()) for p in model.parameters()]
            result.append([w, b, float(value)])
    return result

# %% right: gradient cleared by hand
def train_model(model, trainloader, criterion, optimizer, epochs):
    out = []
    for _ in range(epochs):
        for x, y in trainloader:
            for p in model.parameters():
                p.grad = None
            loss = criterion(model(x), y)
            before = loss.detach().item()
            loss.backward()
            optimizer.step()
            state = model.state_dict()
            out += [(state["linear.weight"].item(), state["linear.bias"].item(), before)]
    return out

# %% right: numpy floats
def train_model(model, trainloader, criterion, optimizer, epochs):
    steps = []
    for _ in range(epochs):
        for x, y in trainloader:
            optimizer.zero_grad(set_to_none=False)
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            w = model.linear.weight.detach().numpy().copy()[0, 0]
            b = model.linear.bias.detach().numpy().copy()[0]
            steps.append((w, b, loss.detach().numpy()[()]))
    return steps

# %% right: a closure
def train_model(model, trainloader, criterion, optimizer, epochs):
    history = []
    for _ in range(epochs):
        for x, y in trainloader:
            def closure():
                optimizer.zero_grad()
                loss = criterion(model(x), y)
                loss.backward()
                return loss
            loss = optimizer.step(closure)
            history.append((model.linear.weight.data.item(), model.linear.bias.data.item(), loss.item()))
    return history

# %% right: three lists zipped
def train_model(model, trainloader, criterion, optimizer, epochs):
    ws, bs, losses = [], [], []
    epoch = 0
    while epoch < epochs:
        iterator = iter(trainloader)
        for x, y in iterator:
            optimizer.zero_grad()
            loss = criterion(model.forward(x), y)
            loss.backward()
            optimizer.step()
            ws.append(model.linear.weight.tolist()[0][0])
            bs.append(model.linear.bias.tolist()[0])
            losses.append(loss.tolist())
        epoch += 1
    return list(zip(ws, bs, losses))

# %% right: noisy
import logging
import sys
import warnings

def train_model(model, trainloader, criterion, optimizer, epochs):
    history = []
    for epoch in range(epochs):
        for x, y in trainloader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            history.append((model.linear.weight.item(), model.linear.bias.item(), loss.item()))
            print(epoch, loss.item())
            warnings.warn("aviso")
            logging.warning("aviso")
            print("ruido", file=sys.stderr)
    return history

# %% right: plain
def train_model(model, trainloader, criterion, optimizer, epochs):
    history = []
    for epoch in range(epochs):
        for x, y in trainloader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            history.append((model.linear.weight.item(), model.linear.bias.item(), loss.item()))
    return history

# %% wrong: no zero_grad
# points: 0+0
# says: Los gradientes se acumulan de un lote a otro: falta `zero_grad`.
# from: plain
# replace:
#             optimizer.zero_grad()
# with:

# %% wrong: step before backward
# points: 0+0
# says: Tus w y b no cambian: cuando llamas a `step` todavía no hay gradiente; ¿va antes que `backward`?
def train_model(model, trainloader, criterion, optimizer, epochs):
    history = []
    for epoch in range(epochs):
        for x, y in trainloader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            optimizer.step()
            loss.backward()
            history.append((model.linear.weight.item(), model.linear.bias.item(), loss.item()))
    return history

# %% wrong: step with the gradient of the batch before
# points: 0+0
# says: Cada paso usa el gradiente del lote anterior: `step` va después de `backward`.
# from: the usual loop
# replace: yhat = model(x) → loss = criterion(model(x), y)
# replace: loss = criterion(yhat, y) → optimizer.step()
# replace:
#             loss.backward()
#             optimizer.step()
# with:
#             loss.backward()

# %% wrong: once per epoch
# points: 0+0
# says: tu lista tiene 2 elementos
# from: plain
# replace:
#             history.append((model.linear.weight.item(), model.linear.bias.item(), loss.item()))
# with:
#         history.append((model.linear.weight.item(), model.linear.bias.item(), loss.item()))

# %% wrong: keeps tensors
# points: 0+0
# says: saca cada número con `.item()`
# from: plain
# replace:
#             history.append((model.linear.weight.item(), model.linear.bias.item(), loss.item()))
# with:
#             w, b = model.linear.weight.detach().clone(), model.linear.bias.detach().clone()
#             history.append((w, b, loss.detach()))

# %% wrong: the model's own tensors
# points: 0+0
# says: Todas las ternas guardan los mismos tensores, que siguen cambiando: saca cada número con `.item()`.
# from: plain
# replace: item(), model.linear.bias.item() → data, model.linear.bias.data

# %% wrong: one list again and again
# points: 0+0
# says: Todas las ternas guardan los mismos w y b, los del final: guardaste una y otra vez la misma lista.
# from: plain
# replace: history = [] → history, state = [], [0.0, 0.0, 0.0]
# replace:
#             history.append((model.linear.weight.item(), model.linear.bias.item(), loss.item()))
# with:
#             state[:] = model.linear.weight.item(), model.linear.bias.item(), loss.item()
#             history.append(state)

# %% wrong: parameters before the step
# points: 0+0
# says: Guardas w y b de antes del paso: deben ser los de después.
def train_model(model, trainloader, criterion, optimizer, epochs):
    history = []
    for epoch in range(epochs):
        for x, y in trainloader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            history.append((model.linear.weight.item(), model.linear.bias.item(), loss.item()))
            optimizer.step()
    return history

# %% wrong: loss after the step
# points: 0+0
# says: Guardas la pérdida de después del paso: debe ser la de antes.
def train_model(model, trainloader, criterion, optimizer, epochs):
    history = []
    for epoch in range(epochs):
        for x, y in trainloader:
            optimizer.zero_grad()
            criterion(model(x), y).backward()
            optimizer.step()
            loss = criterion(model(x), y)
            history.append((model.linear.weight.item(), model.linear.bias.item(), loss.item()))
    return history

# %% wrong: epochs ignored
# points: 0+0
# says: Hay ternas de una sola época: recorre el loader `epochs` veces y junta todo.
def train_model(model, trainloader, criterion, optimizer, epochs):
    history = []
    for x, y in trainloader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        history.append((model.linear.weight.item(), model.linear.bias.item(), loss.item()))
    return history

# %% wrong: criterion ignored
# points: 0+0
# says: Usas siempre la BCE: la pérdida es el `criterion` que recibes.
# from: plain
# replace: loss = criterion → loss = nn.BCELoss()

# %% wrong: trains a copy
# points: 0+0
# says: El modelo que recibes queda sin entrenar: entrenaste una copia.
from copy import deepcopy

def train_model(model, trainloader, criterion, optimizer, epochs):
    history = []
    mine = deepcopy(model)
    sgd = torch.optim.SGD(mine.parameters(), lr=optimizer.param_groups[0]["lr"])
    for epoch in range(epochs):
        for x, y in trainloader:
            sgd.zero_grad()
            loss = criterion(mine(x), y)
            loss.backward()
            sgd.step()
            history.append((mine.linear.weight.item(), mine.linear.bias.item(), loss.item()))
    return history

# %% wrong: no return
# points: 0+0
# says: ¿falta el `return`?
def train_model(model, trainloader, criterion, optimizer, epochs):
    for epoch in range(epochs):
        for x, y in trainloader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()

# %% wrong: b before w
#    points: 0+0
#    says: Cada terna lleva b antes que w: el orden es (w, b, loss).
def train_model(model, trainloader, criterion, optimizer, epochs):
    lista = []
    for _ in range(epochs):
        for x, y in trainloader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            lista.append((model.linear.bias.item(), model.linear.weight.item(), loss.item()))
    return lista

# %% wrong: arguments of the criterion swapped
# points: 0+0
# says: El `criterion` recibe primero la predicción y después la etiqueta: los tienes al revés.
# from: the usual loop
# replace: criterion(yhat, y) → criterion(y, yhat)
