"""Exchange with learning management systems: rosters into the gradebook, marks out of it."""
