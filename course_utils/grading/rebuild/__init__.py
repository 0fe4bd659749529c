"""Rebuilding a submission: structure from the master, text from the student."""

from course_utils.grading.rebuild.rebuild import Rebuilt, rebuild
from course_utils.grading.rebuild.skeleton import Skeleton, load

__all__ = ["Rebuilt", "Skeleton", "load", "rebuild"]
