"""The fork server: heavy libraries are imported once, and each kernel and examiner is a fork.

``client`` starts the program ``server``, which imports what all units need (``preload``); of that
trunk, a branch for each heavy library that a unit imports is a fork which imports that, too, and
branches do so side by side. A server makes sure that nothing runs that would not survive a fork,
and then forks on request. A fork becomes a student's kernel under its keeper, or an examiner
(``child``); either is locked in as strictly as one started cold before it does anything.
``provisioner`` is how a kernel manager asks for a kernel. While nobody asks for anything, a server
moves its memory into huge pages (``huge_pages``), which makes forks more than twice as quick.

The way to the server is a pair of sockets without a path: nobody else can reach it.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from course_utils.grading.forkserver.client import Server


def shared(libraries: "Iterable[str] | None" = None) -> "Server | None":
    """The server of this process, started when first asked for; None: start things cold.

    Any thread may call it and use what it returns. A server ends by itself when nobody asked it
    for anything for a while, and when this process ends.

    Args:
        libraries: which heavy ones it has imported, as ``preload.needed`` names them; None: all.
    """
    from course_utils.grading.forkserver import client

    return client.shared(libraries)


def begin(libraries: "Iterable[str] | None" = None) -> None:
    """Start the server of this process, which will be asked for soon; returns at once.

    Args:
        libraries: as for ``shared``.
    """
    from course_utils.grading.forkserver import client

    client.begin(libraries)
