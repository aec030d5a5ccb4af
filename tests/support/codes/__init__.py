"""Finds the error codes that each operation can give, in the code."""
