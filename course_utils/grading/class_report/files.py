"""Writes a unit's report into ``reports/``: the page, and CSV files with its numbers."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from course_utils.grading.class_report import figures, measures, similar
from course_utils.grading.class_report.data import ClassData, HandIn
from course_utils.grading.course import CourseError
from course_utils.grading.gradebook.marks import PENDING
from course_utils.grading.gradebook.tables import harmless, read_rows, write_rows
from course_utils.grading.intake import GRADED

MARKS = ("student_id", "name", "state", "automatic", "manual", "late_penalty", "score")


@dataclass(frozen=True)
class Paths:
    """The files of a report: the page, marks by student, measures by exercise, mistakes."""

    page: Path
    marks: Path
    exercises: Path
    mistakes: Path


@dataclass(frozen=True)
class Move:
    """A student whose automatic points changed; None stands for no mark."""

    student: str
    before: float | None
    after: float | None


def write(data: ClassData, folder: Path) -> Paths:
    """Write a unit's report.

    Args:
        data: the unit's data.
        folder: folder for the files; made if it does not exist.
    """
    folder.mkdir(exist_ok=True)
    unit = data.unit
    paths = Paths(
        folder / f"{unit}.html",
        folder / f"{unit}-marks.csv",
        folder / f"{unit}-exercises.csv",
        folder / f"{unit}-mistakes.csv",
    )
    moves = _keep_marks(data, paths.marks)
    exercises, mistakes = measures.exercises(data), measures.mistakes(data)
    write_rows(paths.exercises, EXERCISES, map(_exercise_row, exercises))
    write_rows(
        paths.mistakes,
        ("exercise", "students", "sentence", "student_ids"),
        (
            {
                "exercise": mistake.exercise,
                "students": len(mistake.students),
                "sentence": mistake.sentence,
                "student_ids": " ".join(mistake.students),
            }
            for mistake in mistakes
        ),
    )
    paths.page.write_text(_page(data, exercises, mistakes, moves), encoding="utf-8")
    return paths


def _page(
    data: ClassData,
    exercises: list[measures.Exercise],
    mistakes: list[measures.Mistake],
    moves: list[Move],
) -> str:
    summary = measures.summary(data)
    environment = Environment(
        loader=PackageLoader("course_utils.grading.class_report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": _percent, "number": _number, "code": _code}
    return environment.get_template("report.html.j2").render(
        unit=data.unit,
        summary=summary,
        exercises=exercises,
        fewest=measures.FEWEST,
        mistakes=mistakes,
        look_at=[hand_in for hand_in in data.hand_ins if _needs_a_look(hand_in)],
        pending=sum(hand_in.mark.state == PENDING for hand_in in data.hand_ins),
        pairs=similar.pairs(data),
        moves=moves,
        hand_ins=data.hand_ins,
        names={hand_in.student: hand_in.name for hand_in in data.hand_ins},
        timed=any(exercise.seconds is not None for exercise in exercises),
        pictures=_pictures(summary, exercises) if summary.points else [],
    )


def _pictures(
    summary: measures.Summary, exercises: list[measures.Exercise]
) -> list[tuple[str, str]]:
    """Address and alternative text of each figure."""
    return [
        (figures.marks(summary), "Histograma de las notas de la clase"),
        (figures.passed(exercises), "Porcentaje que supera las pruebas de cada ejercicio"),
        (figures.discrimination(exercises), "Facilidad y discriminación de cada ejercicio"),
    ]


def _needs_a_look(hand_in: HandIn) -> bool:
    return hand_in.record is not None and hand_in.record.state != GRADED


EXERCISES = (
    "exercise", "points", "ease", "visible_passed", "hidden_passed", "only_visible",
    "not_started", "discrimination", "seconds",
)  # fmt: skip


def _exercise_row(exercise: measures.Exercise) -> dict[str, object]:
    values = (
        exercise.name, exercise.points, exercise.ease, exercise.visible, exercise.hidden,
        exercise.only_visible, exercise.not_started, exercise.discrimination, exercise.seconds,
    )  # fmt: skip
    return {
        name: round(value, 3) if isinstance(value, float) else value
        for name, value in zip(EXERCISES, values, strict=True)
    }


def _keep_marks(data: ClassData, target: Path) -> list[Move]:
    """Write the marks; if they differ from the previous report's, keep those in another file.

    Returns:
        Students whose points differ between these marks and the last marks that differ from them;
        empty for a first report.
    """
    before = target.with_name(f"{target.stem}-before.csv")
    new = [_mark_row(hand_in) for hand_in in data.hand_ins]
    ids = {str(harmless(hand_in.student)): hand_in.student for hand_in in data.hand_ins}
    old = _earlier(target, ids)
    if old is not None and old != _points(new):
        target.replace(before)
    write_rows(target, MARKS, new)
    last = _earlier(before, ids)
    return _moves(last, _points(new)) if last is not None else []


def _earlier(path: Path, ids: Mapping[str, str]) -> dict[str, float | None] | None:
    """Read the points of an earlier table, which a spreadsheet may have saved again.

    Args:
        path: the table.
        ids: id as ``write_rows`` wrote it → id.

    Returns:
        Student id → points; None if there is no such file.

    Raises:
        CourseError: the file is not a table of marks any more.
    """
    if not path.is_file():
        return None
    rows = read_rows(path)
    try:
        return _points(
            row | {"student_id": ids.get(row["student_id"], row["student_id"]),
                   "automatic": row["automatic"].replace(",", ".")} for row in rows
        )  # fmt: skip
    except (KeyError, ValueError) as error:
        raise CourseError(
            f"{path} is no longer the table that the last report wrote ({error}): "
            "move it away, and run the same command again."
        ) from error


def _mark_row(hand_in: HandIn) -> dict[str, object]:
    mark = hand_in.mark
    return {
        "student_id": hand_in.student,
        "name": hand_in.name,
        "state": mark.state,
        "automatic": mark.automatic,
        "manual": mark.manual,
        "late_penalty": mark.penalty,
        "score": mark.total,
    }


def _points(rows: Iterable[Mapping[str, object]]) -> dict[str, float | None]:
    return {
        str(row["student_id"]): float(str(row["automatic"]))
        if row["automatic"] not in ("", None)
        else None
        for row in rows
    }


def _moves(before: dict[str, float | None], after: dict[str, float | None]) -> list[Move]:
    return [
        Move(student, before.get(student), after.get(student))
        for student in sorted({*before, *after})
        if before.get(student) != after.get(student)
    ]


def _code(sentence: str) -> Markup:
    """A sentence as HTML; words between backticks become code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(sentence))))


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.0f} %"


def _number(value: float | None, digits: int = 2) -> str:
    return "–" if value is None else f"{value:.{digits}f}".rstrip("0").rstrip(".") or "0"
