"""A run: from the submissions of a unit to marks in the gradebook.

``converter`` takes the place of nbgrader's ``Autograde``: it prepares one job a submission,
``scheduler`` hands the jobs to ``pools`` (threads here) or ``cluster`` (Dask), and the converter
saves what comes back. ``events`` tells listeners how far the run is.
"""
