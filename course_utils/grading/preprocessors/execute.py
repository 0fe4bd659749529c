"""Execution that goes on: a dead kernel or an endless cell costs one exercise, not the rest."""

import contextlib
import copy
import signal
import time
from collections.abc import Callable, Iterator

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbclient.util import run_sync
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import Execute
from nbgrader.utils import is_grade, is_locked, is_solution, is_task
from traitlets import Integer

from course_utils.grading.marks import exercise_of
from course_utils.grading.preprocessors.demonstrations import SKIP_TAG

DIED, TOO_LONG = "KernelDied", "CellTimeoutError"
SENTENCES = {
    DIED: "El programa se cerró de golpe al ejecutar {} (¿se acabó la memoria, o hay un exit()?).",
    TOO_LONG: "{} tardó demasiado y se detuvo (¿hay un bucle que no termina?).",
}
GO_ON = " Lo demás se corrigió igual. Alguien del equipo docente lo va a revisar."
KERNEL = "kernel"  # name of the time before the first cell
WAITING = "waiting"  # name of the time between kernel and first cell
STALE = 60.0  # seconds after which a kernel that waited gives way to a new one
NOT_RUN = "Esta prueba no se ejecutó: {}"


class Stopped(Exception):
    """The execution was stopped from outside: what is there so far is no result."""


class ResilientExecute(Execute):
    """Takes the place of ``Execute``; ``c.Execute`` configures it too.

    A test whose kernel dies, or that does not end, is worth 0, and so is what is left of its
    exercise. A new kernel runs the set-up cells and the student's own extra cells again, and the
    next exercise goes on: each test stands on the set-up and its own exercise's answer.
    """

    stopped = False
    # What lasts while the cells run; kernels start before it and end after it.
    turn: Callable[[], contextlib.AbstractContextManager[None]] = contextlib.nullcontext
    max_restarts = Integer(6, help="New kernels for one notebook before the rest is given up.").tag(
        config=True
    )

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
        self._seconds = resources.setdefault("course", {}).setdefault("seconds", {})
        self._begun = time.monotonic()
        executed: tuple[NotebookNode, ResourcesDict] = super().preprocess(nb, resources, km)
        return executed

    @contextlib.contextmanager
    def setup_kernel(self, **kwargs: object) -> Iterator[None]:
        """The way of nbclient to a kernel that the cells run in; they wait for their turn."""
        with super().setup_kernel(**kwargs):
            started = time.monotonic()
            with self.turn():
                waited = time.monotonic() - started
                if waited > STALE:  # a kernel's own time runs out
                    self._renew_kernel()
                self._seconds[WAITING] = waited
                self._begun += waited
                yield

    def stop(self) -> None:
        """End the execution soon, from any thread: without its kernel no cell goes on."""
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
        """Execute a cell, in a new kernel where the old one is gone."""
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
            self._attempt(cell, resources, index)
        except DeadKernelError:
            self._give_up(cell, DIED, index)
        except CellTimeoutError:  # it did not even react to the interrupt
            self._give_up(cell, TOO_LONG, index)
        else:
            if any(output.get("ename") == TOO_LONG for output in cell.get("outputs", [])):
                self._note(cell, TOO_LONG)

    def _attempt(self, cell: NotebookNode, resources: ResourcesDict, index: int) -> None:
        """Execute a cell; once more if the kernel dies, since an earlier cell may have ended it."""
        try:
            super().preprocess_cell(cell, resources, index)
        except DeadKernelError:
            self._revive(index)
            super().preprocess_cell(cell, resources, index)

    def _give_up(self, cell: NotebookNode, kind: str, index: int) -> None:
        self._note(cell, kind)
        _fail(cell, kind, SENTENCES[kind].format(_label(cell)))
        if self._restarts <= self.max_restarts:
            self._revive(index)

    def _note(self, cell: NotebookNode, kind: str) -> None:
        sentence = SENTENCES[kind].format(_label(cell))
        sentence = sentence[0].upper() + sentence[1:]
        if _exercise(cell):
            self._lost[_exercise(cell)] = sentence
        notes = self.nb.metadata.setdefault("course", NotebookNode()).setdefault("notes", [])
        notes.append(NotebookNode(text=sentence + GO_ON, review=True))

    def _revive(self, index: int) -> None:
        """A new kernel that knows what the cells before ``index`` set up."""
        for extras in (True, False):
            self._new_kernel()
            try:
                for at in self._setting_up(index, extras=extras):
                    self._run_again(at)
            except (DeadKernelError, CellTimeoutError):
                continue
            return

    def _run_again(self, index: int) -> None:
        """Execute a cell for what it defines; its outputs stay those of the first time."""
        cell = self.nb.cells[index]
        try:
            self.execute_cell(copy.deepcopy(cell), index)
        finally:
            self.nb.cells[index] = cell  # nbclient has put the copy there

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

    def _setting_up(self, index: int, *, extras: bool) -> Iterator[int]:
        exercise = _exercise(self.nb.cells[index])
        for at, cell in enumerate(self.nb.cells[:index]):
            if cell.cell_type != "code" or SKIP_TAG in cell.metadata.get("tags", []):
                continue
            own = is_solution(cell) and _exercise(cell) == exercise
            setup = is_locked(cell) and not is_grade(cell)
            extra = not (is_grade(cell) or is_solution(cell) or is_task(cell) or is_locked(cell))
            if own or setup or (extra and extras and not _failed(cell)):
                yield at


def _name(cell: NotebookNode) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id") or cell.id)


def _exercise(cell: NotebookNode) -> str:
    """Exercise of a test or an answer; empty for any other cell."""
    if not (is_grade(cell) or is_solution(cell)):
        return ""
    return exercise_of(cell.metadata.nbgrader.grade_id)


def _label(cell: NotebookNode) -> str:
    unit, _, number = _exercise(cell).partition("-ej")
    return f"el ejercicio {unit.removeprefix('u')}.{number}" if number else "una celda tuya"


def _failed(cell: NotebookNode) -> bool:
    return any(output.output_type == "error" for output in cell.outputs)


def _fail(cell: NotebookNode, kind: str, sentence: str) -> None:
    if cell.cell_type == "code":
        cell.outputs.append(new_output("error", ename=kind, evalue=sentence, traceback=[sentence]))
