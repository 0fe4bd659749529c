"""Put a cleaned copy on the master's skeleton, in place of nbgrader's sanitizing."""

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from course_utils.grading.intake.run import cells_of
from course_utils.grading.rebuild import Skeleton, rebuild
from course_utils.grading.rebuild.notes import to_json


class RebuildFromMaster(NbGraderPreprocessor):
    """All there is in ``sanitize_preprocessors``, behind the intake of ``CourseAutograde``.

    Whatever happened to cells, ids, points, tags and tests, what goes on from here has the
    master's structure; the notes of intake and rebuild travel in the notebook's metadata.
    """

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Return the rebuilt notebook."""
        skeleton: Skeleton = resources["nbgrader"]["skeleton"]
        rebuilt = rebuild(skeleton, cells_of(nb))
        notes = [*nb.metadata.course.notes, *to_json(rebuilt.notes)]
        notebook = {
            "cells": rebuilt.cells,
            "metadata": skeleton.metadata | {"course": {"notes": notes}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        return nbformat.from_dict(notebook), resources
