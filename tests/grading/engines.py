"""What starts the kernels and examiners of a test's course."""

from dataclasses import dataclass

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


FORK, COLD = Engine("fork"), Engine("cold")
