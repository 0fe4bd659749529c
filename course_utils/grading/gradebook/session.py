"""One gradebook object for a whole run.

nbgrader opens the gradebook eight times for each submission. Each time it looks up every table and
compiles every statement anew, which takes longer than reading and writing the data.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.converters import autograde

from course_utils.grading.gradebook import save


@contextmanager
def one_gradebook(db_url: str, course_id: str) -> Iterator[Gradebook]:
    """Make nbgrader's autograde use one gradebook object inside a ``with`` block.

    nbgrader constructs ``Gradebook`` itself, so its name is replaced in the modules that use it.
    Each ``close`` of the object still ends its session and its connection; the next use opens
    new ones.

    Args:
        db_url: the gradebook's address.
        course_id: the course's name in the gradebook.
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
