"""Right and wrong answers to every exercise, and the tools that grade them."""
