"""A grader at work: what the formgrader does when somebody types points and a comment.

Usage: python -m tests.grading.marker DB_URL COURSE_ID; each line read is a grade's id, a comment's
id and points; nothing is kept open in between, as with requests of a browser.
"""

import sys

from nbgrader.api import Gradebook


def mark(url: str, course: str, line: str) -> None:
    """Save one pair of points and comment."""
    grade_id, comment_id, points = line.split()
    with Gradebook(url, course) as gradebook:
        grade = gradebook.find_grade_by_id(grade_id)
        grade.manual_score, grade.needs_manual_grade = float(points), False
        gradebook.db.commit()
        gradebook.find_comment_by_id(comment_id).manual_comment = f"Bien: {points}."
        gradebook.db.commit()


if __name__ == "__main__":
    for text in sys.stdin:
        mark(sys.argv[1], sys.argv[2], text)
