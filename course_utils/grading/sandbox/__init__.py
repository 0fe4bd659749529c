"""The sandbox: what a student's kernel can reach, and what of it survives (nothing).

``levels`` finds out how well a process can be locked in here: with namespaces (bubblewrap), else
with Landlock and seccomp. ``manager`` is the kernel manager that nbgrader uses; it starts
``supervisor``, which locks the kernel in, watches its limits and sweeps up after it.

Nothing is imported here: the supervisor and the examiner start with the standard library alone.
"""
