"""Intake: every submission ends as ``calificado``, ``revisar`` or ``ilegible``, with its notes."""

from course_utils.grading.intake.records import GRADED, REVIEW, UNREADABLE, Record, Records
from course_utils.grading.rebuild.notes import Note, Refusal

__all__ = ["GRADED", "REVIEW", "UNREADABLE", "Note", "Record", "Records", "Refusal"]
