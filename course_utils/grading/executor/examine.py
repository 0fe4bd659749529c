"""``Examine``: nbgrader's ``Execute`` with the tests in a process of their own."""

import contextlib
import os
import secrets
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbclient.util import run_sync
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import is_grade, is_solution
from traitlets import Bool, Enum, Float, Integer

from course_utils.checks.outcomes import ExecutionError, exercise_title
from course_utils.grading import forkserver, scheme
from course_utils.grading.examiner import pool
from course_utils.grading.examiner.budget import Budget
from course_utils.grading.examiner.host import (
    ExaminerDied,
    ExaminerError,
    ExaminerHost,
    TooMuchWork,
)
from course_utils.grading.examiner.kernel_link import CALL_TIMEOUT, KernelLink, KernelLost, failure
from course_utils.grading.examiner.master import GradedCell, Master, read_master
from course_utils.grading.examiner.process import MAX_TEXT
from course_utils.grading.examiner.wire import TOO_LARGE
from course_utils.grading.executor.reasons import lacks_of, missing_names, reason_of
from course_utils.grading.executor.resilient import GO_ON, TOO_LONG, ResilientExecute, label_of
from course_utils.grading.forkserver.client import Server
from course_utils.grading.kernels import ARGUMENTS
from course_utils.grading.kernels.manager import SandboxedKernelManager, kernel_manager_class
from course_utils.grading.sandbox import landlock
from course_utils.grading.sandbox.levels import choose_level
from course_utils.grading.sandbox.supervisor import HASHING
from course_utils.grading.scheme import exercise_of

SPENT = "Las llamadas a tu código tardan más que el tiempo que hay para este ejercicio."
TOO_MUCH_WORK = "La prueba no terminó: revisar lo que devuelve tu código lleva demasiado tiempo."
UNFINISHED = "La prueba no terminó en el tiempo que hay para ella."
CLOSED = "La prueba no terminó: se cerró el programa que la corre."
# A notebook with one of these words gets a cold kernel: Keras reads the words' settings only when
# it is imported, and the fork server has already imported Keras, without scikit-learn.
READ_AT_IMPORT = ("KERAS_BACKEND", "TF_USE_LEGACY_KERAS", "keras.wrappers", "SKLearn")


class Examine(ResilientExecute):
    """Replaces ``Execute`` in ``Autograde.autograde_preprocessors``.

    The student's cells run in the student's kernel, in a sandbox. For a test cell, the examiner
    runs the master's text; outputs and errors go into the notebook in the form that nbgrader
    expects. No tag and no metadata of a submission can keep a test from running.
    """

    call_timeout = Float(
        60, help="Seconds that one call of a test may take; never more than Execute.timeout."
    ).tag(config=True)
    test_timeout = Float(300, help="Seconds that one test cell may take.").tag(config=True)
    call_budget = Float(900, help="Seconds that all calls of a notebook may take together.").tag(
        config=True
    )
    test_work = Float(
        60, help="Seconds of the examiner's own processor time that one test cell may take."
    ).tag(config=True)
    work_budget = Float(
        720, help="Seconds of the examiner's own processor time that a notebook may take."
    ).tag(config=True)
    max_output = Integer(1_000_000, help="Characters of output that a cell may keep.").tag(
        config=True
    )
    max_total_output = Integer(
        10_000_000, help="Characters of output that a notebook may keep."
    ).tag(config=True)
    sandbox = Enum(
        ["auto", "bubblewrap", "landlock", "none"],
        "auto",
        help="How the student's kernel is locked in; 'auto' takes the best that works here.",
    ).tag(config=True)
    unsafe = Bool(False, help="Grade although nothing can lock the student's kernel in.").tag(
        config=True
    )
    fork_server = Bool(
        True, help="Fork kernels and examiners from a process that has imported the libraries."
    ).tag(config=True)
    workers = Integer(
        1, help="Notebooks that run side by side: each gets its share of the cores."
    ).tag(config=True)
    raise_on_iopub_timeout = Bool(False, help="A flood of output is cut, not an error.")
    record_timing = Bool(False, help="A student's code can set the dates of a kernel's messages.")
    # ``stop`` must not kill an examiner that has just gone back to the pool: another notebook may
    # use it by then.
    _handing_over: ClassVar = threading.Lock()

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict, km: Any = None
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Run a notebook: the student's cells in the kernel, the tests in the examiner."""
        resources.setdefault("course", {})
        self._host: ExaminerHost | None = None
        self._level = choose_level(self.sandbox, self.unsafe)
        examiner = "locked in" if landlock.usable() else "not locked in (no Landlock here)"
        self.log.info("Sandbox of the student's kernel: %s; examiner %s", self._level, examiner)
        self._master = self._read_master(resources)
        self._server = self._find_server(nb)
        exercises = {exercise_of(name) for name in self._master.tests}
        self._calls = Budget(self.call_budget, exercises)
        self._work = Budget(self.work_budget, exercises)
        # A test that runs again must draw the same inputs (``checks.check.draw_from``).
        self._seeds = defaultdict[str, int](lambda: secrets.randbits(128))
        self._printed = 0
        self._link: KernelLink | None = None
        self._sizes: dict[int, int] = {}
        try:
            result: tuple[NotebookNode, ResourcesDict] = super().preprocess(nb, resources, km)
        finally:
            if self._link is not None:
                self._link.drop()
            if self.owns_km and self.km is not None:  # the kernel's start failed
                self._cleanup_kernel()
        return result

    @contextlib.contextmanager
    def setup_kernel(self, **kwargs: object) -> Iterator[None]:
        """Set up the kernel and, when it is the cells' turn to run, an examiner."""
        with super().setup_kernel(**kwargs):
            # The examiner runs the set-up cell while the kernel runs its own copy of that cell.
            self._host = self._host or self._new_host()
            try:
                yield
            finally:
                with self._handing_over:
                    host, self._host = self._host, None
                if host:
                    pool.give_back(host)

    def stop(self) -> None:
        """End the execution soon, and with it a test that runs in the examiner."""
        super().stop()
        with self._handing_over:
            host = getattr(self, "_host", None)
            if host:
                host.kill()

    def _read_master(self, resources: ResourcesDict) -> Master:
        ids, regions = resources["nbgrader"], scheme.Regions.of(self.config)
        folder = resources["course"].get("master")
        if folder:
            return read_master(Path(folder).resolve() / f"{ids['notebook']}.ipynb", regions)
        course = CourseDirectory(parent=self)
        folder = Path(course.format_path(course.source_directory, ".", ids["assignment"]))
        return read_master(folder.resolve() / f"{ids['notebook']}.ipynb", regions)

    def _new_host(self) -> ExaminerHost:
        return pool.take(
            self._master,
            locked=landlock.usable(),
            server=self._server,
            threads=self._threads(),
        )

    def _threads(self) -> int:
        return max(1, (os.cpu_count() or 1) // int(self.workers))

    def _find_server(self, nb: NotebookNode) -> Server | None:
        """The fork server; None where it is switched off or does not suit this notebook."""
        if not self.fork_server:
            return None
        sources = [self._master.setup, *(cell.source for cell in nb.cells)]
        if any(word in source for word in READ_AT_IMPORT for source in sources):
            self.log.info("This notebook needs its libraries imported its own way: cold kernel")
            return None
        return forkserver.shared(self._master.libraries)

    def create_kernel_manager(self) -> Any:
        """Create a kernel manager as nbclient does, but of the course's own class."""
        forked = self._server is not None
        self.extra_arguments: list[str] = list(ARGUMENTS)
        self.kernel_manager_class = kernel_manager_class(self._level, forked=forked)
        manager = super().create_kernel_manager()
        if isinstance(manager, SandboxedKernelManager):
            manager.forked = forked
            manager.threads = self._threads()
            manager.libraries = list(self._master.libraries)
        else:  # without a sandbox, the kernel inherits the environment of this process
            manager.kernel_spec.env |= HASHING
        return manager

    def start_new_kernel_client(self) -> Any:
        """Get a client as nbclient does; if the kernel does not reply, start one cold kernel."""
        try:
            return super().start_new_kernel_client()
        except RuntimeError as error:
            if self.stopped:
                raise
            self.log.warning("%s: going on with a cold one", error)
        self._server = None
        self.km = self.create_kernel_manager()
        self.start_new_kernel()
        return super().start_new_kernel_client()

    def _attempt(self, cell: NotebookNode, resources: ResourcesDict, index: int) -> None:
        if cell.cell_type == "code" and is_grade(cell) and not is_solution(cell):
            self._examine(cell)
            return
        if cell.cell_type == "code" and self._link is not None:
            self._link.close()
        started = time.monotonic()
        try:
            super()._attempt(cell, resources, index)
        except (CellTimeoutError, DeadKernelError):
            raise
        # A student's cell can send forged and malformed messages; only that cell must suffer.
        except Exception as error:
            raise DeadKernelError(f"The kernel breaks the protocol: {error!r}") from error
        # A cell is interrupted at its timeout; a kernel that ignores the interrupt does not reply.
        overdue = self.timeout is not None and time.monotonic() - started >= self.timeout
        if overdue and not run_sync(KernelLink(self.km, self.kc).responds)():
            raise CellTimeoutError("The kernel is deaf to interrupts.")

    def _new_kernel(self) -> None:
        if self._link is not None:
            self._link.drop()
            self._link = None
        super()._new_kernel()

    def _run_again(self, index: int) -> None:
        try:
            super()._run_again(index)
        except (CellTimeoutError, DeadKernelError):
            raise
        except Exception as error:
            raise DeadKernelError(f"The kernel breaks the protocol: {error!r}") from error

    def process_message(
        self, msg: dict[str, Any], cell: NotebookNode, cell_index: int
    ) -> NotebookNode | None:
        """Drop outputs beyond the limits, and messages that change the outputs of other cells."""
        kind = msg["msg_type"]
        if "execution_count" in msg["content"]:  # the student's code can put anything there
            msg["content"]["execution_count"] = self.code_cells_executed
        if kind.startswith("comm") or kind == "update_display_data":
            return None  # both kinds can change the outputs of other cells
        if kind in ("stream", "display_data", "execute_result", "error"):
            size = len(str(msg["content"])) + 100
            self._printed += size
            self._sizes[cell_index] = self._sizes.get(cell_index, 0) + size
            too_much = self._printed > self.max_total_output
            if too_much or self._sizes[cell_index] > self.max_output:
                return None
        return super().process_message(msg, cell, cell_index)

    # -- the test cells ----------------------------------------------------------------------

    def _examine(self, cell: NotebookNode) -> None:
        """Run a test cell in the examiner.

        Raises:
            DeadKernelError: the test's calls killed the student's kernel.
            CellTimeoutError: after the test's calls, the kernel ignores interrupts.
        """
        name = cell.metadata.nbgrader.grade_id
        test = self._master.tests.get(name)
        cell.outputs = []
        self.code_cells_executed += 1
        cell.execution_count = self.code_cells_executed
        if test is None:
            _fail(cell, name, f"El notebook del curso no tiene la prueba «{name}».")
            return
        exercise = exercise_of(name)
        timeout = min(self.call_timeout, self.timeout or self.call_timeout)
        self._link = self._link or KernelLink(self.km, self.kc)
        calls = Calls(self._link, timeout, self._calls.left(exercise))
        started = datetime.now(UTC)
        try:
            self._judge(cell, test, calls)
        finally:
            self._calls.spend(exercise, calls.spent)
            # nbclient notes the same times for the cells that it runs; the class report reads them.
            cell.metadata["execution"] = {
                "iopub.status.busy": started.isoformat(),
                "iopub.status.idle": datetime.now(UTC).isoformat(),
            }
        if calls.lost:
            cell.outputs = []
            raise DeadKernelError("dead") if calls.lost == "dead" else CellTimeoutError("deaf")
        if calls.too_long:
            self._note(cell, TOO_LONG)

    def _give_reasons(self, cell: NotebookNode, calls: "Calls") -> None:
        """If a test failed for a missing name, replace its sentence by the reason, if known."""
        error = next((o for o in cell.outputs if o.output_type == "error"), None)
        if error is None:
            return
        name = cell.metadata.nbgrader.grade_id
        stops = [(self.nb.cells[at], stop) for at, stop in self.stops.items()]
        reason = reason_of(error.evalue, calls.missing, exercise_of(name), stops)
        if reason is not None:
            _fail(cell, name, reason.sentence)
        lacks = calls.lacks if reason is None else reason.lacks
        if lacks:
            self.note_lack(label_of(cell), lacks)

    def _judge(self, cell: NotebookNode, test: GradedCell, calls: "Calls") -> None:
        """Run a test and write its outputs; if the test does not finish, ask a person to look."""
        try:
            try:
                done = self._run(cell, test, calls)
            except ExaminerDied:  # perhaps not because of this test: try once more in a new one
                self._go_on()
                done = self._run(cell, test, calls)
        except ExaminerError as error:
            sentence = _why_unfinished(error)
            _fail(cell, cell.metadata.nbgrader.grade_id, sentence)
            self._review(cell, sentence)
            return
        cell.outputs = _outputs(done)
        self._give_reasons(cell, calls)
        if calls.used_up or done["spent"]:
            self._review(cell, SPENT if calls.used_up else TOO_LARGE)

    def _run(self, cell: NotebookNode, test: GradedCell, calls: "Calls") -> dict[str, Any]:
        """Run a test in the examiner; if the test does not finish, close the examiner.

        Raises:
            ExaminerError: the test did not finish.
        """
        name = cell.metadata.nbgrader.grade_id
        exercise = exercise_of(name)
        host = self._host = self._set_up()
        work = min(self.test_work, self._work.left(exercise))
        try:
            return host.run(name, test, calls.ask, self.test_timeout, work, self._seeds[name])
        except ExaminerError as error:
            self.log.warning("%s: %s", name, error)
            host.close()
            self._host = None
            raise
        finally:
            self._work.spend(exercise, host.spent)

    def _set_up(self) -> ExaminerHost:
        """Get an examiner that has run the set-up cell.

        Raises:
            RuntimeError: two examiners could not be set up. This is no fault of the student's, so
                the notebook gets no mark instead of a 0.
            SetupError: the set-up cell failed.
        """
        for _ in range(2):
            host = self._host or self._new_host()
            try:
                host.wait_for_setup()
            except ExaminerError as error:
                self.log.warning("An examiner was lost while it was set up: %s", error)
                host.close()
                self._host = None
                self._go_on()
            else:
                return host
        raise RuntimeError("No examiner could be set up.")

    def _review(self, cell: NotebookNode, sentence: str) -> None:
        """Ask a person to look at an exercise; no further test of the exercise runs."""
        exercise = exercise_of(cell.metadata.nbgrader.grade_id)
        self._lost[exercise] = sentence
        self._add_note(f"{exercise_title(exercise)}: {sentence}{GO_ON}", review=True)


class Calls:
    """The requests of one test cell to the student's kernel.

    Args:
        link: the channel to the kernel.
        timeout: seconds that one request may take.
        budget: seconds that all requests may take together.

    Attributes:
        spent: seconds that the requests took so far.
        used_up: whether a request was left out because the budget was spent.
        too_long: whether a request was interrupted.
        lost: how the kernel was lost: "dead", or "deaf" if it ignores interrupts; else empty.
        missing: names that the student's code does not define.
        lacks: what a call needs and grading does not have, in Spanish; empty if nothing.
    """

    def __init__(self, link: KernelLink, timeout: float, budget: float) -> None:
        self._link = link
        self._timeout = timeout
        self._budget = budget
        self.spent = 0.0
        self.used_up = False
        self.too_long = False
        self.lost = ""
        self.missing: set[str] = set()
        self.lacks = ""

    def ask(self, question: str) -> str:
        """Send a request; returns the reply or, without one, a reply that reports the failure."""
        left = self._budget - self.spent
        if self.lost or left <= 0:
            self.used_up = not self.lost
            return failure("DeadKernelError", SPENT)
        started = time.monotonic()
        try:
            answer = self._link.ask(question, min(left, self._timeout))
        except KernelLost as error:
            self.lost = str(error)
            return failure("DeadKernelError", SPENT)
        finally:
            self.spent += time.monotonic() - started
        if answer is None:
            self.too_long = True
            return failure(CALL_TIMEOUT, "La llamada tardó demasiado y se detuvo.")
        self._note_missing(question, answer)
        return answer

    def _note_missing(self, question: str, answer: str) -> None:
        """Note what is missing according to a reply with an error; the reply is unchecked text."""
        if len(answer) > MAX_TEXT or not answer.startswith(('{"missing"', '{"error"')):
            return
        self.missing |= missing_names(question, answer)
        self.lacks = lacks_of(answer) or self.lacks


def _why_unfinished(error: ExaminerError) -> str:
    if isinstance(error, TooMuchWork):
        return TOO_MUCH_WORK
    return CLOSED if isinstance(error, ExaminerDied) else UNFINISHED


def _outputs(done: dict[str, Any]) -> list[NotebookNode]:
    """Convert the result of a test to the outputs that a kernel would have given.

    The outputs are not validated here: the exporter validates the whole notebook.
    """
    outputs = []
    if done["stdout"]:
        text = _clean(done["stdout"])
        outputs.append(NotebookNode(output_type="stream", name="stdout", text=text))
    outputs += [new_output("display_data", data=picture) for picture in done["pictures"]]
    if done["error"]:
        error = done["error"]
        lines = [_clean(line) for line in error["traceback"]]
        outputs.append(
            NotebookNode(
                output_type="error",
                ename=error["ename"],
                evalue=_clean(error["evalue"]),
                traceback=lines,
            )
        )
    elif done["value"] is not None:
        data = {"text/plain": repr(done["value"])}
        outputs.append(new_output("execute_result", data=data, execution_count=None))
    return outputs


def _fail(cell: NotebookNode, name: str, sentence: str) -> None:
    outcome = ExecutionError(exercise_of(name), sentence)
    lines = outcome.lines()
    cell.outputs = [new_output("error", ename="ExecutionError", evalue=sentence, traceback=lines)]


def _clean(text: str) -> str:
    """Cut a text and replace its lone surrogates, which nbformat could not write to a file."""
    return text[:MAX_TEXT].encode("utf-8", "replace").decode("utf-8")
