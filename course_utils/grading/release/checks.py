"""What must hold of every master and its release; each fault is one sentence with its place."""

import ast
import builtins
import json
import re
import symtable
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

from nbformat import NotebookNode

from course_utils.checks.stops import bound, python
from course_utils.grading import scheme
from course_utils.grading.course import (
    CONFIG,
    Course,
    cells_by_grade_id,
    load_config,
    read_notebook,
    unit_id,
)
from course_utils.grading.executor.demonstrations import is_demonstration
from course_utils.grading.release import accessibility, agreement, helpers, recording, stale, voice
from course_utils.grading.release.addresses import PLACEHOLDERS
from course_utils.grading.scheme import exercise_of

KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}
KNOWN = frozenset(dir(builtins)) | {"get_ipython", "display"}
VISIBLE_LINES = 12
FRAGMENT = 20  # characters from which a line of an answer is recognisable
_IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)|<img\b[^>]*>")
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^(#{1,6}) ", re.MULTILINE)
_FENCE = re.compile(r"```.*?```", re.DOTALL)


def faults(course: Course, unit: str) -> list[str]:
    """Everything that is wrong with a unit's master and release.

    Args:
        course: the course.
        unit: name of the unit.

    Returns:
        One sentence a fault, each starting with the unit and the cell; empty if all is well.
    """
    master = read_notebook(course.master(unit))
    folder, config = course.master(unit).parent, load_config(course)
    regions = scheme.Regions.of(config)
    checks: tuple[Callable[[NotebookNode], Iterator[str]], ...] = (
        _format, _ids, agreement.points_in_text, _headings, _outputs, voice.faults,
    )  # fmt: skip
    found = [fault for check in checks for fault in check(master)]
    found += _exercises(master, regions)
    found += list(_syntax(master)) or [*_independence(master), *_definitions(master, regions)]
    found += agreement.theory(master, unit_id(unit))
    found += _cell_ids(course.master(unit))
    found += _media(master, folder)
    found += helpers.faults(folder)
    found += accessibility.faults(master, folder)
    found += agreement.hints(course, unit, master, regions)
    found += agreement.predictions(course, unit, master)
    found += agreement.answers(course, unit, master)
    found += stale.stale(course, unit, config)
    found += _recorded_mistakes(course, unit)
    released = course.release(unit)
    found += _leaks(master, read_notebook(released), released.parent, regions)
    return [f"{unit}: {fault}" for fault in found]


def _format(master: NotebookNode) -> Iterator[str]:
    if (master.nbformat, master.nbformat_minor) != (4, 5):
        yield f"nbformat is {master.nbformat}.{master.nbformat_minor}, not 4.5"
    if dict(master.metadata.get("kernelspec", {})) != KERNELSPEC:
        yield "kernelspec is not the course's"
    stray = set(master.metadata) - {"kernelspec", "language_info"}
    if stray:
        yield f"stray metadata: {', '.join(sorted(stray))}"
    for cell in master.cells:
        stray = set(cell.metadata) - {"nbgrader", "tags"}
        if stray:
            yield f"{cell.id}: stray metadata: {', '.join(sorted(stray))}"


def _cell_ids(path: Path) -> Iterator[str]:
    # As it stands in the file: nbformat gives a second cell of the same id a new one.
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    yield from _repeated("id", [cell.get("id") for cell in cells])


def _ids(master: NotebookNode) -> Iterator[str]:
    managed = [cell for cell in master.cells if "nbgrader" in cell.metadata]
    yield from _repeated("grade_id", [cell.metadata.nbgrader.grade_id for cell in managed])
    for cell in managed:
        if cell.metadata.nbgrader.grade_id != cell.id:
            yield f"{cell.id}: cell id and grade_id differ"


def _repeated(kind: str, names: list[str | None]) -> Iterator[str]:
    for name, count in Counter(names).items():
        if count > 1 or name is None:
            yield f"{name}: {kind} used {count} times"


def _exercises(master: NotebookNode, regions: scheme.Regions) -> Iterator[str]:
    cells = cells_by_grade_id(master)
    for name in _exercise_names(master):
        for part in (scheme.statement(name), scheme.visible(name)):
            if part not in cells:
                yield f"{name}: has no cell '{part}'"
        visible = cells.get(scheme.visible(name))
        if visible and len(regions.released(visible.source).splitlines()) > VISIBLE_LINES:
            yield f"{visible.id}: a visible test has at most {VISIBLE_LINES} lines"
        hidden = cells.get(scheme.hidden(name))
        if hidden and regions.released(hidden.source).strip().count("\n"):
            yield f"{hidden.id}: more than one line stands outside the hidden region"
    if not any(map(scheme.is_reflection, cells)):
        yield "has no reflection"


def _exercise_names(master: NotebookNode) -> list[str]:
    return [
        grade_id
        for grade_id, cell in cells_by_grade_id(master).items()
        if cell.cell_type == "code" and cell.metadata.nbgrader.solution
    ]


def _independence(master: NotebookNode) -> Iterator[str]:
    """A graded cell may use the set-up cell's names and its own exercise's, nothing else."""
    cells = cells_by_grade_id(master)
    known = set(KNOWN)
    for grade_id, cell in cells.items():
        if scheme.is_setup(grade_id):
            known |= _bound(cell.source)
    for grade_id, cell in cells.items():
        graded = cell.metadata.nbgrader.grade or cell.metadata.nbgrader.solution
        if cell.cell_type != "code" or not graded:
            continue
        own = _bound(cells[exercise_of(grade_id)].source) | _bound(cell.source)
        for name in sorted(_globals(cell.source) - known - own):
            yield f"{grade_id}: uses '{name}', which only another cell defines"


def _definitions(master: NotebookNode, regions: scheme.Regions) -> Iterator[str]:
    """A demonstration may use what a cell above it defines in the students' notebook."""
    known = set(KNOWN)
    for cell in master.cells:
        source = python(regions.released(cell.source, "pass"))
        if cell.cell_type != "code" or not _is_python(source):
            continue
        own = set(bound(source))
        managed = cell.metadata.get("nbgrader", {})
        if not managed.get("grade") and not managed.get("solution"):
            for name in sorted(_globals(source) - known - own):
                yield f"{cell.id}: uses '{name}', which no exercise and no cell above it defines"
        known |= own


def _syntax(master: NotebookNode) -> Iterator[str]:
    for cell in master.cells:
        other = cell.source.startswith("%%")  # another language's
        if cell.cell_type == "code" and not other and not _is_python(python(cell.source)):
            yield f"{cell.id}: is no valid Python"


def _is_python(source: str) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


def _bound(source: str) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.alias):
            names.add((node.asname or node.name).partition(".")[0])
    return names


def _globals(source: str) -> set[str]:
    def walk(table: symtable.SymbolTable) -> Iterator[str]:
        top = table.get_type() == "module"
        for symbol in table.get_symbols():
            if symbol.is_referenced() and (symbol.is_global() or top):
                yield symbol.get_name()
        for child in table.get_children():
            yield from walk(child)

    return set(walk(symtable.symtable(source, "cell", "exec")))


def _headings(master: NotebookNode) -> Iterator[str]:
    last, titles = 0, 0
    for cell in master.cells:
        if cell.cell_type != "markdown":
            continue
        for marks in _HEADING.findall(_FENCE.sub("", cell.source)):
            level = len(marks)
            titles += level == 1
            if level > last + 1:
                yield f"{cell.id}: a heading of level {level} follows one of level {last}"
            last = level
    if titles != 1:
        yield f"has {titles} titles (headings of level 1), not one"


def _outputs(master: NotebookNode) -> Iterator[str]:
    for cell in master.cells:
        if cell.cell_type != "code":
            continue
        kinds = {key for out in cell.outputs for key in out.get("data", {})}
        if kinds - {"text/plain"}:
            yield f"{cell.id}: stores an output of type {', '.join(sorted(kinds))}"
        if cell.outputs and cell.execution_count is None:
            yield f"{cell.id}: stores an output without execution_count: nbval does not compare it"
        ignored = "nbval-ignore-output" in cell.metadata.get("tags", [])
        if cell.outputs and ignored:
            yield f"{cell.id}: stores an output that its tag nbval-ignore-output says to ignore"
        if is_demonstration(cell) and not ignored and not cell.outputs:
            yield f"{cell.id}: a demonstration needs the tag nbval-ignore-output"


def _media(master: NotebookNode, folder: Path) -> Iterator[str]:
    for cell in master.cells:
        if cell.cell_type != "markdown":
            continue
        for image in _IMAGE.finditer(cell.source):
            if image[2] is None:
                yield f"{cell.id}: write pictures in Markdown, with their alt text"
            elif not image[1].strip():
                yield f"{cell.id}: the picture {image[2]} has no alt text"
            elif not _exists(image[2], folder):
                yield f"{cell.id}: there is no picture {image[2]}"
        for link in _LINK.findall(cell.source):
            if not _exists(link, folder):
                yield f"{cell.id}: the link {link} leads nowhere"


def _exists(target: str, folder: Path) -> bool:
    if re.match(r"https?://[\w.-]+\.\w+|mailto:", target):
        return True
    return target.startswith("#") or (folder / target).is_file()


def _recorded_mistakes(course: Course, unit: str) -> Iterator[str]:
    for exercise in recording.stale(course, unit):
        yield f"{exercise}: its recorded mistakes are out of date: run 'course release {unit}'"


def _leaks(
    master: NotebookNode, released: NotebookNode, folder: Path, regions: scheme.Regions
) -> Iterator[str]:
    for name in scheme.INSTRUCTORS_FILES:
        if (folder / name).exists():
            yield (
                f"{name} is in the release: {CONFIG} must leave it out, "
                "with scheme.kept_back in CourseDirectory.ignore"
            )
    for cell in released.cells:
        if any(delimiter in cell.source for delimiter in regions.delimiters):
            yield f"{cell.id}: a delimiter is left in the release"
        if any(placeholder in cell.source for placeholder in PLACEHOLDERS):
            yield f"{cell.id}: an address is not filled in"
        if cell.get("outputs"):
            yield f"{cell.id}: the release stores an output"
    secrets = set(_fragments(master, regions))
    for path in folder.rglob("*"):
        if path.suffix in {".ipynb", ".py", ".md", ".svg", ".csv", ".txt"}:
            text = _joined(_text_of(path).splitlines())
            for fragment in secrets:
                if fragment in text:
                    yield f"{path.name} gives away: {fragment}"


def _text_of(path: Path) -> str:
    if path.suffix == ".ipynb":
        return "\n".join(cell.source for cell in read_notebook(path).cells)
    return path.read_text(encoding="utf-8")


def _fragments(master: NotebookNode, regions: scheme.Regions) -> Iterator[str]:
    """Recognisable pieces of answers, hidden tests and mark schemes.

    Two neighbouring lines (a region's only line where it has one): a single line such as
    ``with torch.no_grad():`` may well stand in a demonstration too. What a hidden test shares with
    its exercise's visible test is no secret.
    """
    cells = cells_by_grade_id(master)
    for grade_id, cell in cells.items():
        twin = cells.get(scheme.visible(exercise_of(grade_id)), cell)
        hidden = scheme.is_hidden(grade_id)
        shown = _joined(regions.released(twin.source).splitlines()) if hidden else ""
        for region in regions.secrets(cell.source):
            lines = _telling(region.splitlines())
            for piece in map(" ".join, pairwise(lines) if len(lines) > 1 else [lines]):
                if len(piece) >= FRAGMENT and piece not in shown:
                    yield piece


def _joined(lines: list[str]) -> str:
    return " ".join(_telling(lines))


def _telling(lines: list[str]) -> list[str]:
    return [line for line in map(agreement.one_space, lines) if agreement.tells(line)]
