"""nbgrader's ``autograde`` with the intake: for the command, the formgrader's button and the API.

nbgrader has no setting for its converter class. So ``install`` rebinds the two module attributes by
which nbgrader finds the class; without it, nbgrader would grade ``submitted/`` unchecked.
``nbgrader_config.py`` calls ``install``, and a test checks that the two attributes exist.
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
    """After this run, some submissions have no mark."""


def install() -> None:
    """Make nbgrader grade with ``CourseAutograde``."""
    autogradeapp.Autograde = CourseAutograde
    api.Autograde = CourseAutograde
    listing.install()


class CourseAutograde(Autograde):
    """``Autograde`` with the intake, which executes many notebooks at once.

    A submission goes through three phases. *Prepare*: the intake reads the submission and puts it
    on the master's skeleton; the old automatic marks are removed, so that none can pass for a new
    one, and the files are written to ``autograded/``. *Execute*: a worker executes the notebook.
    *Save*: the marks are saved in one transaction, then the notebook, then the record, which says
    that the marks are this submission's. Only this process uses the gradebook. Only as many
    submissions are under way as there are workers (and two in reserve), so that a killed run loses
    no more than these.

    nbgrader's own preparation (``sanitize_preprocessors``, ``init_assignment``) is not used: it
    would read ``submitted/`` again and trust the files there.
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
    _sanitizing = False  # makes nbgrader read ``autograded/``; with True it reads ``submitted/``
    exporter_class = Type(OneCopyExporter, klass=Exporter).tag(config=True)
    watch = Instance(Watch, ())

    def start(self) -> None:
        """Grade the submissions that match; the others keep their marks.

        Raises:
            NbGraderException: the run as a whole failed.
            Incomplete: some submissions have no mark, or the only requested one can't be graded.
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
        self._check_requested_student()
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
        """Find the submissions; the intake finds their notebooks later, one by one.

        Raises:
            NbGraderException: no submission matches.
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
        """Prepare, execute and save all submissions.

        Raises:
            NbGraderException: the workers or the gradebook can't be used.
        """
        self._deadline = time.monotonic() + self.run_limit if self.run_limit else float("inf")
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
        """Take in a submission and make its job; None where there is nothing to execute."""
        started = time.monotonic()
        submission = self.intake.take(student)
        record = self.taken[student] = submission.record
        if record.state == UNREADABLE:
            self._refuse(record)
            self._finish(Outcome.of(record, Times(time.monotonic() - started)))
            return None
        with self._guarding(student):
            if self._is_graded(record):
                self._finish(Outcome(student, KEPT))
                return None
            self.run_pre_convert_hook()
            self._remove_old_results(record)
            self._add_to_gradebook(submission)
            return self._job_of(submission)
        return None

    def _is_graded(self, record: Record) -> bool:
        """Whether exactly these files are graded already; always False with ``--force``."""
        old = self.records.get(self.unit, record.student)
        same = old is not None and old.finished and old.digest == record.digest
        notebook = self._graded(record.student) / f"{self.unit}.ipynb"
        return same and notebook.exists() and not self.force

    def _remove_old_results(self, record: Record) -> None:
        """Remove earlier results first, so that a later failure can't leave them as new ones."""
        self.records.remove(self.unit, record.student)
        _remove(self._graded(record.student))
        _remove(self._feedback(record.student))

    def _add_to_gradebook(self, submission: Submission) -> None:
        """Add a submission to the gradebook; only marks given by hand stay or return."""
        student = submission.record.student
        with self.gradebook as gradebook:
            if self.create_student:
                gradebook.update_or_create_student(student)
            row = gradebook.update_or_create_submission(self.unit, student)
            KeptByHand(self.root).give_back(gradebook, self.unit, student)
            # Set None, too: the row may still hold the time of an earlier submission.
            row.timestamp = submission.handed_in
            for grade in (grade for book in row.notebooks for grade in book.grades):
                grade.auto_score = None
            gradebook.db.commit()

    def _job_of(self, submission: Submission) -> Job:
        """Write a submission's files to ``autograded/``, and make the submission's job."""
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
        """The master's and the student's files; of two with the same path, the master's."""
        own = dict(submission.files)
        if submission.handed_in:
            own[TIMESTAMP] = f"{submission.handed_in} UTC".encode()
        patterns = ["*.ipynb", *self.coursedir.ignore]
        masters = self._master_files.without(patterns, self.exclude_overwriting.get(self.unit, []))
        return masters.over(own)

    def _init_preprocessors(self) -> None:
        """Register the steps that save; nbgrader would register those that execute, too."""
        self.exporter._preprocessors = []  # private, but nbgrader itself empties the list so
        for step in self._saving:
            self.exporter.register_preprocessor(step)

    # -- save --------------------------------------------------------------------------------

    def save(self, job: Job, done: Done, preparing: float) -> None:
        """Save the result of a job.

        Args:
            job: the job.
            done: the worker's result.
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
            self._finish(Outcome.of(record, times))

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
        if time.monotonic() >= self._deadline:
            self.leave(job.student)
            return
        record = too_long(self.taken[job.student], self.notebook_limit)
        self._refuse(record)
        self._finish(
            Outcome(job.student, TOO_LONG, record.reason, Times(execute=self.notebook_limit))
        )

    # -- what goes wrong ---------------------------------------------------------------------

    @property
    def time_is_up(self) -> bool:
        """Whether the run has used its time."""
        return time.monotonic() >= self._deadline

    def check_interrupt(self) -> None:
        """End the run if the user has asked for its end.

        Raises:
            KeyboardInterrupt: the user has asked.
        """
        if self.watch.interrupted:
            raise KeyboardInterrupt

    def leave(self, student: str) -> None:
        """Leave a submission for the next run."""
        self._finish(Outcome(student, LEFT))

    @contextmanager
    def _guarding(self, student: str) -> Iterator[None]:
        """A failure costs only its own submission; a broken gradebook ends the run."""
        try:
            yield
        except OperationalError as error:
            message = f"The gradebook can't be used ({error.orig}): 'nbgrader db upgrade' may help."
            self.log.error(message)
            raise NbGraderException(message) from error
        except KeyboardInterrupt:  # the teacher ends the run
            raise
        except BaseException:  # a SystemExit would end the run, with exit code 0 and no marks
            self.fail(student, traceback.format_exc())

    def fail(self, student: str, reason: str) -> None:
        """Record a submission that was not graded for a reason that is not the student's."""
        self.log.error("%s: %s", student, reason)
        record = failed(self.taken[student])
        self._refuse(record)
        self._finish(Outcome(student, FAILED, record.reason))

    def _refuse(self, record: Record) -> None:
        """Store the record, keep the student in the lists, and leave no mark: neither 0 nor old."""
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

    def _finish(self, outcome: Outcome) -> None:
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

    def _check_requested_student(self) -> None:
        """Raise ``Incomplete`` if a single student was requested and can't be graded."""
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
    """Remove a folder that nbgrader wrote; nbgrader's ``rmtree`` copes with read-only files."""
    if folder.exists():
        rmtree(str(folder))
