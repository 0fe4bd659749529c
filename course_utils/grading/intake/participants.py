"""Store the ids of students by Moodle's numbers of an assignment's participants.

Moodle's grading worksheet calls a row "Participant 1327627", and a file in the ZIP of the class
begins with "Ana Núñez_1327627" or, where marking is blind, "Participant_1327627". The number is
neither the student's ID number nor their user's, and each assignment has new numbers. nbgrader's
gradebook has no column for them, so a file beside the intake's records keeps them.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from course_utils.grading.intake.records import FOLDER

FILE = f"{FOLDER}/participants.json"


def load(root: Path) -> dict[str, str]:
    """The numbers that worksheets have named so far; empty where the file is missing or broken.

    Args:
        root: folder of the course.
    """
    try:
        stored = json.loads((root / FILE).read_text(encoding="utf-8"))
        return {str(number): str(student) for number, student in stored.items()}
    except (OSError, ValueError, AttributeError):
        return {}


def remember(root: Path, numbers: Mapping[str, str]) -> None:
    """Add numbers to the stored ones; a run that is killed leaves the old file or the new one.

    Args:
        root: folder of the course.
        numbers: number → id of the student.
    """
    if not numbers:
        return
    path = root / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.new")
    new.write_text(json.dumps(load(root) | dict(numbers), indent=1), encoding="utf-8")
    new.replace(path)
