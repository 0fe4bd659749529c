"""The contract's exercises and points: (visible, hidden) for each exercise of each unit."""

POINTS: dict[str, list[tuple[int, int]]] = {
    "01-regresion-logistica-keras": [(1, 3), (1, 2), (1, 3), (1, 2), (1, 3)],
    "02-modelos-como-neuronas": [(1, 1), (1, 2), (1, 2), (1, 2), (1, 1), (1, 1), (1, 2)],
    "03-fashion-mnist-desde-cero": [
        (1, 1), (1, 0), (1, 0), (1, 2), (1, 2), (1, 2), (1, 1), (1, 2),
    ],
    "04-superficie-bce-pytorch": [(1, 1), (1, 1), (1, 2), (1, 2), (1, 2), (1, 1), (1, 2)],
    "05-fundamentos-tensorflow": [(1, 1), (1, 2), (1, 2), (1, 1), (1, 2), (1, 2), (1, 1)],
}  # fmt: skip
