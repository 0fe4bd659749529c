"""Makes the formgrader read the gradebook anew at every request.

nbgrader's formgrader keeps one database session for as long as its server runs. The session may
show an old value for hours. When the formgrader saves, the session writes only values that differ
from the ones it holds. Suppose another grader or an autograde has changed a mark meanwhile, and the
grader types the old mark again: the session writes nothing, and the page shows the mark as saved.
"""

from nbgrader.server_extensions.formgrader.base import BaseHandler


def install() -> None:
    """Close the session at the end of each request; the next request opens a new session."""
    BaseHandler.on_finish = close_gradebook


def close_gradebook(handler: BaseHandler) -> None:
    """End the gradebook's session and release its connection; also after a failed request.

    Args:
        handler: the handler of the request that has ended.
    """
    gradebook = handler.settings["nbgrader_gradebook"]
    if gradebook is not None:
        gradebook.close()
