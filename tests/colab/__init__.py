"""The course in an environment like Google Colab's: ``make test-colab``."""
