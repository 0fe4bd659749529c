"""One notebook executed.

``examine`` takes the place of nbgrader's ``Execute``: it runs the student's cells in a kernel and
the master's test cells in the examiner. ``resilient``, below it, goes on after a kernel died;
``stops`` and ``reasons`` find out why a cell stopped, ``lacks`` what grading does not have.
"""
