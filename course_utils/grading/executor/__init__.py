"""Execute one notebook.

``examine`` replaces nbgrader's ``Execute``: it runs the student's cells in a kernel and the
master's test cells in the examiner. Its base class, in ``resilient``, continues in a new kernel
after a kernel died. ``stops`` and ``reasons`` find out why a cell stopped, ``lacks`` what the cell
needed that grading does not have.
"""
