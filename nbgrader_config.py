"""The one place where the course is plugged into nbgrader."""

from pathlib import Path

from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    Execute,
    SaveAutoGrades,
)

from course_utils.grading import feedback, scheme
from course_utils.grading.autograde import converter
from course_utils.grading.executor.demonstrations import LeaveOutDemonstrations
from course_utils.grading.executor.examine import Examine
from course_utils.grading.gradebook import revision
from course_utils.grading.gradebook.lateness import LatePenalty
from course_utils.grading.gradebook.save import SaveMarks
from course_utils.grading.intake import collect
from course_utils.grading.patches import formgrader
from course_utils.grading.release.addresses import FillAddresses
from course_utils.grading.release.helpers import CheckHelpers
from course_utils.grading.release.tags import ReleaseTags

c = get_config()  # noqa: F821  (given by traitlets)
ROOT = Path(__file__).resolve().parent

c.CourseDirectory.course_id = "aprendizaje-profundo"
c.CourseDirectory.root = str(ROOT)
c.CourseDirectory.db_url = f"sqlite:///{ROOT / 'gradebook.db'}"
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", ".pytest_cache"]
c.CourseDirectory.ignore += scheme.kept_back(ROOT)  # a unit's hints and bank: no student gets them

c.ClearSolutions.begin_solution_delimeter = "### BEGIN SOLUTION"
c.ClearSolutions.end_solution_delimeter = "### END SOLUTION"
c.ClearSolutions.code_stub = {"python": "# TU CÓDIGO AQUÍ\nraise NotImplementedError()"}
c.ClearSolutions.text_stub = "TU RESPUESTA AQUÍ"
c.ClearHiddenTests.begin_test_delimeter = "### BEGIN HIDDEN TESTS"
c.ClearHiddenTests.end_test_delimeter = "### END HIDDEN TESTS"
c.ClearMarkScheme.begin_mark_scheme_delimeter = "### BEGIN MARK SCHEME"
c.ClearMarkScheme.end_mark_scheme_delimeter = "### END MARK SCHEME"

_generate = GenerateAssignment.preprocessors.default()
c.GenerateAssignment.preprocessors = [CheckHelpers, FillAddresses, *_generate, ReleaseTags]
# The one place that says where students find the course: set-up cells and links to Colab.
c.FillAddresses.repository = "https://github.com/aprendizaje-profundo/curso"
converter.install()  # intake before `nbgrader autograde` and the formgrader's button
revision.install()  # one sentence where the gradebook is old, locked or no database
formgrader.install()  # the formgrader shows and overwrites what stands in the gradebook now
# ``CourseAutograde`` uses none: every cell is the master's, with the gradebook's text, points and
# checksum.
c.Autograde.sanitize_preprocessors = []
# Student cells run in a sandboxed kernel, test cells in a process of their own; marks and
# penalties for lateness are saved together.
_ours = {Execute: Examine, SaveAutoGrades: SaveMarks}
_autograde = [
    _ours.get(step, step)
    for step in Autograde.autograde_preprocessors.default()
    if step not in (AssignLatePenalties, CheckCellMetadata)
]
_autograde.insert(_autograde.index(Examine) + 1, feedback.SafeOutputs)
c.Autograde.autograde_preprocessors = [LeaveOutDemonstrations, *_autograde]
# Feedback and formgrader: own templates, by their names in nbgrader, and nothing that can run.
c.HTMLExporter.extra_template_basedirs = [feedback.TEMPLATES]
c.HTMLExporter.filters = {"markdown2html": feedback.safe_markdown}
c.HTMLExporter.preprocessors = [feedback.SafeOutputs, feedback.GradingView]
c.GenerateFeedback.preprocessors = [feedback.FeedbackPage]
c.NotebookExporter.optimistic_validation = True  # once, not after each preprocessor

c.Execute.timeout = 120  # seconds a cell
c.Execute.interrupt_on_timeout = True
c.Execute.error_on_timeout = {
    "ename": "CellTimeoutError",
    "evalue": "La celda tardó demasiado.",
    "traceback": ["La celda tardó demasiado y se detuvo: ¿hay un bucle que no termina?"],
}
c.Execute.shutdown_kernel = "immediate"  # a kernel that says goodbye politely takes two seconds
c.IgnorePattern.enabled = True
c.IgnorePattern.pattern = ".*"  # nothing that lands on stderr costs a point

collect.install()  # exit code 1 where a file has no owner or a student is in no roster
c.ZipCollectApp.extractor_plugin = collect.ClassExtractor
c.ZipCollectApp.collector_plugin = collect.ClassCollector
c.ZipCollectApp.force = True  # collecting again takes what the newer ZIP holds
c.ExportApp.plugin_class = "course_utils.grading.gradebook.export.MarksExportPlugin"

c.AssignLatePenalties.plugin_class = LatePenalty
c.LatePenalty.percent_a_day = 0.0  # percent of the points, for each day begun
c.LatePenalty.timezone = "UTC"  # where the students' clocks are, such as "Europe/Madrid"
