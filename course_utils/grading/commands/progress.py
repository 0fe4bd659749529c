"""Two watches of a run: a bar for people, JSON lines for machines."""

import json
import time
from collections import Counter
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from course_utils.grading.autograde.events import (
    LEFT,
    NOT_READABLE,
    TO_REVIEW,
    Kind,
    Outcome,
    Watch,
    as_json,
)


class Tally(Watch):
    """Remembers what happened.

    Attributes:
        unit: name of the unit.
        workers: how many notebooks ran at once; 0 where the run did not begin.
        outcomes: of the hand-ins that are through, in that order.
        seconds: of the run.
    """

    def __init__(self) -> None:
        self.unit = ""
        self.total = 0
        self.workers = 0
        self.outcomes: list[Outcome] = []
        self.seconds = 0.0

    @property
    def counts(self) -> dict[str, int]:
        """How many hand-ins ended in which way; kinds without one are missing."""
        found = Counter(outcome.kind for outcome in self.outcomes)
        return {kind: found[kind] for kind in Kind if found[kind]}

    def begin(self, unit: str, students: list[str], workers: int) -> None:
        """Start the clock."""
        self.unit, self.total, self.workers = unit, len(students), workers
        self._started = time.monotonic()

    def ended(self, outcome: Outcome) -> None:
        """Remember."""
        self.outcomes.append(outcome)
        self.seconds = time.monotonic() - self._started

    def sentence(self) -> str:
        """The run in one line."""
        counts = ", ".join(f"{number} {kind}" for kind, number in self.counts.items())
        return f"{self.unit}: {counts or 'nothing done'} · {self.seconds:.1f} s"


class Bar(Tally):
    """A progress bar.

    Args:
        console: where to draw it.
    """

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._progress = Progress(
            BarColumn(bar_width=None),  # what the numbers leave of the line
            MofNCompleteColumn(),
            TextColumn(
                "{task.fields[review]} to review · {task.fields[unreadable]} unreadable · "
                "{task.fields[left]} left ·"
            ),
            TimeRemainingColumn(),
            console=console,
            # Drawing takes time from the notebooks; a file sees the end of it only.
            auto_refresh=console.is_terminal,
            refresh_per_second=4,
        )

    def begin(self, unit: str, students: list[str], workers: int) -> None:
        """Draw it."""
        super().begin(unit, students, workers)
        plural = "s" if workers > 1 else ""
        heading = f"{unit} · {workers} worker{plural}"
        self._progress.console.print(heading, highlight=False, markup=False)
        self._task = self._progress.add_task(
            heading,
            total=len(students),
            review=0,
            unreadable=0,
            left=len(students),
        )
        self._progress.start()

    def ended(self, outcome: Outcome) -> None:
        """Draw it one step longer; what is left for another run is not done."""
        super().ended(outcome)
        done = sum(number for kind, number in self.counts.items() if kind != LEFT)
        self._progress.update(
            self._task,
            completed=done,
            review=self.counts.get(TO_REVIEW, 0),
            unreadable=self.counts.get(NOT_READABLE, 0),
            left=self.total - done,
        )

    def close(self) -> None:
        """Leave it as it stands."""
        if self._progress.tasks:  # else nothing was drawn
            self._progress.stop()


class JsonLines(Tally):
    """A line of JSON for the beginning, for each hand-in, and for the end.

    Args:
        stream: where to write.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream

    def begin(self, unit: str, students: list[str], workers: int) -> None:
        """Say what is to be done."""
        super().begin(unit, students, workers)
        self._say({"event": "begin", "unit": unit, "hand_ins": len(students), "workers": workers})

    def ended(self, outcome: Outcome) -> None:
        """Say how it ended, and how many are left."""
        super().ended(outcome)
        self._say(as_json(outcome) | {"left": self.total - len(self.outcomes)})

    def close(self) -> None:
        """Say what it came to."""
        self._say({"event": "end", **self.counts, "seconds": round(self.seconds, 3)})

    def _say(self, line: dict[str, object]) -> None:
        print(json.dumps(line, ensure_ascii=False), file=self._stream, flush=True)
