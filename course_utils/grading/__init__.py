"""The instructor's part: what sits at nbgrader's seams, and the runs built on it.

Needs the ``[grading]`` extra.
"""
