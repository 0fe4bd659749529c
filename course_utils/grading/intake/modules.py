"""Names of modules that a student's own module must not take, found without any import."""

import pkgutil
import sys
from functools import cache
from importlib.metadata import packages_distributions


@cache
def taken() -> frozenset[str]:
    """Top-level names of the standard library and of everything that is installed.

    ``importlib.util.find_spec`` would be shorter, but it imports the parents of a dotted name, and
    the names that are looked up come from students. This set is built once, and names are only
    compared with its members.
    """
    installed = {module.name for module in pkgutil.iter_modules()}
    # Namespace packages, such as ``google``, are in no list of modules.
    return frozenset(sys.stdlib_module_names | installed | set(packages_distributions()))
