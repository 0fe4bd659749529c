"""A real formgrader: ``course lab --instructor`` in a process of its own, asked over HTTP.

What is asked for is what the grading page asks for: grades and comments of a hand-in when it is
opened, the whole model back when somebody types points or a comment.
"""

import contextlib
import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from course_utils.grading.commands import student_lab
from course_utils.grading.course import Course
from tests.grading.courses import ROOT

WAIT = 600  # seconds; a machine may be busy
Row = dict[str, Any]  # a grade or a comment, as the API gives it


@dataclass(frozen=True)
class Formgrader:
    """A grader's formgrader.

    Attributes:
        url: of the server, with a slash at its end.
        token: of the server.
    """

    url: str
    token: str

    def open(self, submission: str, cell: str) -> tuple[Row, Row]:
        """What the page of a hand-in loads: grade and comment of one of its cells."""
        grades, comments = (
            self._ask("GET", f"{kind}?submission_id={submission}")
            for kind in ("grades", "comments")
        )
        return _of(cell, grades), _of(cell, comments)

    def mark(self, grade: Row, points: float) -> None:
        """Type points; the page sends what is in the field, a text."""
        self._ask("PUT", f"grade/{grade['id']}", grade | {"manual_score": str(points)})

    def full_credit(self, grade: Row) -> None:
        """Click the button "Full credit"."""
        self._ask("PUT", f"grade/{grade['id']}", grade | {"manual_score": grade["max_score"]})

    def say(self, comment: Row, text: str) -> None:
        """Type a comment."""
        self._ask("PUT", f"comment/{comment['id']}", comment | {"manual_comment": text})

    def _ask(self, method: str, path: str, body: Row | None = None) -> Any:
        request = Request(
            f"{self.url}formgrader/api/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"token {self.token}", "Content-Type": "application/json"},
            method=method,
        )
        with urlopen(request, timeout=WAIT) as answer:
            return json.load(answer)


def _of(cell: str, rows: list[Row]) -> Row:
    (row,) = [row for row in rows if row["name"] == cell]
    return row


@contextlib.contextmanager
def formgraders(course: Course, number: int) -> Iterator[list[Formgrader]]:
    """Start formgraders in the course's folder, side by side, until they answer."""
    session = student_lab.instructor(course, "--no-browser", "--allow-root", "--ServerApp.port=0")
    with tempfile.TemporaryDirectory() as folder:
        places = [Path(folder) / str(place) for place in range(number)]
        processes = [_start(session, place) for place in places]
        try:
            yield [_ready(*both) for both in zip(processes, places, strict=True)]
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(WAIT)


def _start(session: student_lab.Session, place: Path) -> "subprocess.Popen[bytes]":
    place.mkdir()
    # JupyterLab imports from its folder first, where a small course has a part of the package.
    own = {"JUPYTER_RUNTIME_DIR": str(place), "PYTHONPATH": str(ROOT)}
    with (place / "log").open("wb") as log:
        return subprocess.Popen(
            session.command,
            cwd=session.folder,
            env=session.environment | own,
            stdout=log,
            stderr=log,
        )


def _ready(process: "subprocess.Popen[bytes]", place: Path) -> Formgrader:
    """Where a server says that it listens."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end and process.poll() is None:
        for file in place.glob("jpserver-*.json"):  # written when it listens
            with contextlib.suppress(json.JSONDecodeError):  # half written
                info = json.loads(file.read_text(encoding="utf-8"))
                return Formgrader(info["url"], info["token"])
        time.sleep(0.1)
    raise RuntimeError((place / "log").read_text(encoding="utf-8"))
