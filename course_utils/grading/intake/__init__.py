"""Intake: every hand-in ends as ``calificado``, ``revisar`` or ``ilegible``, with its notes."""

from course_utils.grading.intake.notes import Note, Refusal
from course_utils.grading.intake.records import GRADED, REVIEW, UNREADABLE, Record, Records

__all__ = ["GRADED", "REVIEW", "UNREADABLE", "Note", "Record", "Records", "Refusal"]
