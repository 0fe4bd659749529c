"""Hostile submissions: what a student could try, and the script that makes notebooks of it."""
