"""Training loops and records for the demonstrations."""
