"""The data sets of the course."""
