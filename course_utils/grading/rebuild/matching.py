"""Match the cells of a submission to the cells of the master: by name, by id, by content."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from course_utils.checks.outline import normal
from course_utils.grading.rebuild.cells import StudentCell
from course_utils.grading.rebuild.skeleton import ANSWER, LOCKED, Skeleton, bound


@dataclass
class Match:
    """Where every cell of a submission belongs; cells are given by their index.

    Attributes:
        places: for each cell of the submission, its skeleton cell; None for an extra cell.
        moved: skeleton cells whose answer was found in another cell.
        guessed: skeleton cells whose answer was found by its position alone.
        continued: skeleton cells whose answer continues in a further cell.
        named: cells of the submission that were recognised by nbgrader's name.
        borrowed: skeleton cell → text of an answer that was written into the question's cell.
    """

    places: list[int | None]
    moved: set[int] = field(default_factory=set)
    guessed: set[int] = field(default_factory=set)
    continued: set[int] = field(default_factory=set)
    named: set[int] = field(default_factory=set)
    borrowed: dict[int, str] = field(default_factory=dict)

    @property
    def stripped(self) -> bool:
        """Whether no cell of the submission has nbgrader's metadata."""
        return not self.named

    def of(self, place: int) -> list[int]:
        """The submission's cells that belong to a cell of the skeleton, in order."""
        return [index for index, at in enumerate(self.places) if at == place]


def match(skeleton: Skeleton, cells: list[StudentCell]) -> Match:
    """Find the skeleton cell of each cell of a submission.

    Args:
        skeleton: the unit's skeleton.
        cells: the submission's cells, in order.
    """
    found = Match([None] * len(cells))
    _by_name(skeleton, cells, found)
    _by_text(skeleton, cells, found)
    _continued(skeleton, cells, found)
    _by_definition(skeleton, cells, found)
    _by_place(skeleton, cells, found)
    return found


def touched(text: str, released: str) -> bool:
    """Whether a student worked in a cell: its text is neither empty nor the released text."""
    return normal(text) not in ("", released)


def _by_name(skeleton: Skeleton, cells: list[StudentCell], found: Match) -> None:
    names = {cell.grade_id: at for at, cell in enumerate(skeleton.cells) if cell.grade_id}
    ids = {cell.cell_id: at for at, cell in enumerate(skeleton.cells)}
    for index, cell in enumerate(cells):
        if cell.grade_id in names:
            found.places[index] = names[cell.grade_id]
            found.named.add(index)
        elif cell.cell_id in ids and not cell.grade_id:
            found.places[index] = ids[cell.cell_id]


def _by_text(skeleton: Skeleton, cells: list[StudentCell], found: Match) -> None:
    taken = set(found.places)
    free: dict[str, list[int]] = defaultdict(list)
    for at, cell in enumerate(skeleton.cells):
        if at not in taken:
            free[cell.released].append(at)
    for index in _unplaced(found):
        places = free.get(normal(cells[index].source))
        if places:
            found.places[index] = places.pop(0)


def _continued(skeleton: Skeleton, cells: list[StudentCell], found: Match) -> None:
    """Match an indented code cell to the answer in the cell before: the answer was split."""
    for index in range(1, len(cells)):
        before = found.places[index - 1]
        if found.places[index] is not None or before is None:
            continue
        if (
            cells[index].kind == "code"
            and _indented(cells[index].source)
            and skeleton.cells[before].names
        ):
            found.places[index] = before
            found.continued.add(before)


def _indented(source: str) -> bool:
    first = next((line for line in source.splitlines() if line.strip()), "")
    return first[:1] in (" ", "\t")


def _by_definition(skeleton: Skeleton, cells: list[StudentCell], found: Match) -> None:
    """Where an answer has no worked cell, match other cells that define the answer's names."""
    defined = {
        index: bound(cells[index].source) for index in _possible_answers(skeleton, cells, found)
    }
    for at in _open_answers(skeleton, cells, found):
        names = skeleton.cells[at].names
        for index in [index for index, binds in defined.items() if binds & names]:
            found.places[index] = at
            found.moved.add(at)
            del defined[index]


def _by_place(skeleton: Skeleton, cells: list[StudentCell], found: Match) -> None:
    """Where an answer has no worked cell yet, match the extra cells between its neighbours."""
    for at in _open_answers(skeleton, cells, found):
        cell = skeleton.cells[at]
        if cell.kind == "code" and found.of(at):
            continue
        own, between = bool(found.of(at)), _between(at, found)
        fit = [i for i in between if cells[i].kind == cell.kind and cells[i].source.strip()]
        for index in fit:
            found.places[index] = at
        certain = found.stripped and not own and len(fit) == 1 and cell.kind == "markdown"
        if fit and not certain:
            found.guessed.add(at)
        if cell.kind == "markdown" and not fit:
            _in_the_question(skeleton, cells, found, at)


def _in_the_question(skeleton: Skeleton, cells: list[StudentCell], found: Match, at: int) -> None:
    """Take the text that a student added to the question's cell as the written answer."""
    if at == 0 or skeleton.cells[at - 1].role != LOCKED:
        return
    question = skeleton.cells[at - 1]
    for index in found.of(at - 1):
        asked = set(question.released.splitlines())
        lines = cells[index].source.splitlines()
        added = "\n".join(line for line in lines if line.rstrip() not in asked).strip()
        if added and question.kind == "markdown":
            found.borrowed[at] = added
            found.guessed.add(at)


def _open_answers(skeleton: Skeleton, cells: list[StudentCell], found: Match) -> Iterable[int]:
    """Yield the skeleton's answers that have no worked cell yet."""
    for at, cell in enumerate(skeleton.cells):
        if cell.role == ANSWER:
            worked = [i for i in found.of(at) if touched(cells[i].source, cell.released)]
            if not worked:
                yield at


def _possible_answers(skeleton: Skeleton, cells: list[StudentCell], found: Match) -> Iterable[int]:
    """Yield the cells that may hold a moved answer: extra cells, and changed test cells."""
    for index, at in enumerate(found.places):
        if at is None:
            yield index
            continue
        test = skeleton.cells[at]
        changed = touched(cells[index].source, test.released)
        if test.role == LOCKED and test.points and changed:
            yield index


def _unplaced(found: Match) -> list[int]:
    return [index for index, at in enumerate(found.places) if at is None]


def _between(at: int, found: Match) -> list[int]:
    """The extra cells between the last cell placed before ``at`` and the first placed after it."""
    before = [index for index, place in enumerate(found.places) if place is not None and place < at]
    start = max(before, default=-1)
    after = [
        index
        for index, place in enumerate(found.places)
        if place is not None and place > at and index > start
    ]
    end = min(after, default=len(found.places))
    return [index for index in range(start + 1, end) if found.places[index] is None]
