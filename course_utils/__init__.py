"""What students and instructors of the course import.

The student part (``datasets``, ``plots``, ``training``, ``checks``, ``session``) is light: it
loads neither nbgrader nor TensorFlow nor torch, and it holds no answer.
The instructor part is ``course_utils.grading`` and needs the ``[grading]`` extra.
"""

__version__ = "1.0.0"
