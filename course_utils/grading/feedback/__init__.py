"""What a browser shows of a hand-in: safe outputs and Markdown, the feedback, the grading view.

``nbgrader_config.py`` plugs it in: ``TEMPLATES`` takes the place of nbgrader's own templates,
``safe_markdown`` that of nbconvert's filter, and the preprocessors go into nbgrader's lists.
"""

from pathlib import Path

from course_utils.grading.feedback.formgrader import GradingView
from course_utils.grading.feedback.markdown import safe_markdown
from course_utils.grading.feedback.outputs import SafeOutputs
from course_utils.grading.feedback.page import FeedbackPage

TEMPLATES = str(Path(__file__).parent / "templates")

__all__ = ["TEMPLATES", "FeedbackPage", "GradingView", "SafeOutputs", "safe_markdown"]
