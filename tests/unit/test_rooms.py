"""Rooms import one way: a room may import only rooms below it (docs/architecture.md)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import course_utils

PACKAGE = Path(course_utils.__path__[0])
PAGE = PACKAGE.parent / "docs" / "architecture.md"
# From the lowest to the highest. A loose module of ``grading/`` is a room of its own.
STUDENT = (
    "requirements", "checks", "glossary", "colab", "datasets", "plots", "training", "session",
    "review",
)  # fmt: skip
GRADING = (
    "scheme", "trees", "scratch", "course",
    "rebuild", "intake", "gradebook",
    "sandbox", "forkserver", "examiner", "kernels", "executor",
    "release", "autograde", "patches", "pipeline",
    "feedback", "class_report", "lms", "commands",
)  # fmt: skip
ORDER = ("course_utils", *STUDENT, *(f"grading.{room}" for room in GRADING))
MOST_LOOSE = 5


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Name and syntax tree of each module of the package."""
    for file in PACKAGE.rglob("*.py"):
        parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
        name = ".".join(parts).removesuffix(".__init__")
        yield name, ast.parse(file.read_text("utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    """What a module imports, wherever the statement stands: names below ``course_utils``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(name: str) -> str:
    """The room of a module, such as ``grading.intake``; ``course_utils`` for the package."""
    parts = name.split(".")
    depth = 3 if parts[1:2] == ["grading"] else 2
    found = ".".join(parts[1:depth])
    return found if found in ORDER else "course_utils"


def arrows() -> Iterator[tuple[str, str, str]]:
    """Each import from one room into another: module, its room, the other room."""
    for name, tree in modules():
        for other in imported(tree):
            if other.startswith("course_utils") and room(other) != room(name):
                yield name, room(name), room(other)


def test_every_module_lies_in_a_room_of_the_list():
    rooms = {room(name) for name, _ in modules()} - {"course_utils"}
    assert rooms == set(ORDER) - {"course_utils"}


def test_no_room_imports_upwards_or_in_a_circle():
    rank = {name: number for number, name in enumerate(ORDER)}
    upwards = [arrow for arrow in arrows() if rank[arrow[2]] >= rank[arrow[1]]]
    assert upwards == []


def test_the_students_rooms_do_not_know_the_graders():
    assert [arrow for arrow in arrows() if arrow[1] in STUDENT and "grading" in arrow[2]] == []


def test_few_modules_lie_loose_in_grading():
    loose = [path.name for path in (PACKAGE / "grading").glob("*.py") if path.stem != "__init__"]
    assert len(loose) <= MOST_LOOSE, loose


def test_the_page_names_every_room():
    page = PAGE.read_text("utf-8")
    missing = [name for name in (*STUDENT, *GRADING) if f"`{name}`" not in page]
    assert missing == []
