"""What stands in the gradebook: marks, how they are saved, and the tables made of them."""
