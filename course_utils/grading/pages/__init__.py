"""What a browser shows of a hand-in: safe outputs and Markdown, the feedback, the grading view.

``nbgrader_config.py`` plugs it in: ``TEMPLATES`` takes the place of nbgrader's own templates,
``safe_markdown`` that of nbconvert's filter, and the preprocessors go into nbgrader's lists.
"""

from pathlib import Path

from course_utils.grading.pages.feedback import FeedbackPage
from course_utils.grading.pages.formgrader import GradingView
from course_utils.grading.pages.markdown import safe_markdown
from course_utils.grading.pages.outputs import SafeOutputs

TEMPLATES = str(Path(__file__).parent / "templates")

__all__ = ["TEMPLATES", "FeedbackPage", "GradingView", "SafeOutputs", "safe_markdown"]
