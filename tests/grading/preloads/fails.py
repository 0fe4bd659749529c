"""Can't be imported."""

raise RuntimeError("no such library here")
