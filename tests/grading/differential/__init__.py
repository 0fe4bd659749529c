"""Random submissions that every way of grading must treat alike.

Read in this order: ``ordinary`` (things that cells do), ``answers`` (right, wrong and mutated
ones), ``forms`` (what happens to the file), ``submissions`` (a seed → a submission),
``grading`` (a class in one configuration → its results), ``comparison`` (what differs, and the
smallest submission that still does).
"""
