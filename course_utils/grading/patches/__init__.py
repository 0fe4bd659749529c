"""What is patched in other people's packages: one module a library."""
