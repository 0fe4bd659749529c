"""Commands on masters and releases: ``new-unit``, ``check``, ``release``."""

import argparse

from course_utils.grading.commands.base import (
    Commands,
    command,
    print_json,
    units_of,
    with_json,
    with_units,
)
from course_utils.grading.course import Course


def add(commands: Commands) -> None:
    """Add the commands."""
    new_unit = command(
        commands,
        "new-unit",
        _new_unit,
        "write a unit to start from: master, hints, bank; see docs/writing-a-unit.md",
        "course new-unit 06-distancias --title Distancias",
    )
    new_unit.add_argument("name", metavar="NAME", help="two digits and words: 06-distancias")
    new_unit.add_argument("--title", default="Título de la unidad", help="of the notebook")
    release = command(
        commands,
        "release",
        _release,
        "generate release/ and what students get with the package from the masters",
        "course release u1",
    )
    with_units(release)
    check = command(
        commands,
        "check",
        _check,
        "check masters and releases (exit code 1: faults found)",
        "course check u1",
        "course check u1 --json",
    )
    with_units(check)
    with_json(check)


def _new_unit(course: Course, arguments: argparse.Namespace) -> int:
    from course_utils.grading.release import new_unit

    for path in new_unit.create(course, arguments.name, arguments.title):
        print(path.relative_to(course.root))
    print(f"then: course release {arguments.name} && course check {arguments.name}")
    return 0


def _release(course: Course, arguments: argparse.Namespace) -> int:
    from course_utils.grading.pipeline import Pipeline
    from course_utils.grading.release import outlines, recording

    pipeline = Pipeline(course)
    for unit in units_of(course, arguments):
        pipeline.generate(unit)
        outlines.write(course, unit)
        recording.write(course, unit)
        print(f"release/{unit}")
    for path, unit in outlines.remove_orphans(course):
        print(f"removed {path.relative_to(course.root)}: its unit is no longer in source/")
        if unit and (students := pipeline.forget(unit)):
            print(
                f"the gradebook keeps {unit} and the marks of {students} students; "
                f"to delete them too: nbgrader db assignment remove {unit} --force"
            )
    return 0


def _check(course: Course, arguments: argparse.Namespace) -> int:
    from course_utils.grading.release import stale
    from course_utils.grading.release.checks import faults

    found = {unit: faults(course, unit) for unit in units_of(course, arguments)}
    if not arguments.units:
        found["course"] = list(stale.of_no_unit(course))
    count = sum(map(len, found.values()))
    if arguments.json:
        print_json(found)
    else:
        for unit_faults in found.values():
            print("".join(f"{fault}\n" for fault in unit_faults), end="")
        print(f"{count} faults")
    return int(bool(count))
