"""Fresh random numbers for a fork, or for an examiner that begins with another notebook."""

import sys


def draw_anew() -> None:
    """Seed NumPy and torch, where they are imported, from the system's randomness.

    Otherwise all forks of a server would draw the same numbers. Python seeds ``random`` anew after
    a fork by itself, and Keras draws its seeds from ``random``.
    """
    numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
    if numpy is not None:
        numpy.random.seed(None)
    if torch is not None:
        torch.default_generator.seed()
