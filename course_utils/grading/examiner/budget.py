"""A notebook's time limit, divided so that no exercise uses up what another exercise needs."""

from collections import defaultdict
from collections.abc import Collection


class Budget:
    """Divides one half of the seconds into equal shares, one an exercise, and pools the other half.

    A submission costs no more than the total. An answer that uses up its own share and the pool
    still leaves every other exercise its share.

    Args:
        total: seconds that the notebook may take.
        exercises: ids of its exercises.
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
        """Record the seconds that an exercise took."""
        self._spent[exercise] += seconds
