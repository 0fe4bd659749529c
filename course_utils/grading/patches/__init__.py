"""Patches of other packages: one module for each library or part of a library."""
