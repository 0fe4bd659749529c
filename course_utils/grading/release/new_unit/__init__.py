"""``course new-unit``: a unit to start from, with one exercise that already works."""

import json
import re
from importlib import resources
from pathlib import Path

from course_utils.grading.course import Course, CourseError, unit_id

NAME = re.compile(r"\d\d-[a-z0-9]+(-[a-z0-9]+)*")


def create(course: Course, name: str, title: str) -> list[Path]:
    """Write a unit's folder: its master, its hints, the answers to its prediction, its bank.

    Args:
        course: the course that gets the unit.
        name: of the unit, such as ``06-redes-convolucionales``.
        title: of the notebook, Spanish.

    Returns:
        The files written.

    Raises:
        CourseError: the name is not of that form, or something of it is there already.
    """
    if not NAME.fullmatch(name):
        raise CourseError(
            f"'{name}' is no name for a unit: two digits, then lower-case words between hyphens, "
            "such as 06-redes-convolucionales."
        )
    unit = unit_id(name)
    _demand_free(course, name, unit)
    targets = {
        "unit.ipynb": course.master(name),
        "hints.toml": course.hints(name),
        "predictions.toml": course.predictions(name),
        "ej1.py.txt": course.bank(name) / "ej1.py",
    }
    words = {
        "__UNIT__": unit,
        "__NUMBER__": unit[1:],
        "__TITLE__": json.dumps(title, ensure_ascii=False)[1:-1],
    }
    for template, target in targets.items():
        text = (resources.files(__name__) / "template" / template).read_text(encoding="utf-8")
        for word, value in words.items():
            text = text.replace(word, value)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return list(targets.values())


def _demand_free(course: Course, name: str, unit: str) -> None:
    for other in course.units():
        if unit_id(other) == unit:
            raise CourseError(
                f"The course has a unit {unit} already: {other}. Take another number."
            )
    folder = course.master(name).parent
    if folder.exists():
        raise CourseError(f"{folder} is there already: move it away or take another name.")
