"""The examiner: test cells judge in a process that never runs a line of the student's.

``executor.examine.Examine`` takes the place of nbgrader's ``Execute``. The student's cells run in
the student's kernel; a test cell of the master runs in a trusted process (``process``), where
every name that a solution cell defines is a stand-in (``standin``). Requests go out as pickles
that only the student's side opens (``payload``, ``agent``), over a socket that the kernel connects
to (``kernel_link``, ``channel``); answers come back as plain values that are checked one by one
and never unpickled (``wire``).

Nothing is imported here: the student's kernel imports ``agent`` and should stay light.
"""
