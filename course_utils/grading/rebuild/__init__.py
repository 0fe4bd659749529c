"""Rebuild a submission: the master gives the structure, the student gives the text."""

from course_utils.grading.rebuild.rebuild import Rebuilt, rebuild
from course_utils.grading.rebuild.skeleton import Skeleton, load

__all__ = ["Rebuilt", "Skeleton", "load", "rebuild"]
