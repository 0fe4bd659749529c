"""Two listeners to a run: a progress bar for people, JSON lines for programs."""

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
    """Collects the outcomes of a run.

    Attributes:
        unit: name of the unit.
        total: number of submissions in the run.
        workers: how many notebooks run at once; 0 if the run did not begin.
        outcomes: outcomes of the submissions so far, in the order in which they ended.
        seconds: seconds from the run's beginning to the last outcome.
    """

    def __init__(self) -> None:
        self.unit = ""
        self.total = 0
        self.workers = 0
        self.outcomes: list[Outcome] = []
        self.seconds = 0.0

    @property
    def counts(self) -> dict[str, int]:
        """Kind → number of submissions that ended in this way; only kinds that occurred."""
        found = Counter(outcome.kind for outcome in self.outcomes)
        return {kind: found[kind] for kind in Kind if found[kind]}

    def begin(self, unit: str, students: list[str], workers: int) -> None:
        """Note the unit and start the clock."""
        self.unit, self.total, self.workers = unit, len(students), workers
        self._started = time.monotonic()

    def ended(self, outcome: Outcome) -> None:
        """Add an outcome."""
        self.outcomes.append(outcome)
        self.seconds = time.monotonic() - self._started

    def sentence(self) -> str:
        """Sum up the run in one line."""
        counts = ", ".join(f"{number} {kind}" for kind, number in self.counts.items())
        return f"{self.unit}: {counts or 'nothing done'} · {self.seconds:.1f} s"


class Bar(Tally):
    """Draws a progress bar.

    Args:
        console: where to draw the bar.
    """

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._progress = Progress(
            BarColumn(bar_width=None),  # the rest of the line
            MofNCompleteColumn(),
            TextColumn(
                "{task.fields[review]} to review · {task.fields[unreadable]} unreadable · "
                "{task.fields[left]} left ·"
            ),
            TimeRemainingColumn(),
            console=console,
            # Drawing takes time from the notebooks, so the bar is drawn rarely; in a file, only its
            # last state is written.
            auto_refresh=console.is_terminal,
            refresh_per_second=4,
        )

    def begin(self, unit: str, students: list[str], workers: int) -> None:
        """Print the heading and draw the empty bar."""
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
        """Advance the bar; a submission that is left for another run does not count as done."""
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
        """Stop drawing; the bar stays on the screen as it is."""
        if self._progress.tasks:  # else nothing was drawn
            self._progress.stop()


class JsonLines(Tally):
    """Writes a line of JSON at the beginning, for each submission, and at the end.

    Args:
        stream: where to write the lines.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream

    def begin(self, unit: str, students: list[str], workers: int) -> None:
        """Write the unit, and the numbers of submissions and workers."""
        super().begin(unit, students, workers)
        self._write({"event": "begin", "unit": unit, "hand_ins": len(students), "workers": workers})

    def ended(self, outcome: Outcome) -> None:
        """Write the outcome, and how many submissions are left."""
        super().ended(outcome)
        self._write(as_json(outcome) | {"left": self.total - len(self.outcomes)})

    def close(self) -> None:
        """Write the counts and the seconds of the run."""
        self._write({"event": "end", **self.counts, "seconds": round(self.seconds, 3)})

    def _write(self, line: dict[str, object]) -> None:
        print(json.dumps(line, ensure_ascii=False), file=self._stream, flush=True)
