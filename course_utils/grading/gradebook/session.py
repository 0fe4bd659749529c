"""One gradebook for a whole run.

nbgrader opens the gradebook eight times for each hand-in; each time it looks every table up and
compiles every statement anew, which takes longer than what it then reads and writes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.converters import autograde

from course_utils.grading.gradebook import save


@contextmanager
def one_gradebook(db_url: str, course_id: str) -> Iterator[Gradebook]:
    """Have autograde open the same gradebook again and again.

    Its session and its connection end each time that it is closed, as ever.

    Args:
        db_url: the gradebook's address.
        course_id: the course's name in it.
    """
    users: tuple[Any, ...] = (autograde, save)
    before = [module.Gradebook for module in users]
    gradebook = Gradebook(db_url, course_id)
    for module in users:
        module.Gradebook = lambda *_: gradebook
    try:
        yield gradebook
    finally:
        gradebook.close()
        for module, own in zip(users, before, strict=True):
            module.Gradebook = own
