"""Keeps points and comments given by hand while a new submission can't be graded.

A student replaces a submission, and the new files can't be graded. The old submission must leave
the gradebook, because the formgrader would show its points as the student's mark; nbgrader then
deletes the teacher's points and comments too. So they wait in a file. The next submission that can
be graded gets them back, for the teacher to confirm, as after any resubmission.
"""

import json
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path

from nbgrader.api import Gradebook, SubmittedAssignment

from course_utils.grading.intake.records import FOLDER


@dataclass
class ByHand:
    """Points, comments and settings that a teacher added to one submission.

    Attributes:
        extension: extension of the due date in seconds.
        flagged: whether a notebook of the submission is flagged.
        scores: ``grade_id`` → points that replace the test's.
        extra: ``grade_id`` → extra credit.
        comments: ``grade_id`` → comment.
    """

    extension: float | None = None
    flagged: bool = False
    scores: dict[str, float] = field(default_factory=dict)
    extra: dict[str, float] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, submission: SubmittedAssignment) -> "ByHand":
        """Read the teacher's additions from a submission in the gradebook."""
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
        """Add these values to a submission, without replacing newer ones."""
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
    """The files in which marks by hand wait.

    Args:
        root: folder of the course.

    Attributes:
        folder: folder of the files.
    """

    def __init__(self, root: Path) -> None:
        self.folder = root / FOLDER / "by-hand"

    def take_away(self, gradebook: Gradebook, unit: str, student: str) -> bool:
        """Remove a submission from the gradebook, and keep what the teacher added in a file.

        Returns:
            Whether the teacher had added anything.

        Raises:
            nbgrader.api.MissingEntry: there is no submission.
        """
        given = ByHand.of(gradebook.find_submission(unit, student))
        if given != ByHand():
            path = self._path(unit, student)
            path.parent.mkdir(parents=True, exist_ok=True)
            # Write a new file, then rename it: a run that is killed leaves the old file or the
            # new one, never a part.
            new = path.with_name(f"{path.name}.new")
            new.write_text(json.dumps(asdict(given), ensure_ascii=False), encoding="utf-8")
            new.replace(path)
        gradebook.remove_submission(unit, student)
        return given != ByHand()

    def give_back(self, gradebook: Gradebook, unit: str, student: str) -> None:
        """Add what waits in the file to the submission in the gradebook, and remove the file."""
        path = self._path(unit, student)
        if not path.exists():
            return
        given = ByHand(**json.loads(path.read_text(encoding="utf-8")))
        given.add_to(gradebook.find_submission(unit, student))
        gradebook.db.commit()
        path.unlink()

    def _path(self, unit: str, student: str) -> Path:
        return self.folder / unit / f"{student}.json"
