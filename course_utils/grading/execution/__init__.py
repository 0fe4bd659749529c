"""Execution of many notebooks at once: jobs that are plain data, here or on a cluster."""

from course_utils.grading.execution.job import Done, Job, execute
from course_utils.grading.execution.pools import Pool, PoolError, local_pool

__all__ = ["Done", "Job", "Pool", "PoolError", "execute", "local_pool"]
