"""What a teacher gave by hand, kept while a hand-in that replaced the old one can't be graded.

nbgrader would delete it with the submission; a submission left in the gradebook would count as
a mark in the formgrader. So it waits in a file, and comes back with the next hand-in that can be
graded: as after any other resubmission, for the teacher to confirm.
"""

import json
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path

from nbgrader.api import Gradebook, SubmittedAssignment

from course_utils.grading.intake.records import FOLDER


@dataclass
class ByHand:
    """What a teacher added to one submission.

    Attributes:
        extension: seconds that the student may be late.
        flagged: whether somebody flagged it.
        scores: cell → points instead of the tests'.
        extra: cell → points on top.
        comments: cell → comment.
    """

    extension: float | None = None
    flagged: bool = False
    scores: dict[str, float] = field(default_factory=dict)
    extra: dict[str, float] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, submission: SubmittedAssignment) -> "ByHand":
        """Read it off a submission in the gradebook."""
        grades = [grade for book in submission.notebooks for grade in book.grades]
        comments = [comment for book in submission.notebooks for comment in book.comments]
        return cls(
            submission.extension.total_seconds() if submission.extension else None,
            any(book.flagged for book in submission.notebooks),
            {grade.name: grade.manual_score for grade in grades if grade.manual_score is not None},
            {grade.name: grade.extra_credit for grade in grades if grade.extra_credit},
            {note.name: note.manual_comment for note in comments if note.manual_comment},
        )

    def add_to(self, submission: SubmittedAssignment) -> None:
        """Put it on a submission, where nothing newer stands."""
        if self.extension is not None and submission.extension is None:
            submission.extension = timedelta(seconds=self.extension)
        for book in submission.notebooks:
            book.flagged = book.flagged or self.flagged
            for grade in book.grades:
                if grade.manual_score is None:
                    grade.manual_score = self.scores.get(grade.name)
                grade.extra_credit = grade.extra_credit or self.extra.get(grade.name)
            for comment in book.comments:
                comment.manual_comment = comment.manual_comment or self.comments.get(comment.name)


class KeptByHand:
    """The files in which it waits.

    Args:
        root: folder of the course.
    """

    def __init__(self, root: Path) -> None:
        self.folder = root / FOLDER / "by-hand"

    def take_away(self, gradebook: Gradebook, unit: str, student: str) -> bool:
        """Remove a submission from the gradebook; says whether there was something to keep.

        Raises:
            nbgrader.api.MissingEntry: there is no submission.
        """
        given = ByHand.of(gradebook.find_submission(unit, student))
        if given != ByHand():
            path = self._path(unit, student)
            path.parent.mkdir(parents=True, exist_ok=True)
            new = path.with_name(f"{path.name}.new")  # a run that is killed leaves a whole file
            new.write_text(json.dumps(asdict(given), ensure_ascii=False), encoding="utf-8")
            new.replace(path)
        gradebook.remove_submission(unit, student)
        return given != ByHand()

    def give_back(self, gradebook: Gradebook, unit: str, student: str) -> None:
        """Put what waits on the submission that is in the gradebook."""
        path = self._path(unit, student)
        if not path.exists():
            return
        given = ByHand(**json.loads(path.read_text(encoding="utf-8")))
        given.add_to(gradebook.find_submission(unit, student))
        gradebook.db.commit()
        path.unlink()

    def _path(self, unit: str, student: str) -> Path:
        return self.folder / unit / f"{student}.json"
