"""Whether what stands beside a master and in its text agrees with the master's metadata."""

from collections.abc import Iterator
from operator import gt

from nbformat import NotebookNode

from course_utils.checks.outline import Exercise
from course_utils.grading import scheme
from course_utils.grading.course import Course, CourseError, cells_by_grade_id
from course_utils.grading.release import bank, outlines

HINTS = 3
FEWEST_OPTIONS = 2  # options of a prediction
_HINT_FRAGMENT = 30  # characters; a hint may name a construct, such as `with torch.no_grad():`


def points_in_text(master: NotebookNode) -> Iterator[str]:
    """Points and numbers in headings and in test cells that differ from the metadata."""
    cells = cells_by_grade_id(master)
    for exercise in outlines.exercises(master):
        statement = cells.get(scheme.statement(exercise.name))
        if scheme.numbers_of(exercise.name) is None:
            yield f"{exercise.name}: the id of an exercise is written as in u1-ej2"
        elif statement:
            yield from _heading(exercise, statement)
        for name in (scheme.visible(exercise.name), scheme.hidden(exercise.name)):
            if name in cells:
                yield from _comment(cells[name])


def _heading(exercise: Exercise, statement: NotebookNode) -> Iterator[str]:
    heading = scheme.heading_of(statement.source)
    number = scheme.number_of(exercise.name)
    points = exercise.visible + exercise.hidden
    if heading is None:
        wanted = f"### Ejercicio {number} · … ({points} puntos)"
        yield f"{statement.id}: has no heading such as '{wanted}'"
        return
    if heading.number != number:
        yield f"{statement.id}: its heading is of exercise {heading.number}, not {number}"
    if heading.points != points:
        yield (
            f"{statement.id}: its heading says {heading.points} points, "
            f"the tests give {exercise.visible} + {exercise.hidden}"
        )


def _comment(test: NotebookNode) -> Iterator[str]:
    first, points = test.source.partition("\n")[0], int(test.metadata.nbgrader.points)
    named = scheme.points_named(first)
    if not named:
        yield f"{test.id}: its first line does not say its points, as in '({points} puntos)'"
    elif named != [points]:
        yield f"{test.id}: its first line says {named[0]} points, its metadata {points}"


def theory(master: NotebookNode, unit: str) -> Iterator[str]:
    """Texts that name exercises which are not there, or other points than the tests give."""
    points = {
        scheme.number_of(exercise.name): exercise.visible + exercise.hidden
        for exercise in outlines.exercises(master)
        if scheme.numbers_of(exercise.name)
    }
    graded = [cell for cell in master.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    total = int(sum(cell.metadata.nbgrader.points for cell in graded))
    for cell in (cell for cell in master.cells if cell.cell_type == "markdown"):
        yield from _exercises_named(cell, unit, points)
        yield from _totals_named(cell, total, sum(points.values()))


def _exercises_named(cell: NotebookNode, unit: str, points: dict[str, int]) -> Iterator[str]:
    rows = scheme.rows_named(cell.source, unit)
    named = scheme.exercises_named(cell.source, unit) | rows.keys()
    for number in sorted(named - points.keys()):
        yield f"{cell.id}: speaks of exercise {number}, which the unit does not have"
    for number in sorted(rows.keys() & points.keys()):
        if rows[number] != points[number]:
            yield (
                f"{cell.id}: its table gives exercise {number} {rows[number]} points, "
                f"the tests {points[number]}"
            )


def _totals_named(cell: NotebookNode, total: int, automatic: int) -> Iterator[str]:
    for named in scheme.totals_named(cell.source):
        if named not in (total, automatic, total - automatic):
            yield (
                f"{cell.id}: its line of points says {named}; "
                f"the unit gives {automatic} + {total - automatic}"
            )


def hints(
    course: Course, unit: str, master: NotebookNode, regions: scheme.Regions
) -> Iterator[str]:
    """Hints that are missing, that belong to no exercise, or that give an answer away."""
    try:
        found = outlines.read_hints(course, unit)
    except CourseError as error:
        yield str(error)
        return
    cells = cells_by_grade_id(master)
    names = [exercise.name for exercise in outlines.exercises(master)]
    for name in sorted(found.keys() - set(names)):
        yield f"{name}: has hints in {scheme.HINTS}, but the unit has no such exercise"
    for name in names:
        steps = found.get(name, [])
        if len(steps) != HINTS:
            yield f"{name}: has {len(steps)} hints in {scheme.HINTS}, not {HINTS}"
        told = one_space(" ".join(steps))
        for region in regions.secrets(cells[name].source):
            for line in map(one_space, region.splitlines()):
                if len(line) >= _HINT_FRAGMENT and tells(line) and line in told:
                    yield f"{name}: a hint in {scheme.HINTS} gives away: {line}"


def predictions(course: Course, unit: str, master: NotebookNode) -> Iterator[str]:
    """Predictions that have no answer, answers to none, and those that can't be answered."""
    try:
        answered = outlines.read_predictions(course, unit)
    except CourseError as error:
        yield str(error)
        return
    asked = [cell for cell in master.cells if scheme.is_prediction(cell.id)]
    names = [cell.id for cell in asked]
    for name in sorted(answered.keys() - set(names)):
        yield f"{name}: has an answer in {scheme.PREDICTIONS}, but the unit has no such cell"
    for cell in asked:
        yield from _asked(cell)
        if cell.id not in answered:
            yield f"{cell.id}: has no answer in {scheme.PREDICTIONS}"
    order = [cell.id for cell in master.cells]
    shows = [name for name, one in cells_by_grade_id(master).items() if one.cell_type == "code"]
    for one in outlines.predictions(master, answered):
        if len(one.options) < FEWEST_OPTIONS or one.answer not in one.options:
            given = ", ".join(one.options) or "none"
            yield f"{one.name}: the options above it are {given}; its answer is '{one.answer}'"
        if one.after not in shows or order.index(one.after) < order.index(one.name):
            yield f"{one.name}: its answer comes after {one.after}, which is no code cell below it"


def _asked(cell: NotebookNode) -> Iterator[str]:
    if not cell.source.startswith(f'predice("{cell.id}", "")'):
        yield f'{cell.id}: does not begin with predice("{cell.id}", "")'
    if "nbgrader" in cell.metadata:
        yield f"{cell.id}: is managed by nbgrader, which would not let a student write in it"


def answers(course: Course, unit: str, master: NotebookNode) -> Iterator[str]:
    """What is wrong with the bank: files of no exercise, exercises without one, wrong points."""
    exercises = {exercise.name: exercise for exercise in outlines.exercises(master)}
    banked = set()
    for path in sorted(course.bank(unit).glob("*.py")):
        name = bank.exercise_of(path)
        banked.add(name)
        place = f"{scheme.BANK}/{path.name}"
        if name not in exercises:
            yield f"{place}: has answers to {name}, but the unit has no such exercise"
            continue
        try:
            found = bank.parse(path)
        except CourseError as error:
            yield str(error)
            continue
        yield from _answers(place, found, exercises[name])
    for name in sorted(exercises.keys() - banked):
        yield f"{name}: has no answers in {scheme.BANK}/"


def _answers(place: str, found: list[bank.Answer], exercise: Exercise) -> Iterator[str]:
    yield from (f"{place}: {fault}" for fault in bank.shared_sentences(found))
    for right, kind in ((True, "right"), (False, "wrong")):
        if not any(answer.right is right for answer in found):
            yield f"{place}: has no {kind} answer"
    possible = (exercise.visible, exercise.hidden) if exercise.hidden else (exercise.visible,)
    for answer in found:
        points = answer.points or possible
        if len(points) != len(possible) or any(map(gt, points, possible)):
            given, tests = ("+".join(map(str, numbers)) for numbers in (points, possible))
            yield f"{place}: {answer.label}: gets {given} points, its tests give {tests}"


def tells(line: str) -> bool:
    """Whether a line of code says something of its own: no comment, no import."""
    return bool(line) and not line.startswith(("#", "import ", "from ", "@check"))


def one_space(text: str) -> str:
    """A text with single spaces."""
    return " ".join(text.split())
