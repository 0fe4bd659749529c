"""The student part stays light, and it stands without the instructor's."""

import subprocess
import sys

import pytest

HEAVY = ("nbgrader", "nbconvert", "nbclient", "tensorflow", "keras", "torch", "plotly", "sklearn")
STUDENT = ("checks", "datasets", "plots", "session", "training")


@pytest.mark.parametrize("module", STUDENT)
def test_importing_it_loads_no_heavy_library(module: str):
    code = (
        f"import sys, course_utils.{module}\n"
        f"loaded = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "assert not loaded, loaded\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_student_module_imports_without_the_heavy_libraries():
    code = (
        "import importlib, pkgutil, sys\n"
        f"sys.modules.update(dict.fromkeys({HEAVY!r}))  # None: an import of it fails\n"
        "import course_utils\n"
        "names = [m.name for m in pkgutil.walk_packages(course_utils.__path__, 'course_utils.')\n"
        "         if not m.name.startswith('course_utils.grading')]\n"
        "assert len(names) > 10, names\n"
        "for name in names: importlib.import_module(name)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
