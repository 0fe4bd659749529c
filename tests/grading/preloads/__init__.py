"""Modules that the fork server must not have imported, each for its own reason."""
