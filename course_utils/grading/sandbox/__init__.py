"""The sandbox: limits what a student's kernel can reach, and removes what the kernel leaves behind.

``levels`` finds the best way to lock a process in on this machine: namespaces (bubblewrap), else
Landlock and seccomp. The kernel manager (``kernels.manager``) starts ``supervisor``, which locks
the kernel in, enforces its limits and cleans up after it.

This module imports nothing: the supervisor and the examiner start with the standard library alone.
"""
