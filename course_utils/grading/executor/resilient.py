"""Resilient execution: a dead kernel or an endless cell costs one exercise, not the others."""

import contextlib
import copy
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbclient.util import run_sync
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import Execute
from nbgrader.utils import is_grade, is_locked, is_solution
from traitlets import Integer

from course_utils.checks.stops import debugger_calls
from course_utils.grading import scheme
from course_utils.grading.executor.demonstrations import SKIP_TAG
from course_utils.grading.executor.lacks import lacking
from course_utils.grading.executor.stops import Stop, rest_of, root_cause, stop_of
from course_utils.grading.kernels.questions import ENDED, INSTALL, INSTALLED, ask
from course_utils.grading.scheme import exercise_of

DIED, TOO_LONG = "KernelDied", "CellTimeoutError"
SENTENCES = {
    DIED: "El programa se cerró de golpe al ejecutar {} (¿se acabó la memoria, o hay un exit()?).",
    TOO_LONG: "{} tardó demasiado y se detuvo (¿hay un bucle que no termina?).",
}
UNKNOWN = (
    "El programa se cerró de golpe varias veces, por algo que deja en marcha una celda anterior: "
    "desde {} se siguió sin tus otras celdas."
)
LACKED = "En {} tu código usa {}, que no está disponible al corregir."
WENT_ON = " El resto de esa celda se ejecutó igual."
LOOKED_AT = " Alguien del equipo docente lo va a revisar."
LEFT_IN = "En {} quedó `{}` (línea {}): al corregir no detiene nada, pero quítalo."
GO_ON = " Lo demás se corrigió igual." + LOOKED_AT
MOST_RESTS = 20  # missing imports after which one cell continues; each part has the full timeout
KERNEL = "kernel"  # key of the seconds before the first cell
WAITING = "waiting"  # key of the seconds between the kernel's start and the first cell
STALE = 60.0  # seconds; a kernel that waited longer for its turn is replaced
NOT_RUN = "Esta prueba no se ejecutó: {}"


class Stopped(Exception):
    """The execution was stopped from outside, so that it has no result."""


class ResilientExecute(Execute):
    """Replaces ``Execute``; ``c.Execute`` configures this class, too.

    If a kernel dies during a test, or a test does not end, this test and the remaining tests of its
    exercise get 0 points. A new kernel runs the earlier cells again, except the cell that ended the
    old kernel, and execution continues with the next exercise. After each cell of the student's,
    the kernel reports how the cell ended (``kernels.endings``), so that a death is blamed on the
    cell that caused it.

    Attributes:
        stops: index of a student's cell that stopped before its end → how it stopped.
    """

    stopped = False
    # The context in which the cells run; the kernel starts before it and ends after it.
    turn: Callable[[], contextlib.AbstractContextManager[None]] = contextlib.nullcontext
    max_restarts = Integer(
        30, help="New kernels for one notebook before the rest is given up."
    ).tag(config=True)

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict, km: object = None
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Execute a notebook.

        Returns:
            The notebook, and the resources with the ``seconds`` of each cell by name.

        Raises:
            Stopped: ``stop`` was called.
        """
        self._lost: dict[str, str] = {}
        self._restarts = 0
        self._deaths = 0  # deaths of kernels that no cell explains yet
        self._deadly: set[int] = set()  # indices of cells that no kernel runs again
        self._timed_out: set[str] = set()  # ids of cells that took more than their time
        self._noted_lacks: set[tuple[str, str]] = set()  # label and lack in notes on stopped cells
        self._resumed: dict[int, list[str]] = {}  # index → texts that ran after a missing import
        self.stops: dict[int, Stop] = {}
        self._seconds = resources.setdefault("course", {}).setdefault("seconds", {})
        self._begun = time.monotonic()
        executed: tuple[NotebookNode, ResourcesDict] = super().preprocess(nb, resources, km)
        return executed

    @contextlib.contextmanager
    def setup_kernel(self, **kwargs: object) -> Iterator[None]:
        """Set up the kernel as nbclient does; the cells wait for their turn."""
        with super().setup_kernel(**kwargs):
            started = time.monotonic()
            with self.turn():
                waited = time.monotonic() - started
                if waited > STALE:  # the supervisor limits the time from the start of a kernel
                    self._renew_kernel()
                self._seconds[WAITING] = waited
                self._begun += waited
                yield

    def stop(self) -> None:
        """End the execution soon, from any thread: without its kernel, no cell continues."""
        self.stopped = True
        provisioner = getattr(getattr(self, "km", None), "provisioner", None)
        if provisioner is not None:
            with contextlib.suppress(OSError):
                run_sync(provisioner.send_signal)(signal.SIGTERM)

    def _go_on(self) -> None:
        if self.stopped:
            raise Stopped

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Execute a cell, in a new kernel if the old one is gone."""
        started = time.monotonic()
        self._seconds.setdefault(KERNEL, started - self._begun)
        self._go_on()
        self._execute(cell, resources, index)
        self._go_on()
        if cell.cell_type == "code":
            self._seconds[_name(cell)] = time.monotonic() - started
        return cell, resources

    def _execute(self, cell: NotebookNode, resources: ResourcesDict, index: int) -> None:
        lost = self._lost.get(_exercise(cell)) if is_grade(cell) else None
        if lost or self._restarts > self.max_restarts:
            _fail(cell, DIED, NOT_RUN.format(lost or "el programa se cerró demasiadas veces."))
            return
        try:
            self._persist(cell, resources, index)
        except DeadKernelError:
            self._require_student_cell(index, "ended its kernel")
            self._give_up(cell, DIED, index)
        except CellTimeoutError:  # the kernel did not even react to the interrupt
            self._require_student_cell(index, "made its kernel deaf")
            self._give_up(cell, TOO_LONG, index)
        else:
            if self._took_too_long(cell):
                self._require_student_cell(index, "took too long")
                self._note(cell, TOO_LONG)

    async def _async_handle_timeout(
        self, timeout: int, cell: NotebookNode | None = None
    ) -> dict[str, Any] | None:
        """Note which cell took too long.

        The error that nbclient then writes into the cell is no proof: a student's own exception may
        have the same name.
        """
        if cell is not None:
            self._timed_out.add(cell.id)
        reply: dict[str, Any] | None = await super()._async_handle_timeout(timeout, cell)
        return reply

    def _took_too_long(self, cell: NotebookNode) -> bool:
        return cell.id in self._timed_out

    def _require_student_cell(self, index: int, what: str) -> None:
        """Check that a cell of the student's can have caused a failure.

        If only the master's cells have run, the failure is not the student's (the machine is
        overloaded, or a library does not load): the notebook gets no mark instead of a 0.

        Raises:
            RuntimeError: only the master's cells have run.
        """
        ran = (cell for cell in self.nb.cells[: index + 1] if cell.cell_type == "code")
        if all(is_locked(cell) and not is_grade(cell) for cell in ran):
            raise RuntimeError(f"The master's cell {_name(self.nb.cells[index])} {what}.")

    def _persist(self, cell: NotebookNode, resources: ResourcesDict, index: int) -> None:
        """Execute a cell; if the kernel dies, execute it in new kernels.

        An earlier cell may have ended the first kernel.

        Raises:
            DeadKernelError: the cell ended a kernel that nothing else can have ended.
            CellTimeoutError: the kernel ignores interrupts.
        """
        before = self._deaths
        while True:
            try:
                self._attempt(cell, resources, index)
            except DeadKernelError:
                if self._deaths == len(_SCOPES) or not self._left_out(index):
                    raise
                self._revive(index)
            else:
                break
        if before < self._deaths == len(_SCOPES):
            self._add_note(UNKNOWN.format(label_of(cell)) + GO_ON, review=True)

    def _attempt(self, cell: NotebookNode, resources: ResourcesDict, index: int) -> None:
        """Execute a cell in the kernel as it is.

        Raises:
            DeadKernelError: the kernel died, at the latest when it was asked how the cell ended.
            CellTimeoutError: the kernel ignores interrupts.
        """
        super().preprocess_cell(cell, resources, index)
        # An interrupted kernel may still be busy, and would not reply.
        if cell.cell_type == "code" and not is_locked(cell) and not self._took_too_long(cell):
            self._settle(cell, index)

    def _settle(self, cell: NotebookNode, index: int) -> None:
        """Ask the kernel how a student's cell ended, and run what follows a missing import.

        The request also shows whether the kernel still replies.
        """
        source = cell.source
        first = last = self._ask_how_it_ended(source)
        self._resumed[index] = []
        while last is not None and len(self._resumed[index]) < MOST_RESTS:
            if not (source := rest_of(source, last)):
                break
            self._resumed[index].append(source)
            cell.outputs = [*cell.outputs, *self._run_copy(index, source).outputs]
            last = self._ask_how_it_ended(source)
        self.stops.pop(index, None)
        for line, call in debugger_calls(cell.source):
            self._add_note(LEFT_IN.format(label_of(cell), call, line), review=False)
        if first is not None:
            self.stops[index] = root_cause(cell.source, first, last)
            self._note_lack(cell, first, went_on=last is None)

    def _note_lack(self, cell: NotebookNode, stop: Stop, *, went_on: bool) -> None:
        """Note what an answer needs and grading does not have, for a person to look at."""
        lacks = lacking(list(stop.kinds), stop.text)
        if lacks and is_solution(cell):
            self._noted_lacks.add((label_of(cell), lacks))
            place = f" (línea {stop.line})" if stop.line else ""
            self._note_lacking(label_of(cell), lacks + place, WENT_ON if went_on else "")

    def note_lack(self, label: str, lacks: str) -> None:
        """Note what grading does not have, for a person to look at, unless a note says so already.

        Args:
            label: what the note calls the cell, in Spanish.
            lacks: what is missing, a phrase in Spanish.
        """
        if (label, lacks) not in self._noted_lacks:
            self._note_lacking(label, lacks, "")

    def _note_lacking(self, label: str, lacks: str, more: str) -> None:
        self._add_note(LACKED.format(label, lacks) + more + LOOKED_AT, review=True)

    def _ask_how_it_ended(self, source: str) -> Stop | None:
        answer = run_sync(ask)(self.km, self.kc, ENDED)
        return stop_of(answer, source)

    def _give_up(self, cell: NotebookNode, kind: str, index: int) -> None:
        """Note that a cell ended the kernel, and continue in a kernel that never runs the cell."""
        self._note(cell, kind)
        _fail(cell, kind, SENTENCES[kind].format(label_of(cell)))
        self._deadly.add(index)
        self._deaths = 0
        if self._restarts <= self.max_restarts:
            self._start_over(index)

    def _note(self, cell: NotebookNode, kind: str) -> None:
        sentence = SENTENCES[kind].format(label_of(cell))
        sentence = sentence[0].upper() + sentence[1:]
        if _exercise(cell):
            self._lost[_exercise(cell)] = sentence
        self._add_note(sentence + GO_ON, review=True)

    def _add_note(self, text: str, *, review: bool) -> None:
        notes = self.nb.metadata.setdefault("course", NotebookNode()).setdefault("notes", [])
        note = NotebookNode(text=text, review=review)
        if note not in notes:
            notes.append(note)

    def _revive(self, index: int) -> None:
        """Start a new kernel after a death that no cell explains yet.

        The first new kernel runs all cells before ``index`` again. If that kernel dies too, an
        earlier cell may have left something behind that ended it (a process, a library's thread):
        the second new kernel runs only the set-up and the exercise's own answer.
        """
        self._deaths += 1
        self._start_over(index)

    def _start_over(self, index: int) -> None:
        """Start a new kernel and run the cells before ``index`` in it, except deadly ones."""
        while True:
            self._new_kernel()
            at = index
            try:
                for at in self._cells_for_new_kernel(index):
                    self._run_again(at)
            except (DeadKernelError, CellTimeoutError) as error:
                if self._restarts > self.max_restarts:
                    return
                self._deadly.add(at)
                kind = DIED if isinstance(error, DeadKernelError) else TOO_LONG
                self._note(self.nb.cells[at], kind)
            else:
                return

    def _run_again(self, index: int) -> None:
        """Execute a cell again for the names that it defines; the cell keeps its first outputs."""
        for source in (self.nb.cells[index].source, *self._resumed.get(index, [])):
            self._run_copy(index, source)

    def _run_copy(self, index: int, source: str) -> NotebookNode:
        """Execute a text in a cell's place; returns a copy of the cell with the text's outputs."""
        cell = self.nb.cells[index]
        ran = copy.deepcopy(cell)
        ran.source, ran.outputs = source, []
        try:
            self.execute_cell(ran, index)
        finally:
            self.nb.cells[index] = cell  # nbclient has put the copy there
        return ran

    def _new_kernel(self) -> None:
        self._go_on()
        self._restarts += 1
        self.log.warning("The kernel died; going on in a new one")
        self._renew_kernel()

    def _renew_kernel(self) -> None:
        self._cleanup_kernel()
        self.create_kernel_manager()
        self.start_new_kernel()
        self.start_new_kernel_client()

    def start_new_kernel_client(self) -> Any:
        """Get a client as nbclient does, and install ``kernels.endings`` in its kernel."""
        client = super().start_new_kernel_client()
        watched = hasattr(self.km, "runtime")  # the sandbox's: a supervisor ends the kernel
        try:
            if run_sync(ask)(self.km, client, INSTALL.format(watched)) != INSTALLED:
                self.log.warning("The kernel's endings are not installed: deaths are guessed")
        except DeadKernelError:
            self._cleanup_kernel()
            raise
        return client

    def _cells_for_new_kernel(self, index: int) -> Iterator[int]:
        """The cells that a new kernel runs before the one at ``index``."""
        allowed = _SCOPES[max(self._deaths - 1, 0)]
        exercise = _exercise(self.nb.cells[index])
        return (at for at in self._before(index) if allowed(self.nb.cells[at], exercise))

    def _left_out(self, index: int) -> bool:
        """Whether the next new kernel could run less than the last one."""
        exercise = _exercise(self.nb.cells[index])
        if self._deaths == 0:
            return True
        return not all(_SCOPES[-1](self.nb.cells[at], exercise) for at in self._before(index))

    def _before(self, index: int) -> Iterator[int]:
        for at, cell in enumerate(self.nb.cells[:index]):
            if cell.cell_type != "code" or SKIP_TAG in cell.metadata.get("tags", []):
                continue
            test = is_grade(cell) and not is_solution(cell)
            if not test and at not in self._deadly and not self._took_too_long(cell):
                yield at


def _all_cells(_: NotebookNode, __: str) -> bool:
    return True


def _setup_and_own_answer(cell: NotebookNode, exercise: str) -> bool:
    own = is_solution(cell) and _exercise(cell) == exercise
    return own or (is_locked(cell) and not is_grade(cell))


# What a new kernel runs after the first and after the second death that no cell explains.
_SCOPES = (_all_cells, _setup_and_own_answer)


def _name(cell: NotebookNode) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id") or cell.id)


def _exercise(cell: NotebookNode) -> str:
    """Exercise of a test or an answer; empty for any other cell."""
    if not (is_grade(cell) or is_solution(cell)):
        return ""
    return exercise_of(cell.metadata.nbgrader.grade_id)


def label_of(cell: NotebookNode) -> str:
    """What a sentence calls a student's cell, or the exercise of a test."""
    exercise = _exercise(cell)
    known = scheme.numbers_of(exercise)
    return f"el ejercicio {scheme.number_of(exercise)}" if known else "una celda tuya"


def _fail(cell: NotebookNode, kind: str, sentence: str) -> None:
    if cell.cell_type == "code":
        cell.outputs.append(new_output("error", ename=kind, evalue=sentence, traceback=[sentence]))
