"""A run: from the submissions of a unit to marks in the gradebook.

``converter`` replaces nbgrader's ``Autograde``: it prepares one job for each submission,
``scheduler`` hands the jobs to ``pools`` (threads here) or ``cluster`` (Dask), and the converter
saves their results. ``events`` tells listeners how far the run is.
"""
