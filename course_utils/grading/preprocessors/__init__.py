"""Preprocessors for nbgrader's own lists, one a file."""

from course_utils.grading.preprocessors.addresses import FillAddresses
from course_utils.grading.preprocessors.demonstrations import LeaveOutDemonstrations
from course_utils.grading.preprocessors.execute import ResilientExecute
from course_utils.grading.preprocessors.helpers import CheckHelpers
from course_utils.grading.preprocessors.rebuild import RebuildFromMaster
from course_utils.grading.preprocessors.release_tags import ReleaseTags
from course_utils.grading.preprocessors.save import SaveMarks

__all__ = [
    "CheckHelpers",
    "FillAddresses",
    "LeaveOutDemonstrations",
    "RebuildFromMaster",
    "ReleaseTags",
    "ResilientExecute",
    "SaveMarks",
]
