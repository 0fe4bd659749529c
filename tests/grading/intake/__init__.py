"""Tests of intake and rebuild."""
