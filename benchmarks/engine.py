"""The fast engine alone: forked kernels, neither sandbox nor examiner. Only ever for a benchmark.

A student's code and the tests run in one process, as in stock nbgrader.
"""

from typing import Any

from course_utils.grading.autograde.pools import cores
from course_utils.grading.executor.resilient import ResilientExecute
from course_utils.grading.forkserver import preload
from course_utils.grading.kernels.manager import kernel_manager_class
from course_utils.grading.sandbox.levels import NONE


class Engine(ResilientExecute):
    """Takes the place of ``Examine``."""

    def create_kernel_manager(self) -> Any:
        """A manager that forks."""
        self.kernel_manager_class = kernel_manager_class(NONE, forked=True)
        manager = super().create_kernel_manager()
        manager.forked = True
        manager.libraries = list(preload.needed("\n".join(cell.source for cell in self.nb.cells)))
        manager.threads = max(1, cores() // self.config.Examine.workers)
        return manager
