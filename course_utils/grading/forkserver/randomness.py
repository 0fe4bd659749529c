"""Random numbers of its own for a process that comes from another, or begins anew."""

import sys


def draw_anew() -> None:
    """Have NumPy and torch, where they are imported, begin at a place that nobody knows.

    ``random`` does so by itself after a fork, and what Keras draws comes from it.
    """
    numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
    if numpy is not None:
        numpy.random.seed(None)
    if torch is not None:
        torch.default_generator.seed()
