"""``revisar``: what a grader would see of a saved notebook, before it is handed in."""

from course_utils.review.review import revisar

__all__ = ["revisar"]
