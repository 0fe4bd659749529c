"""The gradebook: saves marks, reads them, and writes them to tables."""
