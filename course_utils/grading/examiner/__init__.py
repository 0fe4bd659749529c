"""The examiner: test cells run in a process that never runs a line of the student's code.

``executor.examine.Examine`` replaces nbgrader's ``Execute``. The student's cells run in the
student's kernel; a test cell of the master runs in a trusted process (``process``), where every
name that a solution cell defines is a stand-in (``standin``). A request carries pickles that only
the student's side opens (``payload``, ``agent``), over a socket that the kernel connects to
(``kernel_link``, ``channel``). A reply carries plain values, which the trusted side checks one by
one and never unpickles (``wire``).

This module imports nothing: the student's kernel imports ``agent`` and should stay light.
"""
