"""The ``jupyter_client`` provisioner that makes the fork server start a kernel.

``pyproject.toml`` registers the provisioner as an entry point, and the sandbox's kernel manager
chooses it. No installed kernelspec names it, so only grading uses it.
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
    """Make a kernel's specification name this provisioner.

    Returns:
        False, with the specification unchanged, if the provisioner is not installed.
    """
    kept = dict(spec.metadata)
    spec.metadata = kept | {"kernel_provisioner": {"provisioner_name": NAME, "config": {}}}
    if KernelProvisionerFactory.instance().is_provisioner_available(spec):
        return True
    spec.metadata = kept
    return False


class ForkProvisioner(LocalProvisioner):  # type: ignore[misc]
    """Starts the supervisor and its kernel as forks, or cold if the fork fails."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the supervisor and its kernel.

        Args:
            cmd: the supervisor's command line; its last word is the path of the ``Spec``.
            kwargs: as for ``LocalProvisioner``.

        Returns:
            The kernel's connection info.
        """
        try:
            process = _fork(Spec.read(Path(cmd[-1])))
        except ForkError as error:
            self.log.warning("%s Starting a cold kernel.", error)
            return await super().launch_kernel(cmd, **kwargs)
        # ``Forked`` has all attributes of Popen that ``LocalProvisioner`` uses.
        self.process = process  # type: ignore[assignment]
        # Without a process group id, ``LocalProvisioner`` sends signals through ``process``.
        self.pid, self.pgid = process.pid, None
        self.cwd = kwargs.get("cwd", Path.cwd())
        return self.connection_info


def _fork(spec: Spec) -> Forked:
    """Fork a kernel.

    Raises:
        ForkError: the kernel needs another Python, or the fork failed.
    """
    if Path(spec.command[0]).parent != Path(sys.executable).parent:
        raise ForkError(f"The kernel needs another Python than the grader's: {spec.command[0]}.")
    server = shared(spec.libraries)
    if server is None:
        raise ForkError("There is no fork server.")
    return server.start_kernel(spec)
