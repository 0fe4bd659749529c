"""A notebook's seconds, shared out so that no exercise uses up what another one needs."""

from collections import defaultdict
from collections.abc import Collection


class Budget:
    """Half of the seconds belong to the exercises in equal shares; all share the other half.

    A submission costs no more than the total, and an answer that wastes all it can get leaves every
    other exercise its own share.

    Args:
        total: seconds of the notebook.
        exercises: their ids.
    """

    def __init__(self, total: float, exercises: Collection[str]) -> None:
        self._common = total / 2
        self._share = total / 2 / max(1, len(exercises))
        self._spent: defaultdict[str, float] = defaultdict(float)

    def left(self, exercise: str) -> float:
        """Seconds that an exercise may still take."""
        own = max(0.0, self._share - self._spent[exercise])
        taken = sum(max(0.0, spent - self._share) for spent in self._spent.values())
        return own + max(0.0, self._common - taken)

    def spend(self, exercise: str, seconds: float) -> None:
        """Note what an exercise took."""
        self._spent[exercise] += seconds
