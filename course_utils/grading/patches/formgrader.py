"""The formgrader reads the gradebook anew at every request.

nbgrader's formgrader keeps one database session for as long as the server runs. What it has read
once it may show for hours, and it leaves out what looks unchanged when it saves: where somebody
else, or an autograde, wrote in between, a mark typed again is not written and yet shown as saved.
"""

from nbgrader.server_extensions.formgrader.base import BaseHandler


def install() -> None:
    """Close the session when a request is over; the next request opens its own."""
    BaseHandler.on_finish = close_gradebook


def close_gradebook(handler: BaseHandler) -> None:
    """Forget what the gradebook held, and give its connection back, after a failure too."""
    gradebook = handler.settings["nbgrader_gradebook"]
    if gradebook is not None:
        gradebook.close()
