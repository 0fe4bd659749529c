"""The gradebook and the learning management system: students in, marks out, lateness."""
