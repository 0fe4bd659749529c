"""Figures of the course: each helper returns what it drew and shows nothing unless asked."""
