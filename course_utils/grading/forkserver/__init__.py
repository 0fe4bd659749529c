"""The fork server: heavy libraries are imported once, and each kernel and examiner is a fork.

``client`` starts the program ``server``, the base server, which imports what all units need
(``preload``). For each heavy library that a unit imports, a fork of the base server imports that
library too and becomes a server of its own; these imports run side by side. A server checks that
no thread runs, because threads do not survive a fork, and then forks on request. A fork becomes a
student's kernel under its supervisor, or an examiner (``child``). Before it does anything else it
is locked in as strictly as a process that was started cold. ``provisioner`` is how a kernel
manager asks for a kernel. While a server is idle it moves its memory into huge pages
(``huge_pages``), which makes forks more than twice as quick.

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
