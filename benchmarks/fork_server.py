"""Seconds a hand-in takes with cold kernels and with forks, and seconds until a kernel is ready.

Usage: python benchmarks/fork_server.py [PAIRS] [UNIT …]

Cold and forked take turns; the minimum of each counts. The server's own start is shown apart.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from course_utils.grading.course import Course, read_notebook  # noqa: E402
from course_utils.grading.forkserver import shared  # noqa: E402
from course_utils.grading.kernels.manager import kernel_manager_class  # noqa: E402
from course_utils.grading.pipeline import Pipeline, released  # noqa: E402
from course_utils.grading.release.submissions import fill, hand_in, solutions  # noqa: E402
from course_utils.grading.sandbox.levels import choose_level  # noqa: E402


async def ready(forked: bool) -> float:
    """Seconds from the wish for a kernel to its first answer."""
    start = time.perf_counter()
    manager = kernel_manager_class(choose_level("auto", False))(
        kernel_name="python3", forked=forked
    )
    await manager.start_kernel()
    client = manager.client()
    client.start_channels()
    asked = client.kernel_info()
    while (await client.get_shell_msg())["parent_header"].get("msg_id") != asked:
        pass
    seconds = time.perf_counter() - start
    client.stop_channels()
    await manager.shutdown_kernel(now=True)
    return seconds


def graded(pipeline: Pipeline, unit: str, student: str, forked: bool) -> float:
    """Seconds that one hand-in of right answers takes."""
    pipeline.config.Examine.fork_server = forked
    answers = solutions(read_notebook(Course(ROOT).master(unit)))
    notebook = fill(read_notebook(pipeline.course.release(unit)), answers)
    hand_in(notebook, pipeline.course.root / "submitted", student, unit)
    start = time.perf_counter()
    pipeline.autograde(unit, student)
    return time.perf_counter() - start


def show(label: str, cold: list[float], forked: list[float]) -> None:
    """Print a line: both minima and their ratio."""
    ratio = min(cold) / min(forked)
    print(f"{label:42s} cold {min(cold):6.2f} s   fork {min(forked):6.2f} s   {ratio:5.1f} times")


def main(pairs: str = "3", *names: str) -> None:
    """Measure and print."""
    start = time.perf_counter()
    if shared() is None:
        sys.exit("There is no fork server on this machine.")
    print(f"{'start of the server, once':42s} {time.perf_counter() - start:6.2f} s")
    times: dict[bool, list[float]] = {False: [], True: []}
    for _ in range(2 * int(pairs)):
        for forked, seconds in times.items():
            seconds.append(asyncio.run(ready(forked)))
    show("a kernel's first answer", times[False], times[True])
    for unit in (Course(ROOT).unit(name) for name in names or ("u1", "u4")):
        with tempfile.TemporaryDirectory() as folder:
            pipeline = released(Course(ROOT).copy(Path(folder) / "course", unit))
            times = {False: [], True: []}
            for number in range(int(pairs)):
                for forked, seconds in times.items():
                    student = f"{'fork' if forked else 'cold'}-{number}"
                    seconds.append(graded(pipeline, unit, student, forked))
            show(unit, times[False], times[True])


if __name__ == "__main__":
    main(*sys.argv[1:])
