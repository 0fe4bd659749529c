"""The ``jupyter_client`` provisioner that has the fork server start a kernel.

It is registered as an entry point (``pyproject.toml``) and chosen by the kernel manager of the
sandbox, so nothing but grading ever uses it: no kernelspec names it.
"""

import sys
from pathlib import Path
from typing import Any, Final

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from course_utils.grading.forkserver import shared
from course_utils.grading.forkserver.client import Forked, ForkError
from course_utils.grading.sandbox.supervisor import Spec

NAME: Final = "course-fork"


def choose(spec: KernelSpec) -> bool:
    """Have a kernel's specification name this provisioner; False where it is not installed."""
    kept = dict(spec.metadata)
    spec.metadata = kept | {"kernel_provisioner": {"provisioner_name": NAME, "config": {}}}
    if KernelProvisionerFactory.instance().is_provisioner_available(spec):
        return True
    spec.metadata = kept
    return False


class ForkProvisioner(LocalProvisioner):  # type: ignore[misc]
    """Starts the supervisor and its kernel as forks; whatever goes wrong, it starts them cold."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start what a supervisor's command line describes.

        Args:
            cmd: the supervisor's command line, which ends with the path of its ``Spec``.
            kwargs: as for ``LocalProvisioner``.
        """
        try:
            process = _fork(Spec.read(Path(cmd[-1])))
        except ForkError as error:
            self.log.warning("%s Starting a cold kernel.", error)
            return await super().launch_kernel(cmd, **kwargs)
        self.process = process  # type: ignore[assignment]  # what it uses of Popen is there
        self.pid, self.pgid = process.pid, None  # signals go to the process by its handle
        self.cwd = kwargs.get("cwd", Path.cwd())
        return self.connection_info


def _fork(spec: Spec) -> Forked:
    """Fork a kernel.

    Raises:
        ForkError: it did not work.
    """
    if Path(spec.command[0]).parent != Path(sys.executable).parent:
        raise ForkError(f"The kernel needs another Python than the grader's: {spec.command[0]}.")
    server = shared(spec.libraries)
    if server is None:
        raise ForkError("There is no fork server.")
    return server.start_kernel(spec)
