"""What starts the kernels and examiners of a test's course."""

from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from jupyter_client.provisioning import LocalProvisioner

from course_utils.grading.autograde import converter
from course_utils.grading.examiner import host
from course_utils.grading.forkserver import shared
from course_utils.grading.forkserver.client import Server
from course_utils.grading.pipeline import Pipeline


@dataclass(frozen=True)
class Engine:
    """A way to execute notebooks.

    Attributes:
        name: "fork", "cold" or "dask".
        scheduler: address of the Dask scheduler whose workers execute; empty: this process does.
    """

    name: str
    scheduler: str = ""

    def use(self, pipeline: Pipeline) -> None:
        """Have a course graded in this way."""
        pipeline.config.Examine.fork_server = self.name != "cold"
        pipeline.config.CourseAutograde.scheduler = self.scheduler

    def insist(
        self, monkeypatch: pytest.MonkeyPatch, libraries: tuple[str, ...] | None = None
    ) -> None:
        """Have every other way fail.

        Args:
            monkeypatch: of the test.
            libraries: heavy ones that the notebooks need; None for all.
        """
        if self.scheduler:
            monkeypatch.setattr(converter, "local_pool", _refuse)
        elif self.name == "cold":
            monkeypatch.setattr(Server, "_fork", _refuse)
        else:
            assert shared(libraries) is not None
            monkeypatch.setattr(LocalProvisioner, "launch_kernel", _refuse)
            monkeypatch.setattr(host, "subprocess", SimpleNamespace(Popen=_refuse))


def _refuse(*arguments: object, **_: object) -> None:
    raise AssertionError(f"started in another way: {arguments}")


FORK, COLD = Engine("fork"), Engine("cold")
