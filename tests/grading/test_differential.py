"""Random submissions get the same marks, states, notes and sentences, however they are graded.

Fifty with ``make test``; two thousand in an hour with ``make test-differential``. A failure names
its seed: ``DIFFERENTIAL_SEED=123 DIFFERENTIAL_SUBMISSIONS=1 make test-differential`` repeats it.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from course_utils.grading.pipeline import Pipeline
from course_utils.grading.sandbox.levels import NONE
from tests.grading.clusters import cluster
from tests.grading.differential.comparison import Difference, compare, differing, reduced, smallest
from tests.grading.differential.grading import Configuration, Grader, configurations
from tests.grading.differential.ordinary import ORDINARY
from tests.grading.differential.submissions import Edit, Submission, Unit
from tests.grading.engines import COLD, FORK
from tests.grading.intake import fixture
