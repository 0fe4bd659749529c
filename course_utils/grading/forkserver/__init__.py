"""The preload server: it imports heavy libraries once, and forks each kernel and each examiner.

``client`` starts the program ``server``, the base server, which imports what all units need
(``preload``). For each set of heavy libraries that a unit imports, a fork of the base server
imports these too and becomes a server of its own; these imports run side by side. A server checks
that no other thread runs, because threads do not survive a fork, and then forks on request. A fork
becomes a student's kernel under its supervisor, or an examiner (``child``). Before the fork does
anything else it locks itself in as strictly as a cold process does. A kernel manager requests
kernels through ``provisioner``. While a server is idle it moves its memory into huge pages
(``huge_pages``), which makes forks more than twice as quick.

Requests reach a server over a pair of sockets without a path, so no other process can send one.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from course_utils.grading.forkserver.client import Server


def shared(libraries: "Iterable[str] | None" = None) -> "Server | None":
    """The server of this process for a set of libraries; the first call starts it.

    Any thread may call this function and use the server. A server ends after some time without a
    request, and when this process ends.

    Args:
        libraries: heavy libraries that the server imports, as ``preload.needed`` names them;
            None: all.

    Returns:
        The server; None where no server can run: then start cold processes.
    """
    from course_utils.grading.forkserver import client

    return client.shared(libraries)


def begin(libraries: "Iterable[str] | None" = None) -> None:
    """Start the server of this process without waiting for its imports; ``shared`` waits.

    Args:
        libraries: as for ``shared``.
    """
    from course_utils.grading.forkserver import client

    client.begin(libraries)
