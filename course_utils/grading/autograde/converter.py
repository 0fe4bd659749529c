"""nbgrader's ``autograde`` behind the intake: the command, the formgrader's button, the API.

nbgrader has no setting for its converter class. ``install`` rebinds the two names that it uses;
``nbgrader_config.py`` calls it, and a test watches that the names are there.
"""

import time
import traceback
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from nbgrader.api import MissingEntry
from nbgrader.apps import api, autogradeapp
from nbgrader.converters import Autograde, NbGraderException
from nbgrader.preprocessors import Execute
from nbgrader.utils import rmtree, setenv
from sqlalchemy.exc import OperationalError
from traitlets import Float, Instance, Integer, Type, Unicode

from course_utils.grading import scheme
from course_utils.grading.autograde import listing
from course_utils.grading.autograde.bundle import Bundle
from course_utils.grading.autograde.events import (
    FAILED,
    KEPT,
    LEFT,
    MISSED,
    STRANGER,
    TOO_LONG,
    Outcome,
    Times,
    Watch,
)
from course_utils.grading.autograde.exporter import OneCopyExporter
from course_utils.grading.autograde.job import Done, Job
from course_utils.grading.autograde.pools import Pool, PoolError, local_pool
from course_utils.grading.autograde.report import summary, write_csv
from course_utils.grading.autograde.scheduler import Scheduler
from course_utils.grading.autograde.search_path import without_course
from course_utils.grading.gradebook.manual_marks import KeptByHand
from course_utils.grading.gradebook.session import one_gradebook
from course_utils.grading.intake.beside import TIMESTAMP
from course_utils.grading.intake.records import FOLDER, UNREADABLE, Record, Records
from course_utils.grading.intake.run import Intake, Submission, failed, finished, too_long
from course_utils.grading.rebuild import Skeleton, load
from course_utils.grading.rebuild.notes import from_json

REPORTS = "reports"
NO_STUDENT = (
    "not graded, since this is no folder with a name that can be a student's id; put it "
    "into the student's folder, or give the folder another name"
)


class Incomplete(NbGraderException):
    """Some hand-ins have no mark after this run; the next one takes them up."""


def install() -> None:
    """Make nbgrader grade with ``CourseAutograde``."""
    autogradeapp.Autograde = CourseAutograde
    api.Autograde = CourseAutograde
    listing.install()


class CourseAutograde(Autograde):
    """``Autograde`` behind the intake, many notebooks at once; no old mark stands as a new one.

    A submission goes through three phases. *Prepare*: the intake reads it and puts it on the
    master's skeleton; the old marks go, and its files go to ``autograded/``. *Execute*: a job for
    the workers. *Save*: the marks in one transaction, the notebook, and the record, which says
    that the marks are this submission's. Only this process touches the gradebook, and only as many
    submissions are under way as there are workers (and two in reserve), so that a run that is
    killed loses no more than these.

    nbgrader's own preparation (``sanitize_preprocessors``, ``init_assignment``) is not used: it
    reads ``submitted/`` again, and trusts what it finds there.
    """

    workers = Integer(
        0, min=0, help="Notebooks to execute at once; 0: as many as the machine carries."
    ).tag(config=True)
    scheduler = Unicode("", help="Address of a Dask scheduler, whose workers execute.").tag(
        config=True
    )
    notebook_limit = Float(
        0, min=0, help="Seconds that one notebook may take; 0: no limit but each cell's."
    ).tag(config=True)
    run_limit = Float(
        0,
        min=0,
        help="Seconds that the run may take; the rest is left for another; 0: no limit.",
    ).tag(config=True)
    _sanitizing = False  # nbgrader takes ``autograded/`` for the input, which is all that it reads
    exporter_class = Type(OneCopyExporter, klass=Exporter).tag(config=True)
    watch = Instance(Watch, ())

    def start(self) -> None:
        """Grade the hand-ins that match; the others keep their marks.

        Raises:
            NbGraderException: nbgrader failed, or the one hand-in asked for can't be graded.
            Incomplete: all is well but for some hand-ins.
        """
        self.unit = self.coursedir.assignment_id
        self.root = Path(self.coursedir.root)
        self.records = Records(self.root)
        self.taken: dict[str, Record] = {}
        self.missed: dict[str, str] = {}
        address = self.coursedir.db_url, self.coursedir.course_id
        students_files = (
            self.root / folder for folder in (FOLDER, self.coursedir.submitted_directory)
        )
        with (
            without_course(self.root, *students_files),
            one_gradebook(*address) as self.gradebook,
        ):
            self._grade()
        self._demand_one()
        if self.missed or self.strangers:
            raise Incomplete(self._say_missed())

    def _grade(self) -> None:
        self.skeleton = self._load_skeleton()
        self.submitted = listing.submitted_of(self.coursedir)
        self.intake = Intake(self.submitted, self.skeleton)
        try:
            super().start()
        finally:
            self.watch.close()
            self._report()

    def init_notebooks(self) -> None:
        """Find the hand-ins; their notebooks are found one by one, after their intake.

        Raises:
            NbGraderException: there is none.
        """
        strangers = self.submitted.strangers(self.unit)
        for name in strangers:
            self.log.warning("%r: %s", name, NO_STUDENT)
        self.strangers = strangers if self.coursedir.student_id == "*" else []
        excluded = set(self.coursedir.student_id_exclude.split(","))
        found = self.submitted.students(self.unit, self.coursedir.student_id)
        self.students = [student for student in found if student not in excluded]
        if not self.students:
            message = f"There is no submission for '{self.unit}' that matches."
            self.log.error(message)
            raise NbGraderException(message)

    def convert_notebooks(self) -> None:
        """Prepare, execute and save.

        Raises:
            NbGraderException: the workers or the gradebook can't be used.
        """
        self._until = time.monotonic() + self.run_limit if self.run_limit else float("inf")
        steps = list(self.autograde_preprocessors)
        cut = next(at for at, step in enumerate(steps) if issubclass(step, Execute)) + 1
        self._executing, self._saving = tuple(steps[:cut]), steps[cut:]
        folder = self._master().parent
        self._master_files = Bundle.of(folder, without=scheme.INSTRUCTORS_FILES)
        try:
            with self._pool() as pool, setenv(NBGRADER_EXECUTION="autograde"):
                self.watch.begin(self.unit, [*self.students, *self.strangers], pool.workers)
                for name in self.strangers:
                    self.watch.ended(Outcome(repr(name), STRANGER, NO_STUDENT))
                Scheduler(self, pool).run(self.students)
        except PoolError as error:
            self.log.error(str(error))
            raise NbGraderException(str(error)) from error

    def _pool(self) -> AbstractContextManager[Pool]:
        if self.scheduler:
            from course_utils.grading.autograde.cluster import cluster_pool

            return cluster_pool(self.scheduler)
        return local_pool(self.workers)

    # -- prepare -----------------------------------------------------------------------------

    def prepare(self, student: str) -> Job | None:
        """Take a hand-in in, and make a job of it; None where there is nothing to execute."""
        started = time.monotonic()
        submission = self.intake.take(student)
        record = self.taken[student] = submission.record
        if record.state == UNREADABLE:
            self._refuse(record)
            self._end(Outcome.of(record, Times(time.monotonic() - started)))
            return None
        with self._guarding(student):
            if self._is_graded(record):
                self._end(Outcome(student, KEPT))
                return None
            self.run_pre_convert_hook()
            self._forget(record)
            self._enter(submission)
            return self._job_of(submission)
        return None

    def _is_graded(self, record: Record) -> bool:
        """Whether these very files have their marks; ``--force`` grades them again."""
        old = self.records.get(self.unit, record.student)
        same = old is not None and old.finished and old.digest == record.digest
        notebook = self._graded(record.student) / f"{self.unit}.ipynb"
        return same and notebook.exists() and not self.force

    def _forget(self, record: Record) -> None:
        """Take what was graded before away, before anything can go wrong."""
        self.records.remove(self.unit, record.student)
        _remove(self._graded(record.student))
        _remove(self._feedback(record.student))

    def _enter(self, submission: Submission) -> None:
        """Enter a submission into the gradebook, without marks but those given by hand."""
        student = submission.record.student
        with self.gradebook as gradebook:
            if self.create_student:
                gradebook.update_or_create_student(student)
            row = gradebook.update_or_create_submission(self.unit, student)
            KeptByHand(self.root).give_back(gradebook, self.unit, student)
            row.timestamp = submission.handed_in  # None, too: an earlier one's time may stand there
            for grade in (grade for book in row.notebooks for grade in book.grades):
                grade.auto_score = None
            gradebook.db.commit()

    def _job_of(self, submission: Submission) -> Job:
        """Write a submission's files to ``autograded/``, and make a job of it."""
        student = submission.record.student
        files = self._files_of(submission)
        files.unpack(self._graded(student))
        config = self.config.copy()
        config.pop("CourseDirectory", None)  # workers need no address of the gradebook
        return Job(
            student,
            self.unit,
            submission.notebook or {},
            files,
            self._master_files,
            self._executing,
            config,
            self.notebook_limit or None,
        )

    def _files_of(self, submission: Submission) -> Bundle:
        """The student's files, except where a file of the master's stands; then the master's."""
        own = dict(submission.files)
        if submission.handed_in:
            own[TIMESTAMP] = f"{submission.handed_in} UTC".encode()
        patterns = ["*.ipynb", *self.coursedir.ignore]
        masters = self._master_files.without(patterns, self.exclude_overwriting.get(self.unit, []))
        return masters.over(own)

    def _init_preprocessors(self) -> None:
        self.exporter._preprocessors = []
        for step in self._saving:
            self.exporter.register_preprocessor(step)

    # -- save --------------------------------------------------------------------------------

    def save(self, job: Job, done: Done, preparing: float) -> None:
        """Save what came back from a worker.

        Args:
            job: what went out.
            done: what came back.
            preparing: seconds that the job's preparation took.

        Raises:
            NbGraderException: this master's set-up cell fails, so that no submission can be graded.
        """
        for level, line in done.log:
            self.log.log(level, "%s: %s", job.student, line)
        if done.stopped:
            self._stopped(job)
            return
        if done.unusable:
            self.leave(job.student)
            raise NbGraderException(self._say_unusable(done.unusable))
        started = time.monotonic()
        with self._guarding(job.student):
            if done.notebook is None:
                raise NbGraderException(done.error)
            record = self._save(job, done.notebook)
            saving = time.monotonic() - started
            times = Times(preparing, done.seconds, saving, done.cells)
            self._end(Outcome.of(record, times))

    def _save(self, job: Job, notebook: NotebookNode) -> Record:
        notes = from_json(notebook.metadata["course"]["notes"])
        folder = self._graded(job.student)
        path = str(folder / f"{self.unit}.ipynb")
        self._init_preprocessors()
        resources = self.init_single_notebook_resources(path)
        resources["metadata"] = {"name": self.unit, "path": str(folder)}
        output, resources = self.exporter.from_notebook_node(notebook, resources)
        self.write_single_notebook(output, resources)
        self.notebooks = [path]
        self.set_permissions(self.unit, job.student)
        self.run_post_convert_hook()
        record = finished(self.taken[job.student], notes)
        self.records.put(record)
        return record

    def _stopped(self, job: Job) -> None:
        if time.monotonic() >= self._until:
            self.leave(job.student)
            return
        record = too_long(self.taken[job.student], self.notebook_limit)
        self._refuse(record)
        self._end(Outcome(job.student, TOO_LONG, record.reason, Times(execute=self.notebook_limit)))

    # -- what goes wrong ---------------------------------------------------------------------

    @property
    def time_is_up(self) -> bool:
        """Whether the run has used its time."""
        return time.monotonic() >= self._until

    def check_interrupt(self) -> None:
        """End the run where somebody has asked for it.

        Raises:
            KeyboardInterrupt: somebody has.
        """
        if self.watch.interrupted:
            raise KeyboardInterrupt

    def leave(self, student: str) -> None:
        """Leave a hand-in for the next run."""
        self._end(Outcome(student, LEFT))

    @contextmanager
    def _guarding(self, student: str) -> Iterator[None]:
        """A failure costs only its own submission; a broken gradebook ends the run."""
        try:
            yield
        except OperationalError as error:
            message = f"The gradebook can't be used ({error.orig}): 'nbgrader db upgrade' may help."
            self.log.error(message)
            raise NbGraderException(message) from error
        except KeyboardInterrupt:  # the teacher's
            raise
        except BaseException:  # a SystemExit would end the run, with exit code 0 and no marks
            self.fail(student, traceback.format_exc())

    def fail(self, student: str, reason: str) -> None:
        """Note a hand-in that was not graded for a reason that is ours."""
        self.log.error("%s: %s", student, reason)
        record = failed(self.taken[student])
        self._refuse(record)
        self._end(Outcome(student, FAILED, record.reason))

    def _refuse(self, record: Record) -> None:
        """Leave no mark, neither 0 nor an old one, and the student on the list."""
        self.log.warning("%s: %s: %s", record.student, record.state, record.reason)
        self.records.put(record)
        _remove(self._graded(record.student))
        _remove(self._feedback(record.student))
        with self.gradebook as gradebook:
            gradebook.update_or_create_student(record.student)
            with suppress(MissingEntry):
                kept = KeptByHand(self.root).take_away(gradebook, self.unit, record.student)
                if kept:
                    self.log.warning(
                        "%s: marks and comments given by hand wait for the next hand-in",
                        record.student,
                    )

    def _end(self, outcome: Outcome) -> None:
        self.taken.pop(outcome.student, None)
        if outcome.kind in MISSED:
            self.missed[outcome.student] = outcome.kind
        self.watch.ended(outcome)

    def _say_unusable(self, reason: str) -> str:
        message = (
            f"No submission is graded: the set-up cell of {self._master()} fails where the tests "
            f"run ({reason}). Correct it, run 'course release {self.unit}', then grade again."
        )
        self.log.error(message)
        return message

    def _say_missed(self) -> str:
        kinds = list(self.missed.values())
        counts = ", ".join(f"{kinds.count(kind)} {kind}" for kind in MISSED if kind in kinds)
        parts = [f"Not graded: {counts}. The same command takes them up again."] if counts else []
        if self.strangers:
            listed = ", ".join(map(repr, self.strangers))
            parts.append(f"In submitted/ {listed}: {NO_STUDENT}.")
        message = " ".join(parts)
        self.log.error(message)
        return message

    def _demand_one(self) -> None:
        """Whoever asks for one student by name must learn that there is no mark."""
        record = self.records.get(self.unit, self.coursedir.student_id)
        if record and record.state == UNREADABLE:
            raise Incomplete(record.reason)

    # -- the course's places -----------------------------------------------------------------

    def _load_skeleton(self) -> Skeleton:
        with self.gradebook as gradebook:
            try:
                regions = scheme.Regions.of(self.config)
                return load(gradebook, self.unit, self._master(), regions)
            except (MissingEntry, FileNotFoundError) as error:
                message = f"'{self.unit}' has no release: run 'course release {self.unit}' first."
                self.log.error(message)
                raise NbGraderException(message) from error

    def _report(self) -> None:
        records = list(self.records.of(self.unit))
        target = self.root / REPORTS / f"{self.unit}.csv"
        write_csv(records, target)
        self.log.info("%s: %s (%s)", self.unit, summary(records), target)

    def _master(self) -> Path:
        folder = self.coursedir.format_path(self.coursedir.source_directory, ".", self.unit)
        return Path(folder) / f"{self.unit}.ipynb"

    def _graded(self, student: str) -> Path:
        return Path(self._format_dest(self.unit, student))

    def _feedback(self, student: str) -> Path:
        folder = self.coursedir.feedback_directory
        return Path(self.coursedir.format_path(folder, student, self.unit))


def _remove(folder: Path) -> None:
    """Remove a folder of nbgrader's, whose files are write-protected."""
    if folder.exists():
        rmtree(str(folder))
