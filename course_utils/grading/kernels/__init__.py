"""What runs in a student's kernel while grading, besides the student's own code.

Nothing is imported here: the kernel should stay light.
"""
