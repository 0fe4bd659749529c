"""Whether what was generated is what the masters give now."""

import copy
import io
import logging
from collections.abc import Iterator
from pathlib import Path

from nbgrader.converters import GenerateAssignment, NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from course_utils.grading import scheme
from course_utils.grading.course import Course, CourseError, read_notebook, unit_id
from course_utils.grading.release import outlines
from course_utils.grading.scratch import scratch

_NAMED = 3  # cells in one sentence


def stale(course: Course, unit: str, config: Config) -> Iterator[str]:
    """How a unit's release and outline differ from what its master and its hints give.

    The release is generated once more, in a temporary folder and without the gradebook.

    Args:
        course: the course.
        unit: name of the unit.
        config: the course's, as ``nbgrader_config.py`` gives it.
    """
    remedy = f"run 'course release {unit_id(unit)}'"
    with scratch("check") as folder:
        try:
            fresh = _generate(unit, config, Path(folder))
        except CourseError as error:
            yield str(error)
            return
        kept = course.release(unit).parent
        for name in sorted(_files(fresh) | _files(kept)):
            if difference := _difference(fresh / name, kept / name):
                yield f"release/{unit}/{name} {difference}: {remedy}"
    yield from _outline(course, unit, remedy)


def of_no_unit(course: Course) -> Iterator[str]:
    """What was generated for, or lies in the folder of, a unit that has no master."""
    for path in outlines.orphans(course):
        yield f"{_shown(path, course)} is of no unit in source/: run 'course release'"
    units = set(course.units())
    for folder in sorted((course.root / "release").glob("[0-9]*/")):
        if folder.name not in units:
            yield f"{_shown(folder, course)} is of no unit in source/: remove it"
    for folder in sorted((course.root / "source").glob("[0-9]*/")):
        if folder.name not in units:
            yield f"{_shown(folder, course)} has no master {folder.name}.ipynb"


def _generate(unit: str, config: Config, folder: Path) -> Path:
    """Generate a unit's release below a folder; where it then is.

    Raises:
        CourseError: nbgrader can't; the message ends with what it logged.
    """
    own = copy.deepcopy(config)
    own.SaveCells.enabled, own.GenerateAssignment.no_database = False, True
    coursedir = CourseDirectory(config=own)
    coursedir.release_directory, coursedir.assignment_id = str(folder), unit
    log, said = logging.Logger("course check", logging.ERROR), io.StringIO()
    log.addHandler(logging.StreamHandler(said))
    try:
        GenerateAssignment(coursedir=coursedir, config=own, log=log).start()
    except NbGraderException as error:
        reason = _exception_in(said.getvalue()) or str(error)
        raise CourseError(f"nbgrader can't release it: {reason}") from error
    return folder / unit


def _exception_in(log: str) -> str:
    """The exception of a log's traceback, which nbgrader writes there before it raises its own."""
    _, _, traceback = log.partition("Traceback (most recent call last):\n")
    lines = (line for line in traceback.splitlines() if line and not line.startswith(" "))
    return next(lines, "")


def _files(folder: Path) -> set[Path]:
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {path for path in found if ".ipynb_checkpoints" not in path.parts}


def _difference(fresh: Path, kept: Path) -> str:
    if not kept.is_file():
        return "is missing"
    if not fresh.is_file():
        return "is not in source/, or not for students"
    if fresh.read_bytes() == kept.read_bytes():
        return ""
    cells = _changed(fresh, kept) if fresh.suffix == ".ipynb" else []
    more = f" and {len(cells) - _NAMED} more" if len(cells) > _NAMED else ""
    listed = f" (cells {', '.join(cells[:_NAMED])}{more})" if cells else ""
    return f"is not what the master gives now{listed}"


def _changed(fresh: Path, kept: Path) -> list[str]:
    new, old = ({cell.id: cell for cell in read_notebook(path).cells} for path in (fresh, kept))
    return [name for name in new | old if new.get(name) != old.get(name)]


def _outline(course: Course, unit: str, remedy: str) -> Iterator[str]:
    path = outlines.path_of(course, unit)
    if not path.parent.is_dir():
        return  # a course without the package's source beside it
    try:
        text = outlines.text_of(course, unit)
    except CourseError:
        return  # hints or predictions that can't be read are a fault of their own
    if not path.is_file():
        yield f"{_shown(path, course)} is missing: {remedy}"
    elif path.read_text(encoding="utf-8") != text:
        sources = f"release, {scheme.HINTS} and {scheme.PREDICTIONS}"
        yield f"{_shown(path, course)} is not what {sources} give now: {remedy}"


def _shown(path: Path, course: Course) -> str:
    return path.relative_to(course.root).as_posix()
